"""One order, from the shopper to the books. Read this first: everything else is what may go wrong on the way."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from sandboxes.finance_supply_chain.books import books
from sandboxes.mirakl.wishes import Placement, WantedLine, WantedOrder
from shared.model.keys import OrderKey
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, Choices, World

WAREHOUSE = {"ships_after_seconds": 2340, "tracking": {"with": 0.0, "after": 1.0}, "tracking_after_seconds": 600}


@pytest.mark.parametrize("twice", [0.0, 1.0], ids=["every message once", "every message twice"])
async def test_an_order_is_accepted_paid_in_the_books_once_and_shipped(twice: float) -> None:
    # A client sells on the marketplace "north"; its books are in Dynamics 365 Finance & Supply Chain. Both are
    # stand-ins with rules and books of their own. The bridge is the real one, on a clock that we move.
    world = await World(duplicates=twice, choices=Choices(warehouse=WAREHOUSE)).prepare()
    mirakl, erp = world.mirakl_rules, world.erp_rules.installation
    bridge = Host(world, Pulse)

    async def until(minute: int) -> None:
        await bridge.run_until(EPOCH + timedelta(minutes=minute))

    # 08:00  A shopper orders two pieces at 12.00 with 3.00 of shipping, taxes included. Mirakl asks the seller.
    wanted = WantedLine(sku="SKU-001", quantity=2, unit_price=Decimal("12.00"), shipping_price=Decimal("3.00"))
    [order] = mirakl.place(Placement(shop="north/2001", orders=(WantedOrder(lines=(wanted,)),)))
    assert order.state == "WAITING_ACCEPTANCE"

    # 08:01  The bridge has seen it and accepted it. Nobody has paid yet, so the books know nothing of it.
    await until(1)
    assert (order.state, order.or21_effects) == ("WAITING_DEBIT_PAYMENT", 1)
    assert books(erp)["orders"] == []

    # 08:05  The money is there and Mirakl asks for the goods. A minute later there is one sales order, to the cent.
    await until(6)
    assert order.state == "SHIPPING"
    [sales_order] = books(erp)["orders"]
    assert (sales_order["number"], sales_order["customer"]) == (f"NO-{order.id}", "MKP-FR-EUR")
    assert [(line["item"], line["quantity"], line["amount"]) for line in sales_order["lines"]] == [
        ("ITEM-001", Decimal(2), Decimal("24.00")),
        ("SHIPPING", Decimal(1), Decimal("3.00")),
    ]

    # 08:10  The ERP has calculated what the shopper owes; within a quarter of an hour it is compared.
    await until(30)
    [sales_order] = books(erp)["orders"]
    assert sales_order["totals"]["total"] == Decimal("27.00")

    # By then Mirakl knows under which number the seller's books have it.
    assert order.seller_reference.value == f"NO-{order.id}"

    # 08:45  The parcel leaves the warehouse; its tracking number follows ten minutes later. Until then Mirakl is told
    # nothing: whoever bought it could not follow it.
    await until(50)
    assert books(erp)["orders"][0]["status"] == "Delivered"
    assert (order.state, order.tracking) == ("SHIPPING", None)

    # 08:55  The number is there. Mirakl gets it with the code under which it knows the carrier, and that the order has
    # shipped; from now on the money can be released.
    await until(65)
    [parcel] = books(erp)["shipments"]
    assert order.state == "SHIPPED"
    assert order.tracking is not None
    assert (order.tracking.carrier_code, order.or24_effects) == ("CA1", 1)
    assert [one["number"] for one in parcel["tracking"]] == [order.tracking.number]

    # This is what the bridge has on record. Every step is done, and nobody has anything to do.
    progress, key = world.process().progress, OrderKey("north-main", order.id)
    record = await progress.load(key)
    assert {step.name: step.state for step in record.steps.values()} == {
        "acknowledge_order": "done",
        "create_order": "done",
        "compare_totals": "done",
        "report_order_numbers": "done",
        "confirm_shipment": "done",
    }
    assert {(line.step, line.text) for line in await progress.history(key)} == {
        ("acknowledge_order", "outstanding"),
        ("create_order", "waiting acceptance"),
        ("acknowledge_order", "OR21: accepted"),
        ("acknowledge_order", "Mirakl shows it accepted"),
        ("create_order", "waiting payment"),
        ("create_order", "outstanding"),
        ("create_order", "created"),
        ("compare_totals", "totals are equal"),
        ("report_order_numbers", "Mirakl has the ERP's number"),
        ("confirm_shipment", f"{parcel['slip']} left the warehouse"),
        ("confirm_shipment", f"{parcel['slip']} has tracking"),
        ("confirm_shipment", f"{parcel['slip']} told, carried by CA1"),
        ("confirm_shipment", "Mirakl shows it shipped"),
    }
    assert (record.exceptions, order.or21_effects, bridge.bugs) == ((), 1, [])
    assert world.tables.everything("openwork") == {}
    assert world.verdict().clean
