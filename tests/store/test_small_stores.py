"""Cursors, call budgets, open work, the exceptions' index, lists, the audit and lookups."""

from __future__ import annotations

import itertools
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Conflict, Rejected
from shared.exceptions import opened
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.shipment import Position
from shared.ports.own import Cursor, Mark, OpenWork, ShipmentCursor
from shared.store.audit import Entry, TableAudit
from shared.store.call_budget import TableCallBudget
from shared.store.cursors import TableCursors
from shared.store.exceptions import TableExceptions
from shared.store.lists import TableLists
from shared.store.lookup import TableLookup
from shared.store.open_work import TableWorkList
from shared.store.shipment_cursors import TableShipmentCursors
from tests.fakes.clock import START, VirtualClock
from tests.fakes.memory_tables import MemoryTables

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
FREE = timedelta(0)


@pytest.fixture
def tables() -> MemoryTables:
    return MemoryTables()


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()


# Cursors


async def test_a_shop_never_polled_has_an_empty_cursor(tables: MemoryTables) -> None:
    assert await TableCursors(tables).load("shop-a") == Cursor("shop-a")


async def test_a_cursor_comes_back_and_is_written_against_its_version(tables: MemoryTables) -> None:
    cursors = TableCursors(tables)
    full = Cursor(
        "shop-a",
        at=START,
        pass_since=START + SECOND,
        pass_started=START + MINUTE,
        offset=300,
        greatest=START + 2 * MINUTE,
        calls=7,
        waiting_asked=START - MINUTE,
        completed=START - SECOND,
        export="tracking",
        export_until=START + 3 * MINUTE,
        export_files=("https://north.example.com/a|b", "https://north.example.com/c"),
    )
    saved = await cursors.save(full)
    assert replace(saved, version=None) == full
    assert await cursors.load("shop-a") == saved
    assert await cursors.load("shop-b") == Cursor("shop-b")
    newer = await cursors.save(replace(saved, pass_since=None, export_files=()))
    assert await cursors.load("shop-a") == newer
    for outdated in (saved, full):
        with pytest.raises(Conflict):
            await cursors.save(outdated)
    assert await cursors.load("shop-a") == newer


async def test_a_company_s_shipment_cursor_comes_back_and_is_written_against_its_version(
    tables: MemoryTables,
) -> None:
    cursors = TableShipmentCursors(tables)
    assert await cursors.load("usmf") == ShipmentCursor("usmf")
    recent = ((START - MINUTE, "5637144576"), (START + timedelta(microseconds=1), "b|c"))
    first = await cursors.save(ShipmentCursor("usmf", recent=recent))
    assert await cursors.load("usmf") == first
    full = replace(first, position=Position(START + timedelta(microseconds=7), "5637144577"))
    saved = await cursors.save(full)
    assert await cursors.load("usmf") == saved
    assert replace(saved, version=None) == replace(full, version=None)
    for outdated in (first, ShipmentCursor("usmf")):
        with pytest.raises(Conflict):
            await cursors.save(outdated)
    assert await cursors.load("usrt") == ShipmentCursor("usrt")


async def test_two_thousand_recent_shipments_fit_a_cursor(tables: MemoryTables) -> None:
    recent = tuple((START + number * SECOND, f"{5637144576 + number}") for number in range(2000))
    saved = await TableShipmentCursors(tables).save(ShipmentCursor("usmf", Position(START), recent))
    assert await TableShipmentCursors(tables).load("usmf") == saved


# Call budgets


async def test_a_call_is_free_once_per_interval(tables: MemoryTables, clock: VirtualClock) -> None:
    budget = TableCallBudget(tables, clock)
    assert await budget.take("shop-a", "OR11", MINUTE) == FREE
    clock.advance(20 * SECOND)
    assert await budget.take("shop-a", "OR11", MINUTE) == 40 * SECOND
    assert await budget.take("shop-a", "OR13", MINUTE) == FREE
    assert await budget.take("shop-b", "OR11", MINUTE) == FREE
    clock.advance(40 * SECOND)
    assert await budget.take("shop-a", "OR11", MINUTE) == FREE


async def test_instances_share_a_budget(tables: MemoryTables, clock: VirtualClock) -> None:
    one, other = (TableCallBudget(tables, clock) for _ in range(2))
    for _ in range(20):
        taken = [await budget.take("shop-a", "OR11", MINUTE) for budget in (one, other, one)]
        assert sorted(taken) == [FREE, MINUTE, MINUTE]
        clock.advance(MINUTE)
        one, other = other, one


async def test_a_budget_costs_one_request_a_call_and_none_while_it_must_wait(
    tables: MemoryTables, clock: VirtualClock
) -> None:
    budget = TableCallBudget(tables, clock)
    await budget.take("shop-a", "OR11", MINUTE)
    tables.requests.clear()
    for _ in range(10):
        await budget.take("shop-a", "OR11", MINUTE)
    assert tables.requests == {}
    clock.advance(MINUTE)
    await budget.take("shop-a", "OR11", MINUTE)
    assert tables.requests == {"commit control": 1}


# Open work


def work(order: str, minutes: int, *, shop: str = "shop-a", mark: Mark = "") -> OpenWork:
    return OpenWork(OrderKey(shop, order), "acknowledge_order", START + minutes * MINUTE, mark=mark)


async def test_what_is_due_is_found_by_shop_and_within_a_limit(tables: MemoryTables) -> None:
    store = TableWorkList(tables)
    rows = [work(f"{number}/A", number) for number in range(5)]
    await store.put([*rows, work("1/A", 0, shop="shop-b")])
    tables.requests.clear()
    assert await store.due("shop-a", START + 2 * MINUTE, 10) == rows[:3]
    assert await store.due("shop-a", START + 9 * MINUTE, 2) == rows[:2]
    assert tables.requests == {"query openwork": 2}


async def test_a_row_is_upserted_and_removed_as_often_as_asked(tables: MemoryTables) -> None:
    store = TableWorkList(tables)
    await store.put([work("1", 0)])
    await store.put([work("1", 5, mark="acceptance_doubt")])
    assert await store.due("shop-a", START + MINUTE, 10) == []
    assert await store.marked("shop-a", "acceptance_doubt", 10) == [work("1", 5, mark="acceptance_doubt")]
    for _ in range(2):
        await store.remove([OrderKey("shop-a", "1")])
    assert tables.everything("openwork") == {}


async def test_a_batch_is_one_request_a_hundred_of_a_shop_and_the_last_word_counts(tables: MemoryTables) -> None:
    store = TableWorkList(tables)
    rows = [work(f"{number:03}", 0) for number in range(150)]
    await store.put([*rows, work("000", 7, mark="tracking"), work("000", 1, shop="shop-b")])
    assert tables.requests == {"commit openwork": 3}
    assert await store.marked("shop-a", "tracking", 10) == [work("000", 7, mark="tracking")]
    assert len(await store.due("shop-a", START + MINUTE, 1000)) == 149
    tables.requests.clear()
    await store.remove([row.key for row in rows])
    assert tables.requests == {"commit openwork": 2}
    assert await store.due("shop-b", START + MINUTE, 10) == [work("000", 1, shop="shop-b")]
    await store.put([])
    await store.remove([])


async def test_rows_that_are_gone_already_keep_no_other_row(tables: MemoryTables) -> None:
    store = TableWorkList(tables)
    await store.put([work(name, 0) for name in "ABC"])
    await store.remove([OrderKey("shop-a", name) for name in "BXB"])
    assert [row.key.order for row in await store.due("shop-a", START, 10)] == ["A", "C"]


async def test_marked_rows_are_read_on_behind_the_last_one(tables: MemoryTables) -> None:
    """Ids are opaque: one may begin with another, and escaping may not change which comes next."""
    store = TableWorkList(tables)
    names = ["1", "1-A", "1/A", "10", "2", "2 B", "ä"]
    await store.put([work(name, 0, mark="erp") for name in names])
    await store.put([work("3", 0, mark="tracking")])
    found: list[str] = []
    while page := await store.marked("shop-a", "erp", 2, after=found[-1] if found else ""):
        found += [row.key.order for row in page]
    assert sorted(found) == sorted(names)


async def test_the_rows_of_some_orders_are_one_request_for_the_stretch_between_them(tables: MemoryTables) -> None:
    store = TableWorkList(tables)
    names = ["1", "1-A", "1/A", "10", "2", "2 B", "ä"]
    await store.put([work(name, 0) for name in names])
    await store.put([work("10", 0, shop="shop-b")])
    for wanted in (names, ["1"], ["1-A", "2"], ["1", "none"], ["none"], []):
        tables.requests.clear()
        found = await store.among("shop-a", wanted)
        assert sorted(row.key.order for row in found) == sorted(set(wanted) & set(names))
        assert sum(tables.requests.values()) == bool(wanted)
    far = [f"1-{number:04}" for number in range(2000)]
    await store.put([work(name, 0) for name in far])
    assert [row.key.order for row in await store.among("shop-a", [far[0], far[-1]])] == [far[0]]


async def test_a_row_keeps_the_number_that_its_reader_needs(tables: MemoryTables) -> None:
    store = TableWorkList(tables)
    row = replace(work("1", 0, mark="erp"), reference="NO-1", lines=3)
    await store.put([row])
    assert await store.marked("shop-a", "erp", 1) == [row]


# The index of exceptions


def exception(owner: str, kind: str, order: str) -> OpenException:
    found = opened(OrderKey("shop-a", order), Rejected(kind, subject="x|y", reason="because"), step="", now=START)
    return replace(found, owner=owner)  # type: ignore[arg-type]


async def test_the_index_is_read_by_owner_and_kind(tables: MemoryTables, clock: VirtualClock) -> None:
    index = TableExceptions(tables, clock)
    rows = [
        exception("finance", "amounts_differ", "1"),
        exception("integration", "outage", "0"),
        exception("integration", "unexpected", "1"),
        exception("operations", "erp_refused", "2"),
    ]
    for row in rows:
        await index.put(row)
    assert await index.open() == rows
    assert await index.open(owner="integration") == rows[1:3]
    assert await index.open(owner="integration", kind="outage") == rows[1:2]
    assert await index.open(kind="erp_refused") == rows[3:]
    assert await index.open(owner="ecommerce") == []
    assert await index.open(limit=2) == rows[:2]


async def test_closed_exceptions_are_kept_by_month_and_forgotten_ones_are_not(
    tables: MemoryTables, clock: VirtualClock
) -> None:
    index = TableExceptions(tables, clock)
    row = exception("finance", "amounts_differ", "1")
    await index.put(row)
    await index.close(row)
    assert [partition for partition, _ in tables.everything("exceptions")] == ["closed|2026-03"]
    again = replace(row, opened=START + MINUTE)
    await index.put(again)
    await index.close(again)
    assert [partition for partition, _ in tables.everything("exceptions")] == ["closed|2026-03"] * 2
    await index.put(row)
    await index.forget(row)
    assert await index.open() == []
    assert len(tables.everything("exceptions")) == 2


# Lists


async def test_a_list_is_kept_for_its_day(tables: MemoryTables, clock: VirtualClock) -> None:
    lists = TableLists(tables, clock)
    content = '[{"code":"Łódź","rate":10.10}]' * 5_000
    assert await lists.load("north|SH21") is None
    await lists.save("north|SH21", content)
    assert await lists.load("north|SH21") == content
    assert await lists.load("north|RE01") is None
    clock.move_to(START.replace(hour=23, minute=59))
    assert await lists.load("north|SH21") == content
    assert await TableLists(tables, clock).load("north|SH21") == content
    clock.advance(MINUTE)
    assert await lists.load("north|SH21") is None
    await lists.save("north|SH21", "[]")
    assert await lists.load("north|SH21") == "[]"
    assert await TableLists(tables, clock).load("north|SH21") == "[]"


async def test_a_process_reads_a_list_once_a_day(tables: MemoryTables, clock: VirtualClock) -> None:
    await TableLists(tables, clock).save("north|SH21", "[]")
    lists = TableLists(tables, clock)
    for _ in range(3):
        assert await lists.load("north|SH21") == "[]"
    assert tables.requests["get lists"] == 1


async def test_the_last_list_is_found_whatever_its_day(tables: MemoryTables, clock: VirtualClock) -> None:
    lists = TableLists(tables, clock)
    assert await lists.last("SH21|north") is None
    await lists.save("SH21|north", "[1]")
    clock.advance(timedelta(days=3))
    assert await lists.load("SH21|north") is None
    assert await lists.last("SH21|north") == "[1]"
    assert await TableLists(tables, clock).last("SH21|north") == "[1]"
    await TableLists(tables, clock).save("SH21|north", "[2]")
    assert await lists.last("SH21|north") == "[2]"


# The audit


async def test_the_audit_answers_the_last_entries_oldest_first(tables: MemoryTables, clock: VirtualClock) -> None:
    numbers = itertools.count()
    audit = TableAudit(tables, clock, new_id=lambda: str(next(numbers)))
    clock.move_to(START.replace(month=12))
    for number in range(3):
        await audit.record(area="shadow", what=f"{number}", who="somebody", before="", after="x" * 40_000)
        clock.advance(timedelta(days=20))
    await audit.record(area="requeue", what="other", who="somebody", before="", after="")
    entries = await audit.entries("shadow")
    assert [entry.what for entry in entries] == ["0", "1", "2"]
    assert entries[0].at == START.replace(month=12)
    assert entries[0].after == "x" * 30_000 + " [cut: 40000 characters]"
    assert [entry.what for entry in await audit.entries("shadow", limit=2)] == ["1", "2"]


async def test_many_entries_at_once_keep_their_order_and_cost_a_request_per_hundred(
    tables: MemoryTables, clock: VirtualClock
) -> None:
    audit = TableAudit(tables, clock)
    await audit.record_all("mappings", [Entry(f"{number}", "somebody", "a", "b") for number in range(250)])
    assert tables.requests == {"commit audit": 3}
    assert [entry.what for entry in await audit.entries("mappings")] == [str(number) for number in range(250)]


# Lookups


async def test_a_number_leads_to_its_order(tables: MemoryTables) -> None:
    lookup, key = TableLookup(tables), OrderKey("shop-a", "1/A")
    await lookup.file("erp_number", "NO-1/A", key)
    await lookup.file("erp_number", "NO-1/A", key)
    assert await lookup.resolve("erp_number", "NO-1/A") == [key]
    assert await lookup.resolve("tracking", "NO-1/A") == []
