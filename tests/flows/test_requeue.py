"""Sending again: which steps, under which number, whose exceptions a mapping answers, and which dead letters go."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from shared.bus.messages import encode
from shared.bus.queues import QUEUES
from shared.errors import Conflict, Rejected
from shared.exceptions import opened
from shared.flows import requeue
from shared.flows.requeue import Ports, clear_dead_letters, mapping_saved
from shared.flows.sighting.seen_order import RESEND
from shared.flows.sighting.seen_way_back import TOLD_WITHIN
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.mappings import MappingRow, TableName
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change
from shared.rules.mapping_lookup import invalid, missing
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from tests.builders import NOW, item_row, row
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables

KEY = OrderKey("north-de", "A-1")


def creation(state: str, **fields: Any) -> Step:
    return replace(Step("create_order", "outstanding"), state=state, **fields)  # type: ignore[arg-type]


def acceptance(state: str, **fields: Any) -> Step:
    return replace(Step("acknowledge_order", "outstanding"), state=state, **fields)  # type: ignore[arg-type]


def confirmation(state: str, **fields: Any) -> Step:
    return replace(Step("confirm_shipment", "outstanding"), state=state, **fields)  # type: ignore[arg-type]


@dataclass
class Desk:
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.bus = MemoryBus(self.clock)
        self.progress = TableProgress(self.tables, self.clock)
        self.work = TableWorkList(self.tables)

    @property
    def ports(self) -> Ports:
        return Ports(self.progress, self.bus, self.clock)

    async def order(self, *steps: Step, key: OrderKey = KEY) -> Desk:
        await self.progress.commit(key, Change(steps=steps))
        return self

    async def step(self, name: str = "create_order") -> Step:
        return next(one for one in (await self.progress.load(KEY)).steps.values() if one.name == name)

    def bury(self, message: StepMessage) -> None:
        queue = message.step.replace("_", "-")
        self.bus.inject(queue, encode(message))
        for _ in range(QUEUES[queue].max_delivery_count):
            received = self.bus.receive(queue, self.clock.now())
            assert received is not None
            self.bus.abandon(received, self.clock.now())


@pytest.mark.parametrize(
    ("step", "attempts"),
    [
        (creation("exception", kind="erp_refused", attempt=3), [4]),
        (creation("outstanding"), [2]),
        (creation("unknown", sent=NOW), [2]),
        (creation("claimed", claim_until=NOW), []),
        (creation("waiting", waiting_for="payment"), []),
        (creation("done"), []),
        (creation("not_needed"), []),
        (Step("compare_totals", "waiting", waiting_for="totals"), []),
        (acceptance("exception", kind="acceptance_refused"), [2]),
        (confirmation("exception", kind="carrier_unmapped", attempt=3), [4]),
        (confirmation("unknown", sent=NOW), [2]),
        (confirmation("claimed", claim_until=NOW), []),
        (confirmation("waiting", waiting_for="shipment"), []),
        (confirmation("waiting", waiting_for="tracking"), [2]),
        (confirmation("waiting", waiting_for="shipment shown", sent=NOW), [2]),
        (Step("change_order", "exception", kind="erp_refused"), [2]),
        (Step("change_order", "waiting", waiting_for="cancellation in the ERP"), []),
        (Step("report_order_numbers", "waiting", waiting_for="report"), []),
        (creation("exception", kind="erp_refused", reference="NO-A-1"), []),
        (creation("unknown", sent=NOW, reference="NO-A-1"), []),
    ],
)
async def test_what_neither_is_over_nor_waits_goes_again_with_the_next_number(step: Step, attempts: list[int]) -> None:
    desk = await Desk().order(step)
    sent = await requeue.run(KEY, who="someone", ports=desk.ports)
    assert [(one.step, one.attempt, one.seen) for one in sent] == [(step.name, number, NOW) for number in attempts]
    assert sum(desk.bus.waiting(queue) for queue in QUEUES) == len(attempts)


async def test_claims_start_anew_and_a_doubt_stays_on_record() -> None:
    sent = NOW - timedelta(minutes=1)
    desk = await Desk().order(creation("exception", kind="unexpected", claims=5, sent=sent))
    await requeue.run(KEY, who="someone", ports=desk.ports)
    step = await desk.step()
    assert (step.state, step.claims, step.kind, step.sent, step.due) == ("outstanding", 0, "", sent, NOW + RESEND)
    [told] = await desk.progress.history(KEY)
    assert told.text == "re-queued (someone)"
    assert [one.due for one in await desk.work.due(KEY.shop, NOW + RESEND, 10)] == [NOW + RESEND]


async def test_an_order_that_moves_meanwhile_is_looked_at_again() -> None:
    desk = await Desk().order(creation("exception", kind="erp_refused"))
    whole, left = desk.progress.commit, [1]

    async def overtaken(key: OrderKey, change: Change) -> Any:
        if left:
            left.pop()
            await whole(key, Change(steps=(replace(await desk.step(), attempt=7),)))
        return await whole(key, change)

    desk.progress.commit = overtaken  # type: ignore[method-assign]
    [sent] = await requeue.run(KEY, who="someone", ports=desk.ports)
    assert sent.attempt == 8


async def test_when_sending_fails_the_step_stays_due() -> None:
    desk = await Desk().order(creation("exception", kind="erp_refused"))

    def lost(*_: str) -> None:
        raise ConnectionError

    desk.bus.interrupt = lost
    with pytest.raises(ConnectionError):
        await requeue.run(KEY, who="someone", ports=desk.ports)
    assert (await desk.step()).state == "outstanding"
    assert len(await desk.work.due(KEY.shop, NOW + RESEND, 10)) == 1


async def test_a_number_that_mirakl_refused_is_reported_again_by_the_next_watch() -> None:
    refused = Step("report_order_numbers", "exception", kind="order_number_refused", reference="NO-A-1")
    desk = await Desk().order(refused, creation("done", reference="NO-A-1"))
    assert await requeue.run(KEY, who="someone", ports=desk.ports) == ()
    step = await desk.step("report_order_numbers")
    assert (step.state, step.waiting_for, step.due, step.kind) == ("waiting", "report", NOW, "")
    [row] = await desk.work.due(KEY.shop, NOW, 10)
    assert (row.key, row.reference) == (KEY, "NO-A-1")


async def test_what_an_order_is_looked_for_stays_at_its_row() -> None:
    waits = confirmation("waiting", waiting_for="shipment", due=NOW + timedelta(days=1))
    desk = await Desk().order(creation("done", reference="NO-A-1"), waits, acceptance("exception"))
    await requeue.run(KEY, who="someone", ports=desk.ports)
    [row] = await desk.work.due(KEY.shop, NOW + RESEND, 10)
    assert (row.mark, row.reference, row.due) == ("erp", "NO-A-1", NOW + RESEND)


@pytest.mark.parametrize("state", ["done", "exception", "outstanding", "unknown"])
async def test_an_order_that_was_deleted_in_the_erp_is_never_created_again(state: str) -> None:
    """Its other steps go again, by hand or by a mapping; the creation has its number and stays as it is."""
    made = creation(state, reference="NO-A-1", lines=("A-1-1",))
    others = (confirmation("exception", kind="carrier_unmapped"), Step("change_order", "exception", kind="erp_refused"))
    desk = await Desk().order(made, *others)
    stands = [lacks("items", "north", "SKU-001", "1"), lacks("carriers", "north", "STD", "CARRIER-1", "")]
    rows = [item_row("SKU-001"), row("carriers", "north", "*", "*", "*")]
    await requeue.run(KEY, who="someone", ports=desk.ports)
    await mapping_saved(rows, stands, who="mapping", ports=desk.ports)
    assert replace(await desk.step(), version=None) == made
    assert desk.bus.waiting("create-order") == 0
    assert (desk.bus.waiting("confirm-shipment"), desk.bus.waiting("change-order")) == (2, 2)


# Mappings.


def lacks(table: TableName, *key: str, order: OrderKey = KEY) -> OpenException:
    """The exception of an order that lacks this row."""
    return opened(order, missing(table, key), step="create_order", now=NOW)


def met(wrong: MappingRow) -> OpenException:
    """The exception of an order that met a row it cannot use."""
    return opened(KEY, invalid(wrong, "customer", "is empty; fill it"), step="create_order", now=NOW)


def met_quantity(sku: str) -> OpenException:
    told = Rejected("quantity_not_representable", subject=sku, reason="1 would be 1/6 BOX, which has 0 decimals")
    return opened(KEY, told, step="create_order", now=NOW)


def met_shipment(kind: str, subject: str) -> OpenException:
    return opened(KEY, Rejected(kind, subject=subject, reason="PS-1"), step="confirm_shipment", now=NOW)


def met_code(subject: str) -> OpenException:
    """What an adapter says: it knows the ERP's code, and no row."""
    return opened(
        KEY, Rejected("mapping_invalid", subject=subject, reason="no such code"), step="create_order", now=NOW
    )


NO_LOCATION = met_code("warehouses:location A|99")
CARRIED = "carriers:north|STANDARD|CARRIER-2|"
UNMAPPED, REFUSED = met_shipment("carrier_unmapped", CARRIED), met_shipment("tracking_refused", CARRIED)
NOT_ACCEPTED = met_shipment("carrier_not_accepted", "carriers:north||CARRIER-2|EXPRESS")
LATE = met_shipment("tracking_late", "order")
EUR = ("north", "EUR", "DEU", "seller")
NO_ACCOUNT, NO_EURO = lacks("accounts", *EUR), lacks("currencies", "north", "EUR")
NO_ITEM, NO_BAR = lacks("items", "north", "SKU-001", "1"), lacks("items", "north", "A|B", "1")
FOR_ANY = row("accounts", "north", "EUR", "*", "*")
ANSWERS = [
    ("the row itself", row("accounts", *EUR), NO_ACCOUNT, True),
    ("a row for any", row("accounts", "north", "*", "*", "*"), NO_ACCOUNT, True),
    ("any marketplace", row("accounts", "*", "EUR", "*", "*"), NO_ACCOUNT, True),
    ("another country", row("accounts", "north", "EUR", "FRA", "*"), NO_ACCOUNT, False),
    ("another table", row("currencies", "north", "EUR"), NO_ACCOUNT, False),
    ("a part of a code", row("currencies", "north", "EU"), NO_EURO, False),
    ("a code like a pattern", row("currencies", "north", "E.R"), NO_EURO, False),
    ("a missing SKU", item_row("SKU-001"), NO_ITEM, True),
    ("a set's other component", item_row("SKU-001", component="2"), NO_ITEM, True),
    ("a SKU with a bar", item_row("A|B"), NO_BAR, True),
    ("another SKU", item_row("SKU-002"), NO_ITEM, False),
    ("the same SKU elsewhere", item_row("SKU-001", marketplace="south"), NO_ITEM, False),
    ("the unit of a SKU", item_row("SKU-001", order_unit="BOX"), met_quantity("SKU-001"), True),
    ("the unit of another SKU", item_row("SKU-002", order_unit="BOX"), met_quantity("SKU-001"), False),
    ("a wrong row, corrected", row("accounts", *EUR), met(row("accounts", *EUR)), True),
    ("a wrong row for any, made needless", row("accounts", *EUR), met(FOR_ANY), True),
    ("a carrier", row("carriers", "north", "STANDARD", "CARRIER-2", ""), UNMAPPED, True),
    ("a carrier in any mode", row("carriers", "north", "*", "CARRIER-2", "*"), UNMAPPED, True),
    ("any carrier anywhere", row("carriers", "*", "*", "*", "*"), UNMAPPED, True),
    ("a carrier's other service", row("carriers", "north", "STANDARD", "CARRIER-2", "EXPRESS"), UNMAPPED, False),
    ("another carrier", row("carriers", "north", "*", "CARRIER-1", "*"), UNMAPPED, False),
    ("a carrier elsewhere", row("carriers", "south", "*", "*", "*"), UNMAPPED, False),
    ("the row whose tracking was refused", row("carriers", "north", "STANDARD", "CARRIER-2", ""), REFUSED, True),
    ("the row whose code is not accepted", row("carriers", "north", "", "CARRIER-2", "EXPRESS"), NOT_ACCEPTED, True),
    ("a row of no mode, and a mode", row("carriers", "north", "", "CARRIER-2", ""), UNMAPPED, False),
    ("a code of the ERP's", row("warehouses", "north", "north-de"), NO_LOCATION, True),
    ("a code of the ERP's, anywhere", row("warehouses", "south", "south-fr"), NO_LOCATION, True),
    ("a code of the ERP's, another table", row("shipping", "north", "STD"), NO_LOCATION, False),
    ("an item of the ERP's", item_row("SKU-001"), met_code("items:variant XL of SHIRT-01"), True),
    ("tracking that never came", row("carriers", "north", "*", "*", "*"), LATE, True),
    ("tracking that never came, another table", row("currencies", "north", "EUR"), LATE, False),
]


@pytest.mark.parametrize(("saved", "stands", "again"), [one[1:] for one in ANSWERS], ids=[one[0] for one in ANSWERS])
async def test_a_saved_mapping_sends_the_orders_again_that_it_may_answer(
    saved: MappingRow, stands: OpenException, again: bool
) -> None:
    desk = await Desk().order(creation("exception", kind="mapping_missing"))
    sent = await mapping_saved([saved], [stands], who="mapping", ports=desk.ports)
    assert [message.order for message in sent] == ([KEY.order] if again else [])


async def test_an_order_that_waits_for_two_rows_is_sent_once() -> None:
    desk = await Desk().order(creation("exception", kind="mapping_missing"))
    both = [lacks("items", "north", sku, "1") for sku in ("SKU-001", "SKU-002")]
    rows = [item_row("SKU-001"), item_row("SKU-002")]
    assert len(await mapping_saved(rows, both, who="mapping", ports=desk.ports)) == 1


async def test_an_order_that_somebody_is_at_hides_no_other() -> None:
    other = OrderKey(KEY.shop, "A-2")
    desk = await Desk().order(creation("exception", kind="mapping_missing"))
    await desk.order(creation("exception", kind="mapping_missing"), key=other)
    whole = desk.progress.commit

    async def moving(key: OrderKey, change: Change) -> Any:
        if key == KEY:
            raise Conflict("somebody is at it")
        return await whole(key, change)

    desk.progress.commit = moving  # type: ignore[method-assign]
    both = [lacks("items", "north", "SKU-001", "1", order=key) for key in (KEY, other)]
    sent = await mapping_saved([item_row("SKU-001")], both, who="mapping", ports=desk.ports)
    assert [message.order for message in sent] == ["A-2"]


async def test_a_shipment_that_was_judged_goes_out_again_once_its_carrier_is_mapped() -> None:
    judged = confirmation("exception", kind="carrier_unmapped", attempt=2, deadline=NOW - RESEND)
    desk = await Desk().order(creation("done", reference="NO-A-1"), judged)
    [sent] = await mapping_saved(
        [row("carriers", "north", "*", "CARRIER-2", "*")], [UNMAPPED], who="mapping", ports=desk.ports
    )
    assert (sent.step, sent.order, sent.attempt) == ("confirm_shipment", KEY.order, 3)
    step = await desk.step("confirm_shipment")
    assert (step.state, step.kind, step.due) == ("outstanding", "", NOW + RESEND)
    assert step.deadline == NOW + TOLD_WITHIN, "what is past would be told to people at once"
    assert desk.bus.waiting("confirm-shipment") == 1


async def test_a_shipment_without_a_number_goes_out_once_its_carrier_needs_none() -> None:
    waits = confirmation("waiting", waiting_for="tracking", due=NOW)
    desk = await Desk().order(creation("done", reference="NO-A-1"), waits)
    saved = row("carriers", "north", "*", "LETTER", "*", carrier_code="LTR", tracking="none")
    assert [one.step for one in await mapping_saved([saved], [LATE], who="mapping", ports=desk.ports)] == [
        "confirm_shipment"
    ]


async def test_what_a_mapping_answers_goes_when_nobody_holds_the_rows_of_before() -> None:
    held = timedelta(seconds=5)
    desk = await Desk().order(creation("exception", kind="mapping_missing"))
    stands, saved = lacks("items", "north", "SKU-001", "1"), item_row("SKU-001")
    ports = replace(desk.ports, held_for=held)
    assert len(await mapping_saved([saved], [stands], who="mapping", ports=ports)) == 1
    assert desk.bus.receive("create-order", NOW) is None
    assert desk.bus.receive("create-order", NOW + held) is not None


# Dead letters.


async def test_after_sending_again_the_dead_letter_of_before_goes_and_others_stay() -> None:
    desk = await Desk().order(creation("exception", kind="dead_letter"))
    other = OrderKey(KEY.shop, "A-2")
    await desk.order(creation("exception", kind="erp_refused"), key=other)
    for key in (KEY, other):
        desk.bury(StepMessage("create_order", key.shop, key.order))
    await requeue.run(KEY, who="someone", ports=desk.ports)
    assert await clear_dead_letters("create-order", desk.bus, progress=desk.progress) == 1
    assert [one.message.order for one in desk.bus.dead("create-order") if one.message] == ["A-2"]


async def test_a_dead_poll_stays_until_it_is_on_record() -> None:
    desk = Desk()
    desk.bury(StepMessage("poll_orders", KEY.shop))
    assert await clear_dead_letters("poll-orders", desk.bus, progress=desk.progress) == 0


async def test_what_cannot_be_read_stays() -> None:
    desk = Desk()
    desk.bus.inject("create-order", "from another tool")
    for _ in range(5):
        received = desk.bus.receive("create-order", NOW)
        assert received is not None
        desk.bus.abandon(received, NOW)
    assert await clear_dead_letters("create-order", desk.bus, progress=desk.progress) == 0
    assert len(desk.bus.dead("create-order")) == 1
