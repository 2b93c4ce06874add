"""Nothing is forgotten: what looking at an open order comes to, and what becomes of dead letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.bus.messages import encode
from shared.bus.queues import QUEUES
from shared.errors import Rejected, Unavailable
from shared.exceptions import opened
from shared.flows import watch
from shared.flows.seen_order import RESEND
from shared.flows.watch import LOOK_AGAIN, Looked, Ports, look
from shared.model.exception import OpenException
from shared.model.keys import BRIDGE_SHOP, ERP_SCOPE, OrderKey
from shared.model.policy import CreationPolicy
from shared.model.sales_order import ErpOrder, ErpTotals
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change, OpenWork, OrderRecord
from shared.store.open_work import TableWorkList
from shared.store.pauses import TablePauses
from shared.store.progress import TableProgress
from shared.store.tables import Insert
from tests.builders import NOW, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import EXHAUSTED, MemoryBus
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import FakeSalesOrders

SHOP = shop()
KEY = OrderKey(SHOP.id, "A-1")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PAST, COMING = NOW - MINUTE, NOW + MINUTE


def acceptance(state: str = "outstanding", **fields: Any) -> Step:
    return replace(Step("acknowledge_order", "outstanding", lines=("A-1-1",)), state=state, **fields)  # type: ignore[arg-type]


def creation(state: str = "outstanding", **fields: Any) -> Step:
    return replace(Step("create_order", "outstanding"), state=state, **fields)  # type: ignore[arg-type]


def totals(**fields: Any) -> Step:
    return replace(Step("compare_totals", "waiting", waiting_for="totals", due=PAST), **fields)


def standing(kind: str, step: str) -> OpenException:
    return opened(KEY, Rejected(kind, subject="order", reason="it stands"), step=step, now=PAST)


def looked(*steps: Step, stand: tuple[OpenException, ...] = ()) -> Looked:
    return look(OrderRecord(KEY, steps={step.name: step for step in steps}, exceptions=stand), shop=SHOP, now=NOW)


RESENT = [
    ("overdue", creation(due=PAST), [1]),
    ("due this very moment", creation(due=NOW), [1]),
    ("without a due time", creation(), [1]),
    ("not due yet", creation(due=COMING), []),
    ("in doubt and overdue", creation("unknown", due=PAST, sent=PAST, attempt=4), [4]),
    ("in doubt and not due", creation("unknown", due=COMING, sent=PAST), []),
    ("a live claim", creation("claimed", due=PAST, claim_owner="x", claim_until=COMING), []),
    ("a claim that ran out", creation("claimed", due=PAST, claim_owner="x", claim_until=PAST), [2]),
    ("waiting for the other side", creation("waiting", waiting_for="payment", due=COMING), []),
    ("an exception waits for a person", creation("exception", kind="mapping_missing"), []),
    ("an acceptance that is overdue", acceptance(due=PAST), [1]),
    ("an acceptance in doubt waits for the next answer", acceptance("unknown", due=PAST, sent=PAST), []),
    ("an acceptance that was answered", acceptance("waiting", waiting_for="decision shown", due=PAST), []),
    ("totals are read, not sent for", totals(), []),
]


@pytest.mark.parametrize(("step", "attempts"), [one[1:] for one in RESENT], ids=[one[0] for one in RESENT])
def test_what_is_overdue_is_sent_again_and_only_a_dead_claim_takes_the_next_number(
    step: Step, attempts: list[int]
) -> None:
    found = looked(step)
    assert [message.attempt for message in found.messages] == attempts
    recorded = [(one.attempt, one.due) for one in found.change.steps] if found.change else []
    assert recorded == [(attempt, NOW + RESEND) for attempt in attempts]


def test_a_claim_whose_holder_died_leaves_its_doubt_on_record() -> None:
    found = looked(creation("claimed", claims=2, claim_owner="dead", claim_until=PAST))
    assert found.change is not None
    [step] = found.change.steps
    assert (step.state, step.sent, step.claim_owner, step.claims) == ("unknown", PAST, "", 2)


def test_a_message_sent_again_keeps_the_showing_it_is_about() -> None:
    [message] = looked(acceptance(due=PAST, seen=PAST - HOUR)).messages
    assert message.seen == PAST - HOUR


HALF = timedelta(hours=12)
RAISED = [
    ("half of the window", acceptance(due=COMING, deadline=NOW), [("acceptance_at_risk", "half of")]),
    ("three quarters", acceptance(due=COMING, deadline=NOW - HALF / 2), [("acceptance_at_risk", "three quarters")]),
    ("in doubt is at risk too", acceptance("unknown", deadline=PAST), [("acceptance_at_risk", "half of")]),
    ("an exception is at risk too", acceptance("exception", deadline=PAST), [("acceptance_at_risk", "half of")]),
    ("before half of it", acceptance(due=COMING, deadline=COMING), []),
    ("answered", acceptance("waiting", waiting_for="decision shown", due=COMING, deadline=PAST), []),
    ("paid late", creation("waiting", waiting_for="payment", due=PAST), [("waits_too_long", "payment")]),
    ("not late yet", creation("waiting", waiting_for="payment", due=COMING), []),
]


@pytest.mark.parametrize(("step", "kinds"), [one[1:] for one in RAISED], ids=[one[0] for one in RAISED])
def test_what_is_at_risk_is_told_once(step: Step, kinds: list[tuple[str, str]]) -> None:
    found = looked(step)
    raised = found.change.opened if found.change else ()
    assert [one.kind for one in raised] == [kind for kind, _ in kinds]
    assert all(word in one.reason for one, (_, word) in zip(raised, kinds, strict=True))
    again = looked(step, stand=tuple(standing(kind, step.name) for kind, _ in kinds))
    assert again.change is None or again.change.opened == ()


@pytest.mark.parametrize("found", [NOW, NOW + 5 * HOUR])
def test_an_acceptance_at_risk_is_critical_at_three_quarters_of_its_window(found: datetime) -> None:
    step = acceptance(due=NOW + 9 * HOUR, deadline=NOW)
    change = look(OrderRecord(KEY, steps={step.name: step}), shop=SHOP, now=found).change
    assert change is not None
    assert [(one.due, one.escalates) for one in change.opened] == [(found, NOW + HALF / 2)]


NEXT = [
    ("soon: not sooner than in a minute", [creation(due=NOW + timedelta(seconds=5))], NOW + MINUTE),
    ("when it is due", [creation(due=NOW + 7 * MINUTE)], NOW + 7 * MINUTE),
    ("the soonest of several", [creation(due=NOW + 9 * MINUTE), acceptance(due=NOW + 4 * MINUTE)], NOW + 4 * MINUTE),
    ("after it was sent again", [creation(due=PAST)], NOW + RESEND),
    ("when a claim runs out", [creation("claimed", due=PAST, claim_until=NOW + 3 * MINUTE)], NOW + 3 * MINUTE),
    (
        "far away: a look in between",
        [creation("waiting", waiting_for="payment", due=NOW + 90 * HOUR)],
        NOW + LOOK_AGAIN,
    ),
    ("never due: a look in between", [creation("exception", kind="erp_refused")], NOW + LOOK_AGAIN),
]


@pytest.mark.parametrize(("steps", "again"), [one[1:] for one in NEXT], ids=[one[0] for one in NEXT])
def test_when_it_looks_again(steps: list[Step], again: datetime) -> None:
    assert looked(*steps).again == again


def test_an_order_whose_steps_are_all_closed_needs_no_further_look() -> None:
    assert looked(creation("done"), acceptance("not_needed")) == Looked()


@dataclass
class Desk:
    """One instance that watches, with an ERP that shows totals or fails."""

    erp: FakeSalesOrders = field(default_factory=FakeSalesOrders)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.bus = MemoryBus(self.clock)
        self.progress = TableProgress(self.tables, self.clock)
        self.work = TableWorkList(self.tables)
        self.pauses = TablePauses(self.tables, self.clock)

    async def order(self, *steps: Step, due: datetime = PAST, key: OrderKey = KEY) -> Desk:
        work = OpenWork(key, steps[0].name, due)
        await self.progress.commit(key, Change(steps=steps, open_work=work))
        return self

    async def watch(self) -> None:
        ports = Ports(self.progress, self.work, self.bus, self.bus, self.pauses, lambda _: self.erp, self.clock)
        await watch.run({SHOP.id: SHOP}, QUEUES, policy=CreationPolicy(), ports=ports)

    async def record(self, key: OrderKey = KEY) -> OrderRecord:
        return await self.progress.load(key)

    async def step(self, name: str = "create_order") -> Step:
        return next(one for one in (await self.record()).steps.values() if one.name == name)

    async def kinds(self, key: OrderKey = KEY) -> list[tuple[str, str]]:
        return [(one.kind, one.subject) for one in (await self.record(key)).exceptions]

    async def due(self) -> list[datetime]:
        return [one.due for one in await self.work.due(SHOP.id, NOW + timedelta(days=9), 10)]

    def bury(self, queue: str, body: str) -> None:
        """What a message becomes that five deliveries in a row ended badly for."""
        self.bus.inject(queue, body)
        for _ in range(QUEUES[queue].max_delivery_count):
            received = self.bus.receive(queue, self.clock.now())
            assert received is not None
            self.bus.abandon(received, self.clock.now())


async def test_an_overdue_order_is_sent_again_and_looked_at_later() -> None:
    desk = await Desk().order(creation(due=PAST))
    await desk.watch()
    assert desk.bus.waiting("create-order") == 1
    assert (await desk.step()).due == NOW + RESEND
    assert await desk.due() == [NOW + RESEND]


async def test_what_is_not_due_costs_one_query() -> None:
    desk = await Desk().order(creation(due=COMING), due=COMING)
    desk.tables.requests.clear()
    await desk.watch()
    assert desk.tables.requests == {"query openwork": 1}


async def test_the_row_of_an_order_that_is_over_goes() -> None:
    desk = await Desk().order(creation("done"))
    await desk.watch()
    assert await desk.due() == []


async def test_an_order_that_moves_while_it_is_looked_at_stays_due() -> None:
    desk = await Desk().order(creation(due=PAST))
    whole = desk.progress.commit

    async def overtaken(key: OrderKey, change: Change) -> Any:
        step = (await desk.record()).steps["create_order"]
        await whole(key, Change(steps=(replace(step, reason="moved"),)))
        return await whole(key, change)

    desk.progress.commit = overtaken  # type: ignore[method-assign]
    await desk.watch()
    assert desk.bus.waiting("create-order") == 0
    assert await desk.due() == [PAST]


async def awaiting_totals(erp: FakeSalesOrders | None = None) -> Desk:
    """An order whose totals the ERP has calculated, and nobody has compared."""
    desk = await Desk(erp or FakeSalesOrders()).order(totals(reference="NO-A-1", expected="TAX_INCLUDED 10.00 1.67"))
    desk.erp.orders["NO-A-1"] = ErpOrder("NO-A-1", "NO-A-1", "C-1", "EUR", "Backorder", on_hold=False, lines=())
    desk.erp.shown_totals["NO-A-1"] = ErpTotals("NO-A-1", Decimal("10.00"), Decimal("1.67"))
    return desk


async def test_totals_that_are_there_are_compared_and_the_order_is_over() -> None:
    desk = await awaiting_totals()
    await desk.watch()
    assert (await desk.step("compare_totals")).state == "done"
    assert await desk.due() == []


async def test_totals_wait_while_the_erp_is_paused() -> None:
    desk = await awaiting_totals()
    await desk.pauses.begin(ERP_SCOPE, cause="Unavailable", reason="HTTP 503", retry_after=None)
    await desk.watch()
    assert (await desk.step("compare_totals")).state == "waiting"
    assert await desk.due() == [NOW + LOOK_AGAIN]


async def test_totals_that_were_the_probe_of_an_outage_end_it() -> None:
    desk = await awaiting_totals()
    pause = await desk.pauses.begin(ERP_SCOPE, cause="Unavailable", reason="HTTP 503", retry_after=None)
    told = Rejected("outage", subject=ERP_SCOPE, reason="HTTP 503")
    key = OrderKey(BRIDGE_SHOP, "")
    await desk.progress.commit(key, Change(opened=(opened(key, told, step="", now=NOW),)))
    desk.clock.move_to(pause.probe_at)
    await desk.watch()
    assert (await desk.step("compare_totals")).state == "done"
    assert await desk.pauses.standing([ERP_SCOPE]) is None
    assert await desk.kinds(key) == []


async def test_an_erp_that_is_down_postpones_totals_and_nothing_else() -> None:
    class Down(FakeSalesOrders):
        async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
            raise Unavailable("HTTP 503", scope=ERP_SCOPE)

    desk = await awaiting_totals(Down())
    desk.bury("create-order", "from another tool")
    await desk.watch()
    assert (await desk.step("compare_totals")).state == "waiting"
    assert [kind for kind, _ in await desk.kinds(OrderKey(BRIDGE_SHOP, ""))] == ["message_unreadable"]


# Dead letters.

MESSAGE = StepMessage("create_order", KEY.shop, KEY.order, attempt=1)


async def test_a_dead_letter_that_nothing_explains_becomes_an_exception_and_stays() -> None:
    desk = await Desk().order(creation(due=COMING), due=COMING)
    desk.bury("create-order", encode(MESSAGE))
    await desk.watch()
    await desk.watch()
    assert await desk.kinds() == [("dead_letter", "create_order")]
    [found] = (await desk.record()).exceptions
    assert (found.owner, found.reason, found.count) == ("integration", EXHAUSTED, 1)
    assert (await desk.step()).state == "exception"
    assert len(desk.bus.dead("create-order")) == 1


CLEARED = [
    ("its step is done", creation("done"), True),
    ("its step needs nothing", creation("not_needed"), True),
    ("a newer message is on its way", creation(attempt=2, due=COMING), True),
    ("a person is asked", creation("exception", kind="erp_refused"), False),
    ("somebody is at it", creation("claimed", claim_owner="x", claim_until=COMING), False),
]


@pytest.mark.parametrize(("step", "cleared"), [one[1:] for one in CLEARED], ids=[one[0] for one in CLEARED])
async def test_a_dead_letter_that_is_explained_opens_nothing_and_goes_when_it_is_over(
    step: Step, cleared: bool
) -> None:
    desk = await Desk().order(step, due=COMING)
    desk.bury("create-order", encode(MESSAGE))
    await desk.watch()
    assert await desk.kinds() == []
    assert len(desk.bus.dead("create-order")) == (0 if cleared else 1)


async def test_a_dead_letter_of_an_order_without_a_record_is_told_once() -> None:
    desk = Desk()
    desk.bury("acknowledge-order", encode(replace(MESSAGE, step="acknowledge_order")))
    await desk.watch()
    await desk.watch()
    assert await desk.kinds() == [("dead_letter", "acknowledge_order")]


async def test_a_dead_letter_that_cannot_be_read_is_told_once_to_integration() -> None:
    desk = Desk()
    desk.bury("create-order", "from another tool")
    await desk.watch()
    await desk.watch()
    [found] = (await desk.record(OrderKey(BRIDGE_SHOP, ""))).exceptions
    assert (found.kind, found.owner, found.count) == ("message_unreadable", "integration", 1)
    assert len(desk.bus.dead("create-order")) == 1


async def test_an_unreadable_message_that_was_told_when_it_was_delivered_is_not_told_again() -> None:
    desk = Desk()
    key = OrderKey(BRIDGE_SHOP, "")
    told = Rejected("message_unreadable", subject="create-order", reason="the body is not JSON")
    await desk.progress.commit(key, Change(opened=(opened(key, told, step="create_order", now=NOW),)))
    desk.bury("create-order", "from another tool")
    await desk.watch()
    assert await desk.kinds(key) == [("message_unreadable", "create-order")]


async def test_a_dead_poll_is_told_and_goes_because_its_timer_brings_the_next() -> None:
    desk = Desk()
    for _ in range(2):
        desk.bury("poll-orders", encode(StepMessage("poll_orders", SHOP.id)))
        await desk.watch()
    assert desk.bus.dead("poll-orders") == ()
    assert await desk.kinds(OrderKey(SHOP.id, "")) == [("dead_letter", "poll_orders")]


async def test_a_row_of_a_newer_version_hides_no_other_order() -> None:
    desk = await Desk().order(creation(due=PAST), due=PAST)
    newer = OrderKey(SHOP.id, "A-0")
    await desk.tables.commit("orders", str(newer), [Insert("step|create_order", {"v": 99})])
    await TableWorkList(desk.tables).put([OpenWork(newer, "create_order", PAST)])
    desk.bury("create-order", encode(replace(MESSAGE, order="A-0")))
    desk.bury("create-order", "from another tool")
    await desk.watch()
    assert (await desk.step()).due == NOW + RESEND
    assert len(desk.bus.dead("create-order")) == 2
    assert [kind for kind, _ in await desk.kinds(OrderKey(BRIDGE_SHOP, ""))] == ["message_unreadable"]
