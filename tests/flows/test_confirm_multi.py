"""Several shipments an order: one call for a shop's batch, settled by package where an answer was lost."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected, Throttled, Unavailable, UnknownOutcome
from shared.flows.telling.shipment_calls import LATEST
from shared.flows.waits import BATCH
from shared.model.order import Order
from shared.model.outcome import Blocked, Done, Later
from shared.model.shipment import Tracking
from shared.model.steps import Step
from shared.ports.own import Change
from tests.builders import NOW, line, order
from tests.fakes.shipping import FakeMirakl
from tests.flows.shipping_desk import LENGTH, NUMBER, ORDER, SHOP, Desk, numbered, slip

LOST = UnknownOutcome("no answer", scope=f"shop:{SHOP.id}")
FIRST = slip("PS-1", ("L-1", 2, 1))
REST = slip("PS-2", ("L-1", 2, 1), ("L-2", 1, 1), shipped=NOW + timedelta(hours=1))


def multi() -> Desk:
    return Desk(mirakl=FakeMirakl(multi=True))


async def many(count: int) -> tuple[Desk, list[Order]]:
    desk, orders = multi(), numbered(count)
    for one in orders:
        await desk.prepared(slip(order_id=one.key.order), of=one)
    return desk, orders


def parcels(desk: Desk) -> list[tuple[str, str, str, str]]:
    """Order, package, state and number of everything that stands in Mirakl."""
    return sorted((one.order, one.package, one.state, one.number) for one in desk.mirakl.parcels.values())


async def test_a_batch_of_twenty_is_one_call() -> None:
    desk, orders = await many(20)
    before = desk.requests()
    assert isinstance(await desk.batch(), Done)
    assert desk.mirakl.calls == {"ST01": 1}
    assert desk.requests() - before == 1 + 3 * 20 + 1
    assert parcels(desk) == [(one.key.order, "PS-1", "shipped", NUMBER) for one in orders]
    assert {(await desk.step(one)).waiting_for for one in orders} == {"shipment shown"}
    assert await desk.marked("shipment_batch") == set()


async def test_what_was_told_is_on_record() -> None:
    desk = await multi().prepared(FIRST)
    await desk.batch()
    [shipment], [parcel] = (await desk.record()).shipments, desk.mirakl.of(ORDER.key.order)
    assert (shipment.told, shipment.marketplace_id, shipment.told_tracking) == (NOW, parcel.id, NUMBER)
    assert shipment.told_lines == (("L-1", Decimal(1)),)
    step = await desk.step()
    assert (step.state, step.waiting_for, step.due) == ("waiting", "rest", NOW + timedelta(hours=48))
    await desk.shows(REST)
    await desk.batch()
    assert [one.lines for one in desk.mirakl.of(ORDER.key.order)] == [{"L-1": 1}, {"L-1": 1, "L-2": 1}]
    assert (await desk.step()).waiting_for == "shipment shown"


async def test_a_set_in_two_parcels_is_one_shipment_with_the_second() -> None:
    half = slip("PS-1", ("L-1#1", 2, 2))
    whole = slip("PS-2", ("L-1#2", 4, 4), ("L-2", 1, 1), number="", shipped=NOW + timedelta(hours=1))
    desk = await multi().prepared(half, whole)
    await desk.batch()
    await desk.shows(replace(whole, tracking=(Tracking(NUMBER),)))
    await desk.batch()
    assert [one.lines for one in desk.mirakl.of(ORDER.key.order)] == [{"L-1": 2, "L-2": 1}]
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPED"
    assert not await desk.open()


async def test_shipments_of_one_order_go_one_a_call() -> None:
    desk = await multi().prepared(FIRST, REST)
    await desk.batch()
    assert desk.mirakl.calls == {"ST01": 2}
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPED"


async def test_without_tracking_it_is_created_and_shipped_once_the_number_comes() -> None:
    desk = await multi().prepared(slip(number=""))
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "open", "")]
    assert await desk.marked("tracking") == {ORDER.key.order}
    assert (await desk.step()).due == NOW + timedelta(hours=24)
    await desk.shows(slip())
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]
    assert desk.mirakl.calls == {"ST01": 1, "ST23": 1, "ST24": 1}
    assert (await desk.record()).shipments[0].told_lines == (("L-1", Decimal(2)), ("L-2", Decimal(1)))
    assert (await desk.step()).waiting_for == "shipment shown"


async def test_a_mapping_that_asks_for_no_tracking_any_more_ships_what_was_created() -> None:
    desk = await multi().prepared(slip(number=""))
    await desk.batch()
    desk.rows = [replace(desk.rows[1], key=("north", "*", "*", "*"))]
    await desk.again()
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", "")]


async def test_a_number_that_changed_is_told_again() -> None:
    desk = await multi().prepared(slip())
    await desk.batch()
    await desk.shows(slip(number="OTHER-1"))
    desk.clock.advance(timedelta(minutes=5))
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", "OTHER-1")]
    assert desk.mirakl.calls["ST24"] == 0


@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_answer_to_a_creation_is_settled_by_its_package(after: bool) -> None:
    desk, orders = await many(3)
    desk.mirakl.fail("ST01", LOST, after=after)
    outcome = await desk.batch()
    assert isinstance(outcome, Done)
    assert not outcome.answered
    assert {(await desk.step(one)).state for one in orders} == {"unknown"}
    await desk.batch()
    assert desk.mirakl.calls["ST11"] == 0, "not at once: it may still be on its way"
    desk.clock.advance(LATEST)
    await desk.batch()
    assert parcels(desk) == [(one.key.order, "PS-1", "shipped", NUMBER) for one in orders]
    assert desk.mirakl.calls["ST01"] == (1 if after else 2)
    assert {(await desk.step(one)).waiting_for for one in orders} == {"shipment shown"}


@pytest.mark.parametrize("operation", ["ST23", "ST24"])
@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_answer_to_tracking_is_settled(operation: str, after: bool) -> None:
    desk = await multi().prepared(slip(number=""))
    await desk.batch()
    await desk.shows(slip())
    desk.mirakl.fail(operation, LOST, after=after)
    await desk.batch()
    assert (await desk.step()).state == "unknown"
    desk.clock.advance(timedelta(minutes=1))
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]
    assert (await desk.step()).waiting_for == "shipment shown"
    assert not await desk.open()


@pytest.mark.parametrize("operation", ["ST01", "ST24"])
async def test_a_lost_answer_is_settled_where_mirakl_shows_the_line_shipped_by_then(operation: str) -> None:
    """Its units are those that left: what Mirakl shows shipped is no longer to ship, and was told all the same."""
    left = slip("PS-1", ("L-1", 2, 2), number="" if operation == "ST24" else NUMBER)
    desk = await multi().prepared(left)
    if operation == "ST24":
        await desk.batch()
        await desk.shows(slip("PS-1", ("L-1", 2, 2)))
    desk.mirakl.fail(operation, LOST, after=True)
    await desk.batch()
    first, second = ORDER.lines
    await desk.shown_meanwhile(replace(ORDER, lines=(replace(first, state="SHIPPED"), second)))
    desk.clock.advance(LATEST)
    await desk.batch()
    [shipment] = (await desk.record()).shipments
    assert (shipment.told_lines, shipment.told_tracking) == ((("L-1", Decimal(2)),), NUMBER)
    assert ((await desk.step()).waiting_for, await desk.open()) == ("rest", ())


async def test_the_message_of_one_order_comes_back_by_itself() -> None:
    desk = await multi().prepared(slip())
    desk.mirakl.fail("ST01", LOST, after=True)
    outcome = await desk.one()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.scope) == ("unknown", LOST.scope)
    await desk.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
    assert isinstance(await desk.one(), Later), "sent just now"
    desk.clock.advance(outcome.after)
    assert isinstance(await desk.one(), Done)
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]


async def test_a_claim_that_died_is_looked_up_before_anything_is_created() -> None:
    desk = await multi().prepared(slip())
    desk.mirakl.fail("ST01", LOST, after=True)
    await desk.batch()
    dead = replace(await desk.step(), state="claimed", claim_owner="dead", claim_until=NOW + LENGTH, sent=None)
    await desk.progress.commit(ORDER.key, Change(steps=(dead,)))
    desk.clock.advance(LENGTH)
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]
    assert desk.mirakl.calls == {"ST01": 1, "ST11": 1}


async def test_a_live_claim_is_left_alone() -> None:
    desk, [first, second] = await many(2)
    theirs = replace(await desk.step(first), state="claimed", claim_owner="other", claim_until=NOW + LENGTH)
    await desk.progress.commit(first.key, Change(steps=(theirs,)))
    await desk.batch()
    assert [one[0] for one in parcels(desk)] == [second.key.order]
    assert (await desk.step(first)).claim_owner == "other"


async def test_five_claims_without_a_clean_outcome_are_enough() -> None:
    step = Step("confirm_shipment", "outstanding", waiting_for=BATCH, claims=5)
    desk = await multi().prepared(slip(), step=step)
    await desk.batch()
    assert [one.kind for one in await desk.open()] == ["unexpected"]
    assert not desk.mirakl.parcels


async def test_two_batches_at_once_create_once() -> None:
    desk, orders = multi(), numbered(5)
    for one in orders:
        await desk.prepared(slip("PS-1", ("L-1", 2, 1), order_id=one.key.order), of=one)
    await asyncio.gather(desk.batch(), desk.batch())
    assert [one[0] for one in parcels(desk)] == [one.key.order for one in orders]
    assert {(await desk.step(one)).waiting_for for one in orders} == {"rest"}


async def test_one_refusal_is_one_exception_and_the_others_go() -> None:
    desk, [first, second, third] = await many(3)
    desk.mirakl.owed[second.key.order] = {"L-1": 1}
    assert isinstance(await desk.batch(), Done)
    assert [one[0] for one in parcels(desk)] == [first.key.order, third.key.order]
    [found] = await desk.open(second)
    assert (found.kind, found.subject, found.owner) == ("shipment_refused", "PS-1", "operations")
    step = await desk.step(second)
    assert (step.state, step.kind, step.waiting_for) == ("exception", "shipment_refused", "")
    await desk.batch()
    assert desk.mirakl.calls["ST01"] == 1, "what was judged is not taken along again"


async def test_a_batch_that_is_refused_as_a_whole_still_sends_what_is_good() -> None:
    desk, orders = await many(4)
    refusal = Rejected("shipment_refused", subject="VALIDATION_ERROR", reason="400")
    for _ in range(3):
        desk.mirakl.fail("ST01", refusal)
    await desk.batch()
    bad = [one for one in orders if await desk.open(one)]
    assert len(bad) == 1
    assert [one[0] for one in parcels(desk)] == [one.key.order for one in orders if one not in bad]


async def test_an_unmapped_carrier_stops_its_own_order_only_and_goes_once_it_is_mapped() -> None:
    desk, [first, second] = await many(2)
    await desk.progress.commit(
        first.key, Change(shipments=(replace((await desk.record(first)).shipments[0], erp=slip(mode="NEW")),))
    )
    await desk.batch()
    assert [one[0] for one in parcels(desk)] == [second.key.order]
    [found] = await desk.open(first)
    assert (found.kind, found.mapping, found.subject) == ("carrier_unmapped", "carriers", "north|NEW||")
    desk.rows = (*desk.rows, replace(desk.rows[0], key=("north", "NEW", "*", "*")))
    await desk.again(first)
    await desk.batch()
    assert [one[0] for one in parcels(desk)] == [first.key.order, second.key.order]
    assert not await desk.open(first)


async def test_tracking_that_mirakl_refuses_names_the_mapping() -> None:
    desk = await multi().prepared(slip(number=""))
    await desk.batch()
    await desk.shows(slip())
    desk.mirakl.fail("ST23", Rejected("shipment_refused", subject="VALIDATION_ERROR", reason="400"))
    await desk.batch()
    [found] = await desk.open()
    assert (found.kind, found.mapping, found.subject) == ("tracking_refused", "carriers", "north|STANDARD||")
    assert NUMBER not in found.reason


async def test_a_part_whose_creation_comes_through_late_is_not_created_twice() -> None:
    desk = await multi().prepared(FIRST)
    desk.mirakl.fail("ST01", LOST, after=True)
    await desk.batch()
    on_its_way, desk.mirakl.parcels = desk.mirakl.parcels, {}
    desk.clock.advance(timedelta(minutes=1))
    await desk.batch()
    step = await desk.step()
    assert (step.state, step.due) == ("unknown", NOW + LATEST)
    desk.mirakl.parcels |= on_its_way
    desk.clock.advance(LATEST)
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]
    assert not await desk.open()


async def test_a_creation_that_came_through_late_is_no_refusal() -> None:
    desk = await multi().prepared(slip())
    desk.mirakl.fail("ST01", LOST, after=True)
    await desk.batch()
    on_its_way = desk.mirakl.parcels

    def during(operation: str) -> None:
        desk.mirakl.parcels = {} if operation == "before ST11" and desk.mirakl.calls["ST11"] == 1 else on_its_way

    desk.mirakl.during = during
    desk.clock.advance(LATEST)
    await desk.batch()
    assert desk.mirakl.calls == {"ST01": 2, "ST11": 2}
    assert not await desk.open()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]
    assert (await desk.step()).waiting_for == "shipment shown"


async def test_a_cancelled_shipment_counts_as_absent() -> None:
    desk = await multi().prepared(slip())
    desk.mirakl.fail("ST01", LOST, after=True)
    await desk.batch()
    next(iter(desk.mirakl.parcels.values())).state = "cancelled"
    desk.mirakl.states[ORDER.key.order] = "SHIPPING"
    desk.clock.advance(LATEST)
    await desk.batch()
    assert sorted(one[2] for one in parcels(desk)) == ["cancelled", "shipped"]


async def test_where_the_operator_does_not_offer_it_each_goes_by_itself() -> None:
    desk, orders = await many(3)
    desk.mirakl.off = True
    await desk.batch()
    assert {desk.mirakl.states[one.key.order] for one in orders} == {"SHIPPED"}
    assert {(await desk.step(one)).waiting_for for one in orders} == {"shipment shown"}
    assert {(await desk.step(one)).claim_owner for one in orders} == {""}


async def test_by_themselves_one_exception_and_one_doubt_stop_no_other() -> None:
    desk, [first, second, third] = await many(3)
    desk.mirakl.multi = False
    await desk.progress.commit(
        first.key, Change(shipments=(replace((await desk.record(first)).shipments[0], erp=slip(mode="NEW")),))
    )
    desk.mirakl.fail("OR23", LOST)
    await desk.batch()
    assert [one.kind for one in await desk.open(first)] == ["carrier_unmapped"]
    assert ((await desk.step(second)).state, (await desk.step(second)).attempt) == ("unknown", 2)
    assert desk.mirakl.states[third.key.order] == "SHIPPED"


@pytest.mark.parametrize("failure", [Throttled("429", scope="shop"), Unavailable("refused", scope="shop")])
@pytest.mark.parametrize("operation", ["ST01", "ST23"])
async def test_what_never_left_releases_its_claims_and_goes_later(operation: str, failure: Exception) -> None:
    desk = multi()
    [tracked, fresh] = numbered(2)
    await desk.prepared(slip(number="", order_id=tracked.key.order), of=tracked)
    await desk.batch()
    await desk.shows(slip(order_id=tracked.key.order), tracked)
    await desk.prepared(slip(order_id=fresh.key.order), of=fresh)
    desk.mirakl.fail(operation, failure)
    outcome = await desk.batch()
    assert isinstance(outcome, Blocked)
    assert outcome.step is None
    assert {(await desk.step(one)).claim_owner for one in (tracked, fresh)} == {""}
    await desk.batch()
    assert parcels(desk) == [(one.key.order, "PS-1", "shipped", NUMBER) for one in (tracked, fresh)]


async def test_what_is_written_while_we_call_stays_and_so_does_what_was_told() -> None:
    desk = await multi().prepared(slip(number=""))
    written: list[asyncio.Future[None]] = []

    async def tracked() -> None:
        [shipment] = (await desk.record()).shipments
        came = replace(shipment, erp=replace(shipment.erp, tracking=(Tracking(NUMBER),)))
        await desk.progress.commit(ORDER.key, Change(shipments=(came,)))

    def during(operation: str) -> None:
        if operation == "after ST01":
            written.append(asyncio.ensure_future(tracked()))

    desk.mirakl.during = during
    await desk.batch()
    await asyncio.gather(*written)
    [shipment] = (await desk.record()).shipments
    assert (shipment.marketplace_id, shipment.erp.tracking) == ("shipment-1", (Tracking(NUMBER),))
    assert await desk.marked("shipment_batch") == {ORDER.key.order}
    await desk.batch()
    assert parcels(desk) == [(ORDER.key.order, "PS-1", "shipped", NUMBER)]


class Killed(BaseException):
    """The process dies here; nothing of it runs any more."""


def dies_at(number: int) -> Callable[..., None]:
    """Counts the moments around each request and each call, and dies at this one and at every later one."""
    moments = itertools.count()

    def moment(*_: object) -> None:
        if next(moments) >= number:
            raise Killed

    return moment


async def _story(desk: Desk, number: int) -> bool:
    """Whether the batch came to its end."""
    moment = dies_at(number)
    desk.tables.interrupt, desk.mirakl.during = moment, moment
    try:
        await desk.batch()
    except Killed:
        return False
    finally:
        desk.tables.interrupt, desk.mirakl.during = None, lambda _operation: None
    return True


async def test_whenever_it_dies_every_shipment_is_there_once_in_the_end() -> None:
    for number in itertools.count():
        desk = multi()
        [whole, parted] = numbered(2)
        await desk.prepared(slip(order_id=whole.key.order), of=whole)
        await desk.prepared(FIRST, REST, of=parted)
        ended = await _story(desk, number)
        for _ in range(3):
            desk.clock.advance(LENGTH + LATEST)
            for one in (whole, parted):
                if (await desk.step(one)).state != "waiting":
                    await desk.one(one)
        assert parcels(desk) == [
            (whole.key.order, "PS-1", "shipped", NUMBER),
            (parted.key.order, "PS-1", "shipped", NUMBER),
            (parted.key.order, "PS-2", "shipped", NUMBER),
        ], f"died at moment {number}"
        assert {(await desk.step(one)).waiting_for for one in (whole, parted)} == {"shipment shown"}
        if ended:
            return


async def test_no_number_is_in_what_people_and_logs_see() -> None:
    desk = await multi().prepared(slip(number=""))
    await desk.batch()
    await desk.shows(slip())
    await desk.batch()
    texts = [one.text + one.reference for one in await desk.progress.history(ORDER.key)]
    assert texts
    assert not [text for text in (*texts, (await desk.step()).reason) if NUMBER in text]


class Overtaken(Desk):
    """While the first parcel is told, Mirakl shows that the rest was cancelled."""

    async def meanwhile(self) -> None:
        if not self.later:
            lines = [replace(ORDER.lines[0], cancelled_quantity=Decimal(1)), line(id="L-2", index=2, state="CANCELED")]
            await self.shown_meanwhile(order(lines=lines))


async def test_a_cancellation_shown_while_a_part_is_told_leaves_nothing_to_wait_for() -> None:
    desk = Overtaken(mirakl=FakeMirakl(multi=True))
    await desk.prepared(FIRST)
    await desk.one()
    assert (await desk.step()).waiting_for == "shipment shown"
