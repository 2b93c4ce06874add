"""A line is cancelled while the order's creation is in doubt, and the lost placing lands late, with all its lines."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Throttled, UnknownOutcome
from shared.model.outcome import Blocked, Done, Outcome
from shared.ports.own import Change
from tests.builders import NOW, line, order
from tests.flows.test_change_order import cancel
from tests.flows.test_create_order import ORDER, OUTSTANDING, Desk

FIRST, SECOND = (f"{ORDER.key.order}-{number}" for number in (1, 2))
WHOLE = order(lines=[line(id=FIRST), line(id=SECOND, index=2, sku="SKU-002")])
HALF = order(lines=[line(id=FIRST, state="CANCELED"), line(id=SECOND, index=2, sku="SKU-002")])


async def landed_late() -> Desk:
    """The ERP has both lines; our record says that nobody knows, and Mirakl shows one of them cancelled."""
    before = await Desk(shown=WHOLE).prepared()
    await before.create()
    doubtful = replace(OUTSTANDING, state="unknown", sent=NOW - timedelta(minutes=5))
    return await Desk(shown=HALF, erp=before.erp).prepared(doubtful)


async def test_the_order_is_held_and_operations_are_told_at_once() -> None:
    desk = await landed_late()
    assert isinstance(await desk.create(), Done)
    [held] = desk.erp.orders.values()
    assert held.on_hold
    assert sorted(await desk.exceptions()) == ["amounts_differ", "cancelled_after_creation"]
    step, change = await desk.step(), await desk.step("change_order")
    assert (step.state, step.reference, step.lines) == ("done", held.number, (SECOND, FIRST))
    assert (change.state, change.waiting_for, change.lines) == ("waiting", "cancellation in the ERP", (FIRST,))


async def test_a_death_before_the_hold_leaves_the_cancellation_open_and_its_message_holds() -> None:
    desk = await landed_late()
    whole = desk.erp.hold

    async def die(**_: str) -> None:
        raise KeyboardInterrupt

    desk.erp.hold = die  # type: ignore[method-assign]
    try:
        await desk.create()
    except KeyboardInterrupt:
        desk.erp.hold = whole  # type: ignore[method-assign]
    created, change = await desk.step(), await desk.step("change_order")
    assert (created.state, change.state, change.due) == ("done", "outstanding", NOW)
    await cancel(desk)
    assert [one.on_hold for one in desk.erp.orders.values()] == [True]
    assert "cancelled_after_creation" in await desk.exceptions()


GONE = order(lines=[line(id=FIRST, state="CANCELED"), line(id=SECOND, index=2, sku="SKU-002", state="CANCELED")])


@pytest.mark.parametrize(
    ("failure", "fate"),
    [
        (UnknownOutcome("no answer", scope="erp"), Done),
        (UnknownOutcome("HTTP 503", scope="erp", down=True), Blocked),
        (Throttled("429", scope="erp"), Blocked),
    ],
    ids=["no answer", "down", "throttled"],
)
async def test_a_hold_that_fails_after_the_look_up_is_tried_again_and_operations_are_told(
    failure: Exception, fate: type[Outcome]
) -> None:
    """Found by the look-up, wholly cancelled, and the first hold gets no answer."""
    desk = await landed_late()
    desk.shown = GONE
    whole = desk.erp.hold

    async def fail(**_: str) -> None:
        raise failure

    desk.erp.hold = fail  # type: ignore[method-assign]
    assert isinstance(await desk.create(), fate)
    assert (await desk.step("change_order")).state == "outstanding"
    desk.erp.hold = whole  # type: ignore[method-assign]
    await cancel(desk)
    assert [one.on_hold for one in desk.erp.orders.values()] == [True]
    assert await desk.exceptions() == ["cancelled_after_creation"]


async def test_a_line_cancelled_in_an_order_that_shipped_meanwhile_is_held_too() -> None:
    desk = await landed_late()
    shipped = line(id=SECOND, index=2, sku="SKU-002", state="SHIPPED")
    desk.shown = order(lines=[line(id=FIRST, state="CANCELED"), shipped])
    await desk.create()
    assert [one.on_hold for one in desk.erp.orders.values()] == [True]
    assert (await desk.step()).lines == (SECOND, FIRST)
    assert await desk.exceptions() == ["cancelled_after_creation"]


async def test_a_hold_after_the_look_up_whose_answer_was_lost_is_still_ours() -> None:
    """Totals were compared before its message came: a hold that stands then would pass for a person's."""
    desk = await landed_late()
    whole = desk.erp.hold

    async def lost(*, company: str, number: str) -> None:
        await whole(company=company, number=number)
        raise UnknownOutcome("no answer", scope="erp")

    desk.erp.hold = lost  # type: ignore[method-assign]
    await desk.create()
    desk.erp.hold = whole  # type: ignore[method-assign]
    compared = replace(await desk.step("compare_totals"), state="done")
    await desk.progress.commit(ORDER.key, Change(steps=(compared,)))
    await cancel(desk)
    assert (await desk.step("change_order")).expected == "held"
