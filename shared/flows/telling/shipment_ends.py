"""What one order of a shop's batch comes to, as a change of its record. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.creating.creation import last_send, released
from shared.flows.sighting.seen_order import RESEND
from shared.flows.telling.carrying import Desk
from shared.flows.telling.confirming import STEP, answered, closed, exceptional, resting, untold, waiting
from shared.flows.telling.shipment_cases import Case, plan, rest
from shared.flows.waits import BATCH
from shared.model.shipment import Shipment
from shared.model.steps import Step
from shared.ports.own import Change, History
from shared.rules import retry


def has_more(case: Case, desk: Desk) -> bool:
    """Whether Mirakl is still to be told something; a carrier that cannot be named is found by the next round."""
    try:
        return bool(plan(case.order, case.shipments, desk.chooser(case.order)))
    except Rejected:
        return True


def ended(case: Case, desk: Desk, now: datetime) -> Change | None:
    """None where nothing happened."""
    if case.foreign:
        shipments = told(case)
        return Change(shipments=shipments, history=_history(case, (), now)) if shipments else None
    if case.over is not None:
        return _over(case, now)
    if case.refused:
        return _refused(case, now)
    if case.doubt is not None:
        step = in_doubt(case, desk, now)
        return Change(steps=(step,), shipments=told(case), history=_history(case, (step.reason,), now))
    if has_more(case, desk):
        return _outstanding(case, desk, now)
    wait = rest(case, policy=desk.policy, now=now)
    keep = frozenset() if case.texts else frozenset({"shipment_refused"})  # nothing was told that could answer it
    return replace(
        resting(case.record, wait),
        steps=(waiting(case.step, wait, now),),
        shipments=told(case),
        history=_history(case, (wait.reason,), now),
        opened=untold(case.record, wait, policy=desk.policy, now=now),
        closed=answered(case.record, case.order, waiting_for=wait.waiting_for, keep=keep),
    )


def in_doubt(case: Case, desk: Desk, now: datetime) -> Step:
    """`watch` sends it when it is due; ST11 settles it then. The claims count, and a doubt is as old as its call."""
    asked_for = case.doubt.retry_after if case.doubt else None
    wait = retry.delay(case.step.attempt, jitter=desk.claiming.jitter(), retry_after=asked_for)
    return replace(
        released(case.step),
        state="unknown",
        claims=case.step.claims,
        sent=last_send(case.step) if case.unsettled else now,
        due=now + wait,
        reason=str(case.doubt),
    )


def _over(case: Case, now: datetime) -> Change | None:
    end = case.over
    if end is None:
        return None
    record, stand = case.record, case.record.exceptions
    return Change(
        steps=(closed(case.step, end),),
        history=_history(case, (end.reason,), now),
        opened=() if end.late is None else (opened(case.key, end.late, step=STEP, now=now, stand=stand),),
        closed=answered(record, case.order),
        remove_open_work=all(one.closed for one in record.steps.values() if one.name != STEP),
    )


def _refused(case: Case, now: datetime) -> Change:
    stand = case.record.exceptions
    met = tuple(opened(case.key, reason, step=STEP, now=now, stand=stand) for reason in case.refused)
    gone = tuple(
        one for one in answered(case.record, case.order) if one.identity not in {each.identity for each in met}
    )
    texts = tuple(f"{reason.kind}: {reason.subject}" for reason in case.refused)
    step, history = exceptional(case.step, case.refused), _history(case, texts, now)
    return Change(steps=(step,), shipments=told(case), history=history, opened=met, closed=gone)


def _outstanding(case: Case, desk: Desk, now: datetime) -> Change | None:
    """Not told yet: the other side stopped us, or the next round goes on."""
    ours = case.step.claim_owner == desk.claiming.token
    if not ours and not case.texts:
        return None
    step = replace(released(case.step), waiting_for=BATCH, due=now + RESEND, sent=None)
    return Change(steps=(step,), shipments=told(case), history=_history(case, (), now))


def told(case: Case) -> tuple[Shipment, ...]:
    return tuple(one for one in case.shipments if one not in case.record.shipments)


def _history(case: Case, more: tuple[str, ...], now: datetime) -> tuple[History, ...]:
    texts = dict.fromkeys(text for text in (*case.texts, *more) if text)
    return tuple(History(now, STEP, case.step.attempt, text) for text in texts)
