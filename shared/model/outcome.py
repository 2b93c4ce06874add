"""What a step's run comes to; `functions/fates.py` turns it into what Service Bus sees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from shared.errors import Rejected
from shared.model.steps import Step


@dataclass(frozen=True, slots=True)
class Done:
    """Everything is on record; the message may go. `text` is for the log.

    `answered` False: no answer of the other side's stands behind it, so that it says nothing about an outage.
    """

    text: str
    answered: bool = True


@dataclass(frozen=True, slots=True)
class Later:
    """Not now. `step` is recorded with the next attempt; None where the record is another's (a live claim).

    `scope` names the side whose answer was lost: several in a row are an outage, and one is where that side says that
    it is `down` (for `retry_after`, where it says so).
    """

    after: timedelta
    text: str
    step: Step | None = None
    scope: str = ""
    down: bool = False
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Blocked:
    """The other side is down, throttled or locks us out: pause `scope` for everyone and try later.

    Where it rests by the client's wish (`cause` is `Resting`), nobody is told and nothing is paused.
    """

    scope: str
    text: str
    step: Step | None
    cause: str
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Exceptional:
    """A business reason: open the exceptions, record the step as `exception`, let the message be dead-lettered."""

    step: Step
    reasons: tuple[Rejected, ...]


@dataclass(frozen=True, slots=True)
class AlreadyJudged:
    """A redelivery of a message whose exception is on record: nothing is done but to let it go its way."""

    text: str


Outcome = Done | Later | Blocked | Exceptional | AlreadyJudged
