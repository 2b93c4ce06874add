"""The four fates of a message: done, later, exception, bug. Nothing else knows them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.errors import Conflict, Judged, Rejected, Transient
from shared.exceptions import opened
from shared.flows import outages
from shared.flows.sighting.seen_exceptions import FOUND_ELSEWHERE
from shared.flows.sighting.seen_order import RESEND
from shared.model.keys import BRIDGE_SHOP, OrderKey, scope_subject
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later, Outcome
from shared.model.steps import POLLS, Step, StepMessage
from shared.ports.own import Change, Clock, History, Outbox, Pauses, Progress
from shared.rules import retry
from shared.telemetry import event

FRESH_LOOKS = 3
LOST_IN_A_ROW = 3
"""So many lost answers without a success between them are an outage."""


@dataclass(frozen=True, slots=True)
class Ports:
    progress: Progress
    pauses: Pauses
    outbox: Outbox
    clock: Clock
    jitter: Callable[[], float]
    lost: Counter[str] = field(default_factory=Counter)
    """Lost answers in a row by scope, in this process: a hint for pausing, nothing rests on it."""


async def meet(
    message: StepMessage, *, scopes: Sequence[str], work: Callable[[], Awaitable[Outcome]], ports: Ports
) -> None:
    """Run `work` unless a pause forbids it, and carry out what it comes to.

    Returns when the message may be completed; raises Judged when it must go to the dead-letter queue. Anything
    else that is raised is a bug: Service Bus delivers the message again, then dead-letters it with the evidence.
    """
    pause = await _standing(scopes, ports)
    for _ in range(FRESH_LOOKS):
        try:
            if pause is not None:
                return await _postpone(message, pause, ports)
            return await _carry_out(message, await work(), scopes, ports)
        except Conflict:
            # The record moved while we worked: what is there now decides.
            event("record_moved", step=message.step, shop=message.shop, order=message.order)
    raise Conflict("the record moved at every look; the redelivery looks again")


async def _carry_out(message: StepMessage, outcome: Outcome, scopes: Sequence[str], ports: Ports) -> None:
    event("step_outcome", step=message.step, shop=message.shop, order=message.order, outcome=type(outcome).__name__)
    match outcome:
        case Done(answered=False):
            return
        case Done():
            await _other_side_answers(scopes, ports)
        case Later(after, _, None):
            await _send_later(message, after, ports)
        case Later(after, text, Step() as step) as later:
            await _retry(message, step, after, text, ports)
            await _count_lost(later, ports)
        case Blocked(cause="Resting") as resting:
            await _again(message, resting, resting.retry_after or retry.FIRST, ports)
        case Blocked() as blocked:
            await _blocked(message, blocked, ports)
        case Exceptional(step, reasons):
            await _judge(message, step, reasons, ports)
        case AlreadyJudged(kind):
            raise Judged(kind)


async def unreadable(queue: str, problem: str, *, ports: Ports) -> None:
    """A message that is not ours or of an unknown version: on record for integration, then dead-lettered."""
    key = OrderKey(BRIDGE_SHOP, "")
    reason = Rejected("message_unreadable", subject=queue, reason=problem)
    await _open(key, reason, step=queue.replace("-", "_"), ports=ports)
    raise Judged(reason.kind)


async def _standing(scopes: Sequence[str], ports: Ports) -> timedelta | None:
    """How long a pause still stands. If the store cannot tell, none does: nothing of ours stops an acceptance."""
    try:
        pause = await ports.pauses.standing(scopes)
    except Transient:
        return None
    if pause is None:
        return None
    # Spread what waits, so that the end of an outage is not a storm.
    return max(pause.probe_at - ports.clock.now(), timedelta(0)) + timedelta(seconds=5 + 25 * ports.jitter())


async def _postpone(message: StepMessage, after: timedelta, ports: Ports) -> None:
    """Wait for the end of a pause, with the next number: were it the same, messages that come twice would multiply."""
    if _comes_by_itself(message):
        return None
    try:
        record = await ports.progress.load(OrderKey(message.shop, message.order))
    except Transient:
        return await _send_later(message, after, ports)
    step = next((one for one in record.steps.values() if one.name == message.step), None)
    if step is None or message.attempt < step.attempt or step.claimed_at(ports.clock.now()):
        return None  # a newer message, or the holder of the claim, or at last `watch`, sees to it
    if step.state in {"outstanding", "unknown", "claimed"}:
        await _retry(message, step, after, "the other side is paused", ports)
    return None


async def _send_later(message: StepMessage, after: timedelta, ports: Ports) -> None:
    """A copy with the same number; nothing is written."""
    if not _comes_by_itself(message):
        await ports.outbox.later(message, after)


async def _retry(message: StepMessage, step: Step, after: timedelta, text: str, ports: Ports) -> None:
    """Copy first, record second, complete last: a kill in between leaves two messages, never none."""
    now, attempt = ports.clock.now(), step.attempt + 1
    await ports.outbox.later(replace(message, attempt=attempt), after)
    again = replace(step, attempt=attempt, due=now + after + RESEND)
    change = Change(steps=(again,), history=(History(now, step.name, step.attempt, text),))
    await ports.progress.commit(OrderKey(message.shop, message.order), change)


async def _count_lost(later: Later, ports: Ports) -> None:
    if not later.scope:
        return
    ports.lost[later.scope] += 1
    if later.down or ports.lost[later.scope] >= LOST_IN_A_ROW:
        await _pause(Blocked(later.scope, later.text, None, "UnknownOutcome", later.retry_after), ports)


async def _blocked(message: StepMessage, blocked: Blocked, ports: Ports) -> None:
    until = await _pause(blocked, ports)
    after = max(until - ports.clock.now(), timedelta(0)) + timedelta(seconds=5 + 25 * ports.jitter())
    await _again(message, blocked, after, ports)


async def _again(message: StepMessage, blocked: Blocked, after: timedelta, ports: Ports) -> None:
    if blocked.step is None:
        await _send_later(message, after, ports)
    else:
        await _retry(message, blocked.step, after, blocked.text, ports)


async def _pause(blocked: Blocked, ports: Ports) -> datetime:
    """One shared pause and, unless the other side merely asked us to slow down, one exception for all of it.

    The exception goes first: a success elsewhere that ends the pause just begun must find it, to close it.
    """
    if blocked.cause != "Throttled":
        kind = "unauthorized" if blocked.cause == "Unauthorized" else "outage"
        reason = Rejected(kind, subject=blocked.scope, reason=blocked.text)
        await _open(scope_subject(blocked.scope), reason, step="", ports=ports)
    pause = await ports.pauses.begin(
        blocked.scope, cause=blocked.cause, reason=blocked.text, retry_after=blocked.retry_after
    )
    event("paused", scope=blocked.scope, cause=blocked.cause, until=pause.until)
    return pause.probe_at


async def _other_side_answers(scopes: Sequence[str], ports: Ports) -> None:
    for scope in scopes:
        ports.lost.pop(scope, None)
        await outages.over(scope, pauses=ports.pauses, progress=ports.progress)


async def _judge(message: StepMessage, step: Step, reasons: Sequence[Rejected], ports: Ports) -> None:
    """On record, then let go: a Python trigger cannot dead-letter, MaxDeliveryCount does."""
    key, now = OrderKey(message.shop, message.order), ports.clock.now()
    record = await ports.progress.load(key)
    kinds = sorted({reason.kind for reason in reasons})
    judged = replace(
        step, state="exception", kind="+".join(kinds), claims=0, claim_owner="", claim_until=None, due=None
    )
    met = tuple(opened(key, reason, step=step.name, now=now, stand=record.exceptions) for reason in reasons)
    theirs = [one for one in record.exceptions if one.step == step.name and one.kind not in FOUND_ELSEWHERE]
    gone = [one for one in theirs if one.identity not in {each.identity for each in met}]
    text = "; ".join(f"{reason.kind}: {reason.subject}" for reason in reasons)
    change = Change(
        steps=(judged,),
        history=(History(now, step.name, step.attempt, text),),
        opened=met,
        closed=tuple(gone),
    )
    await ports.progress.commit(key, change)
    raise Judged(judged.kind)


async def _open(key: OrderKey, reason: Rejected, *, step: str, ports: Ports) -> None:
    """Open it, or count it once more; losing a race against another opener is fine."""
    now = ports.clock.now()
    record = await ports.progress.load(key)
    try:
        one = opened(key, reason, step=step, now=now, stand=record.exceptions)
        await ports.progress.commit(key, Change(opened=(one,)))
    except Conflict:
        return


def _comes_by_itself(message: StepMessage) -> bool:
    """A timer brings the next poll, and `watch` sends what a shop's batch has left, each order by itself."""
    return message.step in POLLS or not message.order
