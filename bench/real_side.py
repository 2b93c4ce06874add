"""Table Storage, a Service Bus and Mirakl as processes, and orders that wait in the queue for their acceptance."""

from __future__ import annotations

import asyncio
import json
import re
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from azure.data.tables.aio import TableServiceClient

from local import azurite, demo
from local.broker.configuration import connection_string
from local.day.controls import Broker, Side
from local.demo.erps import FINANCE_SUPPLY_CHAIN
from local.emulator_config import CONFIG
from local.processes import Child, Children
from local.stack import BROKER_READY
from sandboxes.mirakl.world import World, written_world
from sandboxes.mirakl.worlds import demo as mirakl_world
from shared.flows.sighting.seen_order import decide
from shared.mirakl.client import MiraklClient
from shared.mirakl.http import MiraklHttp
from shared.mirakl.orders import PAGE, MiraklOrders
from shared.model.keys import OrderKey
from shared.model.order import Sighting
from shared.model.shop import Shop
from shared.model.steps import StepMessage
from shared.ports.own import OrderRecord
from shared.settings import load
from shared.store.azure_tables import AzureTables
from shared.wiring import Bridge, assemble
from shared.wiring.real_parts import RealParts, real_parts
from shared.wiring.secrets import EnvironmentSecrets, ShopKey

SHOP, LABEL = "north-main", "north/2001"
NOWHERE = "https://finance.example.com"
NEVER = "0 0 0 1 1 *"
"""A schedule whose time does not come while a benchmark runs."""
WINDOWS = {name: timedelta(hours=24) for name in demo.PREFIXES}
_AT_ONCE = 8
_REQUEST = re.compile(r'"[A-Z]+ /[^"]* HTTP/', re.MULTILINE)
"""A line of the access log of Table Storage."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the other sides saw: requests in the log of Table Storage, the broker's operations, OR21 in Mirakl."""

    tables: int
    bus: int
    or21: int

    def since(self, before: Seen) -> Seen:
        return Seen(self.tables - before.tables, self.bus - before.bus, self.or21 - before.or21)


@dataclass(frozen=True, slots=True)
class RealSide:
    """What runs, and the bridge's own parts in this process."""

    children: Children
    tables: Child
    broker: Broker
    mirakl: Side
    settings: Mapping[str, str]
    real: RealParts
    bridge: Bridge
    orders: MiraklOrders

    @property
    def shop(self) -> Shop:
        return self.bridge.settings.shops[SHOP]

    async def fill(self, count: int) -> None:
        """Place so many orders and put each on record and in the queue, as a poll does but for `watch`'s pointers."""
        for start in range(0, count, PAGE):
            await self._fill_page(min(PAGE, count - start))

    async def _fill_page(self, count: int) -> None:
        placed = await self.mirakl.do("place", shop=LABEL, orders=[{}] * count)
        page = await self.orders.by_ids(placed["order_ids"])
        gate = asyncio.Semaphore(_AT_ONCE)

        async def one(sighting: Sighting) -> Sequence[StepMessage]:
            async with gate:
                return await self._record(replace(sighting, seen=page.asked))

        messages = await asyncio.gather(*(one(sighting) for sighting in page.sightings))
        await self.bridge.outbox.send([message for some in messages for message in some])

    async def _record(self, sighting: Sighting) -> Sequence[StepMessage]:
        key, now = OrderKey(SHOP, sighting.order_id), self.bridge.clock.now()
        seen = decide(sighting, OrderRecord(key), shop=self.shop, policy=self.bridge.settings.policy, now=now)
        assert seen.change is not None, "an order that nobody knows is always recorded"
        await self.bridge.progress.commit(key, replace(seen.change, open_work=None))
        return seen.messages

    async def empty(self) -> None:
        """Drop every order's rows. The emulator reads all that a table holds to answer one query."""
        async with TableServiceClient.from_connection_string(self.settings["TABLES_CONNECTION"]) as service:
            await service.delete_table("orders")
            await service.create_table("orders")

    async def seen(self) -> Seen:
        operations = await self.broker.operations()
        journal = await self.mirakl.read_journal()
        requests = len(_REQUEST.findall(self.tables.output()))
        return Seen(requests, sum(operations.values()), sum(call["operation"] == "OR21" for call in journal))

    async def accepted(self) -> int:
        """In Mirakl's own words."""
        found = await self.mirakl.do("overview")
        return sum(order["accepted"] for order in found)


@asynccontextmanager
async def real_side(folder: Path, *, access_log: bool = False) -> AsyncIterator[RealSide]:
    """With `access_log`, the log of Table Storage has a line for every request. Raises ChildFailed, NotInstalled."""
    epoch = datetime.now(UTC)
    async with Children(folder) as children, httpx.AsyncClient(timeout=60, trust_env=False) as http:
        tables = await azurite.start(logs=folder, access_log=access_log)
        children.adopt(tables.child)
        broker = await _broker(children)
        mirakl = await _mirakl(children, epoch)
        settings = {
            **demo.settings(FINANCE_SUPPLY_CHAIN, mirakl=mirakl, address=NOWHERE, epoch=epoch, windows=WINDOWS),
            "POLL_ORDERS_SCHEDULE": NEVER,
            "POLL_SHIPMENTS_SCHEDULE": NEVER,
            "CHANGE_ORDER_SCHEDULE": NEVER,
            "WATCH_SCHEDULE": NEVER,
            "TABLES_CONNECTION": tables.connection_string,
            "ServiceBusConnection": connection_string(broker.port),
        }
        await _ensure_tables(tables.connection_string)
        real = real_parts(load(settings), settings)
        try:
            bridge = assemble(load(settings), real.parts)
            status = Broker(http, f"http://127.0.0.1:{broker.matched['status']}")
            orders = _orders(bridge, settings, http)
            yield RealSide(children, tables.child, status, Side(http, mirakl), settings, real, bridge, orders)
        finally:
            await real.close()


def _orders(bridge: Bridge, settings: Mapping[str, str], http: httpx.AsyncClient) -> MiraklOrders:
    shop = bridge.settings.shops[SHOP]
    keys = ShopKey(EnvironmentSecrets(settings), shop.id, shop.key_secret)
    return MiraklOrders(
        MiraklClient(shop, MiraklHttp(shop.marketplace.url, client=http, keys=keys, clock=bridge.clock)), bridge.clock
    )


async def _broker(children: Children) -> Child:
    argv = [sys.executable, "-m", "local.broker", "--config", str(CONFIG), "--port", "0", "--status-port", "0"]
    return await children.start("broker", argv, ready=BROKER_READY)


async def _mirakl(children: Children, epoch: datetime) -> str:
    """Its address. OR11 is not limited here: filling is not what is measured."""
    file = children.folder / "mirakl.world.json"
    file.write_text(json.dumps(written_world(_world(epoch))))
    argv = [sys.executable, "-m", "sandboxes.mirakl", "--epoch", epoch.isoformat(), "--world", str(file)]
    child = await children.start("mirakl", argv, ready=r"^listening on (?P<port>\d+)$")
    return f"http://127.0.0.1:{child.port}"


def _world(epoch: datetime) -> World:
    world = mirakl_world(epoch, earlier=0)
    return replace(world, platforms=tuple(replace(one, limits={}) for one in world.platforms))


async def _ensure_tables(connection: str) -> None:
    tables = AzureTables.connect(connection=connection)
    try:
        await tables.ensure_tables()
    finally:
        await tables.close()
