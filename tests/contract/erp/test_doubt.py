"""What was sent and not answered: however it went, the order stands once in the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from sandboxes.faults import FaultKind
from shared.errors import BridgeError, Rejected, Throttled, Transient, Unavailable, UnknownOutcome
from tests.contract.erp import needs
from tests.contract.erp.world import World
from tests.contract.erp.worlds import (
    IT_HAPPENED,
    NOTHING_HAPPENED,
    again,
    enforced,
    entered,
    fail,
    identity,
    let_settle,
    numbers,
)

MINUTE = timedelta(minutes=1)


async def lost(world: World, kind: FaultKind, *, delay: timedelta = MINUTE) -> None:
    """The draft is sent, and no answer comes that can be relied on."""
    fail(world, kind, world.create, delay=delay)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(world.draft())


@pytest.mark.parametrize("kind", NOTHING_HAPPENED)
async def test_error_reset_timeout_or_html_before_the_commit(world: World, kind: FaultKind) -> None:
    await lost(world, kind)
    assert numbers(world) == []
    let_settle(world)
    order = await world.erp.place(again(world.draft()))
    assert numbers(world) == [order.number]


@pytest.mark.parametrize("kind", IT_HAPPENED)
async def test_error_reset_timeout_or_html_after_the_commit(world: World, kind: FaultKind) -> None:
    await lost(world, kind)
    assert len(numbers(world)) == 1
    let_settle(world)
    order = await world.erp.place(again(world.draft()))
    assert numbers(world) == [order.number]
    assert len(order.lines) == (2 if world.erp.capabilities.shows_lines else 0)


@pytest.mark.parametrize("kind", ["error_before", "unavailable_after"])
async def test_an_erp_that_says_it_is_down_says_so_of_the_doubt_too(world: World, kind: FaultKind) -> None:
    fail(world, kind, world.create)
    with pytest.raises(UnknownOutcome) as doubt:
        await world.erp.place(world.draft())
    assert doubt.value.down


@pytest.mark.parametrize("kind", [*NOTHING_HAPPENED, "truncated", "throttle"])
async def test_an_order_that_cannot_be_looked_at_is_not_placed_twice(world: World, kind: FaultKind) -> None:
    """Where the look comes before the sending nothing happened; where it comes after, the order is in doubt."""
    await lost(world, "reset_after")
    let_settle(world)
    fail(world, kind, world.read)
    with pytest.raises((UnknownOutcome, Transient)):
        await world.erp.place(again(world.draft()))
    let_settle(world)
    order = await world.erp.place(again(world.draft()))
    assert numbers(world) == [order.number]


async def test_a_commit_after_our_look_is_found_once_the_settle_time_is_over(world: World) -> None:
    settle = world.erp.capabilities.settle
    await lost(world, "late_commit", delay=settle - timedelta(seconds=10))
    draft = world.draft()
    assert await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference) is None
    world.clock.advance(settle)
    order = await world.erp.place(again(draft))
    assert not world.faulty.pending()
    assert numbers(world) == [order.number]


@needs.key
async def test_a_commit_after_the_order_was_placed_again_changes_nothing(world: World) -> None:
    await lost(world, "late_commit")
    world.clock.advance(MINUTE / 2)
    order = await world.erp.place(again(world.draft()))
    world.clock.advance(MINUTE)
    found = await world.erp.find(company=world.company, number=order.number, reference=order.reference)
    assert found is not None
    assert identity(found) == identity(order)
    assert not world.faulty.pending()
    assert numbers(world) == [order.number]


@needs.looking_up
async def test_two_orders_under_one_reference_are_for_people_until_one_is_cancelled(world: World) -> None:
    """What happens to a caller who does not wait: it is told, and creates no third one."""
    await lost(world, "late_commit")
    order = await world.erp.place(again(world.draft()))
    world.clock.advance(MINUTE + timedelta(seconds=1))
    with pytest.raises(Rejected) as refused:
        await world.erp.place(again(world.draft()))
    assert (refused.value.kind, refused.value.subject) == ("erp_duplicate", world.draft().reference)
    (late,) = (number for number in numbers(world) if number != order.number)
    world.cancel_order(late)
    assert (await world.erp.place(again(world.draft()))).number == order.number
    assert len(numbers(world)) == 2


async def test_cancelled_while_its_creation_is_in_doubt_is_found_before_it_ships(world: World) -> None:
    """Mirakl cancels the order meanwhile: nothing is placed again, and only the settled look says that it stands."""
    draft = world.draft()
    await lost(world, "late_commit")
    world.clock.advance(world.erp.capabilities.settle)
    fail(world, "hang_before", world.read)
    with pytest.raises(Unavailable):
        await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference)
    found = await world.erp.find(company=draft.company, number=draft.number, reference=draft.reference)
    assert found is not None
    assert [found.number] == numbers(world)


@pytest.mark.parametrize("kind", ["reset_before", "reset_after"])
async def test_one_line_cancelled_between_the_first_sending_and_the_next(world: World, kind: FaultKind) -> None:
    """The next draft has one line less; what stands of the first stays, and the caller sees what is too much."""
    draft = world.draft()
    draft = replace(draft, lines=(*draft.lines, world.line(3, item="ITEM-002")))
    fail(world, kind, world.create)
    with pytest.raises(UnknownOutcome):
        await world.erp.place(draft)
    let_settle(world)
    order = await world.erp.place(again(replace(draft, lines=draft.lines[1:])))
    assert numbers(world) == [order.number]
    stands = {line["item"]: line["quantity"] for line in entered(world)}
    assert (draft.lines[0].item.item in stands) == (kind == "reset_after" and _whole(world))
    assert [stands[line.item.item] for line in draft.lines[1:]] == [1, 1]


def _whole(world: World) -> bool:
    """One call brings the order with its lines; else only its header was in."""
    return enforced(world) or world.ordinary.count(world.create) == 1


async def test_down_for_an_hour_and_there_again(world: World) -> None:
    back = world.clock.now() + timedelta(hours=1)
    fail(world, "error_before", "*", times=1000, until=back)
    while world.clock.now() < back:
        with pytest.raises((UnknownOutcome, Unavailable)):
            await world.erp.place(again(world.draft()))
        with pytest.raises(Unavailable):
            await world.erp.find(company=world.company, number="NO-1", reference="NO-A")
        world.clock.advance(timedelta(minutes=10))
    assert numbers(world) == []
    let_settle(world)
    order = await world.erp.place(again(world.draft()))
    assert numbers(world) == [order.number]


@pytest.mark.parametrize(
    ("kind", "expected"),
    [*((kind, Unavailable) for kind in NOTHING_HAPPENED), ("truncated", Unavailable), ("throttle", Throttled)],
)
async def test_a_look_that_fails_is_never_taken_for_nothing(
    world: World, kind: FaultKind, expected: type[BridgeError]
) -> None:
    draft = world.draft()
    fail(world, kind, world.read, times=2)
    with pytest.raises(expected):
        await world.erp.find(company=draft.company, number=draft.number or "NO-1", reference=draft.reference)
    with pytest.raises(expected):
        await world.ports.changes.shown(company=draft.company, numbers=["NO-1"])
