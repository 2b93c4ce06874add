"""What ERPs that are not like the first one show of an open order: unreleased, a strange word, a status and no lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.exceptions import opened
from shared.flows.change_order import Looking, look
from shared.flows.waits import RELEASED
from shared.flows.watching.late_waits import late
from shared.model.keys import OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment
from shared.ports.own import Change, OpenWork
from shared.store.open_work import TableWorkList
from tests.builders import NOW, line, order
from tests.fakes.sales_orders import ENFORCED
from tests.flows.test_change_order import FIRST, KEY, NUMBER, SECOND, cancel, ports
from tests.flows.test_create_order import SHOP, Desk
from tests.flows.test_look_at_erp import cancel_there, looked, put, shipping, told, withdrawn

POLICY = ShippingPolicy()
STATUS = replace(ENFORCED, shows_lines=False, shows_totals=False, shipments="status", tracks=False)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def unreleased() -> Desk:
    desk = await shipping()
    show(desk, released=False)
    return desk


def show(desk: Desk, **changed: object) -> None:
    desk.erp.orders[NUMBER] = replace(desk.erp.orders[NUMBER], **changed)  # type: ignore[arg-type]


async def state(desk: Desk) -> tuple[str, str]:
    step = await desk.step("change_order")
    return step.state, step.waiting_for


# Created, not released.


async def test_an_unreleased_order_is_visible_with_a_due_time() -> None:
    desk = await unreleased()
    assert await looked(desk) == 1
    step = await desk.step("change_order")
    assert (step.state, step.waiting_for, step.due) == ("waiting", RELEASED, desk.clock.now() + POLICY.released_within)
    history = await desk.progress.history(KEY)
    assert history[-1].text == "created, not released in the ERP"
    assert await told(desk) == []


async def test_it_is_told_once_when_its_time_is_over_and_counts_from_the_first_look() -> None:
    desk = await unreleased()
    await looked(desk)
    due = (await desk.step("change_order")).due
    assert await looked(desk) == 0
    step = await desk.step("change_order")
    assert due is not None
    assert step.due == due
    assert late(step, due - HOUR) is None
    found = late(step, due)
    assert found is not None
    assert found.kind == "not_released"


async def late_unreleased() -> Desk:
    desk = await unreleased()
    await looked(desk)
    step = await desk.step("change_order")
    assert step.due is not None
    reason = late(step, step.due)
    assert reason is not None
    stands = opened(KEY, reason, step="change_order", now=step.due)
    await desk.progress.commit(KEY, Change(opened=(stands,)))
    return desk


async def test_it_is_over_when_it_is_released() -> None:
    desk = await late_unreleased()
    show(desk, released=True)
    assert await looked(desk) == 1
    assert (await state(desk), await told(desk)) == (("done", ""), [])
    assert (await desk.step("change_order")).reason == "released in the ERP"


async def test_an_unreleased_order_that_is_deleted_is_that_and_nothing_else() -> None:
    desk = await late_unreleased()
    desk.erp.orders.clear()
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]


async def test_an_unreleased_order_that_mirakl_cancels_waits_for_that() -> None:
    desk = await withdrawn(FIRST, SECOND)
    show(desk, released=False)
    assert await looked(desk) == 0
    assert await told(desk) == [("cancelled_after_creation", NUMBER)]


async def test_what_mirakl_does_not_wait_for_need_not_be_released() -> None:
    desk = await unreleased()
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("confirm_shipment"), state="done"),)))
    assert await looked(desk) == 0


async def test_a_cancellation_that_comes_while_it_is_unreleased_takes_over() -> None:
    desk = await late_unreleased()
    step = await desk.step("change_order")
    going = replace(step, state="outstanding", attempt=step.attempt + 1, waiting_for="", lines=(FIRST, SECOND))
    await desk.progress.commit(KEY, Change(steps=(going,)))
    desk.shown = order(
        lines=[line(id=one, index=at, state="CANCELED") for at, one in enumerate((FIRST, SECOND), start=1)]
    )
    await cancel(desk)
    await looked(desk)
    assert await told(desk) == [("cancelled_after_creation", NUMBER)]


# A status and no lines.


async def by_status() -> Desk:
    desk = await shipping()
    desk.erp.capabilities = STATUS
    show(desk, lines=(), lines_shown=False, status="Open")
    return desk


async def turn(desk: Desk, *, number: int = 0) -> dict[OrderKey, ErpOrder]:
    """What a look has to put on record as left."""
    left: dict[OrderKey, ErpOrder] = {}

    async def leave(orders: Mapping[OrderKey, ErpOrder]) -> None:
        left.update(orders)

    desk.clock.advance(timedelta(minutes=30))
    looking = Looking(desk.erp.capabilities, POLICY, number, leave)
    await look("usmf", [SHOP], looking=looking, ports=ports(desk))
    return left


async def test_what_was_told_of_lines_stands_once_the_order_shows_none() -> None:
    """A line was cancelled, the rest posted: the order's row is gone, and the line is owed all the same."""
    desk = await shipping()
    cancel_there(desk, SECOND)
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", SECOND)]
    show(desk, lines=(), lines_shown=False, status="Posted", shipped=True)
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", SECOND)]


async def test_no_line_is_missing_where_none_is_shown() -> None:
    desk = await by_status()
    assert await turn(desk) == {}
    assert (await told(desk), (await desk.step("change_order")).state) == ([], "done")


@pytest.mark.parametrize("gone", [True, False])
async def test_cancelled_or_gone_as_a_whole_is_told(gone: bool) -> None:
    desk = await by_status()
    if gone:
        desk.erp.orders.clear()
    else:
        cancel_there(desk)
    await turn(desk)
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]


LEFT = ErpShipment(NUMBER, NUMBER, NUMBER, NUMBER, NOW, "", "DEFAULT", "", ())


@pytest.mark.parametrize("left", [LEFT, None], ids=["all of it", "a part"])
async def test_what_the_status_tells_has_left_is_handed_on(left: ErpShipment | None) -> None:
    desk = await by_status()
    show(desk, shipped=True, left=left)
    assert list(await turn(desk)) == [KEY]


async def test_a_strange_word_is_told_once_and_until_it_is_known() -> None:
    desk = await by_status()
    show(desk, status="Parked", status_known=False)
    await turn(desk)
    [one] = (await desk.progress.load(KEY)).exceptions
    assert (one.kind, one.subject, one.owner) == ("status_unknown", NUMBER, "operations")
    assert "'Parked'" in one.reason
    assert await state(desk) == ("waiting", f"{NUMBER}: a status that the settings know")
    await turn(desk)
    assert [one.count for one in (await desk.progress.load(KEY)).exceptions] == [1]
    show(desk, status="Open", status_known=True)
    await turn(desk)
    assert (await state(desk), await told(desk)) == (("done", ""), [])


async def test_a_strange_word_that_a_person_has_closed_is_not_opened_again() -> None:
    desk = await by_status()
    show(desk, status="Parked", status_known=False)
    await turn(desk)
    [one] = (await desk.progress.load(KEY)).exceptions
    await desk.progress.commit(KEY, Change(closed=(one,)))
    await turn(desk)
    assert await told(desk) == []


async def test_an_answer_that_leaves_the_status_open_is_no_strange_word() -> None:
    desk = await by_status()
    show(desk, status="", status_known=False)
    await turn(desk)
    assert await told(desk) == []


# Whose turn it is.


async def test_the_old_are_asked_about_in_turns_and_the_young_each_time() -> None:
    desk = await by_status()
    await TableWorkList(desk.tables).remove([KEY])
    ages = {f"Y{number:02}": HOUR for number in range(10)} | {f"Z{number:02}": 30 * DAY for number in range(24)}
    now = desk.clock.now()
    rows = [
        OpenWork(OrderKey(SHOP.id, name), "x", now, mark="erp", reference=f"P-{name}", since=now - age)
        for name, age in ages.items()
    ]
    await TableWorkList(desk.tables).put(rows)
    asked: list[str] = []

    async def shown(*, company: str, numbers: list[str]) -> list[ErpOrder]:
        asked.extend(numbers)
        return [replace(desk.erp.orders[NUMBER], number=one) for one in numbers]

    desk.erp.shown = shown  # type: ignore[method-assign,assignment]
    for number in range(12):
        await turn(desk, number=number)
    times = {name: asked.count(f"P-{name}") for name in ages}
    assert {times[name] for name in ages if name.startswith("Y")} == {12}
    assert {times[name] for name in ages if name.startswith("Z")} == {1}


async def test_an_order_is_as_old_as_its_creation() -> None:
    desk = await by_status()
    [row] = await TableWorkList(desk.tables).marked(SHOP.id, "erp", 10)
    assert row.since == (await desk.step("create_order")).seen
    assert row.since is not None


async def test_an_order_just_created_may_not_be_found_yet() -> None:
    desk = await by_status()
    done = replace(await desk.step("create_order"), seen=desk.clock.now() + timedelta(minutes=25))
    await desk.progress.commit(KEY, Change(steps=(done,)))
    await put(desk)
    desk.erp.orders.clear()
    await turn(desk)
    assert await told(desk) == []
    await turn(desk)
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]


async def test_an_order_of_before_without_an_age_counts_as_young() -> None:
    desk = await by_status()
    [row] = await TableWorkList(desk.tables).marked(SHOP.id, "erp", 10)
    await TableWorkList(desk.tables).put([replace(row, since=None)])
    desk.erp.orders.clear()
    await turn(desk, number=7)
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]
