"""Time at the edge: the wall's, or for local runs the one scaled clock that app, host and sandboxes share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """`now = epoch + (wall - epoch) x acceleration`; with acceleration 1 it is the wall clock."""

    epoch: datetime
    acceleration: float = 1.0

    def now(self) -> datetime:
        return self.at(datetime.now(UTC))

    def at(self, wall: datetime) -> datetime:
        """What the bridge's clock shows when the wall's shows this."""
        return self.epoch + (wall - self.epoch) * self.acceleration
