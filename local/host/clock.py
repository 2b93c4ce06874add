"""The one scaled clock of a local run: `now = epoch + (wall - epoch) x N`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from local.host.settings import SettingsProblem

FASTEST = 240.0


@dataclass(frozen=True, slots=True)
class ScaledClock:
    """Accelerated time for timers; locks and time-outs stay on the wall."""

    epoch: datetime
    acceleration: float

    @classmethod
    def from_settings(cls, settings: Mapping[str, str]) -> ScaledClock:
        """From `ACCELERATE` (1 when absent) and `ACCELERATE_EPOCH` (ISO 8601, UTC). Raises SettingsProblem."""
        try:
            acceleration = float(settings.get("ACCELERATE") or 1)
        except ValueError:
            acceleration = 0
        if not 1 <= acceleration <= FASTEST:
            raise SettingsProblem(f"ACCELERATE: write a number from 1 to {FASTEST:g}")
        written = settings.get("ACCELERATE_EPOCH")
        if not written:
            if acceleration != 1:
                raise SettingsProblem("ACCELERATE_EPOCH: needed with ACCELERATE, the same for every process of the run")
            return cls(datetime.now(UTC), acceleration)
        try:
            epoch = datetime.fromisoformat(written)
        except ValueError:
            epoch = datetime.min
        if epoch.tzinfo is None:
            raise SettingsProblem("ACCELERATE_EPOCH: write ISO 8601 with its offset, as 2026-01-31T08:00:00+00:00")
        return cls(epoch, acceleration)

    def now(self) -> datetime:
        return self.epoch + (datetime.now(UTC) - self.epoch) * self.acceleration

    def seconds_until(self, moment: datetime) -> float:
        """Seconds on the wall until that accelerated moment; negative when it has passed."""
        return (moment - self.now()).total_seconds() / self.acceleration
