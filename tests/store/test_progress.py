"""What a commit costs, and what is left when it dies at any request."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from shared.errors import Conflict, Rejected
from shared.exceptions import opened
from shared.model.keys import OrderKey
from shared.model.order import Snapshot
from shared.model.steps import Step
from shared.ports.own import Change, History, OpenWork
from shared.store.progress import TableProgress
from tests.fakes.clock import START, VirtualClock
from tests.fakes.memory_tables import MemoryTables

KEY = OrderKey("shop-a", "1")
STEP = Step("create_order", "outstanding", due=START)
WORK = OpenWork(KEY, "create_order", START)
SNAPSHOT = Snapshot(START, {"order_id": "1"}, {})
TOLD = History(START, "create_order", 1, "seen")
LACKS = opened(
    KEY, Rejected("mapping_missing", subject="items:north|SKU-1", reason="none"), step="create_order", now=START
)


class Killed(BaseException):
    """The process died here."""


def progress_over(tables: MemoryTables) -> TableProgress:
    numbers = itertools.count()
    return TableProgress(tables, VirtualClock(), new_id=lambda: f"{next(numbers):04}")


async def test_loading_is_one_request_and_leaves_the_history_out() -> None:
    tables = MemoryTables()
    progress = progress_over(tables)
    await progress.commit(KEY, Change(steps=(STEP,), snapshot=SNAPSHOT, history=(TOLD,), opened=(LACKS,)))
    tables.requests.clear()
    await progress.load(KEY)
    assert tables.requests == {"query orders": 1}


@pytest.mark.parametrize(
    ("change", "requests"),
    [
        (Change(), {}),
        (Change(steps=(STEP,)), {"commit orders": 1}),
        (Change(steps=(STEP,), snapshot=SNAPSHOT, history=(TOLD, TOLD)), {"commit orders": 1}),
        (Change(steps=(STEP,), open_work=WORK), {"commit orders": 1, "commit openwork": 1}),
        (Change(steps=(STEP,), lookup=(("erp_number", "N"),)), {"commit orders": 1, "commit lookup": 1}),
        (Change(opened=(LACKS,)), {"commit orders": 1, "commit exceptions": 1}),
        (Change(remove_open_work=True), {"commit openwork": 1}),
    ],
    ids=["nothing", "step", "order's own rows", "open work", "lookup", "exception", "removal"],
)
async def test_a_commit_costs_one_request_and_one_for_each_pointer(change: Change, requests: dict[str, int]) -> None:
    tables = MemoryTables()
    await progress_over(tables).commit(KEY, change)
    assert tables.requests == requests


def dies_at(number: int) -> Callable[[str, str, str], None]:
    """Counts the moments before and after each request and dies at this one and at every later one."""
    moments = itertools.count()

    def interrupt(*_: str) -> None:
        if next(moments) >= number:
            raise Killed

    return interrupt


def whole_story(tables: MemoryTables) -> list[Callable[[], Awaitable[None]]]:
    """An order is opened with an exception, then closed: every kind of pointer is written and removed."""
    progress = progress_over(tables)

    async def begin() -> None:
        await progress.commit(
            KEY, Change(steps=(STEP,), open_work=WORK, opened=(LACKS,), lookup=(("erp_number", "N"),))
        )

    async def end() -> None:
        record = await progress.load(KEY)
        done = replace(record.steps["create_order"], state="done")
        await progress.commit(KEY, Change(steps=(done,), closed=record.exceptions, remove_open_work=True))

    return [begin, end]


async def told(story: Sequence[Callable[[], Awaitable[None]]]) -> None:
    for chapter in story:
        await chapter()


@pytest.mark.parametrize("number", range(18))
async def test_a_death_leaves_a_pointer_too_many_never_one_too_few(number: int) -> None:
    tables = MemoryTables()
    story = whole_story(tables)
    tables.interrupt = dies_at(number)
    with pytest.raises(Killed):
        await told(story)
    rows = tables.everything("orders").items()
    open_steps = [row for (_, row), values in rows if row.startswith("step|") and values["state"] != "done"]
    standing = [row for _, row in tables.everything("orders") if row.startswith("exception|")]
    pointers = tables.everything("openwork")
    indexed = [row for partition, row in tables.everything("exceptions") if partition == "open"]
    assert len(pointers) >= len(open_steps)
    assert len(indexed) >= len(standing)
    assert len(tables.everything("lookup")) >= len(open_steps)


async def test_what_a_conflict_keeps_from_being_opened_is_in_no_list() -> None:
    tables = MemoryTables()
    progress = progress_over(tables)
    await progress.commit(KEY, Change(steps=(STEP,)))
    stale = (await progress.load(KEY)).steps["create_order"]
    await progress.commit(KEY, Change(steps=(stale,)))
    with pytest.raises(Conflict):
        await progress.commit(KEY, Change(steps=(replace(stale, state="exception"),), opened=(LACKS,)))
    assert tables.everything("exceptions") == {}


async def test_a_conflict_leaves_what_another_has_opened_in_the_list() -> None:
    """And what we opened ourselves, by a request whose answer was lost."""
    tables = MemoryTables()
    progress = progress_over(tables)
    await progress.commit(KEY, Change(opened=(LACKS,)))
    for _ in range(2):
        with pytest.raises(Conflict):
            await progress.commit(KEY, Change(opened=(LACKS,)))
    assert [partition for partition, _ in tables.everything("exceptions")] == ["open"]


async def test_the_story_without_a_death_leaves_nothing_open() -> None:
    tables = MemoryTables()
    await told(whole_story(tables))
    assert tables.everything("openwork") == {}
    assert [partition for partition, _ in tables.everything("exceptions")] == ["closed|2026-03"]
    assert sum(tables.requests.values()) * 2 == 18


async def test_closing_again_after_a_death_closes_once() -> None:
    tables = MemoryTables()
    progress = progress_over(tables)
    await progress.commit(KEY, Change(opened=(LACKS,)))
    record = await progress.load(KEY)
    for _ in range(2):
        await progress.commit(KEY, Change(closed=record.exceptions))
    assert [partition for partition, _ in tables.everything("exceptions")] == ["closed|2026-03"]


async def test_texts_from_elsewhere_are_cut_to_what_a_column_takes() -> None:
    progress = progress_over(MemoryTables())
    long = "x" * 100_000
    step = replace(STEP, reason=long)
    lacks = replace(LACKS, reason=long)
    told = History(START + timedelta(seconds=1), "create_order", 1, long)
    await progress.commit(KEY, Change(steps=(step,), history=(told,), opened=(lacks,)))
    record = await progress.load(KEY)
    cut = "x" * 8000 + " [cut: 100000 characters]"
    assert record.steps["create_order"].reason == record.exceptions[0].reason == cut
    assert (await progress.history(KEY))[0].text == cut
