"""What becomes of a message: done, later, an exception, or a bug; and what is on record when it goes."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from functions import fates, settling
from functions.fates import LOST_IN_A_ROW, Ports
from shared.bus.messages import encode
from shared.errors import Conflict, Judged, Rejected, Unavailable
from shared.exceptions import opened
from shared.flows import outages
from shared.flows.sighting.seen_order import RESEND
from shared.model.exception import OpenException
from shared.model.keys import BRIDGE_SHOP, ERP_SCOPE, OrderKey, operation_scope, shop_scope
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later, Outcome
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.own import Change, Pause
from shared.store.pauses import TablePauses
from shared.store.progress import TableProgress
from tests.builders import NOW
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables

KEY = OrderKey("north-de", "A-1")
MESSAGE = StepMessage("create_order", KEY.shop, KEY.order, 1, NOW)
POLL = StepMessage("poll_orders", KEY.shop)
STEP = Step("create_order", "outstanding", due=NOW)
MINUTE = timedelta(minutes=1)
BLOCKED = Blocked(ERP_SCOPE, "HTTP 503", STEP, "Unavailable")
REFUSED = Rejected("erp_refused", subject="item A", reason="the item is stopped")
Work = Callable[[], Awaitable[Outcome]]


class Killed(BaseException):
    """The process dies here."""


@dataclass
class Desk:
    """One order whose creation is outstanding; `meet` is what a trigger does with its message."""

    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)
    worked: int = 0

    def __post_init__(self) -> None:
        self.bus = MemoryBus(self.clock)
        self.restarted()

    def restarted(self) -> Desk:
        self.progress = TableProgress(self.tables, self.clock)
        self.ports = Ports(
            self.progress, TablePauses(self.tables, self.clock), self.bus, self.clock, jitter=lambda: 0.0
        )
        return self

    async def prepared(self, step: Step = STEP) -> Desk:
        await self.progress.commit(KEY, Change(steps=(step,)))
        return self

    async def meet(self, outcome: Outcome | Work, message: StepMessage = MESSAGE, *scopes: str) -> None:
        async def work() -> Outcome:
            self.worked += 1
            if callable(outcome):
                return await outcome()
            return await self._current(outcome)

        await fates.meet(message, scopes=scopes or (ERP_SCOPE,), work=work, ports=self.ports)

    async def _current(self, outcome: Outcome) -> Outcome:
        """The step of an outcome carries the version that its flow has read."""
        match outcome:
            case Later(step=Step() as step) | Blocked(step=Step() as step) | Exceptional(step=step):
                return replace(outcome, step=replace(step, version=(await self.step()).version))
            case _:
                return outcome

    async def step(self) -> Step:
        return (await self.progress.load(KEY)).steps["create_order"]

    async def exceptions(self, key: OrderKey = KEY) -> Sequence[OpenException]:
        return (await self.progress.load(key)).exceptions

    async def kinds(self, key: OrderKey = KEY) -> list[tuple[str, str, int]]:
        return [(one.kind, one.subject, one.count) for one in await self.exceptions(key)]

    def copies(self) -> list[tuple[int, datetime]]:
        """Attempt and time of appearing of every copy, in the order of appearing."""
        found, now = [], self.clock.now()
        while (following := self.bus.next_event(now)) is not None and following < NOW + timedelta(days=1):
            now = following
            while (received := self.bus.receive("create-order", now)) is not None:
                found.append((received.message.attempt, now))
                self.bus.complete(received, now)
        return found


# The four fates.

UNKNOWN = replace(STEP, state="unknown", sent=NOW)


@pytest.mark.parametrize(
    ("outcome", "copies", "state", "attempt", "due"),
    [
        (Done("created"), [], "outstanding", 1, NOW),
        (Later(MINUTE, "a live claim"), [(1, NOW + MINUTE)], "outstanding", 1, NOW),
        (Later(MINUTE, "lost", UNKNOWN), [(2, NOW + MINUTE)], "unknown", 2, NOW + MINUTE + RESEND),
        (BLOCKED, [(2, NOW + timedelta(seconds=35))], "outstanding", 2, NOW + RESEND + timedelta(seconds=35)),
        (replace(BLOCKED, step=None), [(1, NOW + timedelta(seconds=35))], "outstanding", 1, NOW),
    ],
)
async def test_done_and_later(
    outcome: Outcome, copies: list[tuple[int, datetime]], state: str, attempt: int, due: datetime
) -> None:
    desk = await Desk().prepared()
    await desk.meet(outcome)
    step = await desk.step()
    assert (step.state, step.attempt, step.due) == (state, attempt, due)
    assert desk.copies() == copies


async def test_a_business_reason_is_on_record_before_the_message_is_let_go() -> None:
    desk = await Desk().prepared(replace(STEP, claims=3, claim_owner="x"))
    with pytest.raises(Judged):
        await desk.meet(Exceptional(STEP, (REFUSED,)))
    step = await desk.step()
    assert (step.state, step.kind, step.claims, step.claim_owner, step.due) == ("exception", "erp_refused", 0, "", None)
    [found] = await desk.exceptions()
    assert (found.kind, found.owner, found.step, found.due) == (
        "erp_refused",
        "operations",
        "create_order",
        NOW + 240 * MINUTE,
    )
    assert desk.copies() == []


async def test_every_reason_of_an_order_is_an_exception_and_those_that_are_gone_close() -> None:
    desk = await Desk().prepared()
    other = Rejected("text_does_not_fit", subject="DeliveryAddressName", reason="too long")
    with pytest.raises(Judged, match=r"erp_refused\+text_does_not_fit"):
        await desk.meet(Exceptional(STEP, (REFUSED, other)))
    desk.clock.advance(MINUTE)
    with pytest.raises(Judged):
        await desk.meet(Exceptional(STEP, (other,)))
    assert await desk.kinds() == [("text_does_not_fit", "DeliveryAddressName", 2)]


@pytest.mark.parametrize(
    ("kind", "stands"),
    [
        ("shipment_corrected", True),
        ("shipped_after_cancellation", True),
        ("shipment_unmatched", True),
        ("cancelled_in_erp", True),
        ("tracking_refused", False),
    ],
)
async def test_a_verdict_leaves_alone_what_others_found_at_the_step(kind: str, stands: bool) -> None:
    desk = await Desk().prepared()
    found = opened(KEY, Rejected(kind, subject="PS-1", reason="a poll saw it"), step=STEP.name, now=NOW)
    await desk.progress.commit(KEY, Change(opened=(found,)))
    with pytest.raises(Judged):
        await desk.meet(Exceptional(STEP, (REFUSED,)))
    assert (kind in {one.kind for one in await desk.exceptions()}) is stands


async def test_a_message_that_was_judged_before_writes_nothing() -> None:
    desk = await Desk().prepared(replace(STEP, state="exception", kind="erp_refused"))
    before = dict(desk.tables.everything("orders"))
    with pytest.raises(Judged):
        await desk.meet(AlreadyJudged("erp_refused"))
    assert dict(desk.tables.everything("orders")) == before


async def test_a_bug_goes_back_to_the_queue_as_it_is() -> None:
    desk = await Desk().prepared()
    before = dict(desk.tables.everything("orders"))

    async def broken() -> Outcome:
        raise KeyError("a bug")

    with pytest.raises(KeyError):
        await desk.meet(broken)
    assert dict(desk.tables.everything("orders")) == before
    assert desk.copies() == []


# The order of copy and record, told by dying at every place.


@pytest.mark.parametrize(
    ("dies", "copies", "attempt"),
    [
        (("before", "send"), 0, 1),
        (("after", "send"), 1, 1),
        (("before", "commit"), 1, 1),
        (("after", "commit"), 1, 2),
    ],
)
async def test_a_death_anywhere_leaves_a_message_too_many_and_never_none(
    dies: tuple[str, str], copies: int, attempt: int
) -> None:
    """The message itself is not completed, so it comes again in each of these cases."""
    desk = await Desk().prepared()

    def die(when: str, verb: str, _: str) -> None:
        if (when, verb) == dies:
            raise Killed

    desk.bus.interrupt = desk.tables.interrupt = die
    with pytest.raises(Killed):
        await desk.meet(Later(MINUTE, "lost", UNKNOWN))
    desk.bus.interrupt = desk.tables.interrupt = None
    assert ((await desk.step()).attempt, len(desk.copies())) == (attempt, copies)


# Records that move while the work is done.


async def test_a_record_that_moved_is_looked_at_again_at_once() -> None:
    desk = await Desk().prepared()
    outcomes: list[Outcome | Exception] = [Conflict("moved"), Done("created")]

    async def work() -> Outcome:
        outcome = outcomes.pop(0)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    await desk.meet(work)
    assert desk.worked == 2


async def test_a_record_that_moves_at_every_look_goes_back_to_the_queue() -> None:
    desk = await Desk().prepared()

    async def moving() -> Outcome:
        raise Conflict("moved")

    with pytest.raises(Conflict):
        await desk.meet(moving)


# Outages: one pause, one exception, one probe.

BRIDGE, SHOP = OrderKey(BRIDGE_SHOP, ""), OrderKey(KEY.shop, "")


async def test_while_the_other_side_is_down_nothing_is_called_and_one_exception_stands() -> None:
    desk = await Desk().prepared()
    await desk.meet(BLOCKED)
    await desk.meet(Done("never asked"), replace(MESSAGE, attempt=2))
    await desk.restarted().meet(Done("never asked"), replace(MESSAGE, attempt=3))
    assert desk.worked == 1
    assert await desk.kinds(BRIDGE) == [("outage", ERP_SCOPE, 1)]
    assert (await desk.step()).attempt == 4
    assert [attempt for attempt, _ in desk.copies()] == [2, 3, 4]


async def test_messages_that_come_twice_do_not_multiply_while_they_wait() -> None:
    desk = await Desk().prepared()
    await desk.meet(BLOCKED)
    for _ in range(5):
        await desk.meet(Done("never asked"), replace(MESSAGE, attempt=2))
    assert [attempt for attempt, _ in desk.copies()] == [2, 3]


@pytest.mark.parametrize("state", ["done", "not_needed", "exception", "waiting"])
async def test_what_has_nothing_to_do_any_more_does_not_wait_for_the_end_of_an_outage(state: Any) -> None:
    desk = await Desk().prepared(replace(STEP, state=state))
    await desk.meet(replace(BLOCKED, step=None), POLL)
    await desk.meet(Done("never asked"))
    assert desk.copies() == []


async def test_at_probe_time_one_message_tries_and_its_success_ends_the_outage() -> None:
    desk = await Desk().prepared()
    await desk.meet(BLOCKED)
    desk.clock.advance(timedelta(seconds=30))
    other = Desk(desk.clock, desk.tables)
    other.bus = desk.bus
    tried: list[str] = []

    async def probe() -> Outcome:
        tried.append("probe")
        await other.restarted().meet(Done("too early"), replace(MESSAGE, attempt=2))
        return Done("created")

    await desk.meet(probe, replace(MESSAGE, attempt=2))
    assert (tried, other.worked) == (["probe"], 0)
    assert await desk.kinds(BRIDGE) == []
    await desk.meet(Done("created"), replace(MESSAGE, attempt=9))
    assert desk.worked == 3


async def test_an_exception_that_is_counted_while_it_is_closed_is_closed_all_the_same() -> None:
    desk = await Desk().prepared()
    await desk.meet(BLOCKED)
    desk.clock.advance(timedelta(seconds=30))
    whole, left = desk.progress.commit, [1]

    async def overtaken(key: OrderKey, change: Change) -> Any:
        if change.closed and left:
            left.pop()
            [stands] = await desk.exceptions(BRIDGE)
            await whole(BRIDGE, Change(opened=(stands,)))
        return await whole(key, change)

    desk.progress.commit = overtaken  # type: ignore[method-assign]
    await desk.meet(Done("created"), replace(MESSAGE, attempt=2))
    assert await desk.kinds(BRIDGE) == []


async def test_a_probe_that_fails_lengthens_the_pause_and_counts_at_the_same_exception() -> None:
    desk = await Desk().prepared()
    await desk.meet(BLOCKED)
    desk.clock.advance(timedelta(seconds=30))
    await desk.meet(BLOCKED, replace(MESSAGE, attempt=2))
    assert await desk.kinds(BRIDGE) == [("outage", ERP_SCOPE, 2)]
    desk.clock.advance(timedelta(seconds=59))
    await desk.meet(Done("never asked"), replace(MESSAGE, attempt=3))
    assert desk.worked == 2


async def test_a_message_that_asked_nobody_says_nothing_about_an_outage() -> None:
    desk = await Desk().prepared()
    await desk.meet(BLOCKED)
    desk.clock.advance(timedelta(seconds=30))
    await desk.meet(Done("already done", answered=False), replace(MESSAGE, attempt=2))
    assert await desk.kinds(BRIDGE) == [("outage", ERP_SCOPE, 1)]
    await desk.restarted().meet(Done("never asked"), replace(MESSAGE, attempt=2))
    assert desk.worked == 2


CAUSES = [
    (Blocked(shop_scope(KEY.shop), "HTTP 503", None, "Unavailable"), [("outage", "integration")]),
    (Blocked(shop_scope(KEY.shop), "HTTP 401", None, "Unauthorized"), [("unauthorized", "integration")]),
    (Blocked(operation_scope(KEY.shop, "OR11"), "HTTP 429", None, "Throttled"), []),
]


@pytest.mark.parametrize(("blocked", "raised"), CAUSES)
async def test_who_is_told_of_a_shop_that_is_blocked(blocked: Blocked, raised: list[tuple[str, str]]) -> None:
    desk = await Desk().prepared()
    await desk.meet(blocked, POLL, blocked.scope)
    assert [(one.kind, one.owner) for one in await desk.exceptions(SHOP)] == raised
    await desk.meet(Done("never asked"), POLL, blocked.scope)
    assert desk.worked == 1


async def test_what_the_other_side_asks_for_is_honoured() -> None:
    desk = await Desk().prepared()
    await desk.meet(replace(BLOCKED, cause="Throttled", retry_after=10 * MINUTE))
    [(_, at)] = desk.copies()
    assert at >= NOW + 10 * MINUTE


async def test_a_success_right_after_a_pause_began_leaves_no_exception_behind() -> None:
    desk = await Desk().prepared()

    class EndedAtOnce(TablePauses):
        async def begin(self, scope: str, **why: Any) -> Pause:
            pause = await super().begin(scope, **why)
            await outages.over(scope, pauses=self, progress=desk.progress)
            return pause

    desk.ports = replace(desk.ports, pauses=EndedAtOnce(desk.tables, desk.clock))
    await desk.meet(BLOCKED)
    assert await desk.kinds(BRIDGE) == []


async def test_lost_answers_in_a_row_are_an_outage() -> None:
    desk = await Desk().prepared()
    for number in range(LOST_IN_A_ROW):
        assert await desk.kinds(BRIDGE) == []
        await desk.meet(Later(MINUTE, "no answer", UNKNOWN, scope=ERP_SCOPE), replace(MESSAGE, attempt=number + 1))
    assert await desk.kinds(BRIDGE) == [("outage", ERP_SCOPE, 1)]


@pytest.mark.parametrize(("asked", "until"), [(None, timedelta(seconds=30)), (10 * MINUTE, 10 * MINUTE)])
async def test_a_lost_answer_of_a_side_that_is_down_pauses_it_at_once_and_the_doubt_stays(
    asked: timedelta | None, until: timedelta
) -> None:
    desk = await Desk().prepared()
    await desk.meet(Later(15 * MINUTE, "HTTP 503", UNKNOWN, ERP_SCOPE, down=True, retry_after=asked))
    assert ((await desk.step()).state, (await desk.step()).sent) == ("unknown", NOW)
    assert await desk.kinds(BRIDGE) == [("outage", ERP_SCOPE, 1)]
    await desk.meet(Done("never asked"), replace(MESSAGE, order="A-2"))
    assert desk.worked == 1
    desk.clock.advance(until)
    await desk.meet(Done("created"), replace(MESSAGE, order="A-2"))
    assert (desk.worked, await desk.kinds(BRIDGE)) == (2, [])


@pytest.mark.parametrize("step", [STEP, None], ids=["with its step", "without"])
async def test_a_side_that_rests_by_the_client_s_wish_is_no_outage(step: Step | None) -> None:
    desk = await Desk().prepared()
    await desk.meet(Blocked(ERP_SCOPE, "quiet hours", step, "Resting", 120 * MINUTE))
    assert await desk.kinds(BRIDGE) == []
    await desk.meet(Done("another was tried"), replace(MESSAGE, order="A-2"))
    assert desk.worked == 2
    assert [at for _, at in desk.copies()] == [NOW + 120 * MINUTE]


async def test_a_poll_of_a_side_that_rests_is_over() -> None:
    desk = Desk()
    await desk.meet(Blocked(ERP_SCOPE, "quiet hours", None, "Resting", MINUTE), POLL)
    assert (desk.bus.waiting("poll-orders"), await desk.kinds(BRIDGE)) == (0, [])


async def test_lost_answers_with_a_success_between_them_are_none() -> None:
    desk = await Desk().prepared()
    lost = Later(MINUTE, "no answer", UNKNOWN, scope=ERP_SCOPE)
    for outcome in (lost, lost, Done("created"), lost, lost):
        await desk.meet(outcome)
    assert await desk.kinds(BRIDGE) == []


async def test_a_poll_is_never_copied_because_its_timer_brings_the_next() -> None:
    desk = Desk()
    await desk.meet(Later(MINUTE, "later"), POLL, shop_scope(KEY.shop))
    await desk.meet(Blocked(shop_scope(KEY.shop), "HTTP 503", None, "Unavailable"), POLL, shop_scope(KEY.shop))
    await desk.meet(Done("never asked"), POLL, shop_scope(KEY.shop))
    assert desk.bus.waiting("poll-orders") == 0


async def test_a_store_that_cannot_tell_of_pauses_stops_no_work() -> None:
    desk = await Desk().prepared()

    def down(when: str, verb: str, table: str) -> None:
        raise Unavailable("the table store is down", scope="tables")

    desk.tables.interrupt = down
    await desk.meet(Done("accepted", answered=False))
    assert desk.worked == 1


# From the trigger.


async def trigger(desk: Desk, body: bytes, count: int | None, step: Any) -> None:
    received = SimpleNamespace(delivery_count=count, get_body=lambda: body)
    ports = desk.ports
    bridge = SimpleNamespace(
        progress=ports.progress, pauses=ports.pauses, outbox=ports.outbox, clock=ports.clock,
        jitter=ports.jitter, lost=ports.lost, scopes=lambda _: (ERP_SCOPE,),
    )  # fmt: skip
    await settling.settle(received, "create-order", bridge, step)  # type: ignore[arg-type]


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (4, 4), (None, 1)])
async def test_a_step_gets_its_message_and_how_often_it_came(count: int | None, expected: int) -> None:
    desk = await Desk().prepared()
    got: list[tuple[StepMessage, Delivery]] = []

    async def step(message: StepMessage, delivery: Delivery) -> Outcome:
        got.append((message, delivery))
        return Done("created")

    await trigger(desk, encode(MESSAGE).encode(), count, step)
    assert got == [(MESSAGE, Delivery(expected))]


async def test_a_message_that_cannot_be_read_is_told_once_without_its_body_and_dead_lettered() -> None:
    desk = Desk()

    async def never(message: StepMessage, delivery: Delivery) -> Outcome:
        raise AssertionError("nothing to work on")

    for _ in range(2):
        with pytest.raises(Judged):
            await trigger(desk, b'{"v9": {"name": "Shopper One"}}', 1, never)
    [found] = await desk.exceptions(BRIDGE)
    assert (found.kind, found.subject, found.owner, found.count) == (
        "message_unreadable",
        "create-order",
        "integration",
        2,
    )
    assert "Shopper" not in repr(desk.tables.everything("orders"))
