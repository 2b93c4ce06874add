"""Tracking numbers and carriers: as the ERP names them, whenever they come."""

from __future__ import annotations

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Throttled, Unavailable
from shared.model.shipment import Tracked
from tests.contract.erp import needs
from tests.contract.erp.test_shipments import everything, placed
from tests.contract.erp.world import World
from tests.contract.erp.worlds import fail


async def tracked(world: World, *numbers: str) -> dict[str, list[str]]:
    found = await world.ports.shipments.tracking(company=world.company, numbers=numbers)
    return {one.number: [track.number for track in one.tracking] for one in found}


@needs.shipments
@needs.tracking
async def test_tracking_comes_with_the_document(world: World) -> None:
    order = await placed(world)
    slip = world.ship(order.number, carrier="CARRIER-1", tracking=["T-1"])
    (shipment,) = await everything(world)
    assert (shipment.carrier, [one.number for one in shipment.tracking]) == ("CARRIER-1", ["T-1"])
    (found,) = await world.ports.shipments.tracking(company=world.company, numbers=[order.number])
    assert found == Tracked(order.number, slip["slip"], shipment.tracking)


@needs.shipments
@needs.tracking
async def test_each_part_of_an_order_has_its_own(world: World) -> None:
    order = await placed(world)
    for number in (1, 2):
        world.ship(order.number, lines={"N000001-A-1": 1}, tracking=[f"T-{number}"])
    found = [[one.number for one in shipment.tracking] for shipment in await everything(world)]
    assert found == [["T-1"], ["T-2"]]


@needs.shipments
@needs.tracking
async def test_late_tracking_is_found_by_the_order_s_number(world: World) -> None:
    orders = [await placed(world, f"N00000{number}-A") for number in range(3)]
    numbers = [order.number for order in orders]
    for number in numbers:
        world.ship(number)
    assert await tracked(world, *numbers) == {}
    world.track(numbers[0], ["T-1"])
    world.track(numbers[2], ["T-3"])
    assert await tracked(world, *numbers) == {numbers[0]: ["T-1"], numbers[2]: ["T-3"]}


@needs.shipments
async def test_missing_tracking_is_none(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    assert await tracked(world, order.number) == {}
    assert [shipment.tracking for shipment in await everything(world)] == [()]


@needs.shipments
@needs.tracking
async def test_changed_tracking_is_the_new_number_only(world: World) -> None:
    order = await placed(world)
    world.ship(order.number, tracking=["T-1"])
    world.track(order.number, ["T-2"], anew=True)
    assert await tracked(world, order.number) == {order.number: ["T-2"]}


@needs.shipments
@needs.tracking
async def test_a_carrier_that_nobody_mapped_is_named_as_the_erp_names_it(world: World) -> None:
    order = await placed(world)
    world.ship(order.number, carrier="LETTER", tracking=["T-1"])
    assert [shipment.carrier for shipment in await everything(world)] == ["LETTER"]


@needs.shipments
@needs.tracking
async def test_sixty_orders_are_three_calls(world: World) -> None:
    order = await placed(world)
    await tracked(world, order.number)
    calls = len(world.faulty.journal)
    await tracked(world, *(f"NO-{number}" for number in range(60)))
    assert len(world.faulty.journal) == calls + 3


@needs.shipments
@needs.tracking
@pytest.mark.parametrize(
    ("kind", "expected"),
    [("error_before", Unavailable), ("hang_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)],
)
async def test_tracking_that_cannot_be_read_is_not_none(
    world: World, kind: FaultKind, expected: type[BridgeError]
) -> None:
    order = await placed(world)
    world.ship(order.number, tracking=["T-1"])
    fail(world, kind, "*")
    with pytest.raises(expected):
        await tracked(world, order.number)
    assert await tracked(world, order.number) == {order.number: ["T-1"]}
