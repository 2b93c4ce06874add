"""Dead letters: what no exception explains gets one, and what is over goes."""

from __future__ import annotations

from dataclasses import dataclass, replace

from shared.errors import Conflict, Rejected, Transient
from shared.exceptions import opened
from shared.flows.requeue import clear_dead_letters
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.model.steps import Step
from shared.ports.own import Change, Clock, DeadLetter, DeadLetters, History, OrderRecord, Progress
from shared.telemetry import event

MOST = 1000
"""How many dead letters of a queue one run looks at: the judged ones stay there until their cause is gone."""


@dataclass(frozen=True, slots=True)
class Ports:
    progress: Progress
    dead_letters: DeadLetters
    clock: Clock


async def run(queue: str, *, ports: Ports) -> None:
    """A dead letter that cannot be told of now stays, and hides no other."""
    for letter in await ports.dead_letters.peek(queue, MOST):
        try:
            await _record(letter, ports)
        except Transient as problem:
            event("dead_letter_not_told", queue=queue, reason=type(problem).__name__)
    await clear_dead_letters(queue, ports.dead_letters, progress=ports.progress, limit=MOST)


async def _record(letter: DeadLetter, ports: Ports) -> None:
    """A dead letter that no exception explains gets one, so that a person sees it."""
    message = letter.message
    key = OrderKey(message.shop, message.order) if message else OrderKey(BRIDGE_SHOP, "")
    record = await ports.progress.load(key)
    step = next((one for one in record.steps.values() if message and one.name == message.step), None)
    subject = message.step if message else f"{letter.queue}#{letter.sequence}"
    if _is_explained(record, step, letter, subject):
        return
    now = ports.clock.now()
    kind = "dead_letter" if message else "message_unreadable"
    reason = Rejected(kind, subject=subject, reason=letter.reason or "no reason given")
    stuck = () if step is None else (replace(step, state="exception", kind=kind, due=None, claim_owner=""),)
    history = (History(now, subject, message.attempt if message else 0, f"dead-lettered: {reason.reason}"),)
    change = Change(
        steps=stuck, history=history, opened=(opened(key, reason, step=subject, now=now, stand=record.exceptions),)
    )
    try:
        await ports.progress.commit(key, change)
    except Conflict:
        return  # it is being worked on; the next run looks again


def _is_explained(record: OrderRecord, step: Step | None, letter: DeadLetter, subject: str) -> bool:
    if letter.message is None:
        # Whoever received it has told of its queue already.
        return any(one.subject in {subject, letter.queue} for one in record.exceptions)
    if step is None:
        return any(one.step == letter.message.step for one in record.exceptions)
    return step.closed or step.attempt > letter.message.attempt or step.state in {"exception", "claimed"}
