"""Shipping documents: every one of ours once, in order, with its lines, whatever became of the order meanwhile."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Throttled, Unavailable
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment, Position
from shared.ports.erp import ShipmentPage
from tests.contract.erp import needs
from tests.contract.erp.world import World
from tests.contract.erp.worlds import fail

GOODS = "N000001-A-1"


async def placed(world: World, order: str = "N000001-A", **changes: object) -> ErpOrder:
    """An order that may leave."""
    placed = await world.erp.place(world.draft(order, **changes))
    world.release(placed.number)
    world.clock.advance(timedelta(minutes=1))
    return placed


async def page(
    world: World, after: Position, *, prefixes: Sequence[str] = ("NO",), known: Sequence[str] = ()
) -> ShipmentPage:
    found = world.ports.shipments.since(company=world.company, after=after, prefixes=prefixes, known=frozenset(known))
    return await found


async def everything(world: World, *, known: Sequence[str] = ()) -> list[ErpShipment]:
    """Page after page from the day before."""
    found: list[ErpShipment] = []
    after = Position(world.clock.now() - timedelta(days=1))
    while True:
        one = await page(world, after, known=known)
        found += one.shipments
        if one.whole:
            return found
        assert one.last is not None
        after = one.last


def shipped(one: ErpShipment) -> dict[str, tuple[Decimal | int, Decimal | int]]:
    """Ordered and shipped of every line that is on the document."""
    return {line.reference: (line.ordered, line.shipped) for line in one.lines if line.shipped}


@needs.shipments
async def test_nothing_has_left(world: World) -> None:
    await placed(world)
    assert await page(world, Position(world.clock.now())) == ShipmentPage((), None, whole=True)


@needs.shipments
async def test_a_document_says_what_left_and_when(world: World) -> None:
    order = await placed(world)
    slip = world.ship(order.number)
    (shipment,) = await everything(world)
    assert (shipment.document, shipment.number, shipment.reference) == (slip["slip"], order.number, order.reference)
    assert shipped(shipment)[GOODS] == (2, 2)
    assert shipment.shipped.date() == world.clock.now().date()


@needs.shipments
async def test_a_partial_shipment_and_its_rest(world: World) -> None:
    order = await placed(world)
    world.ship(order.number, lines={GOODS: 1})
    (first,) = await everything(world)
    assert shipped(first)[GOODS] == (2, 1)
    world.clock.advance(timedelta(minutes=5))
    world.ship(order.number)
    (rest,) = await everything(world, known=[first.id])
    assert shipped(rest)[GOODS] == (2, 1)


@needs.shipments
async def test_two_shipments_before_our_poll_are_two_documents(world: World) -> None:
    order = await placed(world)
    for _ in range(2):
        world.ship(order.number, lines={GOODS: 1})
        world.clock.advance(timedelta(minutes=1))
    first, second = await everything(world)
    assert first.document != second.document
    assert [shipped(one)[GOODS] for one in (first, second)] == [(2, 1), (2, 1)]


@needs.shipments
async def test_shipped_and_invoiced_between_two_polls_is_a_shipment_all_the_same(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    world.invoice(order.number)
    (shipment,) = await everything(world)
    assert (shipment.number, shipment.reference) == (order.number, order.reference)
    assert shipped(shipment)[GOODS] == (2, 2)
    found = await world.erp.find(company=world.company, number=order.number, reference=order.reference)
    assert found is not None
    assert (found.number, found.cancelled, found.shipped) == (order.number, False, True)


@needs.shipments
async def test_a_set_s_components_that_stayed_behind_are_listed_too(world: World) -> None:
    plain = world.draft()
    first, *rest = plain.lines
    parts = tuple(replace(first, number=90 + part, reference=f"{GOODS}#{part}") for part in (1, 2, 3))
    order = await placed(world, lines=(*parts, *rest))
    world.ship(order.number, lines={f"{GOODS}#1": 2, f"{GOODS}#2": 1})
    (shipment,) = await everything(world)
    components = [line for line in shipment.lines if "#" in line.reference]
    assert sorted((line.reference, line.ordered, line.shipped) for line in components) == [
        (f"{GOODS}#1", Decimal(2), Decimal(2)),
        (f"{GOODS}#2", Decimal(2), Decimal(1)),
        (f"{GOODS}#3", Decimal(2), Decimal(0)),
    ]


@needs.shipments
async def test_what_is_known_is_passed_over(world: World) -> None:
    for number in range(2):
        order = await placed(world, f"N00000{number}-A")
        world.ship(order.number)
    first, second = await everything(world)
    assert await everything(world, known=[first.id]) == [second]
    last = await page(world, Position(world.clock.now() - timedelta(hours=1)), known=[first.id, second.id])
    assert (last.shipments, last.whole) == ((), True)
    assert last.last is not None


@needs.shipments
async def test_reading_on_from_where_one_got_to_shows_nothing_twice(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    first = await page(world, Position(world.clock.now() - timedelta(days=1)))
    assert first.last is not None
    assert (await page(world, first.last)).shipments == ()
    world.clock.advance(timedelta(days=1))
    another = await placed(world, "N000002-A")
    world.ship(another.number)
    assert [one.number for one in (await page(world, first.last)).shipments] == [another.number]


@needs.shipments
async def test_pages_of_many_documents_show_each_once_and_in_order(world: World) -> None:
    """Many of them at the same moment."""
    orders = [await world.erp.place(world.draft(f"N{number:06}-A")) for number in range(230)]
    for number, order in enumerate(orders):
        if number % 40 == 0:
            world.clock.advance(timedelta(seconds=1))
        world.release(order.number)
        world.ship(order.number)
    found = await everything(world)
    assert sorted(one.number for one in found) == sorted(order.number for order in orders)
    assert [one.shipped for one in found] == sorted(one.shipped for one in found)


@needs.shipments
async def test_ours_are_told_by_their_reference(world: World) -> None:
    ours = await placed(world)
    another = await placed(world, "N000002-A", reference="PO-1")
    for order in (ours, another):
        world.ship(order.number)
    assert [one.number for one in await everything(world)] == [ours.number]
    nobodys = await page(world, Position(world.clock.now() - timedelta(days=1)), prefixes=["OT"])
    assert (nobodys.shipments, nobodys.last is None) == ((), False)


@needs.shipments
async def test_a_correction_is_another_version_of_its_document(world: World) -> None:
    """What counts is the newest version of each document; what should have left may stand on one of its own."""
    order = await placed(world)
    slip = world.ship(order.number)
    (before,) = await everything(world)
    world.clock.advance(timedelta(minutes=3))
    world.correct_slip(slip["slip"], {GOODS: 1})
    newest = {one.document: one for one in await everything(world)}
    assert newest[before.document].id != before.id
    assert sum(shipped(one).get(GOODS, (2, 0))[1] for one in newest.values()) == 1


@needs.shipments
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("error_before", Unavailable), ("hang_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)],
)
async def test_documents_that_cannot_be_read_are_not_none(
    world: World, kind: FaultKind, expected: type[BridgeError]
) -> None:
    order = await placed(world)
    world.ship(order.number)
    fail(world, kind, "*")
    with pytest.raises(expected):
        await everything(world)
    assert len(await everything(world)) == 1
