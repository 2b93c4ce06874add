"""What people did in the ERP: cancelled or deleted what Mirakl waits for, or cancelled at last what Mirakl withdrew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected, Unavailable
from shared.exceptions import opened
from shared.flows.cancelling.seen_in_erp import decide
from shared.flows.change_order import Looking, Ports, look
from shared.flows.open_work import LOOK_AGAIN, open_work
from shared.flows.sighting.seen_creation import RESEND
from shared.flows.waits import BATCH
from shared.model.keys import OrderKey
from shared.model.order import Order, Snapshot
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment, Shipment, ShippedLine
from shared.model.steps import Step
from shared.ports.own import Change, OpenWork, OrderRecord
from shared.store.open_work import TableWorkList
from tests.builders import NOW, line, order
from tests.flows.test_change_order import FIRST, KEY, NUMBER, SECOND, cancel, created, ports
from tests.flows.test_create_order import SHOP, Desk


async def shipping(*, shown: Order | None = None) -> Desk:
    """Both lines are in the ERP and Mirakl waits for them; `watch` has put the row by which the look finds it."""
    desk = await created()
    if shown is not None:
        desk.shown = shown
    quiet = replace(await desk.step("change_order"), state="done", lines=())
    await desk.progress.commit(KEY, Change(steps=(quiet,)))
    return await put(desk)


async def put(desk: Desk) -> Desk:
    work = open_work(KEY, (await desk.progress.load(KEY)).steps, now=desk.clock.now())
    assert work is not None
    await TableWorkList(desk.tables).put([work])
    return desk


async def look_with(desk: Desk, ports: Ports, *, number: int = 0) -> int:
    async def leave(orders: Mapping[OrderKey, ErpOrder]) -> None:
        raise AssertionError("this ERP lists shipping documents")

    looking = Looking(desk.erp.capabilities, ShippingPolicy(), number, leave)
    return (await look("usmf", [SHOP], looking=looking, ports=ports)).moved


async def looked(desk: Desk) -> int:
    desk.clock.advance(timedelta(minutes=30))
    return await look_with(desk, ports(desk))


async def told(desk: Desk) -> list[tuple[str, str]]:
    return [(one.kind, one.subject) for one in (await desk.progress.load(KEY)).exceptions]


def cancel_there(desk: Desk, *lines: str) -> None:
    """As a person does: lines, or the whole order."""
    there = desk.erp.orders[NUMBER]
    marked = tuple(replace(one, cancelled=one.cancelled or not lines or one.reference in lines) for one in there.lines)
    desk.erp.orders[NUMBER] = replace(there, cancelled=not lines, lines=marked)


async def test_orders_that_are_as_they_should_be_cost_one_call_for_twenty_and_no_record() -> None:
    desk = await shipping()
    others = [
        OpenWork(OrderKey(SHOP.id, f"X{n:03d}"), "x", NOW, mark="erp", reference=f"NO-X{n:03d}") for n in range(40)
    ]
    await TableWorkList(desk.tables).put(others)
    for one in others:
        desk.erp.orders[one.reference] = replace(desk.erp.orders[NUMBER], number=one.reference)
    asked: list[int] = []
    whole = desk.erp.shown

    async def counted(*, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        asked.append(len(numbers))
        return await whole(company=company, numbers=numbers)

    desk.erp.shown = counted  # type: ignore[method-assign]
    before = dict(desk.tables.requests)
    assert await looked(desk) == 0
    assert sorted(asked) == [1, 20, 20]
    assert sum(desk.tables.requests.values()) - sum(before.values()) == 2


@pytest.mark.parametrize("deleted", [True, False])
async def test_an_order_gone_while_mirakl_waits_is_operations_at_once_and_once(deleted: bool) -> None:
    desk = await shipping()
    if deleted:
        desk.erp.orders.clear()
    else:
        cancel_there(desk)
    assert await looked(desk) == 1
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]
    [one] = (await desk.progress.load(KEY)).exceptions
    assert (one.owner, one.due, one.step) == ("operations", desk.clock.now(), "change_order")
    assert await looked(desk) == 0
    assert (await desk.progress.load(KEY)).exceptions[0].count == 1


async def test_a_line_cancelled_while_mirakl_waits_is_named() -> None:
    desk = await shipping()
    cancel_there(desk, SECOND)
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", SECOND)]
    cancel_there(desk)
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]


async def test_a_line_deleted_while_mirakl_waits_is_named() -> None:
    desk = await shipping()
    there = desk.erp.orders[NUMBER]
    desk.erp.orders[NUMBER] = replace(there, lines=tuple(one for one in there.lines if one.reference != SECOND))
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", SECOND)]


async def test_it_is_over_when_the_erp_shows_it_again() -> None:
    desk = await shipping()
    there = desk.erp.orders.pop(NUMBER)
    await looked(desk)
    desk.erp.orders[NUMBER] = there
    assert await looked(desk) == 1
    assert (await told(desk), (await desk.step("change_order")).state) == ([], "done")


async def test_entered_again_by_hand_its_lines_carry_no_reference() -> None:
    desk = await shipping()
    there = desk.erp.orders.pop(NUMBER)
    await looked(desk)
    desk.erp.orders[NUMBER] = replace(there, lines=tuple(replace(one, reference="") for one in there.lines))
    await looked(desk)
    assert await told(desk) == []


async def test_it_is_over_when_mirakl_does_not_wait_any_more() -> None:
    desk = await shipping()
    cancel_there(desk, SECOND)
    await looked(desk)
    desk.shown = order(lines=[line(id=FIRST), line(id=SECOND, index=2, sku="SKU-002", state="CANCELED")])
    await looked(desk)
    assert await told(desk) == []


async def test_the_remedy_followed_cancelled_in_mirakl_too_ends_without_another_exception() -> None:
    """The poll sends change_order for the line, which the ERP shows cancelled already."""
    desk = await shipping()
    cancel_there(desk, SECOND)
    await looked(desk)
    desk.shown = order(lines=[line(id=FIRST), line(id=SECOND, index=2, sku="SKU-002", state="CANCELED")])
    step = await desk.step("change_order")
    again = replace(step, state="outstanding", attempt=2, waiting_for="", lines=(SECOND,))
    await desk.progress.commit(KEY, Change(steps=(again,)))
    await cancel(desk)
    await looked(desk)
    assert (await told(desk), (await desk.step("change_order")).state) == ([], "done")
    assert not desk.erp.orders[NUMBER].on_hold


async def test_what_a_person_has_closed_is_not_opened_again() -> None:
    desk = await shipping()
    desk.erp.orders.clear()
    await looked(desk)
    [one] = (await desk.progress.load(KEY)).exceptions
    await desk.progress.commit(KEY, Change(closed=(one,)))
    assert await looked(desk) == 0
    assert await told(desk) == []


@pytest.mark.parametrize(
    "shown",
    [
        order(lines=[line(id=FIRST, state="SHIPPED"), line(id=SECOND, index=2, state="RECEIVED")]),
        order(lines=[line(id=FIRST, state="CANCELED"), line(id=SECOND, index=2, state="CANCELED")]),
        order(lines=[line(id=FIRST, state="A_NEW_STATE"), line(id=SECOND, index=2, state="SHIPPED")]),
    ],
)
async def test_what_mirakl_does_not_wait_for_may_go(shown: Order) -> None:
    desk = await shipping(shown=shown)
    desk.erp.orders.clear()
    assert await looked(desk) == 0
    assert await told(desk) == []


def left(*lines: str) -> Shipment:
    shipped = tuple(ShippedLine(one, Decimal(2), Decimal(2)) for one in lines)
    return Shipment(ErpShipment("1", "PS-1", NUMBER, NUMBER, NOW, "STANDARD", "CARRIER-1", "", shipped))


@pytest.mark.parametrize(
    ("shipments", "expected"),
    [
        ((left(FIRST, SECOND),), []),
        ((left(f"{FIRST}#1", SECOND),), []),
        ((left(FIRST),), [("cancelled_in_erp", NUMBER)]),
    ],
)
async def test_an_order_whose_goods_have_left_is_archived_and_not_deleted(
    shipments: Sequence[Shipment], expected: Sequence[tuple[str, str]]
) -> None:
    desk = await shipping()
    await desk.progress.commit(KEY, Change(shipments=tuple(shipments)))
    desk.erp.orders.clear()
    await looked(desk)
    assert await told(desk) == expected


async def test_a_set_of_which_one_part_left_and_the_other_is_cancelled_has_not_left() -> None:
    desk = await shipping()
    there = desk.erp.orders[NUMBER]
    parts = [replace(there.lines[0], reference=f"{FIRST}#{number}", cancelled=number == 1) for number in (1, 2)]
    desk.erp.orders[NUMBER] = replace(there, lines=(*parts, *there.lines[1:]))
    await desk.progress.commit(KEY, Change(shipments=(left(f"{FIRST}#2", SECOND),)))
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", FIRST)]


async def test_a_shipment_that_is_confirmed_needs_no_order() -> None:
    desk = await shipping()
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("confirm_shipment"), state="done"),)))
    desk.erp.orders.clear()
    assert await looked(desk) == 0


def test_in_shadow_nothing_is_in_the_erp_and_nothing_is_missing() -> None:
    would_have = Step("create_order", "done", reference=NUMBER, lines=(FIRST,))
    record = OrderRecord(KEY, steps={"create_order": would_have})
    assert decide(record, None, order=order(), policy=ShippingPolicy(), now=NOW) is None


async def test_what_cannot_be_read_changes_nothing_that_was_told() -> None:
    desk = await shipping()
    desk.erp.orders.clear()
    await looked(desk)

    def unreadable(key: OrderKey, snapshot: Snapshot) -> Order:
        raise Rejected("order_unreadable", subject="order_lines", reason="missing")

    await look_with(desk, replace(ports(desk), reader=unreadable))
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]


async def withdrawn(*lines: str) -> Desk:
    desk = await created(*lines)
    states = {one: "CANCELED" if one in lines else "SHIPPING" for one in (FIRST, SECOND)}
    desk.shown = order(
        lines=[line(id=FIRST, state=states[FIRST]), line(id=SECOND, index=2, sku="SKU-002", state=states[SECOND])]
    )
    await cancel(desk)
    return await put(desk)


async def test_a_cancellation_waits_until_the_erp_shows_it() -> None:
    desk = await withdrawn(FIRST)
    assert await looked(desk) == 0
    assert await told(desk) == [("cancelled_after_creation", NUMBER)]


async def test_a_cancellation_that_the_erp_shows_is_over_and_the_rest_goes_on() -> None:
    desk = await withdrawn(FIRST)
    cancel_there(desk, FIRST)
    await looked(desk)
    step = await desk.step("change_order")
    assert (step.state, step.attempt, step.due, await told(desk)) == ("outstanding", 2, desk.clock.now(), [])
    assert [one.step for one in await TableWorkList(desk.tables).due(SHOP.id, desk.clock.now(), 9)] == ["change_order"]
    assert desk.erp.orders[NUMBER].on_hold
    await cancel(desk)
    assert not desk.erp.orders[NUMBER].on_hold
    assert (await desk.step("change_order")).state == "done"


async def test_while_the_totals_are_to_be_compared_only_the_exception_is_over() -> None:
    desk = await withdrawn(FIRST)
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("compare_totals"), state="waiting"),)))
    cancel_there(desk, FIRST)
    await looked(desk)
    step = await desk.step("change_order")
    assert (step.state, step.waiting_for, await told(desk)) == ("waiting", "totals", [])
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("compare_totals"), state="done"),)))
    await looked(desk)
    assert (await desk.step("change_order")).state == "outstanding"


async def test_what_finance_holds_is_over_without_going_on() -> None:
    desk = await withdrawn(FIRST)
    stands = opened(KEY, Rejected("amounts_differ", subject=NUMBER, reason="x"), step="create_order", now=NOW)
    await desk.progress.commit(KEY, Change(opened=(stands,)))
    cancel_there(desk, FIRST)
    await looked(desk)
    assert (await desk.step("change_order")).state == "done"
    assert desk.erp.orders[NUMBER].on_hold
    assert await told(desk) == [("amounts_differ", NUMBER)]


@pytest.mark.parametrize("deleted", [True, False])
async def test_a_whole_order_is_over_when_the_order_is(deleted: bool) -> None:
    desk = await withdrawn(FIRST, SECOND)
    cancel_there(desk, FIRST, SECOND)
    await looked(desk)
    assert await told(desk) == [("cancelled_after_creation", NUMBER)]  # its shipping charge stands
    if deleted:
        desk.erp.orders.clear()
    else:
        cancel_there(desk)
    await looked(desk)
    assert (await told(desk), (await desk.step("change_order")).state) == ([], "done")


async def test_a_person_who_closes_the_exception_has_dealt_with_it() -> None:
    desk = await withdrawn(FIRST)
    [one] = (await desk.progress.load(KEY)).exceptions
    await desk.progress.commit(KEY, Change(closed=(one,)))
    await looked(desk)
    assert (await desk.step("change_order")).state == "done"
    assert desk.erp.orders[NUMBER].on_hold


async def test_both_directions_at_once_are_both_told() -> None:
    desk = await withdrawn(FIRST)
    cancel_there(desk, SECOND)
    await looked(desk)
    assert sorted(await told(desk)) == [("cancelled_after_creation", NUMBER), ("cancelled_in_erp", SECOND)]
    cancel_there(desk, FIRST)
    await looked(desk)
    assert await told(desk) == [("cancelled_in_erp", SECOND)]
    assert (await desk.step("change_order")).waiting_for == f"{SECOND}: order in the ERP"


async def test_the_last_step_to_close_takes_the_pointer_along() -> None:
    desk = await withdrawn(FIRST, SECOND)
    rest = [replace(one, state="done") for one in (await desk.progress.load(KEY)).steps.values()]
    await desk.progress.commit(KEY, Change(steps=tuple(one for one in rest if one.name != "change_order")))
    desk.erp.orders.clear()
    await looked(desk)
    assert await TableWorkList(desk.tables).marked(SHOP.id, "erp", 10) == []


async def test_a_step_on_its_way_is_left_alone() -> None:
    desk = await withdrawn(FIRST)
    await desk.progress.commit(KEY, Change(steps=(replace(await desk.step("change_order"), state="outstanding"),)))
    desk.erp.orders.clear()
    assert await looked(desk) == 0


async def test_an_erp_that_is_down_is_the_caller_s_to_know() -> None:
    desk = await shipping()

    async def down(**_: object) -> Sequence[ErpOrder]:
        raise Unavailable("HTTP 503", scope="erp")

    desk.erp.shown = down  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await looked(desk)


async def test_one_record_that_moves_or_cannot_be_read_hides_no_other() -> None:
    desk = await shipping()
    first = OrderKey(SHOP.id, "A-0")
    await TableWorkList(desk.tables).put([OpenWork(first, "x", NOW, mark="erp", reference="NO-A-0")])
    desk.erp.orders.clear()
    real = desk.progress

    class Failing:
        async def load(self, key: OrderKey) -> object:
            if key == first:
                raise Unavailable("HTTP 500", scope="store")
            return await real.load(key)

        commit = staticmethod(real.commit)
        history = staticmethod(real.history)

    desk.clock.advance(timedelta(minutes=30))
    failing = replace(ports(desk), progress=Failing())  # type: ignore[arg-type]
    assert await look_with(desk, failing) == 1
    assert await told(desk) == [("cancelled_in_erp", NUMBER)]


async def test_totals_that_are_still_to_be_compared_do_not_sleep_with_the_order() -> None:
    desk = await shipping()
    totals = Step("compare_totals", "waiting", waiting_for="totals", due=desk.clock.now(), reference=NUMBER)
    stood = (await desk.progress.load(KEY)).steps.get("compare_totals")
    await desk.progress.commit(KEY, Change(steps=(replace(totals, version=stood.version if stood else None),)))
    await put(desk)
    cancel_there(desk)
    assert await looked(desk) == 1
    [row] = await TableWorkList(desk.tables).due(KEY.shop, desk.clock.now() + LOOK_AGAIN, 10)
    assert row.due <= desk.clock.now() + LOOK_AGAIN


async def test_a_parcel_that_leaves_while_we_look_is_not_put_to_sleep() -> None:
    """The poll of shipments writes another step of the same order: no version tells that our row is outdated."""
    desk = await shipping()
    steps = (await desk.progress.load(KEY)).steps
    over = tuple(replace(steps[name], state="done") for name in ("compare_totals", "report_order_numbers"))
    await desk.progress.commit(KEY, Change(steps=over))
    cancel_there(desk, SECOND)
    progress = desk.progress

    class Overtaken:
        commit = progress.commit

        async def load(self, key: OrderKey) -> OrderRecord:
            record = await progress.load(key)
            step, now = record.steps["confirm_shipment"], desk.clock.now()
            going = replace(step, state="outstanding", waiting_for=BATCH, due=now + RESEND)
            row = open_work(key, {**record.steps, step.name: going}, now=now)
            await progress.commit(key, Change(steps=(going,), open_work=row))
            return record

    desk.clock.advance(timedelta(minutes=30))
    assert await look_with(desk, replace(ports(desk), progress=Overtaken())) == 1  # type: ignore[arg-type]
    [row] = await TableWorkList(desk.tables).due(KEY.shop, desk.clock.now() + LOOK_AGAIN, 10)
    assert row.key == KEY
