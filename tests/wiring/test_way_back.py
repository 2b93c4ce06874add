"""Who brings tracking, and despatch files as a part of the bridge: read with each poll, paused where they are gone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Unauthorized, Unavailable
from shared.model.despatch import DespatchSetting
from shared.model.keys import BRIDGE_SHOP, DESPATCH_SCOPE, ERP_SCOPE, TRACKING_SCOPE, OrderKey, company_scope
from shared.model.sales_order import Capabilities
from shared.model.steps import Delivery, StepMessage
from shared.ports.erp import ShipmentPage
from shared.wiring import Bridge, way_back
from tests.fakes.despatch_files import MemoryDespatchFiles
from tests.fakes.sales_orders import ENFORCED, FakeSalesOrders
from tests.simulation.world import World

SETTING = DespatchSetting.model_validate({"folder": "/drop", "columns": {"order": "order", "consignment": "cons"}})
BRIDGE = OrderKey(BRIDGE_SHOP, "")
MINUTE = timedelta(minutes=1)


@dataclass
class Dropped:
    world: World
    bridge: Bridge
    files: MemoryDespatchFiles

    async def read(self, *, after: timedelta = 5 * MINUTE) -> None:
        self.world.clock.advance(after)
        await self.bridge.ask_for_shipments()

    async def open(self) -> list[tuple[str, str]]:
        return [(one.kind, one.subject) for one in (await self.bridge.progress.load(BRIDGE)).exceptions]


@pytest.fixture
async def dropped() -> Dropped:
    world = await World().prepare()
    bridge, files = world.process(), MemoryDespatchFiles(world.clock)
    bridge.parts = replace(bridge.parts, despatch_files=files)
    bridge.settings = replace(bridge.settings, despatch_files=SETTING)
    return Dropped(world, bridge, files)


def offering(bridge: Bridge, capabilities: Capabilities) -> None:
    bridge.parts = replace(bridge.parts, sales_orders=FakeSalesOrders(capabilities=capabilities))


@pytest.mark.parametrize(
    ("tracks", "files", "brings"),
    [(True, True, "erp"), (True, False, "erp"), (False, True, "files"), (False, False, "people")],
)
async def test_who_brings_tracking_follows_from_the_erp_and_the_files(
    dropped: Dropped, tracks: bool, files: bool, brings: str
) -> None:
    offering(dropped.bridge, replace(ENFORCED, tracks=tracks))
    if not files:
        dropped.bridge.settings = replace(dropped.bridge.settings, despatch_files=None)
    assert way_back.policy(dropped.bridge).tracking_from == brings
    assert dropped.bridge.shipping.tracking_from == brings


async def test_files_are_read_with_every_poll(dropped: Dropped) -> None:
    dropped.files.drop("out.csv", "order,cons\nX-1,C-1\n")
    await dropped.read()
    assert dropped.files.dealt_with["done"] == ["out.csv"]
    assert await dropped.open() == [("despatch_row_refused", "out.csv")]


async def test_without_the_setting_nothing_is_read(dropped: Dropped) -> None:
    dropped.bridge.settings = replace(dropped.bridge.settings, despatch_files=None)
    dropped.files.drop("out.csv", "order,cons\n")
    await dropped.read()
    assert list(dropped.files.there) == ["out.csv"]


@pytest.mark.parametrize(("failure", "kind"), [(Unavailable, "outage"), (Unauthorized, "unauthorized")])
async def test_a_place_that_is_not_there_is_one_outage_that_ends_by_itself(
    dropped: Dropped, failure: Any, kind: str
) -> None:
    dropped.files.failures += [failure("not there", scope=DESPATCH_SCOPE) for _ in range(2)]
    await dropped.read()
    assert await dropped.open() == [(kind, DESPATCH_SCOPE)]
    for _ in range(5):
        await dropped.read(after=10 * MINUTE)
    assert (dropped.files.failures, await dropped.open()) == ([], [])


async def test_while_it_is_paused_nobody_asks(dropped: Dropped) -> None:
    dropped.files.failures += [Unavailable("not there", scope=DESPATCH_SCOPE) for _ in range(2)]
    await dropped.read()
    await dropped.read(after=timedelta(seconds=1))
    assert len(dropped.files.failures) == 1


async def test_trouble_of_our_own_tables_is_no_outage_of_the_files(dropped: Dropped) -> None:
    dropped.files.failures.append(Unavailable("tables", scope="tables"))
    await dropped.read()
    assert await dropped.open() == []


@dataclass
class Source:
    """Shipments whose tracking numbers cannot be read, until they can."""

    failures: list[Exception]

    async def since(self, **_: object) -> ShipmentPage:
        if self.failures:
            raise self.failures.pop(0)
        return ShipmentPage((), None, whole=True)

    async def tracking(self, **_: object) -> tuple[()]:
        return ()


@pytest.mark.parametrize("scope", [lambda _: TRACKING_SCOPE, company_scope], ids=["tracking source", "company"])
async def test_what_only_the_way_back_misses_is_one_exception_and_pauses_no_erp(
    dropped: Dropped, scope: Callable[[str], str]
) -> None:
    world, bridge = dropped.world, dropped.bridge
    [company] = {shop.company for shop in bridge.settings.shops.values()}
    problem = Unauthorized("not to be read: 403", scope=scope(company))
    bridge.parts = replace(bridge.parts, shipments=Source([problem, problem]))
    told = []
    for _ in range(4):
        world.clock.advance(10 * MINUTE)
        assert await bridge.pauses.standing([ERP_SCOPE]) is None
        await bridge.poll_shipments(StepMessage("poll_shipments", BRIDGE_SHOP, company), Delivery())
        told.append(await dropped.open())
    assert told == [[("unauthorized", scope(company))]] * 2 + [[], []]


async def test_a_look_that_asks_about_nothing_ends_no_outage(dropped: Dropped) -> None:
    bridge = dropped.bridge
    await bridge.pauses.begin(ERP_SCOPE, cause="Unavailable", reason="down", retry_after=None)
    dropped.world.clock.advance(10 * MINUTE)
    await bridge.look_at_erp()
    assert bridge.pauses.known(ERP_SCOPE)
