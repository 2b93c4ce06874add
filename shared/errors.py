"""Errors named by what follows from them: try again, ask what happened, or show a person."""

from __future__ import annotations

from datetime import timedelta


class BridgeError(Exception):
    """Anything the bridge foresaw. Texts name the remedy and never contain personal data."""


class SettingsError(BridgeError):
    """The app settings cannot be used; the text names each setting and its remedy."""


class Conflict(BridgeError):
    """A row changed since it was read (HTTP 409 or 412): read again, decide again."""


class Transient(BridgeError):
    """Nothing happened on the other side; the same thing may be tried again later."""

    def __init__(self, text: str, *, scope: str, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.scope = scope
        self.retry_after = retry_after


class Unavailable(Transient):
    """The other side is down, or its answer to a read cannot be used."""


class Throttled(Transient):
    """HTTP 429: refused before anything happened."""


class Unauthorized(Transient):
    """HTTP 401 or 403: the key or the role is wrong."""


class Resting(Unavailable):
    """By the client's own wish, until `retry_after` has passed: no outage, and nothing for people."""


class UnknownOutcome(BridgeError):
    """A write was sent and no trustworthy answer came: it may have happened, now or later.

    `down`: whatever became of it, the other side says that it cannot be reached now.
    """

    def __init__(self, text: str, *, scope: str, retry_after: timedelta | None = None, down: bool = False) -> None:
        super().__init__(text)
        self.scope = scope
        self.retry_after = retry_after
        self.down = down


class NotOffered(BridgeError):
    """The ERP has no such operation; its capabilities say so before anybody asks."""


class WrongState(BridgeError):
    """Mirakl: the order is not in the state that the operation needs (already decided)."""


class FeatureOff(BridgeError):
    """Mirakl: the operator does not offer this operation (404), whatever PC01 said."""


class LinesChanged(BridgeError):
    """Mirakl: the lines decided are not the lines that wait; decide again from a re-read."""


class Rejected(BridgeError):
    """A business reason that a person must resolve; `kind` is a row of `shared/exceptions.py`.

    `subject` names what is missing or wrong (a mapping row, a field); two rejections of one order with the
    same kind and subject are the same exception. `reason` and `remedy` are shown to people as they stand.
    """

    def __init__(self, kind: str, *, subject: str, reason: str, remedy: str = "") -> None:
        super().__init__(f"{kind}: {subject}: {reason}")
        self.kind = kind
        self.subject = subject
        self.reason = reason
        self.remedy = remedy


class Judged(Exception):
    """The message met its verdict (an exception is on record); abandon it until it is dead-lettered."""
