"""Orders that F&O numbers itself, in the sandbox's books: what stands in part is completed, and held until then."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandboxes.faults import FaultKind
from shared.errors import Rejected, UnknownOutcome
from shared.model.sales_order import SalesOrderDraft
from tests.contract.erp.worlds import IT_HAPPENED, NOTHING_HAPPENED, fail, let_settle, numbers
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld


@pytest.fixture
def world() -> FinanceSupplyChainWorld:
    return FinanceSupplyChainWorld("automatic")


async def begun(world: FinanceSupplyChainWorld) -> str:
    """The number of an order of which only the header is in."""
    fail(world, "reset_after", world.create)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    return numbers(world)[0]


@pytest.mark.parametrize("kind", NOTHING_HAPPENED + IT_HAPPENED)
async def test_order_that_is_there_in_part_gets_what_is_missing_and_is_held_until_then(
    world: FinanceSupplyChainWorld, kind: FaultKind
) -> None:
    await begun(world)
    for _ in world.draft().lines:
        fail(world, kind, world.create)
        with pytest.raises(UnknownOutcome):
            await world.erp.place(world.draft())
        assert [order["held"] for order in world.books()] == [True]
        let_settle(world)
    order = await world.erp.place(world.draft())
    assert [line["reference"] for line in world.books()[0]["lines"]] == [one.reference for one in world.draft().lines]
    assert (numbers(world), order.on_hold) == ([order.number], False)


@pytest.mark.parametrize("kind", ["error_before", "error_after", "reset_after", "hang_before", "throttle"])
async def test_order_that_is_complete_is_let_go_whatever_came_between(
    world: FinanceSupplyChainWorld, kind: FaultKind
) -> None:
    fail(world, kind, world.change)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    await world.erp.place(world.draft())
    assert [order["held"] for order in world.books()] == [False]


@pytest.mark.parametrize("lines", [0, 1, 2], ids=["the header", "the first line", "the second line"])
async def test_late_commit_within_the_settle_time_is_found(world: FinanceSupplyChainWorld, lines: int) -> None:
    number = "" if lines == 0 else await begun(world)
    if lines == 2:
        fail(world, "error_after", world.create, subject=number)
        with pytest.raises(UnknownOutcome):
            await world.erp.place(world.draft())
        let_settle(world)
    fail(world, "late_commit", world.create, delay=timedelta(seconds=590))
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    order = await world.erp.place(world.draft())
    assert not world.faulty.pending()
    assert numbers(world) == [order.number]
    assert [line.reference for line in order.lines] == [line.reference for line in world.draft().lines]


async def test_what_is_refused_stays_in_part_and_held(world: FinanceSupplyChainWorld) -> None:
    draft = world.wrong("unknown item")
    assert isinstance(draft, SalesOrderDraft)
    with pytest.raises(Rejected, match="ITEM-999"):
        await world.erp.place(draft)
    assert [order["held"] for order in world.books()] == [True]
