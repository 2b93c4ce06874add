"""What every ERP's `Shipments` keeps: every document of ours once, in order, with its lines and its tracking."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Throttled, Unavailable
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment, Position, Tracked, Tracking
from shared.ports.erp import ShipmentPage
from tests.contract.erp_worlds import SHIPPING, World, fail
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld

GOODS = "N000001-A-1"
OVERLAP = timedelta(minutes=5)


@pytest.fixture(params=SHIPPING)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    built = SHIPPING[request.param]()
    yield built
    assert built.complaints() == {}


async def placed(world: World, order: str = "N000001-A") -> ErpOrder:
    placed = await world.erp.place(world.draft(order))
    world.clock.advance(timedelta(minutes=1))
    return placed


async def page(
    world: World, after: Position, *, prefixes: Sequence[str] = ("NO",), known: Sequence[str] = ()
) -> ShipmentPage:
    return await world.ports.shipments.since(company="USMF", after=after, prefixes=prefixes, known=frozenset(known))


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


async def test_nothing_has_left(world: World) -> None:
    await placed(world)
    assert await page(world, Position(world.clock.now())) == ShipmentPage((), None, whole=True)


async def test_a_document_says_what_left_and_how(world: World) -> None:
    order = await placed(world)
    slip = world.ship(order.number, carrier="CARRIER-1", delivery_mode="STD", tracking=["T-2", "T-1"])
    (shipment,) = await everything(world)
    assert (shipment.document, shipment.number, shipment.reference) == (slip["slip"], order.number, order.reference)
    assert (shipment.carrier, shipment.delivery_mode) == ("CARRIER-1", "STD")
    assert [(line.reference, line.ordered, line.shipped) for line in shipment.lines] == [
        (GOODS, Decimal(2), Decimal(2))
    ]
    assert [one.number for one in shipment.tracking] == ["T-1", "T-2"]
    assert shipment.shipped.date() == world.clock.now().date()


async def test_parts_of_an_order_are_documents_of_their_own(world: World) -> None:
    order = await placed(world)
    for number in (1, 2):
        world.ship(order.number, lines={GOODS: 1}, tracking=[f"T-{number}"])
        world.clock.advance(timedelta(minutes=1))
    first, second = await everything(world)
    assert first.document != second.document
    assert [[line.shipped for line in one.lines] for one in (first, second)] == [[Decimal(1)], [Decimal(1)]]
    assert [[one.number for one in shipment.tracking] for shipment in (first, second)] == [["T-1"], ["T-2"]]


async def test_a_set_s_components_that_stayed_behind_are_listed_too(world: World) -> None:
    plain = world.draft()
    first, *rest = plain.lines
    parts = tuple(replace(first, number=90 + part, reference=f"{GOODS}#{part}") for part in (1, 2, 3))
    order = await world.erp.place(world.draft(lines=(*parts, *rest)))
    world.clock.advance(timedelta(minutes=1))
    world.ship(order.number, lines={f"{GOODS}#1": 2, f"{GOODS}#2": 1})
    (shipment,) = await everything(world)
    assert sorted((line.reference, line.ordered, line.shipped) for line in shipment.lines) == [
        (f"{GOODS}#1", Decimal(2), Decimal(2)),
        (f"{GOODS}#2", Decimal(2), Decimal(1)),
        (f"{GOODS}#3", Decimal(2), Decimal(0)),
    ]


async def test_what_is_known_is_passed_over(world: World) -> None:
    for number in range(2):
        order = await placed(world, f"N00000{number}-A")
        world.ship(order.number)
    first, second = await everything(world)
    assert await everything(world, known=[first.id]) == [second]
    last = await page(world, Position(world.clock.now() - timedelta(hours=1)), known=[first.id, second.id])
    assert (last.shipments, last.whole) == ((), True)
    assert last.last is not None


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


async def test_pages_of_many_documents_show_each_once_and_in_order(world: World) -> None:
    """Many of them at the same moment."""
    orders = [await world.erp.place(world.draft(f"N{number:06}-A")) for number in range(230)]
    for number, order in enumerate(orders):
        if number % 40 == 0:
            world.clock.advance(timedelta(seconds=1))
        world.ship(order.number)
    found = await everything(world)
    assert sorted(one.number for one in found) == sorted(order.number for order in orders)
    assert [one.shipped for one in found] == sorted(one.shipped for one in found)


async def test_ours_are_told_by_their_reference(world: World) -> None:
    ours = await placed(world)
    another = await world.erp.place(world.draft("N000002-A", number="SO-000001", reference="PO-1"))
    for order in (ours, another):
        world.ship(order.number)
    assert [one.number for one in await everything(world)] == [ours.number]
    nobodys = await page(world, Position(world.clock.now() - timedelta(days=1)), prefixes=["OT"])
    assert (nobodys.shipments, nobodys.last is None) == ((), False)


async def test_another_company_has_documents_of_its_own(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    after = Position(world.clock.now() - timedelta(days=1))
    found = await world.ports.shipments.since(company="frrt", after=after, prefixes=("NO",), known=frozenset())
    assert found == ShipmentPage((), None, whole=True)


async def test_a_correction_is_the_same_document_in_another_version(world: World) -> None:
    order = await placed(world)
    slip = world.ship(order.number)
    (before,) = await everything(world)
    world.clock.advance(timedelta(minutes=3))
    world.correct_slip(slip["slip"], {GOODS: 1})
    found = await everything(world, known=[before.id])
    assert [(one.document, [line.shipped for line in one.lines]) for one in found] == [(before.document, [Decimal(1)])]
    assert found[0].id != before.id


async def test_tracking_that_follows_is_found_by_the_orders_number(world: World) -> None:
    orders = [await placed(world, f"N00000{number}-A") for number in range(3)]
    slips = [world.ship(order.number) for order in orders]
    numbers = [order.number for order in orders]
    assert await world.ports.shipments.tracking(company="USMF", numbers=numbers) == ()
    world.track(orders[0].number, ["T-2"])
    world.track(orders[0].number, ["T-1"])
    world.track(orders[2].number, ["T-3"])
    found = await world.ports.shipments.tracking(company="USMF", numbers=numbers)
    assert [(one.number, one.document, [track.number for track in one.tracking]) for one in found] == [
        (orders[0].number, slips[0]["slip"], ["T-1", "T-2"]),
        (orders[2].number, slips[2]["slip"], ["T-3"]),
    ]
    (first, _, _) = await everything(world)
    assert [one.number for one in first.tracking] == ["T-1", "T-2"]


async def test_tracking_that_was_replaced_is_the_new_number_only(world: World) -> None:
    order = await placed(world)
    slip = world.ship(order.number, tracking=["T-1"])
    world.track(order.number, ["T-2"], anew=True)
    (found,) = await world.ports.shipments.tracking(company="USMF", numbers=[order.number])
    assert found == Tracked(order.number, slip["slip"], (Tracking("T-2", found.tracking[0].url),))


async def test_sixty_orders_are_three_calls(world: World) -> None:
    await placed(world)
    calls = len(world.faulty.journal)
    await world.ports.shipments.tracking(company="USMF", numbers=[f"NO-{number}" for number in range(60)])
    assert len(world.faulty.journal) == calls + 3


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("error_before", Unavailable), ("hang_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)],
)
async def test_what_cannot_be_read_is_not_nothing(world: World, kind: FaultKind, expected: type[BridgeError]) -> None:
    order = await placed(world)
    world.ship(order.number, tracking=["T-1"])
    fail(world, kind, world.read, times=2)
    with pytest.raises(expected):
        await everything(world)
    with pytest.raises(expected):
        await world.ports.shipments.tracking(company="USMF", numbers=[order.number])
    assert len(await everything(world)) == 1


async def test_a_document_that_is_committed_late_is_behind_an_overlap_only() -> None:
    """F&O stamps a slip when its posting begins, so a later one may be seen first."""
    world = FinanceSupplyChainWorld()
    world.sandbox.world.visible_after_seconds = 60
    early, late = await placed(world, "N000001-A"), await placed(world, "N000002-A")
    world.ship(early.number)
    world.clock.advance(timedelta(seconds=20))
    world.sandbox.world.visible_after_seconds = 0
    world.ship(late.number)
    (seen,) = await everything(world)
    assert seen.number == late.number
    world.clock.advance(timedelta(seconds=60))
    behind = await page(world, Position(seen.shipped, seen.id))
    assert behind.shipments == ()
    overlapped = await page(world, Position(seen.shipped - OVERLAP), known=[seen.id])
    assert [one.number for one in overlapped.shipments] == [early.number]
