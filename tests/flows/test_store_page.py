"""A page on its way to our records: pointers in batches, and no store that stands before an acceptance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.errors import Unavailable
from shared.model.keys import OrderKey
from shared.model.steps import Step
from shared.ports.own import Change, OpenWork
from shared.store.tables import Operation
from tests.builders import NOW
from tests.flows.test_poll_orders import SHOP, Desk, placed


async def test_the_rows_of_a_chunk_are_one_request_before_the_orders_and_removals_one_after_them() -> None:
    desk = await Desk().past_the_first_call()
    names = [f"A-{number:02}" for number in range(10)]
    gone = [f"B-{number:02}" for number in range(10)]
    for name in gone:
        key = OrderKey(SHOP.id, name)
        waits = Step("create_order", "waiting", waiting_for="payment", due=NOW)
        await desk.progress.commit(key, Change(steps=(waits,), open_work=OpenWork(key, "create_order", NOW)))
    desk.market.orders = [*(placed(name) for name in names), *(placed(name, "CANCELED") for name in gone)]
    order: list[str] = []
    desk.tables.interrupt = lambda when, verb, table: (
        order.append(table) if (when, verb) == ("before", "commit") else None
    )
    await desk.poll()
    writes = [table for table in order if table in {"orders", "openwork"}]
    assert writes == ["openwork", *["orders"] * 20, "openwork"]
    left = await desk.work.due(SHOP.id, desk.clock.now().replace(year=2027), 100)
    assert [one.key.order for one in left] == names


async def test_an_order_that_stays_asleep_writes_no_row() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed("A", "WAITING_DEBIT")]
    await desk.poll()
    desk.market.orders = [placed("A", "WAITING_DEBIT_PAYMENT")]
    desk.tables.requests.clear()
    await desk.poll()
    assert desk.tables.requests["commit orders"] == 1
    assert desk.tables.requests["commit openwork"] == 0


async def rows_fail(desk: Desk) -> None:
    whole = desk.tables.commit

    async def commit(table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        if table == "openwork":
            raise Unavailable("no answer", scope="tables")
        return await whole(table, partition, operations)

    desk.tables.commit = commit  # type: ignore[method-assign]


async def test_where_rows_cannot_be_put_the_orders_are_accepted_all_the_same_and_shown_again() -> None:
    desk = Desk()
    desk.market.orders = [placed("W", "WAITING_ACCEPTANCE"), placed("S")]
    await rows_fail(desk)
    await desk.poll(2)
    assert {order for order, _ in desk.sent("acknowledge-order")} == {"W"}
    assert (await desk.record("S")).steps == {}
    assert (await desk.cursor()).at is None
    desk.mended()
    await desk.poll()
    assert desk.sent("create-order") == [("S", 1)]


async def test_what_needs_no_row_is_stored_while_rows_cannot_be_put() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed("A", "WAITING_DEBIT")]
    await desk.poll()
    await rows_fail(desk)
    desk.market.orders = [placed("A", "WAITING_DEBIT_PAYMENT"), placed("B")]
    await desk.poll()
    snapshot = (await desk.record("A")).snapshot
    assert snapshot is not None
    assert snapshot.facts["order_state"] == "WAITING_DEBIT_PAYMENT"
    assert desk.sent("create-order") == []


async def test_a_row_that_cannot_be_removed_is_left_for_watch_and_keeps_nothing_back() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed("A", "WAITING_DEBIT")]
    await desk.poll()
    await rows_fail(desk)
    desk.market.orders = [placed("A", "CANCELED")]
    await desk.poll()
    assert (await desk.record("A")).steps["create_order"].state == "not_needed"
    assert (await desk.cursor()).at is not None


async def test_an_order_that_moved_meanwhile_is_read_again_and_decided_again() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed("A"), placed("B")]
    whole = desk.progress.commit
    moved: list[OrderKey] = []

    async def overtaken(key: OrderKey, change: Change) -> Any:
        if key.order == "A" and not moved:
            moved.append(key)
            await whole(key, Change(steps=(Step("create_order", "waiting", waiting_for="payment", due=NOW),)))
        return await whole(key, change)

    desk.progress.commit = overtaken  # type: ignore[method-assign]
    await desk.poll()
    assert sorted(desk.sent("create-order")) == [("A", 1), ("B", 1)]
    assert (await desk.record("A")).steps["create_order"].state == "outstanding"
