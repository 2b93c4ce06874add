"""The hardest orders of the day: cancelled, or left by a killed worker, while nobody knows whether the ERP has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.day.placings import in_erp, placed, placings
from local.day.shoppers import accepted
from local.day.stage import Stage, until
from local.day.workers import busiest, stop_second_worker, worker_ended
from local.demo.demo_erp import DemoErp

PLATFORM, SHOP, PREFIX = "south", "south/2001", "SO"
LATE_MINUTES = 13
"""After the first call, and less than the ERP's settle time of ten minutes after the second one: "not found" must not
be believed before that time is over."""


def wanted(order_id: str) -> Mapping[str, Any]:
    """Two plain lines; the payment waits until the act lets it through."""
    return {"id": order_id, "debit": "held", "lines": [{"sku": "SKU-001"}, {"sku": "SKU-002", "quantity": 2}]}


@dataclass(frozen=True, slots=True)
class CancelledInDoubt:
    """The answer to a creation is lost and the shopper cancels; `late`: even the commit comes minutes afterwards."""

    order_id: str
    late: bool

    async def play(self, stage: Stage) -> None:
        reference = f"{PREFIX}-{self.order_id}"
        if not await accepted(stage, self.order_id):
            return
        await stage.erp.fail(*self._faults(stage.demo, reference))
        await stage.mirakl.do("settle_debit", platform=PLATFORM, order_id=self.order_id)
        if not await placed(stage, reference, times=2 if self.late else 1):
            return
        await stage.mirakl.do("cancel", platform=PLATFORM, order_id=self.order_id)
        stage.say(f"{self.order_id} is cancelled while nobody knows whether the ERP has it")
        await self._tell(stage, reference)

    def _faults(self, erp: DemoErp, reference: str) -> list[dict[str, Any]]:
        lost = {"kind": "late_commit", "delay_seconds": LATE_MINUTES * 60} if self.late else {"kind": "reset_after"}
        about = {"operation": erp.place, **erp.about(reference)}
        return [{**lost, **about}, {"kind": "error_before", **about, "times": 3 if self.late else 2}]

    async def _tell(self, stage: Stage, reference: str) -> None:
        """Put on hold where the ERP can; operations is told wherever it stands."""

        async def stopped() -> bool:
            found = await in_erp(stage, reference)
            if stage.demo.holds:
                return bool(found and found["held"])
            told = await stage.tables.open_exceptions("cancelled_after_creation")
            return found is not None and any(one["order"] == self.order_id for one in told)

        when = f"committed {LATE_MINUTES} min late" if self.late else "committed, answer lost"
        if await until(stopped, patience=stage.patience):
            hold = "put on hold, " if stage.demo.holds else ""
            stage.say(f"{self.order_id} ({when}): looked up, found, {hold}operations told")
        else:
            there = "there and nobody was told" if await in_erp(stage, reference) else "not there"
            stage.say(f"{self.order_id} ({when}): in the ERP it is {there}")


@dataclass(frozen=True, slots=True)
class KilledWhileWriting:
    """SIGKILL for the worker that waits for the ERP's answer, while another one stands by to take its message."""

    order_id: str

    async def play(self, stage: Stage) -> None:
        reference = f"{PREFIX}-{self.order_id}"
        if not await accepted(stage, self.order_id):
            return
        while len(stage.stack.hosts) < 2:
            await stage.stack.start_host()
        hang = {"kind": "hang_before", "operation": stage.demo.place, **stage.demo.about(reference)}
        await stage.erp.fail(hang)
        await stage.mirakl.do("settle_debit", platform=PLATFORM, order_id=self.order_id)
        if not await placed(stage, reference):
            return
        stage.stack.kill_host(await busiest(stage, "create_order"))
        stage.say(f"Worker killed while it writes {reference}; another takes the message and sees its claim")
        await worker_ended(stage)
        await self._tell(stage, reference)
        await stop_second_worker(stage)

    async def _tell(self, stage: Stage, reference: str) -> None:
        async def there() -> bool:
            return await in_erp(stage, reference) is not None

        created = await until(there, patience=stage.patience)
        tries = len(await placings(stage, reference))
        stage.say(f"{reference}: {'created once' if created else 'not created yet'}, with {tries} calls")
