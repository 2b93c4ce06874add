"""Acceptance, decided from a message, its delivery and the record; and carried out whatever answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from shared.errors import LinesChanged, Rejected, Throttled, Unavailable, UnknownOutcome, WrongState
from shared.flows.acknowledge_order import Accept, Doubt, Stale, decide, run
from shared.model.keys import OrderKey
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.own import Change, OrderRecord
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from tests.fakes.clock import START, VirtualClock
from tests.fakes.memory_tables import MemoryTables

KEY = OrderKey("north-main", "A-1")
SHOWN = START - timedelta(minutes=1)
MESSAGE = StepMessage("acknowledge_order", KEY.shop, KEY.order, 1, SHOWN)
FRESH = Step("acknowledge_order", "outstanding", seen=SHOWN, lines=("A-1-1",))


@pytest.mark.parametrize(
    ("step", "message", "count", "expected"),
    [
        (FRESH, MESSAGE, 1, Accept),
        (replace(FRESH, state="done"), MESSAGE, 1, Stale),
        (replace(FRESH, state="not_needed"), MESSAGE, 1, Stale),
        (replace(FRESH, attempt=2), MESSAGE, 1, Stale),
        (FRESH, MESSAGE, 2, Doubt),
        (replace(FRESH, sent=SHOWN), MESSAGE, 1, Stale),
        (replace(FRESH, state="waiting", sent=SHOWN + timedelta(seconds=1)), MESSAGE, 1, Stale),
        (replace(FRESH, state="unknown", sent=SHOWN - timedelta(seconds=1)), MESSAGE, 1, Accept),
        (replace(FRESH, state="exception", kind="acceptance_refused"), MESSAGE, 1, Accept),
        (replace(FRESH, state="exception", kind="acceptance_refused"), MESSAGE, 2, AlreadyJudged),
    ],
)
def test_a_message_acts_once_per_showing(step: Step, message: StepMessage, count: int, expected: type) -> None:
    record = OrderRecord(KEY, steps={"acknowledge_order": step})
    assert isinstance(decide(message, Delivery(count), record, ()), expected)


def test_without_a_record_the_lines_that_were_seen_are_accepted() -> None:
    assert isinstance(decide(MESSAGE, Delivery(), None, ("A-1-1",)), Accept)
    assert isinstance(decide(MESSAGE, Delivery(), None, ()), Stale)


@dataclass
class Mirakl:
    """Accepts, or fails as told."""

    failure: Exception | None = None
    accepted: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    async def accept(self, order_id: str, lines: Sequence[str]) -> None:
        if self.failure is not None:
            raise self.failure
        self.accepted.append((order_id, tuple(lines)))


@dataclass
class Desk:
    """One order that waits for acceptance, on record."""

    mirakl: Mirakl
    clock: VirtualClock = field(default_factory=VirtualClock)
    tables: MemoryTables = field(default_factory=MemoryTables)

    async def prepared(self) -> Desk:
        await self.progress.commit(KEY, Change(steps=(FRESH,)))
        return self

    @property
    def progress(self) -> TableProgress:
        return TableProgress(self.tables, self.clock)

    @property
    def work(self) -> TableWorkList:
        return TableWorkList(self.tables)

    async def accept(self, message: StepMessage = MESSAGE, count: int = 1) -> object:
        return await run(
            message, Delivery(count), acceptance=self.mirakl, progress=self.progress, work=self.work, clock=self.clock
        )

    async def step(self) -> Step:
        return (await self.progress.load(KEY)).steps["acknowledge_order"]


async def test_an_accepted_order_waits_until_mirakl_shows_it() -> None:
    desk = await Desk(Mirakl()).prepared()
    assert isinstance(await desk.accept(), Done)
    step = await desk.step()
    assert desk.mirakl.accepted == [("A-1", ("A-1-1",))]
    assert (step.state, step.waiting_for, step.sent) == ("waiting", "decision shown", START)


async def test_the_same_showing_twice_sends_or21_once() -> None:
    desk = await Desk(Mirakl()).prepared()
    await desk.accept()
    await desk.accept()
    assert len(desk.mirakl.accepted) == 1


@pytest.mark.parametrize(
    ("failure", "outcome", "state", "doubt"),
    [
        (WrongState("ORDER_INVALID_STATE"), Done, "waiting", False),
        (LinesChanged("ORDER_LINE_NOT_FOUND"), Done, "unknown", True),
        (UnknownOutcome("no answer", scope="shop:north-main"), Done, "unknown", True),
        (Throttled("429", scope="shop:north-main:OR21"), Blocked, "outstanding", False),
        (Unavailable("refused", scope="shop:north-main"), Blocked, "outstanding", False),
        (Rejected("acceptance_refused", subject="VALIDATION_ERROR", reason="400"), Exceptional, "outstanding", False),
    ],
)
async def test_every_answer_leaves_a_record(failure: Exception, outcome: type, state: str, doubt: bool) -> None:
    desk = await Desk(Mirakl(failure)).prepared()
    assert isinstance(await desk.accept(), outcome)
    assert (await desk.step()).state == state
    in_doubt = await desk.work.marked(KEY.shop, "acceptance_doubt", 10)
    assert bool(in_doubt) == doubt


async def test_a_redelivery_waits_for_the_next_showing_and_then_sends_again() -> None:
    desk = await Desk(Mirakl()).prepared()
    await desk.accept(count=2)
    assert desk.mirakl.accepted == []
    assert (await desk.step()).state == "unknown"
    await desk.accept(replace(MESSAGE, attempt=2, seen=desk.clock.advance(timedelta(minutes=4))))
    assert len(desk.mirakl.accepted) == 1


async def test_no_store_of_ours_stops_an_acceptance() -> None:
    desk = await Desk(Mirakl()).prepared()

    def broken(*_: object) -> None:
        raise Unavailable("the table store is down", scope="tables")

    desk.tables.interrupt = broken
    with pytest.raises(Unavailable):
        await run(
            MESSAGE,
            Delivery(),
            acceptance=desk.mirakl,
            progress=desk.progress,
            work=desk.work,
            clock=desk.clock,
            lines=("A-1-1",),
        )
    assert desk.mirakl.accepted == [("A-1", ("A-1-1",))]
