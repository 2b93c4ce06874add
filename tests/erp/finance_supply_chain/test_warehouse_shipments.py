"""Confirmed warehouse shipments, whose orders stand on their lines."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.model.shipment import ErpShipment, Position, ShippedLine, Tracking
from shared.ports.erp import ShipmentPage
from tests.erp.finance_supply_chain.far_end import FarEnd, collection, far_end
from tests.erp.finance_supply_chain.shipment_rows import (
    AFTER,
    AT,
    order_row,
    shipment_line,
    shipment_row,
    since,
    tracking_row,
)

HEADERS, LINES, ORDERS, TRACKING = (
    "GET ShipmentPackingSlipJournalHeaders",
    "GET ShipmentPackingSlipJournalLines",
    "GET SalesOrderHeadersV3",
    "GET PackingSlipTrackingInformation",
)
NONE = collection()


async def confirmed(end: FarEnd, *, after: Position = AFTER, known: tuple[str, ...] = ()) -> ShipmentPage:
    return await since(end, after=after, known=known, shipped_when="warehouse_shipment")


async def test_a_shipment_with_all_that_is_known_of_it() -> None:
    end = far_end(
        collection(shipment_row()),
        collection(shipment_line()),
        collection(order_row()),
        collection(tracking_row("T-1")),
    )
    page = await confirmed(end)
    assert page.shipments == (
        ErpShipment(
            id="V-1",
            document="PS-NO-A",
            number="NO-A",
            reference="NO-A",
            shipped=AT,
            delivery_mode="ORDERED",
            carrier="CARRIER-2",
            service="AIR",
            lines=(ShippedLine("A-L1", Decimal(2), Decimal(1)),),
            tracking=(Tracking("T-1"),),
        ),
    )
    assert (page.last, page.whole) == (Position(AT, "V-1"), True)
    assert end.calls == ["token", HEADERS, LINES, ORDERS, TRACKING]


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        (Position(AT), "DocumentDate ge 2026-03-04T00:00:00Z"),
        (
            Position(AT, "V-1"),
            (
                "DocumentDate gt 2026-03-04T10:00:00Z or "
                "(DocumentDate eq 2026-03-04T10:00:00Z and ShipmentPackingSlipVersionNumber gt 'V-1')"
            ),
        ),
    ],
)
async def test_only_active_versions_are_paged(after: Position, expected: str) -> None:
    end = far_end(NONE)
    assert (await confirmed(end, after=after)).last is None
    active = "IsActive eq Microsoft.Dynamics.DataEntities.NoYes'Yes'"
    assert end.asked[1].url.params["$filter"] == f"dataAreaId eq 'usmf' and {active} and ({expected})"


async def test_another_ones_shipment_is_known_by_its_order() -> None:
    order = order_row("SO-1", CustomersOrderReference="PO-1")
    end = far_end(collection(shipment_row()), collection(shipment_line(order="SO-1")), collection(order))
    page = await confirmed(end)
    assert (page.shipments, page.last) == ((), Position(AT, "V-1"))
    assert end.calls == ["token", HEADERS, LINES, ORDERS]


async def test_a_shipment_of_an_order_that_is_gone_cannot_be_told_from_anothers() -> None:
    end = far_end(collection(shipment_row()), collection(shipment_line()), NONE)
    assert (await confirmed(end)).shipments == ()


async def test_a_known_shipment_is_passed_over_before_its_lines_are_read() -> None:
    end = far_end(collection(shipment_row()))
    assert (await confirmed(end, known=("V-1",))).last == Position(AT, "V-1")
    assert end.calls == ["token", HEADERS]


async def test_a_shipment_of_two_orders_is_one_for_each() -> None:
    lines = collection(shipment_line("L1", "NO-A"), shipment_line("L2", "NO-B"), shipment_line("L3", "SO-1"))
    orders = collection(
        order_row("NO-A"), order_row("NO-B", "L2"), order_row("SO-1", "L3", CustomersOrderReference="PO-1")
    )
    planned = [collection(shipment_row()), lines, orders, NONE]
    found = (await confirmed(far_end(*planned))).shipments
    assert [(one.id, one.number, one.document) for one in found] == [
        ("V-1#NO-A", "NO-A", "PS-NO-A"),
        ("V-1#NO-B", "NO-B", "PS-NO-A"),
    ]
    (rest,) = (await confirmed(far_end(*planned), known=("V-1#NO-A",))).shipments
    assert rest.number == "NO-B"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        ("PCS", ShippedLine("A-L1", Decimal(2), Decimal(1))),
        ("", ShippedLine("A-L1", Decimal(2), Decimal(1))),
        ("BOX", ShippedLine("A-L1", Decimal(4), Decimal(1))),
    ],
)
async def test_quantities_in_another_unit_are_compared_with_their_own(unit: str, expected: ShippedLine) -> None:
    line = shipment_line(OrderedUnitSymbol=unit, OrderedQuantity=4)
    end = far_end(collection(shipment_row()), collection(line), collection(order_row()), NONE)
    assert (await confirmed(end)).shipments[0].lines == (expected,)
