"""Accept an order in Mirakl in time: nothing about the ERP, and no store of ours, may stop it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import LinesChanged, Rejected, Transient, UnknownOutcome, WrongState
from shared.model.keys import OrderKey
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Outcome
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.marketplace import Acceptance
from shared.ports.own import Change, Clock, History, OpenWork, OrderRecord, Progress, WorkList

SHOWN_WITHIN = timedelta(hours=2)
"""How long Mirakl may take to show a decision before somebody looks."""
SETTLED_WITHIN = timedelta(minutes=15)
"""When `watch` looks at an acceptance in doubt, should no answer of Mirakl's settle it before."""


@dataclass(frozen=True, slots=True)
class Accept:
    """Send OR21 for these lines."""

    step: Step
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Doubt:
    """An earlier delivery may have sent OR21; the next OR11 answer tells."""

    step: Step


@dataclass(frozen=True, slots=True)
class Stale:
    text: str


def decide(
    message: StepMessage, delivery: Delivery, record: OrderRecord | None, lines: tuple[str, ...]
) -> Accept | Doubt | Stale | AlreadyJudged:
    """`lines` are what the caller saw waiting; otherwise the record's."""
    step = record.steps.get("acknowledge_order") if record else None
    if step is None:
        blank = Step("acknowledge_order", "outstanding", seen=message.seen, lines=lines)
        return Accept(blank, lines) if lines else Stale("no lines on record; the next answer shows it again")
    if message.attempt < step.attempt or step.closed:
        return Stale(f"already {step.state}")
    if step.state == "exception" and delivery.count > 1:
        return AlreadyJudged(step.kind)
    if step.sent is not None and (message.seen is None or message.seen <= step.sent):
        return Stale("OR21 was sent for this showing")
    if delivery.count > 1:
        return Doubt(replace(step, state="unknown", reason="a delivery before this one may have sent OR21"))
    return Accept(step, lines or step.lines)


async def run(
    message: StepMessage,
    delivery: Delivery,
    *,
    acceptance: Acceptance,
    progress: Progress,
    work: WorkList,
    clock: Clock,
    lines: tuple[str, ...] = (),
) -> Outcome:
    key = OrderKey(message.shop, message.order)
    record = await _load(key, progress)
    match decide(message, delivery, record, lines):
        case Stale(text):
            return Done(text, answered=False)
        case AlreadyJudged() as judged:
            return judged
        case Doubt(step):
            return await _doubt(key, step, work=work, progress=progress, clock=clock)
        case Accept(step, waiting):
            return await _accept(key, step, waiting, acceptance=acceptance, progress=progress, work=work, clock=clock)


async def _load(key: OrderKey, progress: Progress) -> OrderRecord | None:
    try:
        return await progress.load(key)
    except Transient:
        return None


async def _accept(
    key: OrderKey,
    step: Step,
    lines: tuple[str, ...],
    *,
    acceptance: Acceptance,
    progress: Progress,
    work: WorkList,
    clock: Clock,
) -> Outcome:
    sent = clock.now()
    try:
        await acceptance.accept(key.order, lines)
    except WrongState:
        decided = _sent(step, sent, "OR21: already decided")
    except LinesChanged:
        changed = replace(step, state="unknown", sent=sent, reason="OR21: the lines that wait have changed")
        return await _doubt(key, changed, work=work, progress=progress, clock=clock, answered=True)
    except UnknownOutcome as problem:
        unknown = replace(step, state="unknown", sent=sent, reason=str(problem))
        return await _doubt(key, unknown, work=work, progress=progress, clock=clock)
    except Transient as problem:
        return Blocked(problem.scope, str(problem), step, type(problem).__name__, problem.retry_after)
    except Rejected as reason:
        return Exceptional(replace(step, sent=sent), (reason,))
    else:
        decided = _sent(step, sent, "OR21: accepted")
    await progress.commit(key, Change(steps=(decided,), history=(_told(decided, clock.now()),)))
    return Done(decided.reason)


def _sent(step: Step, sent: datetime, reason: str) -> Step:
    """OR21 was answered; what counts is what OR11 shows next."""
    due = sent + SHOWN_WITHIN
    return replace(step, state="waiting", waiting_for="decision shown", due=due, sent=sent, reason=reason, claims=0)


async def _doubt(
    key: OrderKey, step: Step, *, work: WorkList, progress: Progress, clock: Clock, answered: bool = False
) -> Outcome:
    """On record as unknown; the open-work row says so first, so that the next complete answer can settle it."""
    now = clock.now()
    await work.put([OpenWork(key, step.name, now + SETTLED_WITHIN, mark="acceptance_doubt")])
    await progress.commit(key, Change(steps=(replace(step, due=None),), history=(_told(step, now),)))
    return Done(step.reason, answered)


def _told(step: Step, now: datetime) -> History:
    return History(now, step.name, step.attempt, step.reason)
