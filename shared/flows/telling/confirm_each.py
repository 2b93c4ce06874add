"""Orders of a shop's batch, each by itself: no message of its own meets its fate, so that it is put on record here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from shared.errors import Conflict, Rejected
from shared.exceptions import opened
from shared.flows.open_work import open_work
from shared.flows.sighting.seen_exceptions import FOUND_ELSEWHERE
from shared.flows.telling import confirm_single
from shared.flows.telling.carrying import Desk
from shared.flows.telling.confirming import STEP, exceptional
from shared.model.outcome import Blocked, Done, Exceptional, Later, Outcome
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord
from shared.telemetry import event


async def singly(records: Sequence[OrderRecord], desk: Desk, *, named: bool = False) -> Outcome:
    """Where Mirakl takes one shipment an order after all; a message of one order meets its own fate."""
    answered = False
    for record in records:
        step = record.steps[STEP]
        try:
            outcome = await confirm_single.confirm(step, record, desk=desk)
            if named:
                return outcome
            if isinstance(outcome, Blocked):
                return replace(outcome, step=None)
            await put_on_record(record, outcome, desk)
            answered |= isinstance(outcome, Done) and outcome.answered
        except Conflict:
            event("record_moved", step=STEP, shop=record.key.shop, order=record.key.order)
    return Done(f"{len(records)} orders, each by itself", answered)


async def put_on_record(record: OrderRecord, outcome: Outcome, desk: Desk) -> None:
    """`watch` sends again what is in doubt; what was done has recorded itself. Raises Conflict and Transient."""
    match outcome:
        case Exceptional(step, reasons):
            await _judge(record, step, reasons, desk)
        case Later(_, text, Step() as step, _):
            now = desk.now()
            again = replace(step, attempt=step.attempt + 1)
            history = (History(now, STEP, step.attempt, text),)
            row = open_work(record.key, {**record.steps, STEP: again}, now=now)
            await desk.ports.progress.commit(record.key, Change(steps=(again,), history=history, open_work=row))


async def _judge(record: OrderRecord, step: Step, reasons: tuple[Rejected, ...], desk: Desk) -> None:
    now = desk.now()
    judged = exceptional(step, reasons)
    met = tuple(opened(record.key, reason, step=STEP, now=now, stand=record.exceptions) for reason in reasons)
    theirs = (one for one in record.exceptions if one.step == STEP and one.kind not in FOUND_ELSEWHERE)
    change = Change(
        steps=(judged,),
        history=(History(now, STEP, step.attempt, "; ".join(f"{one.kind}: {one.subject}" for one in reasons)),),
        opened=met,
        closed=tuple(one for one in theirs if one.identity not in {each.identity for each in met}),
        open_work=open_work(record.key, {**record.steps, STEP: judged}, now=now),
    )
    await desk.ports.progress.commit(record.key, change)
