"""The hours in which the client wants Prima left alone: a backup, a nightly run."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Every day from `begins` until `ends`, over midnight where it ends earlier than it begins."""

    begins: time
    ends: time
    zone: ZoneInfo

    def left(self, now: datetime) -> timedelta | None:
        """How long they last from now on, None where they do not."""
        here = now.astimezone(self.zone)
        clock, overnight = here.time().replace(fold=0), self.ends <= self.begins
        inside = clock >= self.begins or clock < self.ends if overnight else self.begins <= clock < self.ends
        if not inside:
            return None
        day = here.date() + timedelta(days=1 if overnight and clock >= self.begins else 0)
        # Compared in UTC: on the two days a year on which clocks change, a day has 23 or 25 hours. An hour that comes
        # twice is meant as it is now.
        until = datetime.combine(day, self.ends.replace(fold=here.fold), self.zone).astimezone(UTC)
        return max(until - now, timedelta(seconds=1))


def longest_left(every: Iterable[QuietHours], now: datetime) -> timedelta | None:
    return max((left for one in every if (left := one.left(now)) is not None), default=None)
