"""One stack for all scenarios: real SDKs, real processes, a clock that runs sixty times faster."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import httpx

from local import demo
from local.day import sandboxes, stage
from local.day.controls import Broker, Side
from local.day.evidence import Evidence, gather
from local.day.stage import Stage
from local.day.tables import OwnTables
from local.demo.demo_erp import DemoErp
from local.demo.erps import FINANCE_SUPPLY_CHAIN
from local.stack import Stack
from sandboxes.mirakl.world import World

T = TypeVar("T")
ACCELERATE = 120.0
WINDOWS = {"north": timedelta(hours=12), "south": timedelta(hours=12)}
PAID_WITHIN = timedelta(minutes=1)
TIMEOUT_SECONDS = 1.5
LOCK_SECONDS = 4.0
SCHEDULES = {
    "POLL_ORDERS_SCHEDULE": "0 */2 * * * *",
    "POLL_SHIPMENTS_SCHEDULE": "45 */4 * * * *",
    "CHANGE_ORDER_SCHEDULE": "15 */10 * * * *",
    "WATCH_SCHEDULE": "30 */4 * * * *",
}
PATIENCE = 60.0
SHOPS = {"north/2001": "NO", "north/2002": "NO", "south/2001": "SO"}


@dataclass(frozen=True, slots=True)
class Running:
    demo: DemoErp
    stack: Stack
    clock: sandboxes.Clock
    mirakl: str
    erp: str


async def start(folder: Path, demo_erp: DemoErp = FINANCE_SUPPLY_CHAIN) -> Running:
    """The stack with the demo's client and one worker; `end` it."""
    clock = sandboxes.Clock(datetime.now(UTC), ACCELERATE)
    running = Stack(folder, lock_seconds=LOCK_SECONDS, demo=demo_erp)
    await running.__aenter__()
    try:
        world = sandboxes.mirakl_world(
            clock.epoch, WINDOWS, demo_erp, seed=1, debit_delay=PAID_WITHIN, multi_shipment=["south"]
        )
        outside = await sandboxes.start(running.children, clock, _with_carriers_always(world), demo_erp, seed=1)
        mirakl, erp = outside.mirakl_address, outside.erp_address
        values = demo.settings(
            demo_erp,
            mirakl=mirakl,
            address=erp,
            epoch=clock.epoch,
            windows=WINDOWS,
            accelerate=ACCELERATE,
            timeout=TIMEOUT_SECONDS,
        )
        await running.begin({**values, **SCHEDULES, **demo_erp.exchange(folder).settings})
        await running.start_host()
    except BaseException:
        await end(running)
        raise
    return Running(demo_erp, running, clock, mirakl, erp)


def _with_carriers_always(world: World) -> World:
    """SH21 as often as one likes: a scenario in which our tables are lost must not keep back the others' parcels."""
    unlimited = (
        replace(one, limits={name: limit for name, limit in one.limits.items() if name != "SH21"})
        for one in world.platforms
    )
    return replace(world, platforms=tuple(unlimited))


async def end(stack: Stack) -> None:
    await stack.__aexit__(None, None, None)


@contextmanager
def frozen(stack: Stack) -> Iterator[None]:
    """No worker does anything meanwhile; what each knows and was about to do, it goes on with."""
    hosts = tuple(stack.hosts)
    try:
        for host in hosts:
            os.killpg(host.pid, signal.SIGSTOP)
        yield
    finally:
        for host in hosts:
            os.killpg(host.pid, signal.SIGCONT)


@asynccontextmanager
async def scenario(running: Running) -> AsyncIterator[Scenario]:
    """Hands on the running stack, in this test's event loop; no fault outlives it."""
    async with AsyncExitStack() as held:
        http = await held.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
        tables = OwnTables(running.stack.connections["TABLES_CONNECTION"])
        held.push_async_callback(tables.close)
        played = Stage(
            demo=running.demo,
            stack=running.stack,
            mirakl=Side(http, running.mirakl),
            erp=Side(http, running.erp),
            broker=Broker(http, running.stack.broker_status),
            tables=tables,
            clock=running.clock,
            chance=random.Random(1),
            folder=running.stack.folder,
        )
        yield Scenario(played)
        await played.mirakl.do("clear_faults")
        await played.erp.do("clear_faults")


@dataclass(frozen=True, slots=True)
class Scenario:
    """A few orders of a scenario's own, and what the books say of them."""

    stage: Stage

    async def place(self, shop: str, *names: str, **wanted: Any) -> Sequence[str]:
        """Orders of these ids, each of one plain line; our references of them in the ERP."""
        lines = [{"sku": "SKU-001", "quantity": 2, "unit_price": "12.50", "taxes": [_tax(shop)]}]
        orders = [{"id": name, "lines": lines, **wanted} for name in names]
        await self.stage.mirakl.do("place", shop=shop, orders=orders)
        return [f"{SHOPS[shop]}-{name}" for name in names]

    async def created(self, *numbers: str) -> Sequence[Mapping[str, Any]]:
        """The ERP's orders of these references, once all of them are there and the bridge has that on record."""

        async def event() -> Sequence[Mapping[str, Any]] | None:
            found = await self.in_erp(*numbers)
            there = {one["reference"] for one in found} >= set(numbers)
            return found if there and not await self.unrecorded(*numbers) else None

        found: Sequence[Mapping[str, Any]] = await until(event, f"{', '.join(numbers)} in the ERP and on record")
        return found

    async def ship(self, *numbers: str, carrier: str = "CARRIER-1") -> None:
        """All of these leave the ERP's warehouse now, with this carrier and a tracking number each."""
        for one in await self.in_erp(*numbers):
            tracking = f"TRACK-{one['reference']}"
            await self.stage.erp.do("ship", number=one["number"], carrier=carrier, tracking=tracking)

    async def shipped(self, *numbers: str) -> Sequence[Mapping[str, Any]]:
        """Mirakl's books of these orders, once they show them shipped and the bridge has nothing more to do for them."""
        names = self._names(numbers)

        async def event() -> bool:
            states = {one["order_id"]: one["state"] for one in await self.stage.overview()}
            work = {order for _, order in (await self.stage.tables.all()).openwork}
            return all(states[name] == "SHIPPED" for name in names) and not work & names

        await until(event, f"{', '.join(numbers)} shipped in Mirakl and done")
        return [one for one in (await self.stage.mirakl.books())["orders"] if one["order_id"] in names]

    async def in_erp(self, *numbers: str) -> Sequence[Mapping[str, Any]]:
        return [one for one in (await self.stage.erp.books())["orders"] if one["reference"] in numbers]

    async def unrecorded(self, *numbers: str) -> set[str]:
        """Of these, the orders whose creation is not on record as done; without our tables that is each of them."""
        rows = (await self.stage.tables.all()).orders
        done = {
            partition.partition("|")[2]
            for (partition, row), values in rows.items()
            if row == "step|create_order" and values["state"] == "done"
        }
        return self._names(numbers) - done

    async def called(self, side: Side, operation: str, subject: str, times: int = 1) -> None:
        """Wait until the sandbox has seen so many of these calls."""

        async def event() -> bool:
            journal = await side.read_journal()
            return len([one for one in journal if (one["operation"], one["subject"]) == (operation, subject)]) >= times

        await until(event, f"{operation} about {subject}, {times} times")

    async def once(self, *numbers: str) -> Evidence:
        """Assert that each was accepted once and created once, with nothing for the judge to find."""
        await self.created(*numbers)
        evidence = await gather(self.stage)
        names = self._names(numbers)
        accepted = [one["or21_effects"] for one in evidence.mirakl["orders"] if one["order_id"] in names]
        assert accepted == [1] * len(names)
        references = [one["reference"] for one in evidence.erp["orders"] if one["reference"] in numbers]
        assert sorted(references) == sorted(numbers)
        found = [str(one) for one in evidence.verdict.findings if any(name in one.order for name in names)]
        assert found == []
        return evidence

    @staticmethod
    def _names(numbers: Sequence[str]) -> set[str]:
        """Mirakl's ids of the ERP's numbers."""
        return {number.partition("-")[2] for number in numbers}


def _tax(shop: str) -> Mapping[str, str]:
    return {"code": "VAT", "rate": "19" if shop.endswith("2002") else "20"}


async def until(event: Callable[[], Awaitable[T]], what: str) -> Any:
    """What `event` answers as soon as it is true; fails naming what did not happen."""
    happened = await stage.until(event, patience=PATIENCE)
    assert happened, f"this did not happen within {PATIENCE:g} s: {what}"
    return happened
