"""An order's record over every `Tables`: one query to read, one transaction to change, pointers around it."""

from __future__ import annotations

import itertools
import uuid
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Conflict, Rejected
from shared.exceptions import opened
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.order import Snapshot
from shared.model.steps import Step
from shared.ports.own import Change, History, OpenWork, OrderRecord
from shared.store.exceptions import TableExceptions
from shared.store.lookup import TableLookup
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from shared.store.tables import Delete, Tables
from tests.fakes.clock import START, VirtualClock

KEY = OrderKey("shop-a", "0_101/A#?'1-B")
NOW = START
LATER = timedelta(minutes=5)
SNAPSHOT = Snapshot(NOW, {"order_id": KEY.order, "price": Decimal("10.10"), "lines": [1]}, {"name": "Shopper 17"})
STEP = Step("create_order", "outstanding", due=NOW + LATER, seen=NOW, lines=("0_101-1", "0_101-2"), reason="Łódź")
FULL_STEP = Step(
    "acknowledge_order",
    "claimed",
    attempt=3,
    claims=2,
    due=NOW,
    deadline=NOW + LATER,
    claim_owner="token",
    claim_until=NOW + 2 * LATER,
    waiting_for="payment",
    reference="S-1",
    reason="because",
    kind="mapping_missing",
    sent=NOW - LATER,
    seen=NOW - 2 * LATER,
    lines=("1",),
)


def progress_over(tables: Tables) -> TableProgress:
    numbers = itertools.count()
    return TableProgress(tables, VirtualClock(), new_id=lambda: f"{next(numbers):04}")


@pytest.fixture
def progress(tables: Tables) -> TableProgress:
    return progress_over(tables)


def missing(sku: str, key: OrderKey = KEY) -> OpenException:
    reason = Rejected("mapping_missing", subject=f"items:north|{sku}", reason=f"no item for {sku}")
    return opened(key, reason, step="create_order", now=NOW)


def plain(step: Step) -> Step:
    return replace(step, version=None)


async def stored(progress: TableProgress, *steps: Step, **change: object) -> OrderRecord:
    await progress.commit(KEY, Change(steps=steps, **change))  # type: ignore[arg-type]
    return await progress.load(KEY)


async def test_an_order_never_met_is_an_empty_record(progress: TableProgress) -> None:
    assert await progress.load(KEY) == OrderRecord(KEY)
    assert await progress.history(KEY) == []


async def test_what_was_committed_is_loaded(progress: TableProgress) -> None:
    change = Change(
        steps=(STEP, FULL_STEP),
        snapshot=SNAPSHOT,
        history=(History(NOW, "create_order", 1, "seen"),),
        opened=(missing("SKU-1"),),
    )
    await progress.commit(KEY, change)
    record = await progress.load(KEY)
    assert {name: plain(step) for name, step in record.steps.items()} == {
        "create_order": STEP,
        "acknowledge_order": FULL_STEP,
    }
    assert record.snapshot == SNAPSHOT
    assert [replace(one, version=None) for one in record.exceptions] == [missing("SKU-1")]
    assert await progress.history(KEY) == [History(NOW, "create_order", 1, "seen")]


async def test_orders_do_not_mix(progress: TableProgress) -> None:
    await stored(progress, STEP)
    for other in (OrderKey("shop-b", KEY.order), OrderKey("shop-a", "0_101"), OrderKey("shop-a", "")):
        assert await progress.load(other) == OrderRecord(other)


async def test_a_step_is_written_against_the_version_that_was_read(progress: TableProgress) -> None:
    record = await stored(progress, STEP)
    mine = replace(record.steps["create_order"], state="claimed", claim_owner="me")
    theirs = replace(record.steps["create_order"], state="claimed", claim_owner="them")
    await progress.commit(KEY, Change(steps=(mine,)))
    with pytest.raises(Conflict):
        await progress.commit(KEY, Change(steps=(theirs,), history=(History(NOW, "create_order", 1, "lost"),)))
    assert (await progress.load(KEY)).steps["create_order"].claim_owner == "me"
    assert await progress.history(KEY) == []


async def test_a_step_without_a_version_must_be_new(progress: TableProgress) -> None:
    await stored(progress, STEP)
    with pytest.raises(Conflict):
        await progress.commit(KEY, Change(steps=(replace(STEP, state="done"),)))


async def test_a_snapshot_is_written_against_the_version_that_was_read(progress: TableProgress) -> None:
    first = await stored(progress, snapshot=SNAPSHOT)
    newer = replace(SNAPSHOT, updated=NOW + LATER, person={"name": "Shopper 18"})
    second = await stored(progress, snapshot=newer, snapshot_version=first.snapshot_version)
    assert second.snapshot == newer
    for outdated in (first.snapshot_version, None):
        with pytest.raises(Conflict):
            await progress.commit(KEY, Change(snapshot=SNAPSHOT, snapshot_version=outdated))
    assert (await progress.load(KEY)).snapshot == newer


async def test_the_same_outcome_again_counts_and_another_adds_a_line(progress: TableProgress) -> None:
    record = await stored(progress, STEP, history=(History(NOW, "create_order", 1, "seen"),))
    for minute, text in enumerate(["timed out", "timed out", "timed out", "refused", "timed out"], start=1):
        at = NOW + timedelta(minutes=minute)
        step = replace(record.steps["create_order"], attempt=minute)
        record = await stored(progress, step, history=(History(at, "create_order", minute, text),))
    assert [(line.text, line.count, line.attempt, line.at, line.last) for line in await progress.history(KEY)] == [
        ("seen", 1, 1, NOW, None),
        ("timed out", 3, 3, NOW + timedelta(minutes=1), NOW + timedelta(minutes=3)),
        ("refused", 1, 4, NOW + timedelta(minutes=4), None),
        ("timed out", 1, 5, NOW + timedelta(minutes=5), None),
    ]


async def test_a_commit_that_tells_nothing_keeps_what_was_told(progress: TableProgress) -> None:
    record = await stored(progress, STEP, history=(History(NOW, "create_order", 1, "timed out"),))
    record = await stored(progress, replace(record.steps["create_order"], state="claimed"))
    step = replace(record.steps["create_order"], state="outstanding")
    await stored(progress, step, history=(History(NOW + LATER, "create_order", 1, "timed out"),))
    assert [line.count for line in await progress.history(KEY)] == [2]


async def test_steps_count_for_themselves_and_lines_of_no_step_are_added(progress: TableProgress) -> None:
    other = replace(FULL_STEP, version=None)
    both = (History(NOW, "create_order", 1, "x"), History(NOW, "acknowledge_order", 1, "x"))
    record = await stored(progress, STEP, other, history=(*both, History(NOW, "poll_orders", 1, "x")))
    await stored(
        progress,
        *record.steps.values(),
        history=tuple(
            History(NOW + LATER, name, 1, "x") for name in ("create_order", "acknowledge_order", "poll_orders")
        ),
    )
    counts = sorted((line.step, line.count) for line in await progress.history(KEY))
    assert counts == [("acknowledge_order", 2), ("create_order", 2), ("poll_orders", 1), ("poll_orders", 1)]


async def test_twice_the_same_in_one_commit_is_one_line(progress: TableProgress) -> None:
    record = await stored(progress, STEP, history=(History(NOW, "create_order", 1, "x"),))
    twice = tuple(History(NOW + LATER * n, "create_order", 1, "x") for n in (1, 2))
    await stored(progress, record.steps["create_order"], history=twice)
    [line] = await progress.history(KEY)
    assert (line.count, line.last) == (3, NOW + 2 * LATER)


async def test_an_exception_met_again_counts_and_keeps_its_times(progress: TableProgress) -> None:
    record = await stored(progress, opened=(missing("SKU-1"),))
    with pytest.raises(Conflict):
        await progress.commit(KEY, Change(opened=(missing("SKU-1"),)))
    [first] = record.exceptions
    again = replace(first, last_seen=NOW + LATER, due=first.due + LATER, opened=NOW + LATER, reason="still")
    [second] = (await stored(progress, opened=(again,))).exceptions
    assert (second.count, second.opened, second.due, second.escalates) == (2, NOW, first.due, first.escalates)
    assert (second.last_seen, second.reason) == (NOW + LATER, "still")
    urgent = replace(second, count=second.count + 1, due=NOW, escalates=NOW)
    [third] = (await stored(progress, opened=(urgent,))).exceptions
    assert (third.count, third.due, third.escalates) == (3, NOW, NOW)


async def test_the_index_follows_the_record(progress: TableProgress, tables: Tables) -> None:
    index = TableExceptions(tables, VirtualClock())
    record = await stored(progress, opened=(missing("SKU-1"), missing("SKU-2")))
    assert {one.subject for one in await index.open()} == {"north|SKU-1", "north|SKU-2"}
    first = next(one for one in record.exceptions if one.subject == "north|SKU-1")
    await progress.commit(KEY, Change(closed=(first,)))
    assert [one.subject for one in (await progress.load(KEY)).exceptions] == ["north|SKU-2"]
    assert [one.subject for one in await index.open()] == ["north|SKU-2"]
    closed = await tables.query("exceptions", "closed|2026-03")
    assert [row.values["subject"] for row in closed] == ["north|SKU-1"]


async def test_closing_what_changed_meanwhile_is_a_conflict(progress: TableProgress) -> None:
    [old] = (await stored(progress, opened=(missing("SKU-1"),))).exceptions
    await stored(progress, opened=(old,))
    with pytest.raises(Conflict):
        await progress.commit(KEY, Change(closed=(old,), steps=(STEP,)))
    record = await progress.load(KEY)
    assert (len(record.exceptions), record.steps) == (1, {})


async def test_the_same_exception_twice_in_one_commit_is_one(progress: TableProgress) -> None:
    record = await stored(progress, opened=(missing("SKU-1"), missing("SKU-1")))
    assert len(record.exceptions) == 1


async def test_more_exceptions_than_fit_are_cut_visibly_and_closed_completely(progress: TableProgress) -> None:
    many = tuple(missing(f"SKU-{number:03}") for number in range(130))
    record = await stored(progress, STEP, opened=many)
    assert len(record.exceptions) == 99
    assert "and 31 more" in record.exceptions[-1].reason
    step = replace(record.steps["create_order"], state="done")
    record = await stored(progress, step, closed=record.exceptions)
    assert record.exceptions == ()
    assert record.steps["create_order"].state == "done"


async def test_pointers_are_written_and_removed(progress: TableProgress, tables: Tables) -> None:
    work, lookup = TableWorkList(tables), TableLookup(tables)
    pointer = OpenWork(KEY, "create_order", NOW, reference="NO-1", mark="acceptance_doubt")
    await progress.commit(KEY, Change(steps=(STEP,), open_work=pointer, lookup=(("erp_number", "NO-1/7"),)))
    assert await work.due("shop-a", NOW, 10) == [pointer]
    assert await work.due("shop-a", NOW - LATER, 10) == []
    assert await work.due("shop-b", NOW, 10) == []
    assert await work.marked("shop-a", "acceptance_doubt", 10) == [pointer]
    assert await work.marked("shop-a", "tracking", 10) == []
    assert await lookup.resolve("erp_number", "NO-1/7") == [KEY]
    assert await lookup.resolve("erp_number", "NO-1") == []
    await progress.commit(KEY, Change(remove_open_work=True))
    assert await work.due("shop-a", NOW, 10) == []


async def test_an_order_too_large_to_store_is_refused_and_nothing_is_written(progress: TableProgress) -> None:
    noise = "".join(uuid.uuid4().hex for _ in range(70_000))
    large = replace(SNAPSHOT, facts={"noise": noise})
    with pytest.raises(Rejected) as raised:
        await progress.commit(KEY, Change(steps=(STEP,), snapshot=large))
    assert (raised.value.kind, raised.value.subject) == ("snapshot_too_large", "facts")
    assert await progress.load(KEY) == OrderRecord(KEY)


async def test_a_purged_person_leaves_the_facts(progress: TableProgress, tables: Tables) -> None:
    record = await stored(progress, snapshot=SNAPSHOT)
    await tables.commit("orders", "shop-a|0_101=2FA=23=3F=271-B", [Delete("person")])
    purged = await progress.load(KEY)
    assert purged.snapshot == replace(SNAPSHOT, person={})
    assert purged.snapshot_version == record.snapshot_version
