"""Timer triggers: by accelerated time, never overlapping themselves in one process, no lease between processes."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import datetime

from local.host.clock import ScaledClock
from local.host.invocations import Invocations
from local.host.schedule import Schedule
from local.host.worker import Function

LONGEST_NAP = 600.0


@dataclass
class Timer:
    function: Function
    schedule: Schedule
    clock: ScaledClock
    invocations: Invocations

    async def run(self) -> None:
        """Until the host drains. Occurrences that pass while it runs are skipped, as Azure's timer listener does."""
        last = started = self.clock.now()
        if self.function.binding.get("runOnStartup"):
            await self._fire(last, self.schedule.after(started))
        while await self._comes(due := self.schedule.after(max(last, self.clock.now()))):
            await self._fire(last, self.schedule.after(due))
            last = due

    async def _comes(self, due: datetime) -> bool:
        """Wait until `due`; False when the host drains first."""
        stopping = self.invocations.stopping
        while (left := self.clock.seconds_until(due)) > 0 and not stopping.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, LONGEST_NAP)):
                    await stopping.wait()
        return not stopping.is_set()

    async def _fire(self, last: datetime, following: datetime) -> None:
        """Nothing is kept between runs, so a timer is never past due here."""
        request = {
            "Schedule": {"AdjustForDST": True},
            "ScheduleStatus": {
                "Last": last.isoformat(),
                "Next": following.isoformat(),
                "LastUpdated": last.isoformat(),
            },
            "IsPastDue": False,
        }
        await self.invocations.run(self.function, self.invocations.worker.datum(request))
