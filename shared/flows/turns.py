"""Whether a message may act on its step now: it may be old, already judged, or meet somebody who is at it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.model.outcome import AlreadyJudged
from shared.model.steps import Delivery, Step, StepMessage


@dataclass(frozen=True, slots=True)
class Stale:
    text: str


@dataclass(frozen=True, slots=True)
class Busy:
    """Someone else holds a live claim, or sent just now."""

    until: datetime


def current(
    message: StepMessage, delivery: Delivery, step: Step | None, now: datetime, *, apart: timedelta = timedelta(0)
) -> Stale | Busy | AlreadyJudged | None:
    """None when it may. Two sends of one step are at least so far `apart`, whatever messages there are."""
    if step is None:
        return Stale("nothing on record; the next poll shows it again")
    if message.attempt < step.attempt or step.closed or step.state == "waiting":
        return Stale(f"already {step.state} {step.waiting_for}".strip())
    if step.state == "exception" and delivery.count > 1:
        return AlreadyJudged(step.kind)
    if step.claimed_at(now):
        return Busy(step.claim_until or now)
    if step.sent is not None and now < step.sent + apart:
        return Busy(step.sent + apart)
    return None
