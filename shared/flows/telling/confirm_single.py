"""Tell Mirakl of an order that leaves as one shipment: its tracking first (OR23), then that it has shipped (OR24).

Neither needs a claim: OR23 overwrites, and OR24 does nothing but from SHIPPING.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.errors import Rejected, Transient, UnknownOutcome, WrongState
from shared.exceptions import opened
from shared.flows.creating.creation import blocked, released
from shared.flows.open_work import open_work
from shared.flows.telling.carrying import Desk
from shared.flows.telling.confirming import (
    STEP,
    Over,
    Wait,
    answered,
    closed,
    resting,
    shown_soon,
    untold,
    waiting,
)
from shared.flows.telling.one_shipment import Tell, decide
from shared.flows.waits import SHIPMENT
from shared.model.order import Order
from shared.model.outcome import Done, Exceptional, Later, Outcome
from shared.model.shipment import Shipment
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord
from shared.rules import retry
from shared.rules.telling import as_told, units

_REFUSED = frozenset({"shipment_refused"})


async def confirm(step: Step, record: OrderRecord, *, desk: Desk) -> Outcome:
    """One order whose message may act. Raises Conflict: it moved meanwhile."""
    free = replace(released(step), waiting_for="")
    if record.snapshot is None:
        return Done("no snapshot on record; the next poll shows it again", answered=False)
    try:
        order = desk.ports.reader(record.key, record.snapshot)
        decision = decide(order, record, choose=desk.chooser(order), policy=desk.policy)
    except Rejected as reason:
        return Exceptional(free, (reason,))
    match decision:
        case Over() as end:
            return await _close(free, end, order, record, desk)
        case Wait() as wait:
            return await _wait(free, wait, order, record, desk)
        case Tell() as tell:
            return await _tell(free, tell, order, record, desk)


async def _close(step: Step, end: Over, order: Order, record: OrderRecord, desk: Desk) -> Outcome:
    now = desk.now()
    late = () if end.late is None else (opened(record.key, end.late, step=STEP, now=now, stand=record.exceptions),)
    others = [one for one in record.steps.values() if one.name != STEP]
    change = Change(
        steps=(closed(step, end),),
        history=(History(now, STEP, step.attempt, end.reason),),
        opened=late,
        closed=answered(record, order),
        remove_open_work=all(one.closed for one in others),
    )
    await desk.ports.progress.commit(record.key, change)
    return Done(end.reason, answered=False)


async def _wait(step: Step, wait: Wait, order: Order, record: OrderRecord, desk: Desk) -> Outcome:
    """The row that finds it goes first: while it waits for tracking, the poll of shipments looks for that mark."""
    now = desk.now()
    waits = waiting(step, wait, now)
    row = None if wait.waiting_for == SHIPMENT else open_work(record.key, {**record.steps, STEP: waits}, now=now)
    change = replace(
        resting(record, wait),
        steps=(waits,),
        history=(History(now, STEP, step.attempt, wait.reason),),
        opened=untold(record, wait, policy=desk.policy, now=now),
        closed=answered(record, order, waiting_for=wait.waiting_for),
        open_work=row,
    )
    await desk.ports.progress.commit(record.key, change)
    return Done(wait.reason, answered=False)


async def _tell(step: Step, tell: Tell, order: Order, record: OrderRecord, desk: Desk) -> Outcome:
    sent, document = desk.now(), tell.spokesman.erp.document
    try:
        await desk.ports.shipping.set_tracking(record.key.order, tell.carrier, tell.number)
        if tell.ship:
            await desk.ports.shipping.ship(record.key.order)
    except WrongState as problem:
        # Mirakl has it from a delivery whose answer was lost, or its state does not admit it: OR11 shows which.
        return await _shown_soon(
            step, f"{document}: {problem}", _after_wrong_state(tell, record.shipments), order, record, desk
        )
    except UnknownOutcome as problem:
        return _in_doubt(step, sent, problem, desk)
    except Transient as problem:
        return blocked(problem, step)
    except Rejected as reason:
        refused = reason.kind == "tracking_refused"
        return Exceptional(step, (desk.carrying.refused(tell.spokesman.erp, reason.reason) if refused else reason,))
    carrier = tell.carrier.code or tell.carrier.name
    text = f"{document} told, carried by {carrier}" if tell.ship else f"{document}: its new tracking told"
    return await _shown_soon(step, text, _told(tell, order, record, sent), order, record, desk)


def _told(tell: Tell, order: Order, record: OrderRecord, now: datetime) -> tuple[Shipment, ...]:
    """Every shipment of the order, with the one number that Mirakl takes."""
    if not tell.ship:
        return _renumbered(tell, record.shipments)
    return tuple(
        replace(one, told=now, told_lines=as_told(units(order, one, record.shipments)), told_tracking=tell.number)
        for one in record.shipments
    )


def _after_wrong_state(tell: Tell, shipments: Sequence[Shipment]) -> tuple[Shipment, ...]:
    """A changed number that Mirakl does not take any more is not offered again."""
    return () if tell.ship else _renumbered(tell, shipments)


def _renumbered(tell: Tell, shipments: Sequence[Shipment]) -> tuple[Shipment, ...]:
    return tuple(replace(one, told_tracking=tell.number) for one in shipments)


async def _shown_soon(
    step: Step, text: str, told: tuple[Shipment, ...], order: Order, record: OrderRecord, desk: Desk
) -> Outcome:
    now = desk.now()
    change = Change(
        steps=(waiting(step, shown_soon(text, now), now),),
        shipments=told,
        history=(History(now, STEP, step.attempt, text),),
        closed=answered(record, order, keep=frozenset() if told else _REFUSED),
    )
    await desk.ports.progress.commit(record.key, change)
    return Done(text)


def _in_doubt(step: Step, sent: datetime, problem: UnknownOutcome, desk: Desk) -> Later:
    """It may have happened; the same two calls again tell."""
    wait = retry.delay(step.attempt, jitter=desk.claiming.jitter(), retry_after=problem.retry_after)
    unknown = replace(step, state="unknown", sent=sent, due=sent + wait, reason=str(problem))
    return Later(wait, str(problem), unknown, scope=problem.scope)
