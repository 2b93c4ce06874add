"""What has left where only an order's status tells."""

from __future__ import annotations

from shared.model.sales_order import ErpOrder
from tests.contract.erp import needs
from tests.contract.erp.test_shipments import placed
from tests.contract.erp.world import World

GOODS = "N000001-A-1"


async def looked_at(world: World, order: ErpOrder) -> ErpOrder:
    (found,) = await world.ports.changes.shown(company=world.company, numbers=[order.number])
    return found


@needs.status
async def test_nothing_has_left(world: World) -> None:
    found = await looked_at(world, await placed(world))
    assert (found.shipped, found.left) == (False, None)


@needs.status
async def test_all_of_it_has_left(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    found = await looked_at(world, order)
    assert found.shipped
    assert found.left is not None
    assert (found.left.number, found.left.lines) == (order.number, ())


@needs.status
async def test_a_part_has_left_and_nobody_says_which(world: World) -> None:
    order = await placed(world)
    world.ship(order.number, lines={GOODS: 1})
    found = await looked_at(world, order)
    assert (found.shipped, found.left) == (True, None)


@needs.status
async def test_two_shipments_before_our_poll_are_all_of_it(world: World) -> None:
    order = await placed(world)
    for _ in range(2):
        world.ship(order.number, lines={GOODS: 1})
    found = await looked_at(world, order)
    assert found.left is not None
    assert found.left.lines == ()


@needs.status
async def test_shipped_and_invoiced_between_two_polls_has_left(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    world.invoice(order.number)
    found = await looked_at(world, order)
    assert (found.cancelled, found.shipped) == (False, True)


@needs.status
async def test_looking_twice_is_the_same_shipment(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    first, second = [(await looked_at(world, order)).left for _ in range(2)]
    assert first is not None
    assert second is not None
    assert (first.id, first.document) == (second.id, second.document)
