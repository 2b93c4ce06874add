"""In shadow everything is decided and nothing leaves; what would have happened is on record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from sandboxes.finance_supply_chain import books as erp_books
from sandboxes.mirakl.wishes import Placement, WantedOrder
from shared.flows.create_order import WOULD_HAVE
from shared.model.keys import OrderKey
from shared.model.policy import CreationPolicy
from shared.model.sales_order import CustomerDraft
from shared.model.shipment import Carrier, NewShipment, ShipmentAnswer, ShownShipment
from shared.rules.drafting import draft
from shared.store.audit import TableAudit
from shared.wiring import gate
from tests.builders import address, mappings, order, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import FakeCustomers, FakeSalesOrders
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


CARRIER, NUMBER = Carrier(code="CA1"), "TRACKING-1"
CUSTOMER = CustomerDraft(
    "usmf", "NO-ACCOUNT", "30", "EUR", "", "", "Test", "Shopper", "", "", "", "DEU", address(name="Shopper One")
)
SHOWN = ShownShipment("S-1", "A-1", frozenset({"PS-1"}), "open")


class Refusing:
    """Mirakl as nobody may write to it."""

    async def accept(self, order_id: str, lines: object) -> None:
        raise AssertionError("a shop in shadow accepted an order")

    async def ship(self, shipment_ids: object) -> Sequence[ShipmentAnswer]:
        raise AssertionError("a shop in shadow shipped")

    async def create(self, shipments: object) -> Sequence[ShipmentAnswer]:
        raise AssertionError("a shop in shadow created a shipment")

    async def track(self, tracking: object) -> Sequence[ShipmentAnswer]:
        raise AssertionError("a shop in shadow told Mirakl a tracking number")

    async def shown(self, order_ids: Sequence[str]) -> Sequence[ShownShipment]:
        return [SHOWN]

    async def report(self, numbers: object) -> Mapping[str, str]:
        raise AssertionError("a shop in shadow reported a number")


class RefusingShipping:
    async def set_tracking(self, order_id: str, carrier: Carrier, tracking: str) -> None:
        raise AssertionError("a shop in shadow told Mirakl a tracking number")

    async def ship(self, order_id: str) -> None:
        raise AssertionError("a shop in shadow shipped")


async def would_have(audit: TableAudit) -> list[tuple[str, str]]:
    return sorted((one.what, one.after) for one in await audit.entries("shadow"))


def test_a_live_shop_gets_the_real_things(audit: TableAudit) -> None:
    mirakl, erp = Refusing(), FakeSalesOrders()
    assert gate.acceptance(mirakl, LIVE, audit) is mirakl
    shipping, customers = RefusingShipping(), FakeCustomers()
    assert gate.shipping(shipping, LIVE, audit) is shipping
    assert gate.multi_shipping(mirakl, LIVE, audit) is mirakl
    assert gate.order_numbers(mirakl, LIVE, audit) is mirakl
    assert gate.sales_orders(erp, LIVE, audit) is erp
    assert gate.changes(erp, LIVE, audit) is erp
    assert gate.customers(customers, LIVE, audit) is customers


async def test_an_acceptance_in_shadow_is_recorded_only(audit: TableAudit) -> None:
    await gate.acceptance(Refusing(), SHADOW, audit).accept("A-1", ["A-1-1", "A-1-2"])
    assert await would_have(audit) == [("would have accepted A-1 (2 lines)", SHADOW.id)]


async def test_a_shipment_in_shadow_is_recorded_without_its_number(audit: TableAudit) -> None:
    shadow = gate.shipping(RefusingShipping(), SHADOW, audit)
    await shadow.set_tracking("A-1", CARRIER, NUMBER)
    await shadow.ship("A-1")
    assert await would_have(audit) == [
        ("would have confirmed A-1 as shipped", SHADOW.id),
        ("would have told Mirakl who carries A-1 (CA1)", SHADOW.id),
    ]
    assert NUMBER not in repr(await audit.entries("shadow"))


async def test_several_shipments_in_shadow_are_answered_as_done_and_recorded(audit: TableAudit) -> None:
    shadow = gate.multi_shipping(Refusing(), SHADOW, audit)
    wanted = [
        NewShipment("A-1", "PS-1", (("A-1-1", 1),), CARRIER, NUMBER, shipped=True),
        NewShipment("A-2", "PS-2", ()),
    ]
    created = await shadow.create(wanted)
    tracked = await shadow.track([("S-1", Carrier(name="Other"), NUMBER)])
    assert [(one.key, one.refused) for one in (*created, *tracked)] == [("A-1", ""), ("A-2", ""), ("S-1", "")]
    assert [(one.key, one.refused) for one in await shadow.ship(["S-1"])] == [("S-1", "")]
    assert await shadow.shown(["A-1"]) == [SHOWN]
    assert [what for what, _ in await would_have(audit)] == [
        "would have confirmed shipment S-1 as shipped",
        "would have created shipment PS-1 of A-1 (shipped)",
        "would have created shipment PS-2 of A-2 (not shipped yet)",
        "would have told Mirakl who carries shipment S-1 (Other)",
    ]
    assert NUMBER not in repr(await audit.entries("shadow"))


async def test_order_numbers_in_shadow_are_recorded_only(audit: TableAudit) -> None:
    assert await gate.order_numbers(Refusing(), SHADOW, audit).report([("A-1", "NO-A-1")]) == {}
    assert await would_have(audit) == [("would have reported NO-A-1 as the number of A-1", SHADOW.id)]


async def test_a_customer_in_shadow_is_recorded_by_account_alone(audit: TableAudit) -> None:
    customers = FakeCustomers()
    await gate.customers(customers, SHADOW, audit).ensure(CUSTOMER)
    assert customers.accounts == {}
    assert await would_have(audit) == [("would have created customer NO-ACCOUNT in usmf", SHADOW.id)]
    assert "Shopper" not in repr(await audit.entries("shadow"))


async def test_lines_in_shadow_stay_in_the_order_and_are_shown(audit: TableAudit) -> None:
    erp = FakeSalesOrders()
    await erp.place(DRAFT)
    shadow = gate.changes(erp, SHADOW, audit)
    await shadow.cancel_lines(company="usmf", number=DRAFT.number, references=["N000001-A-1"])
    assert await shadow.shown(company="usmf", numbers=[DRAFT.number]) == [erp.orders[DRAFT.number]]
    assert len(erp.orders[DRAFT.number].lines) == len(DRAFT.lines)
    assert [what for what, _ in await would_have(audit)] == ["would have taken N000001-A-1 out of NO-N000001-A in usmf"]


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
