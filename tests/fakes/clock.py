"""A clock that moves only when told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class VirtualClock:
    def __init__(self, start: datetime = START) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        """Only forward; returns the new time."""
        return self.move_to(self._now + by)

    def move_to(self, at: datetime) -> datetime:
        if at < self._now:
            raise ValueError("time only moves forward")
        self._now = at
        return at
