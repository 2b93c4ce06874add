"""The hardest orders of the day: cancelled, or left by a killed worker, while nobody knows whether the ERP has them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from local.day.shoppers import accepted
from local.day.stage import Stage, until
from local.day.workers import busiest, stop_second_worker, worker_ended

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
        number = f"{PREFIX}-{self.order_id}"
        if not await accepted(stage, self.order_id):
            return
        await stage.erp.fail(*self._faults(number))
        await stage.mirakl.do("settle_debit", platform=PLATFORM, order_id=self.order_id)
        if not await sent(stage, number, times=2 if self.late else 1):
            return
        await stage.mirakl.do("cancel", platform=PLATFORM, order_id=self.order_id)
        stage.say(f"{self.order_id} is cancelled while nobody knows whether the ERP has it")
        await self._tell(stage, number)

    def _faults(self, number: str) -> list[dict[str, Any]]:
        lost = {"kind": "late_commit", "delay_seconds": LATE_MINUTES * 60} if self.late else {"kind": "reset_after"}
        about = {"operation": "batch", "subject": number}
        return [{**lost, **about}, {"kind": "error_before", **about, "times": 3 if self.late else 2}]

    async def _tell(self, stage: Stage, number: str) -> None:
        async def held() -> Mapping[str, Any] | None:
            return next((one for one in (await stage.erp.books())["orders"] if one["number"] == number), None)

        async def on_hold() -> bool:
            found = await held()
            return bool(found and found["held"])

        when = f"committed {LATE_MINUTES} min late" if self.late else "committed, answer lost"
        if await until(on_hold, patience=stage.patience):
            stage.say(f"{self.order_id} ({when}): looked up, found, put on hold, operations told")
        else:
            there = "there and not on hold" if await held() else "not there"
            stage.say(f"{self.order_id} ({when}): in the ERP it is {there}")


@dataclass(frozen=True, slots=True)
class KilledWhileWriting:
    """SIGKILL for the worker that waits for the ERP's answer, while another one stands by to take its message."""

    order_id: str

    async def play(self, stage: Stage) -> None:
        number = f"{PREFIX}-{self.order_id}"
        if not await accepted(stage, self.order_id):
            return
        while len(stage.stack.hosts) < 2:
            await stage.stack.start_host()
        await stage.erp.fail({"kind": "hang_before", "operation": "batch", "subject": number})
        await stage.mirakl.do("settle_debit", platform=PLATFORM, order_id=self.order_id)
        if not await sent(stage, number):
            return
        stage.stack.kill_host(await busiest(stage, "create_order"))
        stage.say(f"Worker killed while it writes {number}; another takes the message and sees its claim")
        await worker_ended(stage)
        await self._tell(stage, number)
        await stop_second_worker(stage)

    async def _tell(self, stage: Stage, number: str) -> None:
        async def there() -> bool:
            return any(one["number"] == number for one in (await stage.erp.books())["orders"])

        created = await until(there, patience=stage.patience)
        calls = [one for one in await stage.erp.read_journal() if one["operation"] == "batch"]
        tries = sum(one["subject"] == number for one in calls)
        stage.say(f"{number}: {'created once' if created else 'not created yet'}, with {tries} calls")


async def sent(stage: Stage, number: str, times: int = 1) -> bool:
    """Wait until the ERP saw so many placings under this number; False, and said so, if it never does."""

    async def event() -> bool:
        calls = [one for one in await stage.erp.read_journal() if one["operation"] == "batch"]
        return len([one for one in calls if one["subject"] == number]) >= times

    if await until(event, patience=stage.patience):
        return True
    stage.say(f"{number} was never sent to the ERP")
    return False
