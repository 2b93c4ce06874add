"""Nothing is forgotten: overdue orders are found and sent again, totals compared, numbers reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
from shared.flows.open_work import LOOK_AGAIN, SLEEP
from shared.flows.sighting.seen_order import RESEND
from shared.flows.waits import TRACKING
from shared.flows.watch import Ports
from shared.model.keys import BRIDGE_SHOP, ERP_SCOPE, OrderKey, scope_subject
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.sales_order import ErpOrder, ErpTotals
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change, OpenWork, OrderRecord
from shared.store.call_budget import TableCallBudget
from shared.store.exceptions import TableExceptions
from shared.store.open_work import TableWorkList
from shared.store.pauses import TablePauses
from shared.store.progress import TableProgress
from shared.store.tables import Insert
from tests.builders import NOW
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import FakeSalesOrders
from tests.flows.test_overdue import (
    COMING,
    HOUR,
    KEY,
    MINUTE,
    PAST,
    SHOP,
    acceptance,
    confirmation,
    creation,
    numbers,
    totals,
)

MESSAGE = StepMessage("create_order", KEY.shop, KEY.order, attempt=1)
CREATED = creation("done", reference="NO-A-1")


@dataclass
class FakeNumbers:
    """Mirakl's order references for sellers; `refused` says why it does not take one."""

    known: dict[str, str] = field(default_factory=dict)
    refused: dict[str, str] = field(default_factory=dict)
    calls: int = 0
    down: bool = False

    async def report(self, numbers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
        self.calls += 1
        if self.down:
            raise Unavailable("HTTP 503", scope="shop:north-de")
        assert len(numbers) <= 100
        self.known |= {order: number for order, number in numbers if order not in self.refused}
        return {order: self.refused[order] for order, _ in numbers if order in self.refused}


@dataclass
class Desk:
    """One instance that watches, with an ERP that shows totals or fails, and a Mirakl that takes numbers."""

    erp: FakeSalesOrders = field(default_factory=FakeSalesOrders)
    mirakl: FakeNumbers = field(default_factory=FakeNumbers)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.bus = MemoryBus(self.clock)
        self.progress = TableProgress(self.tables, self.clock)
        self.work = TableWorkList(self.tables)
        self.pauses = TablePauses(self.tables, self.clock)
        self.checked: list[str] = []
        self.carriers_known = True

    async def order(self, *steps: Step, due: datetime = PAST, key: OrderKey = KEY) -> Desk:
        work = OpenWork(key, steps[0].name, due)
        await self.progress.commit(key, Change(steps=steps, open_work=work))
        return self

    async def watch(self) -> None:
        ports = Ports(
            progress=self.progress,
            work=self.work,
            exceptions=TableExceptions(self.tables, self.clock),
            outbox=self.bus,
            dead_letters=self.bus,
            pauses=self.pauses,
            budget=TableCallBudget(self.tables, self.clock),
            sales_orders=lambda _: self.erp,
            order_numbers=lambda _: self.mirakl,
            check_carriers=self._check,
            clock=self.clock,
        )
        await watch.run({SHOP.id: SHOP}, QUEUES, policy=CreationPolicy(), shipping=ShippingPolicy(), ports=ports)

    async def _check(self, shop: Shop) -> None:
        self.checked.append(shop.id)
        if not self.carriers_known:
            raise Unavailable("HTTP 503", scope="shop:north-de")

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


async def test_what_is_not_due_costs_two_queries() -> None:
    desk = await Desk().order(creation(due=COMING), due=COMING)
    desk.tables.requests.clear()
    await desk.watch()
    assert desk.tables.requests == {"query openwork": 1, "query exceptions": 1}


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


async def test_a_wait_that_ends_while_it_is_told_of_leaves_no_exception_behind() -> None:
    late = confirmation(waiting_for=TRACKING, due=PAST)
    desk = await Desk().order(late)
    whole = desk.progress.commit

    async def overtaken(key: OrderKey, change: Change) -> Any:
        step = (await desk.record()).steps["confirm_shipment"]
        await whole(key, Change(steps=(replace(step, state="outstanding", waiting_for="", due=COMING),)))
        return await whole(key, change)

    desk.progress.commit = overtaken  # type: ignore[method-assign]
    await desk.watch()
    assert await desk.kinds() == []


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


# When it looks again.

NEXT = [
    ("when it is due", [creation(due=NOW + 7 * MINUTE)], NOW + 7 * MINUTE),
    ("the soonest of several", [creation(due=NOW + 9 * MINUTE), acceptance(due=NOW + 4 * MINUTE)], NOW + 4 * MINUTE),
    ("after it was sent again", [creation(due=PAST)], NOW + RESEND),
    ("when a claim runs out", [creation("claimed", due=PAST, claim_until=NOW + 3 * MINUTE)], NOW + 3 * MINUTE),
    ("asleep: at its due time", [creation("waiting", waiting_for="payment", due=NOW + 5 * HOUR)], NOW + 5 * HOUR),
    ("asleep for long: in between", [creation("waiting", waiting_for="payment", due=NOW + 90 * HOUR)], NOW + SLEEP),
    ("a person is asked", [creation("exception", kind="erp_refused")], NOW + SLEEP),
    ("something may be lost", [confirmation(waiting_for="shipment", due=NOW + 9 * HOUR), creation("unknown", due=NOW + HOUR)], NOW + LOOK_AGAIN),
    ("its totals are read here", [totals(), CREATED], NOW + LOOK_AGAIN),
]  # fmt: skip


@pytest.mark.parametrize(("steps", "again"), [one[1:] for one in NEXT], ids=[one[0] for one in NEXT])
async def test_when_it_looks_again(steps: list[Step], again: datetime) -> None:
    desk = await Desk().order(*steps)
    await desk.watch()
    assert await desk.due() == [again]


async def test_the_row_says_what_the_order_is_looked_for() -> None:
    desk = await Desk().order(CREATED, confirmation(waiting_for="tracking", due=NOW + HOUR))
    await desk.order(CREATED, confirmation(waiting_for="shipment", due=NOW + HOUR), key=OrderKey(SHOP.id, "A-2"))
    await desk.watch()
    rows = await desk.work.due(SHOP.id, NOW + HOUR, 10)
    assert [(row.mark, row.reference) for row in rows] == [("tracking", "NO-A-1"), ("erp", "NO-A-1")]


async def test_many_orders_cost_one_request_for_their_rows_and_one_for_those_that_go() -> None:
    desk = Desk()
    for number in range(6):
        step = creation("done") if number % 2 else creation("waiting", waiting_for="payment", due=NOW + HOUR)
        await desk.order(step, key=OrderKey(SHOP.id, f"A-{number}"))
    desk.tables.requests.clear()
    await desk.watch()
    assert desk.tables.requests == {"query openwork": 2, "query orders": 6, "commit openwork": 2, "query exceptions": 1}
    assert await desk.due() == [NOW + HOUR] * 3


async def test_when_the_bus_fails_the_orders_stay_due() -> None:
    desk = await Desk().order(creation(due=PAST))

    def lost(*_: str) -> None:
        raise Unavailable("the bus is down", scope="bus")

    desk.bus.interrupt = lost
    await desk.watch()
    assert await desk.due() == [PAST]
    desk.bus.interrupt = None
    desk.clock.advance(RESEND)
    await desk.watch()
    assert desk.bus.waiting("create-order") == 1


@pytest.mark.parametrize("step", [creation("waiting", waiting_for="payment", due=NOW + 9 * HOUR), creation("done")])
async def test_an_order_that_is_woken_while_it_is_looked_at_keeps_the_row_that_woke_it(step: Step) -> None:
    """What was read before would send it to sleep for hours, or take it for closed."""
    desk = await Desk().order(step)
    whole = desk.progress.load

    async def woken(key: OrderKey) -> OrderRecord:
        read = await whole(key)
        await desk.work.put([OpenWork(key, "change_order", NOW + RESEND)])
        return read

    desk.progress.load = woken  # type: ignore[method-assign]
    await desk.watch()
    assert await desk.due() == [NOW + RESEND]


# The ERP's numbers.


async def awaiting_report(*steps: Step) -> Desk:
    return await Desk().order(CREATED, numbers(due=PAST), *steps)


async def test_a_number_is_reported_once_and_the_order_is_over() -> None:
    desk = await awaiting_report()
    for _ in range(2):
        await desk.watch()
    assert (desk.mirakl.known, desk.mirakl.calls) == ({"A-1": "NO-A-1"}, 1)
    assert (await desk.step("report_order_numbers")).state == "done"
    assert await desk.due() == []


async def test_totals_and_number_of_an_order_cost_one_read_and_one_write() -> None:
    desk = await awaiting_totals()
    [step] = (await desk.record()).steps.values()
    assert step.name == "compare_totals"
    await desk.progress.commit(KEY, Change(steps=(CREATED, numbers(due=PAST))))
    desk.tables.requests.clear()
    await desk.watch()
    assert {name: state.state for name, state in (await desk.record()).steps.items()} == {
        "compare_totals": "done",
        "create_order": "done",
        "report_order_numbers": "done",
    }
    assert desk.tables.requests["commit orders"] == 1
    assert desk.tables.requests["query orders"] == 2  # one of them is this test's


@pytest.mark.parametrize(
    "steps", [[], [confirmation(waiting_for="shipment", due=NOW + 9 * HOUR)]], ids=["alone", "beside another"]
)
async def test_numbers_that_cannot_be_reported_are_reported_later_and_nothing_is_recorded(steps: list[Step]) -> None:
    desk = await awaiting_report(*steps)
    desk.mirakl.down = True
    await desk.watch()
    assert (await desk.step("report_order_numbers")).state == "waiting"
    assert (await desk.kinds(), await desk.due()) == ([], [NOW + LOOK_AGAIN])
    desk.mirakl.down = False
    desk.clock.advance(LOOK_AGAIN)
    await desk.watch()
    assert desk.mirakl.known == {"A-1": "NO-A-1"}


async def test_a_number_that_was_late_and_goes_through_leaves_no_exception_behind() -> None:
    desk = await awaiting_report()
    desk.mirakl.down = True
    desk.clock.advance(25 * HOUR)
    await desk.watch()
    assert await desk.kinds() == [("order_number_refused", "order")]
    desk.mirakl.down = False
    desk.clock.advance(LOOK_AGAIN)
    await desk.watch()
    assert (await desk.kinds(), await desk.due()) == ([], [])


# Carriers.


@pytest.mark.parametrize("known", [True, False])
async def test_carriers_are_looked_at_once_a_run_and_stop_nothing(known: bool) -> None:
    desk = await Desk().order(creation(due=PAST))
    desk.carriers_known = known
    desk.bury("create-order", "from another tool")
    await desk.watch()
    assert desk.checked == [SHOP.id]
    assert desk.bus.waiting("create-order") == 1
    assert [kind for kind, _ in await desk.kinds(OrderKey(BRIDGE_SHOP, ""))] == ["message_unreadable"]


@pytest.mark.parametrize(("minutes", "paused", "left"), [(19, False, 1), (21, False, 0), (21, True, 1)])
async def test_an_outage_without_its_pause_is_over_by_itself(minutes: int, paused: bool, left: int) -> None:
    desk = Desk()
    scope = "shop:north-de"
    reason = Rejected("outage", subject=scope, reason="HTTP 503")
    await desk.progress.commit(
        scope_subject(scope), Change(opened=(opened(scope_subject(scope), reason, step="", now=NOW),))
    )
    if paused:
        await desk.pauses.begin(scope, cause="Unavailable", reason="HTTP 503", retry_after=timedelta(hours=1))
    desk.clock.advance(timedelta(minutes=minutes))
    await desk.watch()
    assert len(await TableExceptions(desk.tables, desk.clock).open()) == left
