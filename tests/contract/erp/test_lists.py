"""What the ERP lists of ours for those who reconcile: references since a moment, and invoices of orders."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, NotOffered, Throttled, Unavailable
from shared.model.sales_order import ErpInvoice
from tests.contract.erp import needs
from tests.contract.erp.test_shipments import placed
from tests.contract.erp.world import World
from tests.contract.erp.worlds import fail

GOODS = "N000001-A-1"
READS_THAT_FAIL: list[tuple[FaultKind, type[BridgeError]]] = [
    ("error_before", Unavailable),
    ("html", Unavailable),
    ("throttle", Throttled),
]


async def listed(world: World, since: datetime, *prefixes: str) -> dict[str, str]:
    found = await world.erp.references(company=world.company, changed_since=since, prefixes=prefixes or ("NO",))
    assert len({one.number for one in found}) == len(found)
    return {one.number: one.reference for one in found}


async def invoices(world: World, *numbers: str) -> list[ErpInvoice]:
    return list(await world.ports.invoices.of(company=world.company, numbers=numbers))


@needs.listing
async def test_references_since_a_moment(world: World) -> None:
    start = world.clock.now()
    first = await placed(world)
    later = world.clock.now()
    world.clock.advance(timedelta(minutes=1))
    second = await placed(world, "N000002-A")
    assert await listed(world, later) == {second.number: second.reference}
    assert await listed(world, start) == {one.number: one.reference for one in (first, second)}
    assert await listed(world, world.clock.now() + timedelta(seconds=1)) == {}


@needs.listing
async def test_references_of_orders_that_shipped_or_were_invoiced(world: World) -> None:
    start = world.clock.now()
    orders = [await placed(world, f"N00000{number}-A") for number in range(3)]
    world.ship(orders[1].number)
    world.ship(orders[2].number)
    world.invoice(orders[2].number)
    assert await listed(world, start) == {one.number: one.reference for one in orders}


@needs.listing
async def test_references_of_ours_only(world: World) -> None:
    start = world.clock.now()
    ours = await placed(world)
    await placed(world, "N000002-A", reference="PO-1")
    other = await placed(world, "N000003-A", reference="SU-N000003-A")
    assert await listed(world, start) == {ours.number: ours.reference}
    assert await listed(world, start, "NO", "SU") == {one.number: one.reference for one in (ours, other)}


@needs.listing
@pytest.mark.parametrize(("kind", "expected"), READS_THAT_FAIL)
async def test_references_that_cannot_be_read_are_not_none(
    world: World, kind: FaultKind, expected: type[BridgeError]
) -> None:
    start = world.clock.now()
    order = await placed(world)
    fail(world, kind, "*")
    with pytest.raises(expected):
        await listed(world, start)
    assert await listed(world, start) == {order.number: order.reference}


@needs.invoices
async def test_invoices_of_orders_that_have_none(world: World) -> None:
    order = await placed(world)
    assert await invoices(world) == []
    assert await invoices(world, order.number, "NO-UNKNOWN") == []


@needs.invoices
async def test_an_invoice_says_whose_it_is_and_what_is_owed(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    world.invoice(order.number)
    (found,) = await invoices(world, order.number)
    assert (found.order_number, found.reference, found.currency) == (order.number, order.reference, "EUR")
    assert (found.total, found.posted, found.cancelled) == (Decimal("44.70"), world.clock.now().date(), False)
    assert found.tax > 0


@needs.invoices
async def test_the_invoices_of_an_order_that_left_in_parts_come_to_its_total(world: World) -> None:
    order = await placed(world)
    world.ship(order.number, lines={GOODS: 1})
    world.ship(order.number)
    world.invoice(order.number)
    found = await invoices(world, order.number)
    assert {one.order_number for one in found} == {order.number}
    assert sum(one.total for one in found) == Decimal("44.70")


@needs.invoices
async def test_the_invoices_of_many_orders(world: World) -> None:
    orders = [await placed(world, f"N0000{number:02}-A") for number in range(25)]
    for order in orders:
        world.ship(order.number)
        world.invoice(order.number)
    found = await invoices(world, *(order.number for order in orders))
    assert sorted(one.order_number for one in found) == sorted(order.number for order in orders)


@needs.invoices
@pytest.mark.parametrize(("kind", "expected"), READS_THAT_FAIL)
async def test_invoices_that_cannot_be_read_are_not_none(
    world: World, kind: FaultKind, expected: type[BridgeError]
) -> None:
    order = await placed(world)
    world.ship(order.number)
    world.invoice(order.number)
    fail(world, kind, "*")
    with pytest.raises(expected):
        await invoices(world, order.number)
    assert len(await invoices(world, order.number)) == 1


@needs.no_listing
async def test_references_that_are_not_offered_are_no_empty_list(world: World) -> None:
    with pytest.raises(NotOffered):
        await listed(world, world.clock.now())


@needs.no_invoices
async def test_invoices_that_are_not_offered_are_no_empty_list(world: World) -> None:
    with pytest.raises(NotOffered):
        await invoices(world, "NO-1")
