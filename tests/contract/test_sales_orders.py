"""What every ERP's `SalesOrders` keeps, proved in the books of its sandbox; one entry of `WORLDS` per ERP and branch.

Where only a number of ours can promise it, the test says so and is skipped for an ERP that looks orders up.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome
from tests.contract.erp_worlds import (
    IT_HAPPENED,
    NOTHING_HAPPENED,
    WORLDS,
    World,
    enforced,
    fail,
    let_settle,
    numbers,
)


@pytest.fixture(params=WORLDS)
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    """Every test also proves that nothing was sent which the real system would have ignored."""
    built = WORLDS[request.param]()
    yield built
    assert built.complaints() == {}


def only_enforced(world: World) -> None:
    if not enforced(world):
        pytest.skip("promised by the ERP's key only; elsewhere the caller is the one writer and waits")


def only_looked_up(world: World) -> None:
    if enforced(world):
        pytest.skip("an order of one transaction is never there in part")


async def test_creates_the_order_and_shows_it_as_the_erp_does(world: World) -> None:
    draft = world.draft()
    order = await world.erp.place(draft)
    assert (order.number or "none", order.reference) == (draft.number or order.number, draft.reference)
    assert (order.customer, order.currency, order.on_hold) == (draft.customer, draft.currency, False)
    assert order.status
    shown = [(line.reference, line.item, line.quantity, line.unit, line.amount) for line in order.lines]
    assert shown == [(line.reference, line.item, line.quantity, line.unit, line.amount) for line in draft.lines]
    assert numbers(world) == [order.number]


async def test_ordinary_order_takes_the_calls_that_are_said(world: World) -> None:
    """The token's is shared by all orders of its lifetime."""
    for number in range(3):
        await world.erp.place(world.draft(f"N00000{number}-A"))
    operations = [entry.operation for entry in world.faulty.journal]
    assert operations == ["token", *list(world.ordinary) * 3]
    assert len(world.ordinary) <= world.erp.capabilities.calls


async def test_same_order_twice_is_one(world: World) -> None:
    first = await world.erp.place(world.draft())
    assert await world.erp.place(world.draft()) == first
    assert len(numbers(world)) == 1


async def test_two_at_once_are_one(world: World) -> None:
    only_enforced(world)
    first, second = await asyncio.gather(world.erp.place(world.draft()), world.erp.place(world.draft()))
    assert first == second
    assert len(numbers(world)) == 1


async def test_another_order_under_our_number_is_for_people(world: World) -> None:
    only_enforced(world)
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
    let_settle(world)
    order = await world.erp.place(world.draft())
    assert numbers(world) == [order.number]
    assert len(order.lines) == 2


@pytest.mark.parametrize("kind", [*NOTHING_HAPPENED, "truncated", "throttle"])
async def test_order_that_cannot_be_read_back_is_in_doubt(world: World, kind: FaultKind) -> None:
    number = world.draft().number or await _begun(world)
    fail(world, kind, world.read, subject=number)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    order = await world.erp.place(world.draft())
    assert numbers(world) == [order.number]


async def _begun(world: World) -> str:
    """The number of an order of which only the header is in."""
    fail(world, "reset_after", world.create)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    return numbers(world)[0]


@pytest.mark.parametrize("kind", NOTHING_HAPPENED + IT_HAPPENED)
async def test_order_that_is_there_in_part_gets_what_is_missing_and_is_held_until_then(
    world: World, kind: FaultKind
) -> None:
    only_looked_up(world)
    await _begun(world)
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
async def test_order_that_is_complete_is_let_go_whatever_came_between(world: World, kind: FaultKind) -> None:
    only_looked_up(world)
    fail(world, kind, world.change)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    await world.erp.place(world.draft())
    assert [order["held"] for order in world.books()] == [False]


@pytest.mark.parametrize("lines", [0, 1, 2], ids=["the header", "the first line", "the second line"])
async def test_late_commit_within_the_settle_time_is_found(world: World, lines: int) -> None:
    only_looked_up(world)
    number = "" if lines == 0 else await _begun(world)
    if lines == 2:
        fail(world, "error_after", world.create, subject=number)
        with pytest.raises(UnknownOutcome):
            await world.erp.place(world.draft())
        let_settle(world)
    fail(world, "late_commit", world.create, delay=590)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    let_settle(world)
    order = await world.erp.place(world.draft())
    assert not world.faulty.pending()
    assert numbers(world) == [order.number]
    assert [line.reference for line in order.lines] == [line.reference for line in world.draft().lines]


async def test_two_orders_under_one_reference_are_for_people_until_one_is_cancelled(world: World) -> None:
    """What happens to a caller who does not wait: it is told, and creates no third one."""
    only_looked_up(world)
    fail(world, "late_commit", world.create, delay=60)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())
    order = await world.erp.place(world.draft())
    world.clock.advance(timedelta(seconds=61))
    with pytest.raises(Rejected) as refused:
        await world.erp.place(world.draft())
    assert (refused.value.kind, refused.value.subject) == ("erp_duplicate", world.draft().reference)
    (late,) = (number for number in numbers(world) if number != order.number)
    world.cancel_order(late)
    assert (await world.erp.place(world.draft())).number == order.number
    assert len(numbers(world)) == 2


async def test_late_commit_after_the_order_was_placed_again_changes_nothing(world: World) -> None:
    only_enforced(world)
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


async def test_refused_item_is_named_and_leaves_nothing_behind_that_could_ship(world: World) -> None:
    draft = world.draft()
    draft = replace(draft, lines=(*draft.lines[1:], world.strange_line()))
    with pytest.raises(Rejected) as refused:
        await world.erp.place(draft)
    assert refused.value.kind == "erp_refused"
    assert refused.value.subject == f"item {world.strange_line().item.item}"
    # Without one transaction the order stays in part, and held; it is completed by the same request.
    assert [order["held"] for order in world.books()] == ([] if enforced(world) else [True])
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
    for number, reference in ((order.number, ""), (order.number, draft.reference), ("NO-unknown", draft.reference)):
        assert await world.erp.find(company=draft.company, number=number, reference=reference) == order
    assert await world.erp.find(company=draft.company, number="", reference=draft.reference.lower()) is None
    assert await world.erp.find(company="frrt", number=order.number, reference=draft.reference) is None


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
        await world.erp.totals(company=draft.company, numbers=["NO-1"])


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
    order = await world.erp.place(draft)
    for _ in range(2):
        await world.erp.hold(company=draft.company, number=order.number)
    held = await world.erp.find(company=draft.company, number=order.number, reference="")
    assert held is not None
    assert held.on_hold
    assert [order["held"] for order in world.books()] == [True]


@pytest.mark.parametrize("kind", ["error_after", "reset_after", "hang_before"])
async def test_hold_in_doubt_is_held_by_the_same_request(world: World, kind: FaultKind) -> None:
    draft = world.draft()
    order = await world.erp.place(draft)
    fail(world, kind, world.change)
    with pytest.raises(UnknownOutcome):
        await world.erp.hold(company=draft.company, number=order.number)
    await world.erp.hold(company=draft.company, number=order.number)
    assert [order["held"] for order in world.books()] == [True]


async def test_release_twice_lets_it_go_on(world: World) -> None:
    draft = world.draft(on_hold=True)
    order = await world.erp.place(draft)
    for _ in range(2):
        await world.erp.release(company=draft.company, number=order.number)
    assert [order["held"] for order in world.books()] == [False]


async def test_hold_of_no_order_is_for_people(world: World) -> None:
    with pytest.raises(Rejected, match="NO-unknown"):
        await world.erp.hold(company="usmf", number="NO-unknown")


async def test_placed_on_hold_is_held_from_the_start(world: World) -> None:
    order = await world.erp.place(world.draft(on_hold=True))
    assert order.on_hold
