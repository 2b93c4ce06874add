"""What every ERP's `SalesOrders` keeps, proved in the books of its sandbox; one entry of `WORLDS` per ERP.

An ERP that numbers its orders itself skips what only a supplied number can promise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, Protocol

import pytest

from sandboxes.faults import Fault, FaultKind, FaultySandbox
from shared.errors import BridgeError, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome
from shared.model.sales_order import DraftLine, SalesOrderDraft
from shared.ports.erp import SalesOrders
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld
from tests.fakes.clock import VirtualClock


class World(Protocol):
    """An ERP's sandbox and its adapter. `create`, `read` and `change` name the sandbox's operations."""

    create: str
    read: str
    change: str
    clock: VirtualClock
    faulty: FaultySandbox

    @property
    def erp(self) -> SalesOrders: ...

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft: ...

    def strange_line(self) -> DraftLine:
        """A line whose item the ERP does not know before `make_known`."""
        ...

    def make_known(self) -> None: ...

    def calculate_totals(self) -> None: ...

    def books(self) -> Sequence[dict[str, Any]]: ...

    def complaints(self) -> dict[str, int]: ...


WORLDS: dict[str, Callable[[], World]] = {"finance_supply_chain": FinanceSupplyChainWorld}

NOTHING_HAPPENED: tuple[FaultKind, ...] = ("error_before", "reset_before", "hang_before", "html")
IT_HAPPENED: tuple[FaultKind, ...] = ("error_after", "reset_after", "hang_after", "html_after", "truncated")


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Every test also proves that nothing was sent which the real system would have ignored."""
    built = WORLDS[request.param]()
    yield built
    assert built.complaints() == {}


def fail(world: World, kind: FaultKind, operation: str, *, times: int = 1, delay: int = 60) -> None:
    world.faulty.faults.append(Fault(kind, operation, times=times, delay=timedelta(seconds=delay)))


def numbers(world: World) -> list[str]:
    return [order["number"] for order in world.books()]


async def test_creates_the_order_and_shows_it_as_the_erp_does(world: World) -> None:
    draft = world.draft()
    order = await world.erp.place(draft)
    assert (order.number, order.reference) == (draft.number, draft.reference)
    assert (order.customer, order.currency, order.on_hold) == (draft.customer, draft.currency, False)
    assert order.status
    shown = [(line.reference, line.item, line.quantity, line.unit, line.amount) for line in order.lines]
    assert shown == [(line.reference, line.item, line.quantity, line.unit, line.amount) for line in draft.lines]
    assert numbers(world) == [order.number]


async def test_ordinary_order_takes_two_calls(world: World) -> None:
    """The third is the token, which all orders of its lifetime share."""
    for number in range(3):
        await world.erp.place(world.draft(f"N00000{number}-A"))
    operations = [entry.operation for entry in world.faulty.journal]
    assert operations == ["token", *[world.create, world.read] * 3]


async def test_same_order_twice_is_one(world: World) -> None:
    first = await world.erp.place(world.draft())
    assert await world.erp.place(world.draft()) == first
    assert len(numbers(world)) == 1


async def test_two_at_once_are_one(world: World) -> None:
    first, second = await asyncio.gather(world.erp.place(world.draft()), world.erp.place(world.draft()))
    assert first == second
    assert len(numbers(world)) == 1


async def test_another_order_under_our_number_is_for_people(world: World) -> None:
    draft = world.draft()
    await world.erp.place(draft)
    with pytest.raises(Rejected) as refused:
        await world.erp.place(replace(draft, reference="NO-N999999-A"))
    assert (refused.value.kind, refused.value.subject) == ("erp_number_taken", draft.number)
    assert [order["reference"] for order in world.books()] == [draft.reference]


@pytest.mark.parametrize("kind", NOTHING_HAPPENED + IT_HAPPENED)
async def test_lost_answer_leaves_a_doubt_that_the_same_request_settles(world: World, kind: FaultKind) -> None:
    fail(world, kind, world.create)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    assert len(numbers(world)) == (1 if kind in IT_HAPPENED else 0)
    order = await world.erp.place(world.draft())
    assert numbers(world) == [order.number]
    assert len(order.lines) == 2


@pytest.mark.parametrize("kind", [*NOTHING_HAPPENED, "truncated", "throttle"])
async def test_order_that_cannot_be_read_back_is_in_doubt(world: World, kind: FaultKind) -> None:
    fail(world, kind, world.read)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    order = await world.erp.place(world.draft())
    assert numbers(world) == [order.number]


async def test_late_commit_after_the_order_was_placed_again_changes_nothing(world: World) -> None:
    fail(world, "late_commit", world.create, delay=60)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    world.clock.advance(timedelta(seconds=30))
    order = await world.erp.place(world.draft())
    world.clock.advance(timedelta(seconds=60))
    assert await world.erp.find(company="usmf", number=order.number, reference=order.reference) == order
    assert not world.faulty.pending()
    assert numbers(world) == [order.number]


async def test_late_commit_before_the_order_is_placed_again_is_the_order(world: World) -> None:
    fail(world, "late_commit", world.create, delay=60)
    draft = world.draft()
    with pytest.raises(UnknownOutcome):
        await world.erp.place(draft)
    assert await world.erp.find(company="usmf", number=draft.number, reference=draft.reference) is None
    world.clock.advance(timedelta(seconds=61))
    order = await world.erp.place(draft)
    assert numbers(world) == [order.number]


async def test_refused_item_is_named_and_leaves_nothing_behind(world: World) -> None:
    draft = world.draft()
    draft = replace(draft, lines=(*draft.lines[1:], world.strange_line()))
    with pytest.raises(Rejected) as refused:
        await world.erp.place(draft)
    assert refused.value.kind == "erp_refused"
    assert refused.value.subject == f"item {world.strange_line().item.item}"
    assert numbers(world) == []
    world.make_known()
    assert len((await world.erp.place(draft)).lines) == 2


async def test_throttled_says_for_how_long_and_does_nothing(world: World) -> None:
    fail(world, "throttle", world.create, delay=45)
    with pytest.raises(Throttled) as throttled:
        await world.erp.place(world.draft())
    assert throttled.value.retry_after == timedelta(seconds=45)
    assert throttled.value.scope == "erp"
    assert numbers(world) == []


async def test_credentials_that_ended_are_renewed_without_a_word(world: World) -> None:
    fail(world, "unauthorized", world.create)
    await world.erp.place(world.draft())
    world.clock.advance(timedelta(hours=2))
    await world.erp.place(world.draft("N000002-A"))
    assert len(numbers(world)) == 2


async def test_credentials_that_stay_refused_are_for_people(world: World) -> None:
    fail(world, "unauthorized", world.create, times=2)
    with pytest.raises(Unauthorized):
        await world.erp.place(world.draft())
    assert numbers(world) == []


async def test_find_by_number_else_by_reference_else_nothing(world: World) -> None:
    draft = world.draft()
    assert await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference) is None
    order = await world.erp.place(draft)
    for number, reference in ((draft.number, ""), (draft.number, draft.reference), ("NO-unknown", draft.reference)):
        assert await world.erp.find(company=draft.company, number=number, reference=reference) == order
    assert await world.erp.find(company=draft.company, number="", reference=draft.reference.lower()) is None
    assert await world.erp.find(company="frrt", number=draft.number, reference=draft.reference) is None


@pytest.mark.parametrize(
    ("kind", "expected"),
    [*((kind, Unavailable) for kind in NOTHING_HAPPENED), ("truncated", Unavailable), ("throttle", Throttled)],
)
async def test_look_up_that_fails_is_never_taken_for_nothing(
    world: World, kind: FaultKind, expected: type[BridgeError]
) -> None:
    draft = world.draft()
    fail(world, kind, world.read, times=2)
    with pytest.raises(expected):
        await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference)
    with pytest.raises(expected):
        await world.erp.totals(company=draft.company, numbers=[draft.number])


async def test_totals_are_none_until_the_erp_has_calculated_them(world: World) -> None:
    order = await world.erp.place(world.draft())
    asked = [order.number, "NO-unknown"]
    (before,) = await world.erp.totals(company="usmf", numbers=asked)
    assert (before.number, before.total, before.tax) == (order.number, None, None)
    world.calculate_totals()
    (after,) = await world.erp.totals(company="usmf", numbers=asked)
    assert (after.number, after.total) == (order.number, Decimal("44.70"))
    assert after.tax is not None
    assert after.tax > 0


async def test_totals_of_many_orders_in_one_call(world: World) -> None:
    placed = [await world.erp.place(world.draft(f"N0000{number:02}-A")) for number in range(20)]
    world.calculate_totals()
    calls = len(world.faulty.journal)
    found = await world.erp.totals(company="usmf", numbers=[order.number for order in placed])
    assert len(world.faulty.journal) == calls + 1
    assert {one.number: one.total for one in found} == {order.number: Decimal("44.70") for order in placed}


async def test_hold_twice_is_held(world: World) -> None:
    draft = world.draft()
    await world.erp.place(draft)
    for _ in range(2):
        await world.erp.hold(company=draft.company, number=draft.number)
    held = await world.erp.find(company=draft.company, number=draft.number, reference="")
    assert held is not None
    assert held.on_hold
    assert [order["held"] for order in world.books()] == [True]


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "hang_before"])
async def test_hold_in_doubt_is_held_by_the_same_request(world: World, kind: FaultKind) -> None:
    draft = world.draft()
    await world.erp.place(draft)
    fail(world, kind, world.change)
    with pytest.raises(UnknownOutcome):
        await world.erp.hold(company=draft.company, number=draft.number)
    await world.erp.hold(company=draft.company, number=draft.number)
    assert [order["held"] for order in world.books()] == [True]


async def test_release_twice_lets_it_go_on(world: World) -> None:
    draft = world.draft(on_hold=True)
    await world.erp.place(draft)
    for _ in range(2):
        await world.erp.release(company=draft.company, number=draft.number)
    assert [order["held"] for order in world.books()] == [False]


async def test_hold_of_no_order_is_for_people(world: World) -> None:
    with pytest.raises(Rejected, match="NO-unknown"):
        await world.erp.hold(company="usmf", number="NO-unknown")


async def test_placed_on_hold_is_held_from_the_start(world: World) -> None:
    order = await world.erp.place(world.draft(on_hold=True))
    assert order.on_hold
