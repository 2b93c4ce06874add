"""In shadow everything is decided and nothing leaves; what would have happened is on record."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sandboxes.finance_supply_chain import books as erp_books
from sandboxes.mirakl.wishes import Placement, WantedOrder
from shared.flows.create_order import WOULD_HAVE
from shared.model.keys import OrderKey
from shared.model.policy import CreationPolicy
from shared.rules.drafting import draft
from shared.store.audit import TableAudit
from shared.wiring import gate
from tests.builders import address, mappings, order, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import FakeSalesOrders
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, World

LIVE, SHADOW = shop(), shop(mode="shadow")
DRAFT = draft(
    order(address=address(name="Shopper One")),
    shop=SHADOW,
    rows=mappings(),
    policy=CreationPolicy(),
    client_numbers=True,
)


@pytest.fixture
def audit() -> TableAudit:
    return TableAudit(MemoryTables(), VirtualClock())


class Refusing:
    """Mirakl as nobody may reach it."""

    async def accept(self, order_id: str, lines: object) -> None:
        raise AssertionError("a shop in shadow accepted an order")


async def would_have(audit: TableAudit) -> list[tuple[str, str]]:
    return [(one.what, one.after) for one in await audit.entries("shadow")]


def test_a_live_shop_gets_the_real_things(audit: TableAudit) -> None:
    mirakl, erp = Refusing(), FakeSalesOrders()
    assert gate.acceptance(mirakl, LIVE, audit) is mirakl
    assert gate.sales_orders(erp, LIVE, audit) is erp


async def test_an_acceptance_in_shadow_is_recorded_only(audit: TableAudit) -> None:
    await gate.acceptance(Refusing(), SHADOW, audit).accept("A-1", ["A-1-1", "A-1-2"])
    assert await would_have(audit) == [("would have accepted A-1 (2 lines)", SHADOW.id)]


async def test_an_order_in_shadow_comes_back_as_drafted_and_is_nowhere(audit: TableAudit) -> None:
    erp = FakeSalesOrders()
    placed = await gate.sales_orders(erp, SHADOW, audit).place(DRAFT)
    assert (placed.number, placed.status, erp.placed) == ("NO-N000001-A", WOULD_HAVE, 0)
    assert [(line.reference, line.amount) for line in placed.lines] == [
        (line.reference, line.amount) for line in DRAFT.lines
    ]
    [(what, _)] = await would_have(audit)
    assert what == f"would have created NO-N000001-A: {len(DRAFT.lines)} lines, {DRAFT.total}"


async def test_nobody_s_name_is_in_what_is_recorded(audit: TableAudit) -> None:
    await gate.sales_orders(FakeSalesOrders(), SHADOW, audit).place(DRAFT)
    assert "Shopper" not in repr(await audit.entries("shadow"))


async def test_a_hold_in_shadow_is_recorded_only(audit: TableAudit) -> None:
    erp = FakeSalesOrders()
    await gate.sales_orders(erp, LIVE, audit).place(DRAFT)
    await gate.sales_orders(erp, SHADOW, audit).hold(company="usmf", number=DRAFT.number)
    assert not erp.orders[DRAFT.number].on_hold
    assert [what for what, _ in await would_have(audit)] == ["would have put NO-N000001-A on hold in usmf"]


async def test_reads_in_shadow_reach_the_erp(audit: TableAudit) -> None:
    erp = FakeSalesOrders()
    await erp.place(DRAFT)
    shadow = gate.sales_orders(erp, SHADOW, audit)
    assert await shadow.find(company="usmf", number=DRAFT.number, reference="") == erp.orders[DRAFT.number]
    assert [one.number for one in await shadow.totals(company="usmf", numbers=[DRAFT.number])] == [DRAFT.number]
    assert shadow.capabilities == erp.capabilities


async def test_a_whole_shop_in_shadow_writes_nothing_outside_beside_one_that_is_live() -> None:
    """One marketplace with two shops: only the outlet is live."""
    world = await World().prepare()
    main = replace(world.settings.shops["north-main"], mode="shadow")
    world.settings = replace(world.settings, shops={**world.settings.shops, main.id: main})
    shadow, live = (
        world.mirakl_rules.place(Placement(shop=f"north/{number}", orders=(WantedOrder(),)))[0]
        for number in (2001, 2002)
    )
    await Host(world, Pulse).run_until(EPOCH + timedelta(minutes=30))

    assert (shadow.or21_effects, live.or21_effects) == (0, 1)
    assert [one["reference"] for one in erp_books.books(world.erp_rules.installation)["orders"]] == [f"NO-{live.id}"]
    told = [one.what for one in await TableAudit(world.tables, world.clock).entries("shadow")]
    assert f"would have accepted {shadow.id} (1 lines)" in told
    record = await world.process().progress.load(OrderKey(main.id, shadow.id))
    assert record.steps["acknowledge_order"].state == "waiting"
