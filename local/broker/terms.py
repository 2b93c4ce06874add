"""The words of a queue: how it is set up, what it counts, and how it refuses."""

from __future__ import annotations

from dataclasses import dataclass


class Refused(Exception):
    """The queue does not do this."""


class LockLost(Refused):
    """The message's lock expired, or the message is settled already."""


class SessionLost(Refused):
    """The session's lock expired, or its receiver is gone."""


class SessionHeld(Refused):
    """Another receiver holds the session."""


class NotFound(Refused):
    """No such message."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Durations are seconds; None for `max_delivery_count` or `lives` means without limit."""

    name: str
    requires_session: bool = False
    lock_seconds: float = 60.0
    max_delivery_count: int | None = 10
    lives: float | None = None
    dead_letters_expired: bool = False

    def of_dead_letters(self) -> Settings:
        """Its dead-letter queue neither expires nor counts, and gives its messages to anyone."""
        return Settings(f"{self.name}/$DeadLetterQueue", lock_seconds=self.lock_seconds, max_delivery_count=None)


@dataclass(slots=True)
class Stats:
    """Totals since the start. enqueued + duplicates = all that is in the queue now, and all that left it."""

    enqueued: int = 0
    completed: int = 0
    abandoned: int = 0
    dead_lettered: int = 0
    lock_lost: int = 0
    deliveries: int = 0
    duplicates: int = 0
    expired: int = 0
    cancelled: int = 0
