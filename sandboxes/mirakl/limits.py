"""Mirakl's call limits: how many calls of an operation a key or a shop may make, and the Retry-After beyond that."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Limit:
    """One call per `interval` on average; `burst` of them may come at once after a rest."""

    interval: timedelta
    burst: int = 1


@dataclass
class CallLimits:
    """Remembers when each (operation, key or shop) would be at rest again; a refused call costs nothing."""

    _rested: dict[tuple[str, str], datetime] = field(default_factory=dict)

    def take(self, operation: str, scope: str, limit: Limit | None, now: datetime) -> int:
        """Seconds to wait (at least 1) where the call is one too many, else 0 and the call is counted."""
        if limit is None:
            return 0
        rested = max(self._rested.get((operation, scope), now), now)
        early = rested - now - limit.interval * (limit.burst - 1)
        if early > timedelta(0):
            return math.ceil(early.total_seconds())
        self._rested[operation, scope] = rested + limit.interval
        return 0
