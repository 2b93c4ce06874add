"""Where the ERP numbers its orders itself: what an earlier placing left is looked for, and believed after settling."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Rejected, Throttled, Unavailable, UnknownOutcome
from shared.model.outcome import Blocked, Done, Exceptional, Later
from shared.model.policy import CreationPolicy
from shared.model.sales_order import SalesOrderDraft
from shared.model.steps import Step
from shared.ports.own import Change
from shared.rules.drafting import draft
from tests.builders import NOW, mappings
from tests.fakes.sales_orders import LOOKED_UP, NumberingSalesOrders
from tests.flows.test_create_order import CANCELLED, MESSAGE, ORDER, OUTSTANDING, SHOP, Desk

LOST = UnknownOutcome("no answer", scope="erp")
SETTLE = LOOKED_UP.settle
WANTED: SalesOrderDraft = draft(ORDER, shop=SHOP, rows=mappings(), policy=CreationPolicy(), client_numbers=False)
NUMBER = "SO-0001"


def unknown(ago: timedelta) -> Step:
    return replace(OUTSTANDING, state="unknown", sent=NOW - ago)


async def desk_with(erp: NumberingSalesOrders, step: Step = OUTSTANDING) -> Desk:
    return await Desk(erp=erp).prepared(step)


async def test_the_first_placing_needs_no_look() -> None:
    erp = NumberingSalesOrders()

    async def nobody(**_: str) -> None:
        raise AssertionError("asked although nothing was sent")

    erp.find = nobody  # type: ignore[method-assign]
    desk = await desk_with(erp)
    await desk.create()
    assert ((await desk.step()).state, (await desk.step()).reference) == ("done", NUMBER)


@pytest.mark.parametrize(
    ("lines", "ago", "placed", "state"),
    [
        pytest.param(None, SETTLE - timedelta(seconds=1), 0, "outstanding", id="nothing there, not settled"),
        pytest.param(None, SETTLE, 1, "done", id="nothing there, settled"),
        pytest.param(1, SETTLE - timedelta(seconds=1), 0, "outstanding", id="a part there, not settled"),
        pytest.param(1, SETTLE, 1, "done", id="a part there, settled"),
        pytest.param(2, timedelta(minutes=1), 0, "done", id="whole, whenever"),
        pytest.param(2, timedelta(hours=1), 0, "done", id="whole, long ago"),
    ],
)
async def test_what_an_earlier_placing_left(lines: int | None, ago: timedelta, placed: int, state: str) -> None:
    erp = NumberingSalesOrders()
    if lines is not None:
        erp.written(WANTED, lines)
    desk = await desk_with(erp, unknown(ago))
    outcome = await desk.create()
    assert isinstance(outcome, Done if state == "done" else Later)
    assert (erp.placed, len(erp.orders)) == (placed, 0 if lines is None and not placed else 1)
    if state == "done":
        assert (await desk.step()).reference == NUMBER
        assert await desk.exceptions() == []


async def test_until_it_is_settled_the_doubt_stays_on_record() -> None:
    desk = await desk_with(NumberingSalesOrders(), replace(unknown(timedelta(minutes=4)), claims=3))
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert outcome.after >= timedelta(minutes=6)
    assert outcome.step is not None
    step = outcome.step
    assert (step.state, step.sent, step.claims) == ("unknown", NOW - timedelta(minutes=4), 3)


async def test_a_whole_order_that_was_left_on_hold_is_let_go() -> None:
    erp = NumberingSalesOrders()
    erp.orders[NUMBER] = replace(erp.written(WANTED, len(WANTED.lines)), on_hold=True)
    desk = await desk_with(erp, unknown(timedelta(minutes=1)))
    await desk.create()
    assert (erp.placed, erp.orders[NUMBER].on_hold) == (1, False)


async def test_a_commit_that_comes_late_is_found_and_no_second_order_made() -> None:
    erp = NumberingSalesOrders(failures=[LOST])
    desk = await desk_with(erp)
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    await desk.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
    message = replace(MESSAGE, attempt=2)
    desk.clock.advance(timedelta(seconds=30))
    assert isinstance(await desk.create(message), Later)
    erp.written(WANTED, 1)
    desk.clock.advance(timedelta(minutes=5))
    assert isinstance(await desk.create(message), Later)
    erp.written(WANTED, len(WANTED.lines))
    desk.clock.advance(timedelta(minutes=6))
    assert isinstance(await desk.create(message), Done)
    assert (erp.placed, list(erp.orders)) == (1, [NUMBER])


async def test_a_dead_claim_may_have_sent_until_its_end() -> None:
    ended = NOW - timedelta(minutes=1)
    dead = replace(OUTSTANDING, state="claimed", claims=1, claim_owner="dead", claim_until=ended)
    desk = await desk_with(NumberingSalesOrders(), dead)
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.sent) == ("unknown", ended)


async def test_when_nobody_can_look_nothing_is_placed_and_the_doubt_stays() -> None:
    erp = NumberingSalesOrders()

    async def down(**_: str) -> None:
        raise Unavailable("HTTP 503", scope="erp")

    erp.find = down  # type: ignore[method-assign]
    desk = await desk_with(erp, unknown(timedelta(hours=1)))
    outcome = await desk.create()
    assert isinstance(outcome, Blocked)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.sent, erp.placed) == ("unknown", NOW - timedelta(hours=1), 0)


async def test_a_throttled_placing_left_nothing() -> None:
    desk = await desk_with(NumberingSalesOrders(failures=[Throttled("429", scope="erp")]))
    outcome = await desk.create()
    assert isinstance(outcome, Blocked)
    assert outcome.step is not None
    assert outcome.step.sent is None


async def refused() -> Desk:
    """The header stands, its second line was refused, and the exception is on record."""
    erp = NumberingSalesOrders(
        failures=[Rejected("erp_refused", subject="item SHIPPING", reason="it is stopped")], lines_at_a_time=1
    )
    desk = await desk_with(erp)
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert outcome.step.sent == NOW
    judged = replace(outcome.step, state="exception", kind="erp_refused")
    await desk.progress.commit(ORDER.key, Change(steps=(judged,)))
    return desk


async def test_an_order_refused_half_way_and_cancelled_since_is_found_and_held() -> None:
    desk = await refused()
    desk.erp.orders[NUMBER] = replace(desk.erp.orders[NUMBER], on_hold=False)
    again = replace(await desk.step(), state="outstanding", attempt=2, reason="cancelled")
    await desk.progress.commit(ORDER.key, Change(steps=(again,)))
    desk.shown = CANCELLED
    desk.clock.advance(timedelta(minutes=1))
    assert isinstance(await desk.create(replace(MESSAGE, attempt=2)), Done)
    assert desk.erp.orders[NUMBER].on_hold
    assert "cancelled_after_creation" in await desk.exceptions()


async def test_an_order_refused_half_way_is_completed_once_it_is_queued_again() -> None:
    desk = await refused()
    again = replace(await desk.step(), state="outstanding", attempt=2)
    await desk.progress.commit(ORDER.key, Change(steps=(again,)))
    desk.clock.advance(SETTLE)
    assert isinstance(await desk.create(replace(MESSAGE, attempt=2)), Done)
    [whole] = desk.erp.orders.values()
    assert (len(whole.lines), whole.on_hold) == (len(WANTED.lines), False)
