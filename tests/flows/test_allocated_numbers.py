"""Numbers of a range that is ours alone: one order each, the same on every retry, and a stop where others use them."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.errors import Conflict, Rejected, Throttled, Unavailable, UnknownOutcome
from shared.flows.despatching.whose_row import InDoubt, whose
from shared.model.keys import ERP_SCOPE
from shared.model.order import Order
from shared.model.outcome import Blocked, Done, Exceptional, Later
from shared.model.sales_order import NumberFormat
from shared.model.steps import Step
from shared.ports.own import Change, NumberRange
from shared.store.lookup import TableLookup
from shared.store.number_ranges import TableNumberRanges
from tests.builders import line, order
from tests.fakes.status_sales_orders import STATUS_ONLY, StatusSalesOrders
from tests.flows.test_create_order import LENGTH, MESSAGE, ORDER, OUTSTANDING, SHOP, Desk

LOST = UnknownOutcome("no answer", scope=ERP_SCOPE)
MINUTE = timedelta(minutes=1)


@dataclass
class RangeDesk(Desk):
    erp: StatusSalesOrders = field(default_factory=StatusSalesOrders)

    async def another(self, name: str) -> Order:
        """Another order of the shop, outstanding too."""
        self.shown = order(id=name)
        await self.prepared()
        return self.shown

    async def retried(self, outcome: Later | Blocked) -> Step:
        """On record as `fates` puts it, a minute later."""
        assert outcome.step is not None
        await self.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
        self.clock.advance(MINUTE)
        return await self.step()

    async def range(self) -> NumberRange | None:
        return await TableNumberRanges(self.tables).load(SHOP.id)


async def desk_of(**erp: Any) -> RangeDesk:
    desk = RangeDesk(erp=StatusSalesOrders(**erp))
    await desk.prepared()
    return desk


async def test_the_first_order_gets_the_first_number_and_keeps_it() -> None:
    desk = await desk_of()
    assert isinstance(await desk.create(), Done)
    step = await desk.step()
    assert (step.state, step.number, step.reference) == ("done", "N0001", "N0001")
    assert list(desk.erp.orders) == ["N0001"]


async def test_the_number_is_on_record_before_anything_is_sent() -> None:
    desk = await desk_of()
    seen: list[Step] = []
    place = desk.erp.place

    async def watched(draft: Any) -> Any:
        seen.append(await desk.step())
        return await place(draft)

    desk.erp.place = watched  # type: ignore[method-assign]
    await desk.create()
    assert [(one.state, one.number, one.lines) for one in seen] == [("claimed", "N0001", (ORDER.lines[0].id,))]


async def test_the_number_names_the_order_while_its_outcome_is_unknown() -> None:
    desk = await desk_of(failures=[LOST], after_effect=True)
    shops, lookup = {SHOP.id: SHOP}, TableLookup(desk.tables)
    outcome = await desk.create()
    assert await whose("N0001", shops, lookup=lookup, progress=desk.progress) == InDoubt(ORDER.key)
    assert isinstance(outcome, Later)
    await desk.retried(outcome)
    await desk.create(replace(MESSAGE, attempt=2))
    assert await whose("N0001", shops, lookup=lookup, progress=desk.progress) == ORDER.key


@pytest.mark.parametrize("after_effect", [True, False])
async def test_a_lost_answer_is_settled_by_the_same_number(after_effect: bool) -> None:
    desk = await desk_of(failures=[LOST], after_effect=after_effect)
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert (await desk.retried(outcome)).number == "N0001"
    assert isinstance(await desk.create(replace(MESSAGE, attempt=2)), Done)
    assert list(desk.erp.orders) == ["N0001"]
    assert desk.erp.held["N0001"].sent_before is not after_effect


@pytest.mark.parametrize(
    "failure", [Throttled("429", scope=ERP_SCOPE), Rejected("erp_refused", subject="x", reason="y")]
)
async def test_what_was_not_taken_is_sent_again_under_the_same_number(failure: Exception) -> None:
    desk = await desk_of(failures=[failure])
    outcome = await desk.create()
    assert isinstance(outcome, Blocked | Exceptional)
    assert outcome.step is not None
    assert (outcome.step.number, outcome.step.sent) == ("N0001", None)
    await desk.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
    await desk.create(replace(MESSAGE, attempt=2))
    assert list(desk.erp.orders) == ["N0001"]
    assert not desk.erp.held["N0001"].sent_before


async def test_a_claim_that_died_may_have_sent() -> None:
    ended = OUTSTANDING.due
    desk = RangeDesk()
    await desk.prepared(
        replace(OUTSTANDING, state="claimed", claims=1, claim_owner="dead", claim_until=ended, number="N0001")
    )
    desk.clock.advance(MINUTE)
    desk.erp.entered_by_another("N0001")
    assert isinstance(await desk.create(), Done)
    assert list(desk.erp.orders) == ["N0001"]


async def test_a_number_that_was_lost_to_a_crash_is_skipped() -> None:
    desk = await desk_of()
    desk.probed[SHOP.id] = 7
    await TableNumberRanges(desk.tables).save(NumberRange(SHOP.id, 7))
    await desk.create()
    await desk.another("N000002-A")
    await desk.create(replace(MESSAGE, order="N000002-A"))
    assert list(desk.erp.orders) == ["N0007", "N0008"]


async def test_two_instances_never_give_one_number_to_two_orders() -> None:
    desk = await desk_of()
    desks = [desk]
    for number in range(2, 7):
        other = RangeDesk(
            shown=order(id=f"N00000{number}-A"), tables=desk.tables, erp=desk.erp, clock=desk.clock, tokens=100 * number
        )
        desks.append(other)
        await other.prepared()
    outcomes = await asyncio.gather(*(one.create(replace(MESSAGE, order=one.shown.key.order)) for one in desks))
    assert all(isinstance(one, Done) for one in outcomes)
    references = {draft.reference for draft in desk.erp.held.values()}
    assert (len(desk.erp.orders), len(references)) == (6, 6)


async def test_a_range_that_moves_at_every_look_is_looked_at_again_later() -> None:
    desk = await desk_of()

    def conflict(when: str, verb: str, table: str) -> None:
        if (verb, table) == ("commit", "control"):
            raise Conflict("taken")

    desk.tables.interrupt = conflict
    with pytest.raises(Conflict):
        await desk.create()
    assert desk.erp.placed == 0


# The probe.


@pytest.mark.parametrize(
    ("stand", "probed", "used", "sent"),
    [
        (None, 0, "N0001", 0),
        (None, 9, "N0001", 0),
        (NumberRange(SHOP.id, 5), 0, "N0005", 0),
        (NumberRange(SHOP.id, 5), 9, "N0005", 0),
        (NumberRange(SHOP.id, 5), 5, "N0005", 1),
    ],
    ids=[
        "tables lost",
        "tables lost while it runs",
        "first of a process",
        "tables of yesterday while it runs",
        "told by the first sending alone",
    ],
)
async def test_a_number_that_others_used_stops_the_range(
    stand: NumberRange | None, probed: int, used: str, sent: int
) -> None:
    desk = await desk_of()
    if stand is not None:
        await TableNumberRanges(desk.tables).save(stand)
    if probed:
        desk.probed[SHOP.id] = probed
    desk.erp.entered_by_another(used)
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert [one.kind for one in outcome.reasons] == ["number_range_stopped"]
    stopped = await desk.range()
    assert stopped is not None
    assert used in stopped.stopped
    assert (desk.erp.placed, desk.erp.held) == (sent, {})


async def test_a_number_of_ours_is_no_trouble() -> None:
    desk = await desk_of()
    await TableNumberRanges(desk.tables).save(NumberRange(SHOP.id, 5))
    desk.erp.entered_by_another("N0004")
    assert isinstance(await desk.create(), Done)
    assert "N0005" in desk.erp.held


async def test_a_number_that_another_instance_takes_while_we_ask_stops_nothing() -> None:
    desk = await desk_of()
    find = desk.erp.find

    async def overtaken(**asked: Any) -> Any:
        stand = await desk.range() or NumberRange(SHOP.id, 1)
        await TableNumberRanges(desk.tables).save(replace(stand, next=stand.next + 1))
        desk.erp.entered_by_another(asked["number"])
        desk.erp.find = find  # type: ignore[method-assign]
        return await find(**asked)

    desk.erp.find = overtaken  # type: ignore[method-assign]
    assert isinstance(await desk.create(), Done)
    assert (await desk.step()).reference == "N0002"


async def test_a_process_probes_once() -> None:
    desk = await desk_of()
    await desk.create()
    asked: list[str] = []

    async def find(**one: Any) -> None:
        asked.append(one["number"])

    desk.erp.find = find  # type: ignore[method-assign]
    await desk.another("N000002-A")
    await desk.create(replace(MESSAGE, order="N000002-A"))
    assert asked == []


async def test_an_erp_that_cannot_be_asked_blocks_and_takes_no_number() -> None:
    desk = await desk_of()

    async def down(**_: Any) -> Any:
        raise Unavailable("HTTP 503", scope=ERP_SCOPE)

    desk.erp.find = down  # type: ignore[method-assign]
    outcome = await desk.create()
    assert isinstance(outcome, Blocked)
    assert await desk.range() is None


# A range that has stopped.


async def test_a_collision_stops_the_range_and_the_order_loses_the_number() -> None:
    desk = await desk_of()
    desk.probed[SHOP.id] = 3
    await TableNumberRanges(desk.tables).save(NumberRange(SHOP.id, 3))
    desk.erp.entered_by_another("N0003")
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    [reason] = outcome.reasons
    assert (reason.kind, reason.subject) == ("number_range_stopped", SHOP.id)
    assert "N0003" in reason.reason
    assert "bridge numbers move --shop north-de" in reason.remedy
    assert (outcome.step.number, outcome.step.sent, outcome.step.lines) == ("", None, ())
    stand = await desk.range()
    assert stand is not None
    assert (stand.next, stand.stopped) == (4, reason.reason)


async def test_whoever_dies_on_a_collision_leaves_no_number_by_which_the_other_order_would_pass_for_ours() -> None:
    desk = await desk_of()
    desk.probed[SHOP.id] = 3
    await TableNumberRanges(desk.tables).save(NumberRange(SHOP.id, 3))
    desk.erp.entered_by_another("N0003")
    await desk.create()  # and the verdict is never recorded
    step = await desk.step()
    assert (step.state, step.number, step.sent) == ("outstanding", "", None)
    desk.clock.advance(LENGTH)
    assert isinstance(await desk.create(), Exceptional)
    assert desk.erp.held == {}


async def test_a_claim_that_ran_out_before_its_sending_takes_the_order_of_the_next_for_no_collision() -> None:
    desk = await desk_of()
    place = desk.erp.place

    async def late(draft: Any) -> Any:
        desk.erp.place = place  # type: ignore[method-assign]
        desk.clock.advance(LENGTH)
        assert isinstance(await desk.create(), Done)
        return await place(draft)

    desk.erp.place = late  # type: ignore[method-assign]
    with pytest.raises(Conflict):
        await desk.create()
    stand = await desk.range()
    assert stand is not None
    assert (stand.stopped, list(desk.erp.orders), (await desk.step()).reference) == ("", ["N0001"], "N0001")


async def test_no_order_of_a_stopped_range_gets_a_number_and_those_that_have_one_go_on() -> None:
    desk = await desk_of()
    stopped = await TableNumberRanges(desk.tables).save(NumberRange(SHOP.id, 3, stopped="somebody else uses it"))
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert [one.reason for one in outcome.reasons] == ["somebody else uses it"]
    numbered = replace(await desk.step(), number="N0002", state="unknown", sent=OUTSTANDING.due)
    await desk.progress.commit(ORDER.key, Change(steps=(numbered,)))
    desk.clock.advance(MINUTE)
    assert isinstance(await desk.create(), Done)
    assert await desk.range() == stopped


async def test_a_range_that_is_used_up_stops() -> None:
    desk = await desk_of(capabilities=replace(STATUS_ONLY, ranges={SHOP.id: NumberFormat("N", 2)}))
    await TableNumberRanges(desk.tables).save(NumberRange(SHOP.id, 100))
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    stand = await desk.range()
    assert stand is not None
    assert stand.stopped.startswith("the range is used up")


# The number that Mirakl shows, where our record is lost.


def numbered_in_mirakl(number: str) -> Order:
    return replace(order(lines=[line(), line(id="N000001-A-2", index=2)]), seller_reference=number)


@pytest.mark.parametrize(
    ("shown", "in_the_erp", "expected", "entered"),
    [
        ("N0042", True, "N0042", 0),
        ("OLD-7", True, "OLD-7", 0),
        ("N0042", False, "N0042", 1),
        ("OLD-7", False, "N0001", 1),
        ("", False, "N0001", 1),
    ],
    ids=["known", "known, of another range", "of our range and unknown", "of nobody's", "none"],
)
async def test_the_number_that_mirakl_shows(shown: str, in_the_erp: bool, expected: str, entered: int) -> None:
    desk = RangeDesk(shown=numbered_in_mirakl(shown))
    await desk.prepared()
    if in_the_erp:
        desk.erp.entered_by_another(shown)
    assert isinstance(await desk.create(), Done)
    step = await desk.step()
    assert (step.reference, step.number, len(desk.erp.held)) == (expected, expected, entered)
    assert list(desk.erp.orders) == [expected]
    assert step.lines == ("N000001-A-1", "N000001-A-2")


@pytest.mark.parametrize("there", [True, False])
async def test_what_was_cancelled_since_is_looked_for_under_the_number_that_mirakl_shows(there: bool) -> None:
    """Its creation is on record nowhere but in Mirakl, and the shopper has cancelled."""
    desk = RangeDesk(shown=replace(order(lines=[line(state="CANCELED")]), seller_reference="N0042"))
    await desk.prepared()
    if there:
        desk.erp.entered_by_another("N0042")
    desk.clock.advance(STATUS_ONLY.settle)
    assert isinstance(await desk.create(), Done)
    step = await desk.step()
    assert (step.state, step.reference) == (("done", "N0042") if there else ("not_needed", ""))
    assert await desk.exceptions() == (["cancelled_after_creation"] if there else [])


# In doubt, and cancelled.


@pytest.mark.parametrize("there", [True, False])
async def test_a_doubt_is_settled_by_the_number_that_was_sent(there: bool) -> None:
    desk = await desk_of(failures=[LOST], after_effect=there)
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    await desk.retried(outcome)
    desk.shown = order(lines=[replace(ORDER.lines[0], state="CANCELED")])
    desk.clock.advance(timedelta(minutes=10))
    assert isinstance(await desk.create(replace(MESSAGE, attempt=2)), Done)
    step = await desk.step()
    assert (step.state, step.reference) == (("done", "N0001") if there else ("not_needed", ""))
    assert await desk.exceptions() == (["cancelled_after_creation"] if there else [])
