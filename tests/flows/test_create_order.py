"""Creation: claimed first, drafted from what Mirakl shows now, settled before anything else when in doubt."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.errors import Rejected, Resting, Throttled, UnknownOutcome
from shared.flows import create_order
from shared.flows.create_order import Claiming, Ports
from shared.model.mappings import MappingRow, TableName
from shared.model.order import Order, Snapshot
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later, Outcome
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.shop import Shop
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.marketplace import PlatformConfiguration
from shared.ports.own import Change, OpenWork
from shared.store.number_ranges import TableNumberRanges
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from shared.store.shopper_accounts import TableShopperAccounts
from tests.builders import NOW, line, mapping_rows, order, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import FakeCustomers, FakeSalesOrders

SHOP = shop()
ORDER = order()
MESSAGE = StepMessage("create_order", SHOP.id, ORDER.key.order)
OUTSTANDING = Step("create_order", "outstanding", due=NOW)
LENGTH = timedelta(minutes=3)


@dataclass
class Desk:
    """One order whose creation is outstanding, and an ERP that takes our numbers."""

    shown: Order = ORDER
    rows: Sequence[MappingRow] = field(default_factory=mapping_rows)
    erp: FakeSalesOrders = field(default_factory=FakeSalesOrders)
    customers: FakeCustomers = field(default_factory=FakeCustomers)
    shop: Shop = SHOP
    policy: CreationPolicy = field(default_factory=CreationPolicy)
    shipping: ShippingPolicy = field(default_factory=ShippingPolicy)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)
    tokens: int = 0
    probed: dict[str, int] = field(default_factory=dict)

    async def prepared(self, step: Step = OUTSTANDING) -> Desk:
        snapshot = Snapshot(NOW, {"order_id": self.shown.key.order}, {})
        work = OpenWork(self.shown.key, "create_order", NOW)
        await self.progress.commit(self.shown.key, Change(steps=(step,), snapshot=snapshot, open_work=work))
        return self

    @property
    def progress(self) -> TableProgress:
        return TableProgress(self.tables, self.clock)

    async def configuration(self) -> PlatformConfiguration:
        return PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", False)

    async def items(self, marketplace: str, skus: Sequence[str]) -> Sequence[MappingRow]:
        return [row for row in self.rows if row.table == "items" and row.key[1] in skus]

    async def table(self, table: TableName, marketplace: str) -> Sequence[MappingRow]:
        return [row for row in self.rows if row.table == table]

    async def customer(self, marketplace: str, customer_id: str) -> MappingRow | None:
        return next((row for row in self.rows if row.table == "customers" and row.key[1] == customer_id), None)

    async def create(self, message: StepMessage = MESSAGE, count: int = 1) -> Outcome:
        self.tokens += 1
        ports = Ports(
            sales_orders=self.erp,
            changes=self.erp,
            customers=self.customers,
            reader=lambda _key, _snapshot: self.shown,
            platform=self,
            progress=self.progress,
            mappings=self,
            numbers=TableNumberRanges(self.tables),
            probed=self.probed,
            accounts=TableShopperAccounts(self.tables),
            clock=self.clock,
        )
        claiming = Claiming(f"token-{self.tokens}", LENGTH, lambda: 0.5)
        return await create_order.run(
            message,
            Delivery(count),
            shop=self.shop,
            policy=self.policy,
            shipping=self.shipping,
            ports=ports,
            claiming=claiming,
        )

    async def step(self, name: str = "create_order") -> Step:
        return next(one for one in (await self.progress.load(ORDER.key)).steps.values() if one.name == name)

    async def exceptions(self) -> list[str]:
        return [one.kind for one in (await self.progress.load(ORDER.key)).exceptions]


async def test_an_order_is_created_and_what_must_be_compared_is_on_record() -> None:
    desk = await Desk().prepared()
    assert isinstance(await desk.create(), Done)
    step, totals = await desk.step(), await desk.step("compare_totals")
    assert (step.state, step.reference, step.lines) == ("done", "NO-N000001-A", (f"{ORDER.key.order}-1",))
    assert (totals.state, totals.waiting_for, totals.deadline) == ("waiting", "totals", NOW + timedelta(hours=24))
    assert set(desk.erp.orders) == {"NO-N000001-A"}


async def test_units_that_were_cancelled_before_are_told_because_the_erp_holds_them() -> None:
    fewer = replace(line(quantity=3), cancelled_quantity=Decimal(2))
    desk = await Desk(shown=order(lines=[fewer])).prepared()
    await desk.create()
    [found] = (await desk.progress.load(ORDER.key)).exceptions
    assert (found.kind, found.subject) == ("cancelled_after_creation", fewer.id)
    assert found.reason.startswith(f"2 of 3 units of line {fewer.id}")


async def test_what_was_drafted_is_kept_for_the_way_back() -> None:
    desk = await Desk(shown=order(lines=[line(quantity=3)])).prepared()
    await desk.create()
    assert json.loads((await desk.step("confirm_shipment")).expected) == {line().id: "3"}


async def test_the_same_message_twice_places_once() -> None:
    desk = await Desk().prepared()
    await desk.create()
    await desk.create()
    assert desk.erp.placed == 1


async def test_a_lost_answer_is_settled_by_the_same_number() -> None:
    desk = await Desk(erp=FakeSalesOrders(failures=[UnknownOutcome("lost", scope="erp")], after_effect=True)).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.sent, outcome.scope) == ("unknown", NOW, "erp")
    await desk.progress.commit(ORDER.key, Change(steps=(replace(outcome.step, attempt=2),)))
    desk.clock.advance(timedelta(seconds=30))
    assert isinstance(await desk.create(replace(MESSAGE, attempt=2)), Done)
    assert len(desk.erp.orders) == 1


async def test_a_lost_answer_tells_that_the_erp_is_down() -> None:
    retry_after = timedelta(minutes=9)
    down = UnknownOutcome("HTTP 503", scope="erp", retry_after=retry_after, down=True)
    desk = await Desk(erp=FakeSalesOrders(failures=[down])).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert (outcome.scope, outcome.down, outcome.retry_after, outcome.after) == ("erp", True, retry_after, retry_after)


async def test_an_erp_that_rests_leaves_the_order_as_it_was() -> None:
    rests = Resting("quiet hours", scope="erp", retry_after=timedelta(hours=2))
    desk = await Desk(erp=FakeSalesOrders(failures=[rests])).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, Blocked)
    assert (outcome.cause, outcome.retry_after) == ("Resting", timedelta(hours=2))
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.claims, outcome.step.sent) == ("outstanding", 0, None)


async def test_whatever_messages_there_are_an_order_is_not_sent_again_at_once() -> None:
    desk = await Desk().prepared(replace(OUTSTANDING, state="unknown", sent=NOW))
    assert isinstance(await desk.create(), Later)
    assert desk.erp.placed == 0


async def test_a_throttled_placing_releases_its_claim() -> None:
    desk = await Desk(erp=FakeSalesOrders(failures=[Throttled("429", scope="erp")])).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, Blocked)
    assert outcome.step is not None
    assert (outcome.step.state, outcome.step.claim_owner, outcome.step.sent) == ("outstanding", "", None)


async def test_a_live_foreign_claim_means_later_and_writes_nothing() -> None:
    until = NOW + timedelta(minutes=1)
    desk = await Desk().prepared(replace(OUTSTANDING, state="claimed", claim_owner="other", claim_until=until))
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert outcome.step is None
    assert outcome.after > timedelta(minutes=1)
    assert desk.erp.placed == 0


async def test_a_dead_claim_is_taken_over_and_its_doubt_stays_on_record() -> None:
    ended = NOW - timedelta(seconds=1)
    desk = await Desk(erp=FakeSalesOrders(failures=[Rejected("erp_refused", subject="x", reason="y")])).prepared(
        replace(OUTSTANDING, state="claimed", claims=1, claim_owner="dead", claim_until=ended)
    )
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert outcome.step.sent == ended


async def test_five_claims_without_a_clean_outcome_are_enough() -> None:
    desk = await Desk().prepared(replace(OUTSTANDING, claims=5))
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert [reason.kind for reason in outcome.reasons] == ["unexpected"]
    assert desk.erp.placed == 0


async def test_two_at_once_place_once() -> None:
    desk = await Desk().prepared()
    outcomes = await asyncio.gather(desk.create(), desk.create())
    assert sorted(type(one).__name__ for one in outcomes) in (["Done", "Later"], ["Done", "Done"])
    assert len(desk.erp.orders) == 1


async def test_every_missing_mapping_is_said_at_once_and_nothing_is_claimed() -> None:
    rows = [row for row in mapping_rows() if row.table not in {"shipping", "accounts"}]
    desk = await Desk(rows=rows).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, Exceptional)
    assert {reason.subject.partition(":")[0] for reason in outcome.reasons} == {"shipping", "accounts"}
    assert (await desk.step()).state == "outstanding"


async def test_a_judged_message_costs_one_read() -> None:
    desk = await Desk().prepared(replace(OUTSTANDING, state="exception", kind="mapping_missing"))
    before = sum(desk.tables.requests.values())
    assert isinstance(await desk.create(count=2), AlreadyJudged)
    assert sum(desk.tables.requests.values()) - before == 1
    assert desk.erp.placed == 0


CANCELLED = order(lines=[replace(ORDER.lines[0], state="CANCELED")])


async def test_cancelled_before_creation_is_not_needed() -> None:
    """Nobody was asked, so that it says nothing about an outage."""
    desk = await Desk(shown=CANCELLED).prepared()
    outcome = await desk.create()
    assert isinstance(outcome, Done)
    assert not outcome.answered
    assert (await desk.step()).state == "not_needed"
    assert desk.erp.placed == 0


async def test_cancelled_while_in_doubt_is_believed_only_after_the_settle_time() -> None:
    desk = await Desk(shown=CANCELLED).prepared(replace(OUTSTANDING, state="unknown", sent=NOW))
    desk.clock.advance(timedelta(minutes=1))
    outcome = await desk.create()
    assert isinstance(outcome, Later)
    assert outcome.after >= timedelta(minutes=9)
    desk.clock.advance(timedelta(minutes=10))
    assert isinstance(await desk.create(), Done)
    assert (await desk.step()).state == "not_needed"


async def test_cancelled_while_in_doubt_and_found_is_held_and_shown_to_operations() -> None:
    desk = await Desk().prepared()
    await desk.create()
    doubtful = replace(await desk.step(), state="unknown", sent=NOW - timedelta(minutes=1), reference="", lines=())
    await desk.progress.commit(ORDER.key, Change(steps=(doubtful,)))
    desk.shown = CANCELLED
    assert isinstance(await desk.create(), Done)
    assert desk.erp.orders["NO-N000001-A"].on_hold
    assert await desk.exceptions() == ["cancelled_after_creation"]


async def test_an_open_creation_with_a_number_is_closed_and_its_cancellation_is_carried_out() -> None:
    """As an earlier version of the bridge left it."""
    desk = await Desk().prepared()
    await desk.create()
    again = replace(await desk.step(), state="outstanding", attempt=2)
    await desk.progress.commit(ORDER.key, Change(steps=(again,)))
    desk.shown = CANCELLED
    await desk.create(replace(MESSAGE, attempt=2))
    step, change = await desk.step(), await desk.step("change_order")
    assert desk.erp.orders["NO-N000001-A"].on_hold
    assert (step.state, step.lines) == ("done", (f"{ORDER.key.order}-1",))
    assert (change.state, change.lines, change.expected) == ("waiting", step.lines, "held")
    assert await desk.exceptions() == ["cancelled_after_creation"]


async def test_an_order_in_the_erp_has_its_way_back_before_it() -> None:
    desk = await Desk().prepared()
    await desk.create()
    report, shipment = await desk.step("report_order_numbers"), await desk.step("confirm_shipment")
    assert (report.state, report.waiting_for, report.due, report.reference) == (
        "waiting",
        "report",
        NOW,
        "NO-N000001-A",
    )
    assert (shipment.state, shipment.waiting_for, shipment.due) == ("waiting", "shipment", ORDER.shipping_deadline)
    assert shipment.lines == (f"{ORDER.key.order}-1",)


async def test_without_a_deadline_the_client_s_own_term_counts_from_the_order() -> None:
    desk = await Desk(shown=order(shipping_deadline=None)).prepared()
    await desk.create()
    assert (await desk.step("confirm_shipment")).due == NOW + desk.shipping.ships_within


async def test_a_shipment_that_was_seen_first_goes_out_as_soon_as_its_order_is_on_record() -> None:
    desk = await Desk().prepared()
    waiting = Step("confirm_shipment", "waiting", waiting_for="order", due=NOW + timedelta(hours=24))
    await desk.progress.commit(ORDER.key, Change(steps=(waiting,)))
    await desk.create()
    step = await desk.step("confirm_shipment")
    assert (step.state, step.waiting_for, step.due) == ("outstanding", "", NOW)
    assert [one.due for one in await TableWorkList(desk.tables).due(SHOP.id, NOW, 10)] == [NOW]


async def test_what_is_known_of_the_shipment_already_stays() -> None:
    desk = await Desk().prepared()
    await desk.progress.commit(ORDER.key, Change(steps=(Step("confirm_shipment", "done", reason="by hand"),)))
    await desk.create()
    assert (await desk.step("confirm_shipment")).state == "done"


async def test_the_happy_path_is_a_load_a_claim_and_a_commit() -> None:
    desk = await Desk().prepared()
    before = sum(desk.tables.requests.values())
    await desk.create()
    assert sum(desk.tables.requests.values()) - before == 3
    assert desk.tables.everything("lookup") == {}


@pytest.mark.parametrize("change", [Decimal("0.01"), Decimal("-0.01")])
async def test_a_line_amount_that_comes_back_different_is_shown_to_finance(change: Decimal) -> None:
    desk = await Desk().prepared()
    await desk.create()
    [number] = desk.erp.orders
    held = desk.erp.orders[number]
    wrong = replace(held.lines[0], amount=held.lines[0].amount + change)
    desk.erp.orders[number] = replace(held, lines=(wrong, *held.lines[1:]))
    again = replace(await desk.step(), state="unknown", reference="", sent=NOW - timedelta(minutes=1))
    await desk.progress.commit(ORDER.key, Change(steps=(again,)))
    await desk.create()
    assert await desk.exceptions() == ["amounts_differ"]
