"""One shipment an order: what is told and when, whatever answers, and however often the message comes."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Conflict, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome, WrongState
from shared.exceptions import opened
from shared.flows.telling.carrying import Carrying
from shared.flows.telling.confirming import Over, Wait
from shared.flows.telling.one_shipment import Tell, decide
from shared.model.order import Order, Snapshot
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Shipment
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change, OrderRecord
from tests.builders import NOW, line, order, row
from tests.fakes.shipping import REGISTERED
from tests.flows.shipping_desk import CARRIERS, LENGTH, NUMBER, ORDER, SHOP, Desk, slip

POLICY = ShippingPolicy()
CARRYING = Carrying("north", CARRIERS, REGISTERED, alternative=True, multi=False)
MESSAGE = StepMessage("confirm_shipment", SHOP.id, ORDER.key.order)
WHOLE = slip()
FIRST = slip("PS-1", ("L-1", 2, 1))
REST = slip("PS-2", ("L-1", 2, 1), ("L-2", 1, 1), shipped=NOW + timedelta(hours=1))
LOST = UnknownOutcome("no answer", scope=f"shop:{SHOP.id}")


def lines(first: str, second: str) -> Order:
    """`ORDER` with its lines in these states."""
    return order(lines=[replace(one, state=state) for one, state in zip(ORDER.lines, (first, second), strict=True)])


@pytest.mark.parametrize(
    ("shown", "slips", "waits_for", "due"),
    [
        (ORDER, (), "shipment", timedelta(days=2)),
        (replace(ORDER, shipping_deadline=None), (), "shipment", timedelta(days=5)),
        (ORDER, (FIRST,), "rest", timedelta(hours=48)),
        (ORDER, (slip(number=""),), "tracking", timedelta(hours=24)),
        (
            replace(ORDER, shipping_deadline=NOW + timedelta(hours=3)),
            (slip(number=""),),
            "tracking",
            timedelta(hours=3),
        ),
        (replace(ORDER, shipping_deadline=NOW), (slip(number=""),), "tracking", timedelta(minutes=15)),
    ],
)
def test_it_waits_for_what_is_missing(
    shown: Order, slips: tuple[ErpShipment, ...], waits_for: str, due: timedelta
) -> None:
    record = OrderRecord(shown.key, shipments=tuple(Shipment(one) for one in slips))
    decision = decide(shown, record, choose=CARRYING.choose, policy=POLICY)
    assert isinstance(decision, Wait)
    assert (decision.waiting_for, decision.due) == (waits_for, NOW + due)
    assert NUMBER not in decision.reason


CANCELLED_REST = order(
    lines=[replace(line(id="L-1", quantity=2), cancelled_quantity=Decimal(1)), line(id="L-2", state="CANCELED")]
)


@pytest.mark.parametrize(
    ("shown", "slips", "document", "number"),
    [
        (ORDER, (WHOLE,), "PS-1", NUMBER),
        (ORDER, (FIRST, REST), "PS-2", NUMBER),
        (ORDER, (FIRST, replace(REST, tracking=())), "PS-1", NUMBER),
        (ORDER, (slip(number="", mode="LETTER"),), "PS-1", ""),
        (CANCELLED_REST, (FIRST,), "PS-1", NUMBER),
        (lines("SHIPPED", "SHIPPING"), (slip("PS-1", ("L-2", 1, 1)),), "PS-1", NUMBER),
    ],
    ids=["whole", "in two", "one of two tracked", "no tracking needed", "cancelled remainder", "a line by hand"],
)
def test_what_is_complete_is_told_by_the_last_shipment_with_tracking(
    shown: Order, slips: tuple[ErpShipment, ...], document: str, number: str
) -> None:
    record = OrderRecord(shown.key, shipments=tuple(Shipment(one) for one in slips))
    decision = decide(shown, record, choose=CARRYING.choose, policy=POLICY)
    assert isinstance(decision, Tell)
    assert (decision.spokesman.erp.document, decision.number, decision.ship) == (document, number, True)


@pytest.mark.parametrize(
    ("shown", "slips", "state", "late"),
    [
        (lines("SHIPPED", "CANCELED"), (WHOLE,), "done", ""),
        (lines("RECEIVED", "CLOSED"), (), "done", ""),
        (lines("CANCELED", "REFUSED"), (), "not_needed", ""),
        (lines("CANCELED", "CANCELED"), (WHOLE,), "not_needed", "shipped_after_cancellation"),
    ],
)
def test_what_mirakl_shows_may_leave_nothing_to_tell(
    shown: Order, slips: tuple[ErpShipment, ...], state: str, late: str
) -> None:
    record = OrderRecord(shown.key, shipments=tuple(Shipment(one) for one in slips))
    decision = decide(shown, record, choose=CARRYING.choose, policy=POLICY)
    assert isinstance(decision, Over)
    assert (decision.state, decision.late.kind if decision.late else "") == (state, late)


@pytest.mark.parametrize(("mode", "kind"), [("UNKNOWN", "carrier_unmapped"), ("WRONG", "carrier_not_accepted")])
async def test_a_carrier_that_cannot_be_named_is_operations_and_nothing_is_sent(mode: str, kind: str) -> None:
    desk = await Desk().prepared(slip(mode=mode))
    outcome = await desk.one()
    assert isinstance(outcome, Exceptional)
    [reason] = outcome.reasons
    assert (reason.kind, reason.subject) == (kind, f"carriers:north|{mode}||")
    assert "CA1 (Carrier One)" in reason.reason
    assert not desk.mirakl.calls


async def test_a_shipped_order_reaches_mirakl_with_its_carrier_and_number() -> None:
    desk = await Desk().prepared(WHOLE)
    before = desk.requests()
    assert isinstance(await desk.confirm(MESSAGE), Done)
    assert desk.requests() - before == 2
    assert (desk.mirakl.states[ORDER.key.order], desk.mirakl.numbers[ORDER.key.order]) == ("SHIPPED", ("CA1", NUMBER))
    step, [shipment] = await desk.step(), (await desk.record()).shipments
    assert (step.state, step.waiting_for, step.sent, step.due) == (
        "waiting",
        "shipment shown",
        NOW,
        NOW + timedelta(hours=2),
    )
    assert (shipment.told, shipment.told_tracking) == (NOW, NUMBER)
    assert shipment.told_lines == (("L-1", Decimal(2)), ("L-2", Decimal(1)))


async def test_each_of_two_shipments_is_told_with_the_units_that_it_added() -> None:
    desk = await Desk().prepared(FIRST, REST)
    await desk.one()
    told = [one.told_lines for one in (await desk.record()).shipments]
    assert told == [(("L-1", Decimal(1)),), (("L-1", Decimal(1)), ("L-2", Decimal(1)))]


async def test_a_message_that_comes_twice_does_no_harm() -> None:
    desk = await Desk().prepared(WHOLE)
    await desk.confirm(MESSAGE)
    assert isinstance(await desk.confirm(MESSAGE, count=2), Done)
    assert desk.mirakl.calls == {"OR23": 1, "OR24": 1}


async def test_two_at_once_end_as_one() -> None:
    desk = await Desk().prepared(WHOLE)
    await asyncio.gather(desk.one(), desk.one(), return_exceptions=True)
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPED"
    assert (await desk.step()).waiting_for == "shipment shown"


@pytest.mark.parametrize("operation", ["OR23", "OR24"])
@pytest.mark.parametrize("after", [True, False])
async def test_a_lost_answer_is_settled_by_the_same_calls(operation: str, after: bool) -> None:
    desk = await Desk().prepared(WHOLE)
    desk.mirakl.fail(operation, LOST, after=after)
    outcome = await desk.one()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.sent, outcome.scope) == ("unknown", NOW, LOST.scope)
    await desk.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
    assert isinstance(await desk.one(), Done)
    assert (desk.mirakl.states[ORDER.key.order], desk.mirakl.numbers[ORDER.key.order]) == ("SHIPPED", ("CA1", NUMBER))
    assert (await desk.step()).waiting_for == "shipment shown"


@pytest.mark.parametrize(
    ("failure", "outcome"),
    [
        (WrongState("OR23: HTTP 400 without a code"), Done),
        (Throttled("429", scope="shop"), Blocked),
        (Unavailable("refused", scope="shop"), Blocked),
        (Unauthorized("403", scope="shop"), Blocked),
        (Rejected("shipment_refused", subject="VALIDATION_ERROR", reason="400"), Exceptional),
    ],
)
@pytest.mark.parametrize("operation", ["OR23", "OR24"])
async def test_every_answer_leaves_the_order_to_somebody(operation: str, failure: Exception, outcome: type) -> None:
    desk = await Desk().prepared(WHOLE)
    desk.mirakl.fail(operation, failure)
    assert isinstance(await desk.one(), outcome)
    step = await desk.step()
    assert step.waiting_for == ("shipment shown" if outcome is Done else "")
    assert step.due is not None
    assert (await desk.record()).shipments[0].told is None
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPING", "tracking goes first"


async def test_refused_tracking_names_the_mapping_and_the_codes_and_never_the_number() -> None:
    desk = await Desk().prepared(WHOLE)
    desk.mirakl.fail("OR23", Rejected("tracking_refused", subject="carrier", reason="Mirakl answers OR23 with x."))
    outcome = await desk.one()
    assert isinstance(outcome, Exceptional)
    [reason] = outcome.reasons
    assert reason.subject == "carriers:north|STANDARD||"
    assert "CA2 (Carrier Two)" in reason.reason
    assert NUMBER not in str(reason)


async def test_a_number_that_changed_is_told_again_and_nothing_is_shipped_twice() -> None:
    desk = await Desk().prepared(WHOLE)
    await desk.one()
    await desk.shows(slip(number="OTHER-1"))
    assert isinstance(await desk.one(), Done)
    assert desk.mirakl.numbers[ORDER.key.order] == ("CA1", "OTHER-1")
    assert desk.mirakl.calls == {"OR23": 2, "OR24": 1}
    assert (await desk.record()).shipments[0].told_tracking == "OTHER-1"


async def test_a_number_that_changed_too_late_is_let_be() -> None:
    desk = await Desk().prepared(WHOLE)
    await desk.one()
    desk.mirakl.states[ORDER.key.order] = "RECEIVED"
    await desk.shows(slip(number="OTHER-1"))
    assert isinstance(await desk.one(), Done)
    [shipment] = (await desk.record()).shipments
    assert (shipment.told, shipment.told_tracking) == (NOW, "OTHER-1")
    assert (await desk.step()).state == "waiting"


async def test_what_mirakl_does_not_show_is_told_again_whole() -> None:
    desk = await Desk().prepared(WHOLE)
    await desk.one()
    desk.mirakl.states[ORDER.key.order] = "SHIPPING"
    await desk.again()
    await desk.one()
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPED"


async def test_waiting_for_tracking_it_is_found_by_its_mark() -> None:
    desk = await Desk().prepared(slip(number=""))
    before = desk.requests()
    assert isinstance(await desk.confirm(MESSAGE), Done)
    assert desk.requests() - before == 3
    assert await desk.marked("tracking") == {ORDER.key.order}
    assert not desk.mirakl.calls
    await desk.shows(WHOLE)
    await desk.one()
    assert desk.mirakl.numbers[ORDER.key.order] == ("CA1", NUMBER)


async def test_a_wait_that_begins_late_comes_due_at_once_and_not_never() -> None:
    desk = await Desk().prepared(slip(number=""))
    desk.clock.advance(timedelta(days=3))
    await desk.one()
    due = await desk.work.due(SHOP.id, desk.clock.advance(timedelta(minutes=2)), 10)
    assert [one.key for one in due] == [ORDER.key]


async def test_success_closes_what_it_answers_and_no_more() -> None:
    desk = await Desk(rows=()).prepared(slip(mode="NEW"))
    kinds = ("carrier_unmapped", "tracking_late", "shipment_corrected", "mapping_missing")
    steps = dict.fromkeys(kinds, "confirm_shipment") | {"mapping_missing": "create_order"}
    for kind in kinds:
        one = opened(ORDER.key, Rejected(kind, subject=kind, reason="x"), step=steps[kind], now=NOW)
        await desk.progress.commit(ORDER.key, Change(opened=(one,)))
    desk.rows = (row("carriers", "north", "NEW", "*", "*", carrier_code="CA2"),)
    await desk.one()
    assert desk.mirakl.numbers[ORDER.key.order] == ("CA2", NUMBER)
    assert {one.kind for one in await desk.open()} == {"shipment_corrected", "mapping_missing"}


async def test_shipped_after_cancellation_is_said_once_and_the_order_is_closed() -> None:
    desk = await Desk().prepared(WHOLE, of=replace(lines("CANCELED", "CANCELED"), key=ORDER.key))
    assert isinstance(await desk.one(), Done)
    assert [one.kind for one in await desk.open()] == ["shipped_after_cancellation"]
    assert (await desk.step()).state == "not_needed"
    assert not desk.tables.everything("openwork")
    assert not desk.mirakl.calls


async def test_an_unmatched_line_still_stands_after_the_rest_was_told() -> None:
    strange = replace(WHOLE, lines=(*WHOLE.lines, replace(WHOLE.lines[0], reference="X-9")))
    desk = await Desk().prepared(strange)
    one = opened(
        ORDER.key, Rejected("shipment_unmatched", subject="PS-1", reason="x"), step="confirm_shipment", now=NOW
    )
    await desk.progress.commit(ORDER.key, Change(opened=(one,)))
    await desk.one()
    assert [one.kind for one in await desk.open()] == ["shipment_unmatched"]


@pytest.mark.parametrize(
    ("step", "count", "outcome"),
    [
        (Step("confirm_shipment", "done"), 1, Done),
        (Step("confirm_shipment", "not_needed"), 1, Done),
        (Step("confirm_shipment", "waiting", waiting_for="rest"), 1, Done),
        (Step("confirm_shipment", "outstanding", attempt=2), 1, Done),
        (Step("confirm_shipment", "exception", kind="tracking_refused"), 2, AlreadyJudged),
        (Step("confirm_shipment", "claimed", claim_owner="other", claim_until=NOW + LENGTH), 1, Later),
    ],
)
async def test_a_message_that_may_not_act_costs_one_read(step: Step, count: int, outcome: type) -> None:
    desk = await Desk().prepared(WHOLE, step=step)
    before = desk.requests()
    assert isinstance(await desk.confirm(MESSAGE, count), outcome)
    assert desk.requests() - before == 1
    assert not desk.mirakl.calls


async def test_a_judged_order_goes_out_once_its_cause_is_gone() -> None:
    desk = await Desk().prepared(WHOLE, step=Step("confirm_shipment", "exception", kind="carrier_unmapped"))
    assert isinstance(await desk.one(), Done)
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPED"


async def test_no_number_is_in_what_people_and_logs_see() -> None:
    desk = await Desk().prepared(WHOLE)
    await desk.one()
    await desk.shows(slip(number="OTHER-1"))
    await desk.one()
    texts = [one.text + one.reference for one in await desk.progress.history(ORDER.key)]
    assert texts
    assert not [text for text in (*texts, (await desk.step()).reason) if NUMBER in text or "OTHER-1" in text]


class Overtaken(Desk):
    """While the message is at work, Mirakl shows that the rest was cancelled."""

    async def meanwhile(self) -> None:
        if not self.later:
            await self.shown_meanwhile(CANCELLED_REST)


async def test_a_cancellation_shown_while_the_rest_is_decided_to_be_waited_for_is_not_slept_through() -> None:
    desk = Overtaken()
    await desk.prepared(FIRST)
    with pytest.raises(Conflict):
        await desk.one()
    await desk.one()
    assert (await desk.step()).waiting_for == "shipment shown"
    assert desk.mirakl.states[ORDER.key.order] == "SHIPPED"


async def test_a_wait_for_the_rest_makes_a_poll_that_read_before_it_look_again() -> None:
    desk = await Desk().prepared(FIRST)
    read = await desk.record()
    await desk.one()
    newer = Change(
        snapshot=Snapshot(NOW + timedelta(hours=1), {"order_id": ORDER.key.order}, {}),
        snapshot_version=read.snapshot_version,
    )
    with pytest.raises(Conflict):
        await desk.progress.commit(ORDER.key, newer)
