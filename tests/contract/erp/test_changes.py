"""What became of an order in the ERP, and what we stop or take out of it afterwards."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Rejected, Throttled, Unavailable, UnknownOutcome
from shared.model.sales_order import ErpOrder
from tests.contract.erp import needs
from tests.contract.erp.world import World
from tests.contract.erp.worlds import IT_HAPPENED, NOTHING_HAPPENED, fail, identity

GOODS, FEE = "N000001-A-1", "N000001-A-2"


async def placed(world: World) -> ErpOrder:
    return await world.erp.place(world.draft())


async def shown(world: World, number: str) -> ErpOrder | None:
    found = await world.ports.changes.shown(company=world.company, numbers=[number, "NO-UNKNOWN"])
    return found[0] if found else None


def state(order: ErpOrder | None) -> tuple[bool, bool, dict[str, bool]]:
    assert order is not None
    return order.cancelled, order.shipped, {line.reference: line.cancelled for line in order.lines}


async def remove(world: World, number: str, *references: str) -> None:
    await world.ports.changes.cancel_lines(company=world.company, number=number, references=references)


def held(world: World) -> list[bool]:
    return [order["held"] for order in world.books()]


async def test_an_order_that_nobody_touched_is_shown_as_it_was_placed(world: World) -> None:
    order = await placed(world)
    found = await shown(world, order.number)
    assert found is not None
    assert identity(found) == identity(order)


async def test_cancelled_by_a_person_is_cancelled_or_gone(world: World) -> None:
    order = await placed(world)
    world.cancel_order(order.number)
    found = await shown(world, order.number)
    assert found is None or (found.cancelled and not found.shipped)
    assert found is None or all(line.cancelled for line in found.lines)


@needs.lines
async def test_a_line_cancelled_by_a_person_is_cancelled_or_gone(world: World) -> None:
    order = await placed(world)
    world.cancel_line(order.number, GOODS)
    cancelled, shipped, lines = state(await shown(world, order.number))
    assert (cancelled, shipped, lines[FEE]) == (False, False, False)
    assert lines.get(GOODS, True)


async def test_deleted_by_a_person_is_left_out(world: World) -> None:
    order = await placed(world)
    world.delete_order(order.number)
    assert await shown(world, order.number) is None
    assert await world.erp.find(company=world.company, number=order.number, reference=order.reference) is None


@needs.lines
async def test_edited_by_a_person_is_shown_as_it_stands_now(world: World) -> None:
    order = await placed(world)
    world.edit_line(order.number, GOODS, 3)
    found = await shown(world, order.number)
    assert found is not None
    assert [(line.reference, line.quantity, line.amount) for line in found.lines] == [
        (GOODS, Decimal(3), Decimal("59.70")),
        (FEE, Decimal(1), Decimal("4.90")),
    ]


@pytest.mark.parametrize("quantity", [1, 2], ids=["in part", "whole"])
async def test_an_order_of_which_something_has_left(world: World, quantity: int) -> None:
    order = await placed(world)
    world.release(order.number)
    world.ship(order.number, lines={GOODS: quantity})
    found = await shown(world, order.number)
    assert found is not None
    assert (found.cancelled, found.shipped) == (False, True)
    assert not any(line.cancelled for line in found.lines)


@needs.lines
async def test_twenty_orders_are_one_call(world: World) -> None:
    orders = [await world.erp.place(world.draft(f"N0000{number:02}-A")) for number in range(20)]
    calls = len(world.faulty.journal)
    found = await world.ports.changes.shown(company=world.company, numbers=[order.number for order in orders])
    assert len(world.faulty.journal) == calls + 1
    assert {one.number for one in found} == {order.number for order in orders}


@needs.removing
async def test_a_line_taken_out_is_gone_and_the_rest_stays(world: World) -> None:
    order = await placed(world)
    for _ in range(2):
        await remove(world, order.number, GOODS, "N000001-A-unknown")
    assert state(await shown(world, order.number)) == (False, False, {FEE: False})


@needs.removing
async def test_a_set_goes_with_its_components_and_no_line_of_a_similar_name(world: World) -> None:
    draft = world.draft()
    names = (f"{GOODS}#1", f"{GOODS}#2", f"{GOODS}2")
    lines = tuple(replace(draft.lines[0], number=number, reference=name) for number, name in enumerate(names, 1))
    order = await world.erp.place(replace(draft, lines=lines))
    await remove(world, order.number, GOODS)
    assert state(await shown(world, order.number)) == (False, False, {f"{GOODS}2": False})


@needs.removing
async def test_lines_of_an_order_that_is_gone_are_done(world: World) -> None:
    order = await placed(world)
    world.delete_order(order.number)
    await remove(world, order.number, GOODS)


@needs.removing
async def test_a_line_that_has_left_is_for_people(world: World) -> None:
    order = await placed(world)
    world.release(order.number)
    world.ship(order.number)
    with pytest.raises(Rejected) as refused:
        await remove(world, order.number, GOODS, FEE)
    assert (refused.value.kind, refused.value.subject) == ("erp_refused", f"line {GOODS}")
    assert order.number in refused.value.reason
    assert state(await shown(world, order.number))[2].get(GOODS) is False


@needs.removing
@pytest.mark.parametrize("kind", [*NOTHING_HAPPENED, *(kind for kind in IT_HAPPENED if kind != "truncated")])
async def test_a_removal_in_doubt_is_asked_for_again(world: World, kind: FaultKind) -> None:
    order = await placed(world)
    fail(world, kind, world.remove)
    with pytest.raises(UnknownOutcome):
        await remove(world, order.number, GOODS)
    await remove(world, order.number, GOODS)
    assert state(await shown(world, order.number))[2] == {FEE: False}


@needs.removing
@pytest.mark.parametrize(
    ("kind", "expected"), [("error_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)]
)
async def test_what_cannot_be_seen_is_not_taken_out(world: World, kind: FaultKind, expected: type[BridgeError]) -> None:
    order = await placed(world)
    fail(world, kind, world.read)
    with pytest.raises(expected):
        await remove(world, order.number, GOODS)
    assert state(await shown(world, order.number)) == (False, False, {GOODS: False, FEE: False})


@needs.holding
async def test_placed_on_hold_is_held_and_let_go_once(world: World) -> None:
    draft = world.draft(on_hold=True)
    order = await world.erp.place(draft)
    assert order.on_hold
    for _ in range(2):
        await world.erp.release(company=draft.company, number=order.number)
    assert held(world) == [False]


@needs.holding
async def test_cancelled_after_creation_is_stopped_however_often_it_is_asked(world: World) -> None:
    order = await placed(world)
    for _ in range(2):
        await world.erp.hold(company=world.company, number=order.number)
    found = await shown(world, order.number)
    assert found is not None
    assert found.on_hold
    assert held(world) == [True]


@needs.holding
@pytest.mark.parametrize("kind", ["error_after", "reset_after", "hang_before"])
async def test_a_stop_in_doubt_is_asked_for_again(world: World, kind: FaultKind) -> None:
    order = await placed(world)
    fail(world, kind, world.change)
    with pytest.raises(UnknownOutcome):
        await world.erp.hold(company=world.company, number=order.number)
    await world.erp.hold(company=world.company, number=order.number)
    assert held(world) == [True]


@needs.holding
async def test_the_stop_of_no_order_is_for_people(world: World) -> None:
    with pytest.raises(Rejected, match="NO-UNKNOWN"):
        await world.erp.hold(company=world.company, number="NO-UNKNOWN")
