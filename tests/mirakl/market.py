"""A marketplace behind the ports, in memory: the client, the sandbox it speaks to, and the sandbox's own books."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from sandboxes.faults import FaultySandbox
from sandboxes.mirakl.books import books
from sandboxes.mirakl.controls import controls
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.wishes import Mix, Placement, WantedOrder
from sandboxes.mirakl.world import World
from sandboxes.mirakl.worlds import small
from shared.mirakl.acceptance import MiraklAcceptance
from shared.mirakl.client import MiraklClient
from shared.mirakl.http import MiraklHttp
from shared.mirakl.lists import MiraklLists
from shared.mirakl.multi_shipping import MiraklMultiShipping
from shared.mirakl.order_numbers import MiraklOrderNumbers
from shared.mirakl.orders import MiraklOrderExport, MiraklOrders
from shared.mirakl.platform import MiraklPlatform
from shared.mirakl.reader import read_order
from shared.mirakl.shipping import MiraklShipping
from shared.model.keys import OrderKey
from shared.model.order import Order, Sighting
from shared.model.shop import Marketplace, Shop
from shared.ports import marketplace as ports
from tests.fakes.clock import VirtualClock
from tests.fakes.sandbox_transport import SandboxTransport

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
SHOP = "north/2001"
SCOPE = "shop:north-fr"


@dataclass
class Vault:
    """`stored` is what the secret holds; `read` is what this process has read."""

    stored: str = "key-admin"
    read: str = ""

    async def key(self, *, fresh: bool) -> str:
        if fresh or not self.read:
            self.read = self.stored
        return self.read


@dataclass
class Market:
    """The ports before one sandbox, and the sandbox's own side of it."""

    faulty: FaultySandbox
    sandbox: MiraklSandbox
    clock: VirtualClock
    orders: ports.Orders
    export: ports.OrderExport
    acceptance: ports.Acceptance
    platform: ports.Platform
    shipping: ports.Shipping
    multi: ports.MultiShipping
    numbers: ports.OrderNumbers
    lists: ports.MarketplaceLists
    read: ports.OrderReader
    vault: Vault

    def place(self, *orders: WantedOrder, count: int = 0, mix: Mix | None = None, shop: str = SHOP) -> list[str]:
        self.sandbox.advance(self.clock.now())
        wanted = Placement(shop=shop, orders=orders, count=count, mix=mix or Mix())
        return [order.id for order in self.sandbox.place(wanted)]

    def control(self, name: str, **content: Any) -> Any:
        return controls(self.sandbox)[name](content, self.clock.now())

    def book(self, order_id: str) -> Mapping[str, Any]:
        return next(one for one in books(self.sandbox)["orders"] if one["order_id"] == order_id)

    async def show(self, order_id: str) -> Sighting:
        (one,) = (await self.orders.by_ids([order_id])).sightings
        return one

    async def read_order(self, order_id: str) -> Order:
        sighting = await self.show(order_id)
        assert sighting.snapshot is not None
        return self.read(OrderKey("north-fr", order_id), sighting.snapshot)

    async def accept(self, order_id: str) -> None:
        await self.acceptance.accept(order_id, [line.id for line in (await self.show(order_id)).lines])

    async def shippable(self, *orders: WantedOrder) -> list[str]:
        """Placed, accepted and paid."""
        placed = self.place(*orders)
        for order_id in placed:
            await self.accept(order_id)
        self.clock.advance(timedelta(hours=1))
        return placed


def open_market(world: World, *, url: str = "https://north.example.com", shop_id: int = 2001) -> Market:
    clock = VirtualClock(START)
    sandbox = MiraklSandbox(world, START)
    faulty = FaultySandbox(sandbox)
    vault = Vault()
    north = Marketplace(id="north", prefix="NO", url=url, acceptance_window=timedelta(hours=24))
    shop = Shop("north-fr", north, shop_id, key_secret="north-key", orders_from=START, company="usmf")
    sender = httpx.AsyncClient(transport=SandboxTransport(faulty, clock))
    client = MiraklClient(shop, MiraklHttp(url, client=sender, keys=vault, clock=clock))
    return Market(
        faulty,
        sandbox,
        clock,
        orders=MiraklOrders(client, clock),
        export=MiraklOrderExport(client, clock),
        acceptance=MiraklAcceptance(client),
        platform=MiraklPlatform(client),
        shipping=MiraklShipping(client),
        multi=MiraklMultiShipping(client),
        numbers=MiraklOrderNumbers(client),
        lists=MiraklLists(client),
        read=read_order,
        vault=vault,
    )


def with_platform(**changes: Any) -> World:
    world = small()
    return replace(world, platforms=(replace(world.platforms[0], **changes),))
