"""What every ERP's `SalesOrderChanges` keeps: what became of an order, and what is taken out of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Rejected, Throttled, Unavailable, UnknownOutcome
from shared.model.sales_order import ErpOrder
from tests.contract.erp_worlds import IT_HAPPENED, NOTHING_HAPPENED, WORLDS, World, fail

GOODS, FEE = "N000001-A-1", "N000001-A-2"


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    built = WORLDS[request.param]()
    yield built
    assert built.complaints() == {}


async def placed(world: World) -> ErpOrder:
    return await world.erp.place(world.draft())


async def shown(world: World, number: str) -> ErpOrder | None:
    found = await world.ports.changes.shown(company="usmf", numbers=[number, "NO-unknown"])
    return found[0] if found else None


def state(order: ErpOrder | None) -> tuple[bool, bool, dict[str, bool]]:
    assert order is not None
    return order.cancelled, order.shipped, {line.reference: line.cancelled for line in order.lines}


async def cancel(world: World, number: str, *references: str) -> None:
    await world.ports.changes.cancel_lines(company="usmf", number=number, references=references)


async def test_an_order_that_nobody_touched_is_shown_as_it_was_placed(world: World) -> None:
    order = await placed(world)
    assert await shown(world, order.number) == order
    assert state(order) == (False, False, {GOODS: False, FEE: False})


async def test_an_order_cancelled_by_a_person(world: World) -> None:
    order = await placed(world)
    world.cancel_order(order.number)
    assert state(await shown(world, order.number)) == (True, False, {GOODS: True, FEE: True})


async def test_a_line_cancelled_by_a_person(world: World) -> None:
    order = await placed(world)
    world.cancel_line(order.number, GOODS)
    assert state(await shown(world, order.number)) == (False, False, {GOODS: True, FEE: False})


async def test_an_order_deleted_by_a_person_is_left_out(world: World) -> None:
    order = await placed(world)
    world.delete_order(order.number)
    assert await shown(world, order.number) is None


@pytest.mark.parametrize("quantity", [1, 2], ids=["in part", "whole"])
async def test_an_order_of_which_something_has_left(world: World, quantity: int) -> None:
    order = await placed(world)
    world.ship(order.number, lines={GOODS: quantity})
    assert state(await shown(world, order.number)) == (False, True, {GOODS: False, FEE: False})


async def test_twenty_orders_are_one_call(world: World) -> None:
    orders = [await world.erp.place(world.draft(f"N0000{number:02}-A")) for number in range(20)]
    calls = len(world.faulty.journal)
    found = await world.ports.changes.shown(company="usmf", numbers=[order.number for order in orders])
    assert len(world.faulty.journal) == calls + 1
    assert {one.number for one in found} == {order.number for order in orders}


async def test_a_line_taken_out_is_gone_and_the_rest_stays(world: World) -> None:
    order = await placed(world)
    for _ in range(2):
        await cancel(world, order.number, GOODS, "N000001-A-unknown")
    assert state(await shown(world, order.number)) == (False, False, {FEE: False})


async def test_a_set_goes_with_its_components_and_no_line_of_a_similar_name(world: World) -> None:
    draft = world.draft()
    references = (f"{GOODS}#1", f"{GOODS}#2", f"{GOODS}2")
    lines = tuple(
        replace(draft.lines[0], number=number, reference=reference) for number, reference in enumerate(references, 1)
    )
    order = await world.erp.place(replace(draft, lines=lines))
    await cancel(world, order.number, GOODS)
    assert state(await shown(world, order.number)) == (False, False, {f"{GOODS}2": False})


async def test_lines_of_an_order_that_is_gone_are_done(world: World) -> None:
    order = await placed(world)
    world.delete_order(order.number)
    await cancel(world, order.number, GOODS)


async def test_a_line_that_has_left_is_for_people_and_the_others_go(world: World) -> None:
    order = await placed(world)
    world.ship(order.number)
    with pytest.raises(Rejected) as refused:
        await cancel(world, order.number, GOODS, FEE)
    assert (refused.value.kind, refused.value.subject) == ("erp_refused", f"line {GOODS}")
    assert order.number in refused.value.reason
    assert state(await shown(world, order.number))[2] == {GOODS: False}


@pytest.mark.parametrize("kind", [*NOTHING_HAPPENED, *(kind for kind in IT_HAPPENED if kind != "truncated")])
async def test_a_removal_in_doubt_is_asked_for_again(world: World, kind: FaultKind) -> None:
    order = await placed(world)
    fail(world, kind, world.remove)
    with pytest.raises(UnknownOutcome):
        await cancel(world, order.number, GOODS)
    await cancel(world, order.number, GOODS)
    assert state(await shown(world, order.number))[2] == {FEE: False}


@pytest.mark.parametrize(
    ("kind", "expected"), [("error_before", Unavailable), ("html", Unavailable), ("throttle", Throttled)]
)
async def test_what_cannot_be_seen_is_not_gone(world: World, kind: FaultKind, expected: type[BridgeError]) -> None:
    order = await placed(world)
    fail(world, kind, world.read, times=2)
    with pytest.raises(expected):
        await shown(world, order.number)
    with pytest.raises(expected):
        await cancel(world, order.number, GOODS)
    assert len(world.books()[0]["lines"]) == 2
