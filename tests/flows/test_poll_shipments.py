"""What has left the warehouses: how far the cursor moves, whose a shipment is, and what is sent because of it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Rejected, Unavailable
from shared.flows import poll_shipments
from shared.flows.poll_shipments import PAGES, Ports
from shared.flows.sighting.seen_order import RESEND
from shared.model.keys import BRIDGE_SHOP, OrderKey
from shared.model.order import Order, Snapshot
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Position, ShippedLine, Tracked, Tracking
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.erp import ShipmentPage
from shared.ports.marketplace import PlatformConfiguration
from shared.ports.own import Change, OpenWork, OrderRecord, ShipmentCursor
from shared.store.lookup import TableLookup
from shared.store.mapping_rows import mapping_partition, mapping_upsert
from shared.store.mappings import TableMappings
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from shared.store.shipment_cursors import TableShipmentCursors
from shared.store.tables import Insert, Operation
from tests.builders import NOW, line, marketplace, order, row, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import ENFORCED

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OVERLAP = 10 * MINUTE
SHOP = shop()
ROW = row("carriers", "north", "*", "*", "*", carrier_code="CA1")


@dataclass
class Warehouse:
    """What one company has posted: a list in the order of its making, read page by page behind a position."""

    clock: VirtualClock
    posted: list[ErpShipment] = field(default_factory=list)
    hidden: set[str] = field(default_factory=set)
    size: int = 200
    asked: list[str] = field(default_factory=list)

    def post(
        self, name: str, *numbers: str, company: str = "NO", left: str = "2", minutes: int = 0, document: str = ""
    ) -> ErpShipment:
        at = self.clock.now() + minutes * MINUTE
        lines = (ShippedLine(f"{name}-1", Decimal(2), Decimal(left)),)
        tracking = tuple(Tracking(number) for number in numbers)
        one = ErpShipment(
            str(len(self.posted) + 1), document or f"PS-{name}", f"{company}-{name}", f"{company}-{name}", at,
            "EXP", "CARRIER-1", "", lines, tracking,
        )  # fmt: skip
        self.posted.append(one)
        return one

    def track(self, document: str, *numbers: str) -> None:
        tracking = tuple(Tracking(number) for number in numbers)
        self.posted = [replace(one, tracking=tracking) if one.document == document else one for one in self.posted]

    async def since(
        self, *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        self.asked.append(f"{company} after {after.at:%d %H:%M} {after.id}".strip())
        behind = sorted((self._position(one), one.id) for one in self.posted if self._position(one) > after)
        named = {one.id: one for one in self.posted}
        seen = [named[name] for _, name in behind if name not in self.hidden]
        page = seen[: self.size]
        shown = tuple(one for one in page if one.id not in known and one.reference.split("-")[0] in prefixes)
        return ShipmentPage(shown, self._position(page[-1]) if page else None, len(seen) <= self.size)

    async def tracking(self, *, company: str, numbers: Sequence[str]) -> Sequence[Tracked]:
        self.asked.append(f"tracking of {', '.join(numbers)}")
        found = (one for one in self.posted if one.number in numbers and one.tracking)
        return [Tracked(one.number, one.document, one.tracking) for one in found]

    def _position(self, one: ErpShipment) -> Position:
        return Position(one.shipped, one.id.zfill(9))


@dataclass
class Desk:
    """One instance that polls; `restarted` is the next one, on the same tables and queues."""

    shops: tuple[Shop, ...] = (SHOP,)
    multi: bool = False
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)
    orders: dict[str, Order] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.warehouse = Warehouse(self.clock)
        self.bus = MemoryBus(self.clock)
        self.restarted()

    def restarted(self) -> None:
        self.progress = TableProgress(self.tables, self.clock)
        self.work = TableWorkList(self.tables)
        self.lookup = TableLookup(self.tables)
        self.ports = Ports(
            shipments=self.warehouse,
            progress=self.progress,
            work=self.work,
            cursors=TableShipmentCursors(self.tables),
            lookup=self.lookup,
            mappings=TableMappings(self.tables, self.clock),
            platform=lambda _: self,
            reader=self._read,
            outbox=self.bus,
            clock=self.clock,
        )

    async def configuration(self) -> PlatformConfiguration:
        return PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", self.multi)

    def _read(self, key: OrderKey, snapshot: Snapshot) -> Order:
        if key.order not in self.orders:
            raise Rejected("order_unreadable", subject="order_lines", reason="missing")
        return self.orders[key.order]

    async def created(self, *names: str, at: Shop = SHOP) -> Desk:
        """Orders of one line that stand in the ERP and wait for their shipment."""
        for name in names:
            self.orders[name] = order(id=name, shop=at.id, lines=[line(id=f"{name}-1")])
            steps = (
                Step("create_order", "done", reference=f"NO-{name}", lines=(f"{name}-1",)),
                Step("confirm_shipment", "waiting", waiting_for="shipment", due=NOW + 48 * HOUR),
            )
            change = Change(steps=steps, snapshot=Snapshot(NOW, {"order_id": name}, {}))
            await self.progress.commit(OrderKey(at.id, name), change)
        return self

    async def mapped(self) -> Desk:
        await self.tables.commit("mappings", mapping_partition("carriers", "north"), [mapping_upsert(ROW)])
        return self

    async def poll(self, *, every: timedelta = MINUTE) -> bool:
        whole = await poll_shipments.run(
            "usmf", self.shops, capabilities=ENFORCED, policy=ShippingPolicy(), overlap=OVERLAP, ports=self.ports
        )
        self.clock.advance(every)
        return whole

    async def cursor(self) -> ShipmentCursor:
        return await self.ports.cursors.load("usmf")

    async def record(self, name: str, at: str = SHOP.id) -> OrderRecord:
        return await self.progress.load(OrderKey(at, name))

    async def step(self, name: str) -> Step:
        return (await self.record(name)).steps["confirm_shipment"]

    def sent(self) -> list[tuple[str, str, int]]:
        """Shop, order and attempt of every message that can be received now."""
        found = []
        while (received := self.bus.receive("confirm-shipment", self.clock.now())) is not None:
            message = received.message
            found.append((message.shop, message.order, message.attempt))
            self.bus.complete(received, self.clock.now())
        return sorted(found)

    def broken_for(self, name: str) -> None:
        whole = self.tables.commit

        async def commit(table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
            if partition.endswith(f"|{name}"):
                raise Unavailable("no answer", scope="tables")
            return await whole(table, partition, operations)

        self.tables.commit = commit  # type: ignore[method-assign]

    def mended(self) -> None:
        del self.tables.commit


async def desk_with(*names: str, multi: bool = False) -> Desk:
    return await (await Desk(multi=multi).mapped()).created(*names)


def at(minutes: int) -> datetime:
    return NOW + minutes * MINUTE


# What an ERP is not asked.


@pytest.mark.parametrize(
    ("changed", "asked"),
    [
        ({"shipments": "status", "tracks": False}, []),
        ({"shipments": "status"}, []),
        ({"tracks": False}, ["after"]),
        ({}, ["after", "of"]),
    ],
)
async def test_an_erp_is_asked_only_for_what_it_offers(changed: dict[str, Any], asked: list[str]) -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A")
    await desk.poll()
    desk.warehouse.asked.clear()
    capabilities = replace(ENFORCED, **changed)
    await poll_shipments.run(
        "usmf", desk.shops, capabilities=capabilities, policy=ShippingPolicy(), overlap=OVERLAP, ports=desk.ports
    )
    assert [one.split()[1] for one in desk.warehouse.asked] == asked


# What a poll puts on record and sends.


async def test_what_left_with_its_tracking_is_on_record_and_sent() -> None:
    desk = await desk_with("A", "B")
    shipped = desk.warehouse.post("A", "T-1")
    assert await desk.poll()
    record = await desk.record("A")
    assert [one.erp for one in record.shipments] == [shipped]
    assert record.steps["confirm_shipment"].state == "outstanding"
    assert desk.sent() == [(SHOP.id, "A", 2)]
    assert (await desk.record("B")).shipments == ()


async def test_polled_again_it_is_neither_stored_nor_sent_again() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    desk.sent()
    before = desk.tables.everything("orders")
    for _ in range(3):
        await desk.poll()
    assert desk.sent() == []
    assert desk.tables.everything("orders") == before


async def test_an_ordinary_shipment_costs_a_load_and_a_commit_and_its_pointer_one_request_a_page() -> None:
    desk = await desk_with("A", "B", "C")
    for name in "ABC":
        desk.warehouse.post(name, f"T-{name}")
    await desk.poll()
    desk.tables.requests.clear()
    await desk.poll()
    quiet = desk.tables.requests.copy()
    await desk.created("D", "E", "F")
    for name in "DEF":
        open_work = OpenWork(OrderKey(SHOP.id, name), "confirm_shipment", NOW + HOUR, reference=f"NO-{name}")
        await desk.work.put([open_work])
        desk.warehouse.post(name, f"T-{name}")
    desk.tables.requests.clear()
    await desk.poll()
    more = desk.tables.requests - quiet
    looked = {"query openwork": 1, "query orders": 3}
    assert more == {**looked, "commit orders": 3, "commit openwork": 1, "commit control": 1}


async def test_the_pointer_is_there_before_the_truth() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A")
    desk.broken_for("A")
    await desk.poll()
    assert [work.key.order for work in await desk.work.marked(SHOP.id, "tracking", 10)] == ["A"]


async def test_all_orders_of_a_shop_go_with_one_message_where_shipments_are_batched() -> None:
    desk = await desk_with("A", "B", "C", multi=True)
    for name in "ABC":
        desk.warehouse.post(name)
    desk.warehouse.size = 1
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "", 1)]
    assert [work.key.order for work in await desk.work.marked(SHOP.id, "shipment_batch", 10)] == ["A", "B", "C"]


async def test_what_cannot_be_sent_stays_due() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")

    def lost(when: str, verb: str, queue: str) -> None:
        raise Unavailable("the bus is down", scope="bus")

    desk.bus.interrupt = lost
    assert await desk.poll()
    assert (await desk.step("A")).due == NOW + RESEND
    assert [work.key.order for work in await desk.work.due(SHOP.id, NOW + RESEND, 10)] == ["A"]
    assert (await desk.cursor()).position is not None


async def test_overtaken_by_another_poll_it_does_not_leave_a_row_that_sleeps_beside_a_step_that_goes() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A")
    progress, other = desk.progress, desk.ports
    looks: list[OrderKey] = []

    class Overtaken:
        commit = progress.commit

        async def load(self, key: OrderKey) -> OrderRecord:
            record = await progress.load(key)
            looks.append(key)
            if len(looks) == 1:
                desk.warehouse.track("PS-A", "T-1")
                await poll_shipments.run(
                    "usmf", desk.shops, capabilities=ENFORCED, policy=ShippingPolicy(), overlap=OVERLAP, ports=other
                )
            return record

    desk.ports = replace(other, progress=Overtaken())  # type: ignore[arg-type]
    await desk.poll()
    assert (await desk.step("A")).state == "outstanding"
    assert [work.mark for work in await desk.work.due(SHOP.id, desk.clock.now() + RESEND, 10)] == ["erp"]


# Tracking that follows.


async def test_tracking_that_follows_is_asked_for_once_a_poll_and_sends_the_order() -> None:
    desk = await desk_with("A", "B")
    desk.warehouse.post("A")
    desk.warehouse.post("B")
    await desk.poll()
    assert desk.sent() == []
    assert (await desk.step("A")).waiting_for == "tracking"
    desk.warehouse.track("PS-A", "T-1")
    desk.warehouse.asked.clear()
    await desk.poll()
    assert [call for call in desk.warehouse.asked if call.startswith("tracking")] == ["tracking of NO-A, NO-B"]
    assert desk.sent() == [(SHOP.id, "A", 2)]
    [shipment] = (await desk.record("A")).shipments
    assert shipment.erp.tracking == (Tracking("T-1"),)
    await desk.poll()
    assert desk.warehouse.asked[-1] == "tracking of NO-B"
    assert desk.sent() == []


async def test_nobody_is_asked_for_tracking_while_none_is_missing() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    await desk.poll()
    assert [call for call in desk.warehouse.asked if call.startswith("tracking")] == []


async def test_tracking_that_followed_goes_with_the_batch() -> None:
    desk = await desk_with("A", multi=True)
    key = OrderKey(SHOP.id, "A")
    desk.warehouse.post("A")
    await desk.poll()
    desk.sent()
    record = await desk.progress.load(key)
    [announced] = record.shipments
    waits = replace(record.steps["confirm_shipment"], state="waiting", waiting_for="tracking", due=NOW + HOUR)
    told = replace(announced, told=NOW, marketplace_id="u-1")
    await desk.progress.commit(key, Change(steps=(waits,), shipments=(told,)))
    await desk.work.put([replace(work, mark="tracking") for work in await desk.work.due(SHOP.id, NOW + HOUR, 10)])
    desk.warehouse.track("PS-A", "T-1")
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "", 1)]


# How far the cursor moves.


async def test_the_first_poll_begins_at_go_live_and_the_next_an_overlap_before_the_last_document() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1", minutes=-3)
    await desk.poll()
    await desk.poll()
    assert desk.warehouse.asked == ["usmf after 01 09:00", "usmf after 02 08:47"]
    assert (await desk.cursor()).recent == ((at(-3), "1"),)


async def test_what_becomes_visible_late_is_found_within_the_overlap() -> None:
    desk = await desk_with("A", "B")
    desk.warehouse.post("A", "T-1")
    desk.warehouse.post("B", "T-2", minutes=1)
    desk.warehouse.hidden = {"1"}
    await desk.poll()
    desk.warehouse.hidden = set()
    await desk.poll(every=HOUR)
    assert desk.sent() == [(SHOP.id, "A", 2), (SHOP.id, "B", 2)]


async def test_a_document_whose_lines_come_later_is_read_again() -> None:
    desk = await desk_with("A")
    whole = desk.warehouse.post("A", "T-1")
    desk.warehouse.posted = [replace(whole, lines=())]
    await desk.poll()
    desk.sent()
    desk.warehouse.posted = [whole]
    await desk.poll()
    assert [one.erp for one in (await desk.record("A")).shipments] == [whole]
    assert desk.sent() == [(SHOP.id, "A", 3)]


async def test_documents_of_others_move_the_cursor_too() -> None:
    desk = await desk_with()
    desk.warehouse.post("X", company="ZZ", minutes=5)
    await desk.poll()
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == at(5)


async def test_ids_older_than_the_overlap_are_forgotten() -> None:
    desk = await desk_with("A", "B")
    desk.warehouse.post("A", "T-1")
    await desk.poll(every=HOUR)
    desk.warehouse.post("B", "T-2")
    await desk.poll()
    assert [name for _, name in (await desk.cursor()).recent] == ["2"]


async def test_pages_are_read_until_the_end_and_the_cursor_is_saved_after_each() -> None:
    desk = await desk_with(*"ABCDE")
    for number, name in enumerate("ABCDE"):
        desk.warehouse.post(name, f"T-{name}", minutes=number)
    desk.warehouse.size = 2
    assert await desk.poll()
    assert len(desk.warehouse.asked) == 3
    assert [name for _, name, _ in desk.sent()] == list("ABCDE")


async def test_a_run_ends_after_so_many_pages_and_says_that_more_follows() -> None:
    desk = await desk_with()
    for number in range(PAGES + 2):
        desk.warehouse.post(f"X{number}", company="ZZ", minutes=60 * number)
    desk.warehouse.size = 1
    assert not await desk.poll()
    assert await desk.poll()
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == at(60 * (PAGES + 1))


async def test_more_documents_in_an_overlap_than_a_run_has_pages_keep_none_behind_them_from_being_read() -> None:
    """An ERP may date documents by the day: reading begins with the day each time."""
    desk = await desk_with("A")
    for number in range(PAGES + 2):
        desk.warehouse.post(f"X{number}", company="ZZ")
    desk.warehouse.post("A", "T-1")
    desk.warehouse.size = 1
    for _ in range(3):
        await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]


async def test_what_cannot_be_stored_keeps_back_nothing_however_much_is_behind_it() -> None:
    desk = await desk_with("B", "C")
    desk.warehouse.post("B", "T-B")
    for number in range(PAGES + 2):
        desk.warehouse.post(f"X{number}", company="ZZ", minutes=60 * (number + 1))
    desk.warehouse.post("C", "T-C", minutes=60 * (PAGES + 3))
    desk.warehouse.size = 1
    desk.broken_for("B")
    for _ in range(3):
        await desk.poll()
    assert desk.sent() == [(SHOP.id, "C", 2)]


async def test_a_page_that_fails_leaves_what_was_read_before_it_and_its_batch_goes_out() -> None:
    desk = await desk_with("A", "B", multi=True)
    desk.warehouse.post("A")
    desk.warehouse.post("B", minutes=1)
    desk.warehouse.size = 1
    whole = desk.warehouse.since

    async def since(*, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]) -> ShipmentPage:
        if after.id:
            raise Unavailable("HTTP 503", scope="erp")
        return await whole(company=company, after=after, prefixes=prefixes, known=known)

    desk.warehouse.since = since  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await desk.poll()
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == NOW
    assert desk.sent() == [(SHOP.id, "", 1)]


async def test_what_cannot_be_stored_keeps_the_cursor_and_hides_nothing() -> None:
    desk = await desk_with("A", "B", "C")
    for number, name in enumerate("ABC"):
        desk.warehouse.post(name, f"T-{name}", minutes=number)
    desk.warehouse.size = 1
    desk.broken_for("B")
    assert await desk.poll()
    assert [name for _, name, _ in desk.sent()] == ["A", "C"]
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == NOW
    desk.mended()
    await desk.poll(every=HOUR)
    assert [name for _, name, _ in desk.sent()] == ["B"]
    position = (await desk.cursor()).position
    assert position is not None
    assert position.at == at(2)


async def test_a_row_of_a_newer_version_hides_no_other_order() -> None:
    desk = await desk_with("A", "B")
    await desk.tables.commit("orders", f"{SHOP.id}|A", [Insert("shipment|PS-A", {"v": 99})])
    for name in "AB":
        desk.warehouse.post(name, f"T-{name}")
    await desk.poll()
    assert [name for _, name, _ in desk.sent()] == ["B"]
    assert (await desk.cursor()).position is None


async def test_an_order_that_somebody_holds_is_shown_again() -> None:
    desk = await desk_with("A")
    key, step = OrderKey(SHOP.id, "A"), await desk.step("A")
    held = replace(step, state="claimed", claim_owner="x", claim_until=NOW + MINUTE / 2)
    [held] = await desk.progress.commit(key, Change(steps=(held,)))
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    assert (await desk.record("A")).shipments == ()
    assert await desk.step("A") == held
    await desk.progress.commit(key, Change(steps=(replace(held, state="waiting", waiting_for="rest"),)))
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]


async def test_two_instances_that_poll_at_once_store_once() -> None:
    desk = await desk_with("A", "B")
    for name in "AB":
        desk.warehouse.post(name, f"T-{name}")
    ports = desk.ports
    desk.restarted()
    both = (
        poll_shipments.run(
            "usmf", desk.shops, capabilities=ENFORCED, policy=ShippingPolicy(), overlap=OVERLAP, ports=one
        )
        for one in (ports, desk.ports)
    )
    assert await asyncio.gather(*both) == [True, True]
    assert {name for _, name, _ in desk.sent()} == {"A", "B"}
    assert [len((await desk.record(name)).shipments) for name in "AB"] == [1, 1]
    assert [(await desk.step(name)).attempt for name in "AB"] == [2, 2]


async def test_an_instance_that_was_overtaken_leaves_the_other_s_cursor() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    whole = desk.warehouse.since
    other = ShipmentCursor("usmf", Position(at(77), "x"))

    async def overtaken(
        *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        await desk.ports.cursors.save(other)
        return await whole(company=company, after=after, prefixes=prefixes, known=known)

    desk.warehouse.since = overtaken  # type: ignore[method-assign]
    assert await desk.poll()
    assert (await desk.cursor()).position == other.position
    assert [name for _, name, _ in desk.sent()] == ["A"]


async def test_an_order_that_moves_while_it_is_stored_is_decided_again() -> None:
    desk = await desk_with("A")
    desk.warehouse.post("A", "T-1")
    whole = desk.progress.commit
    moved: list[str] = []

    async def commit(key: OrderKey, change: Change) -> Sequence[Step]:
        if not moved:
            moved.append(key.order)
            step = (await desk.progress.load(key)).steps["confirm_shipment"]
            await whole(key, Change(steps=(replace(step, attempt=5),)))
        return await whole(key, change)

    desk.progress.commit = commit  # type: ignore[method-assign]
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 6)]


async def test_corrections_are_found_as_a_later_document_of_the_same_name() -> None:
    desk = await desk_with("A")
    key = OrderKey(SHOP.id, "A")
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    [stored] = (await desk.record("A")).shipments
    await desk.progress.commit(key, Change(shipments=(replace(stored, told=NOW, told_tracking="T-1"),)))
    desk.warehouse.post("A", "T-1", left="1", minutes=1)
    await desk.poll()
    record = await desk.record("A")
    assert [(one.kind, one.subject) for one in record.exceptions] == [("shipment_corrected", "PS-A")]
    assert [one.erp.lines[0].shipped for one in record.shipments] == [1]


# Whose a shipment is.

NORTH_2 = replace(SHOP, id="north-outlet", shop_id=2002)
SOUTH = shop(id="south-fr", marketplace=marketplace(id="south", prefix="SO"))


async def test_a_marketplace_of_one_shop_needs_no_look_up() -> None:
    desk = Desk(shops=(SHOP, SOUTH))
    await desk.mapped()
    await desk.created("A", at=SOUTH)
    desk.warehouse.post("A", "T-1", company="SO")
    await desk.poll()
    assert (await desk.record("A", at=SOUTH.id)).shipments
    assert "query lookup" not in desk.tables.requests


@pytest.mark.parametrize("filed", [True, False])
async def test_of_several_shops_it_is_the_one_that_created_the_order(filed: bool) -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    await desk.created("A", at=NORTH_2)
    if filed:
        await desk.lookup.file("erp_number", "NO-A", OrderKey("elsewhere", "A"))
        await desk.lookup.file("erp_number", "NO-A", OrderKey(NORTH_2.id, "A"))
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    assert desk.sent() == [(NORTH_2.id, "A", 2)]
    assert (await desk.record("A", at=SHOP.id)).shipments == ()


@pytest.mark.parametrize("shops", [(SHOP,), (SHOP, NORTH_2)], ids=["one shop", "several"])
async def test_a_reference_in_its_short_form_is_the_order_under_that_number(shops: tuple[Shop, ...]) -> None:
    desk = Desk(shops=shops)
    await desk.mapped()
    await desk.created("A")
    await desk.lookup.file("erp_number", "101001", OrderKey("elsewhere", "A"))
    await desk.lookup.file("erp_number", "101001", OrderKey(SHOP.id, "A"))
    shown = desk.warehouse.post("SHORT", "T-1")
    lines = tuple(replace(line, reference="A-1") for line in shown.lines)
    desk.warehouse.posted = [replace(shown, number="101001", lines=lines)]
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]
    assert (await desk.record("SHORT")).shipments == ()


async def test_a_short_form_that_was_met_before_its_number_was_known_goes_to_its_order() -> None:
    desk = Desk()
    await desk.mapped()
    await desk.created("A")
    shown = replace(desk.warehouse.post("SHORT", "T-1"), number="101001")
    desk.warehouse.posted = [shown]
    await desk.poll()
    assert (await desk.step("SHORT")).waiting_for == "order"
    await desk.lookup.file("erp_number", "101001", OrderKey(SHOP.id, "A"))
    desk.warehouse.posted = [replace(shown, id="2", shipped=shown.shipped + MINUTE)]
    await desk.poll()
    assert len((await desk.record("A")).shipments) == 1


@pytest.mark.parametrize("both", [False, True])
async def test_orders_that_one_shop_alone_has_open_are_its_own(both: bool) -> None:
    """Asked in one request a shop; where both have one open, the order's own record decides."""
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    for name in ("A", "B", "C"):
        await desk.created(name, at=NORTH_2)
        await desk.work.put([OpenWork(OrderKey(NORTH_2.id, name), "confirm_shipment", NOW + HOUR)])
        desk.warehouse.post(name, f"T-{name}")
    if both:
        await desk.work.put([OpenWork(OrderKey(SHOP.id, "B"), "create_order", NOW + HOUR)])
    desk.tables.requests.clear()
    await desk.poll()
    assert desk.sent() == [(NORTH_2.id, name, 2) for name in ("A", "B", "C")]
    assert desk.tables.requests["query lookup"] == (1 if both else 0)


async def test_without_the_list_of_open_orders_the_record_decides() -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    await desk.created("A", at=NORTH_2)
    desk.warehouse.post("A", "T-1")

    async def fails(shop: str, orders: Sequence[str]) -> Sequence[OpenWork]:
        raise Unavailable("down", scope="tables")

    desk.work.among = fails  # type: ignore[method-assign]
    await desk.poll()
    assert desk.sent() == [(NORTH_2.id, "A", 2)]


async def test_what_is_nobody_s_is_told_once_at_the_bridge_and_hides_nothing() -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    await desk.mapped()
    await desk.created("A")
    for name in ("X", "", "A"):
        desk.warehouse.post(name, f"T-{name}", document=f"PS-{name or 'none'}")
    await desk.poll()
    desk.warehouse.post("X", "T-9", minutes=1, left="1")
    await desk.poll()
    raised = (await desk.record("", at=BRIDGE_SHOP)).exceptions
    assert sorted((one.kind, one.subject, one.count) for one in raised) == [
        ("shipment_unmatched", "NO- PS-none", 1),
        ("shipment_unmatched", "NO-X PS-X", 1),
    ]
    assert "T-X" not in repr(raised)
    assert [name for _, name, _ in desk.sent()] == ["A"]
    assert (await desk.cursor()).position == Position(at(1) + MINUTE, "000000004")


async def test_a_document_of_two_orders_that_are_nobody_s_is_told_for_each() -> None:
    desk = Desk(shops=(SHOP, NORTH_2))
    for name in ("X", "Y"):
        desk.warehouse.post(name, document="WS-1")
    await desk.poll()
    raised = (await desk.record("", at=BRIDGE_SHOP)).exceptions
    assert sorted(one.subject for one in raised) == ["NO-X WS-1", "NO-Y WS-1"]


async def test_a_shipment_before_its_order_waits_for_it() -> None:
    desk = Desk()
    await desk.mapped()
    desk.warehouse.post("A", "T-1")
    await desk.poll()
    record = await desk.record("A")
    assert len(record.shipments) == 1
    step = record.steps["confirm_shipment"]
    assert (step.state, step.waiting_for, step.due) == ("waiting", "order", NOW + 24 * HOUR)
    assert desk.sent() == []


async def test_a_shop_whose_configuration_cannot_be_read_delays_no_other() -> None:
    desk = Desk(shops=(SHOP, SOUTH))
    await desk.mapped()
    await desk.created("A", "B")
    await desk.created("C", at=SOUTH)

    class Down:
        async def configuration(self) -> PlatformConfiguration:
            raise Unavailable("HTTP 503", scope="shop:south-fr")

    desk.ports = replace(desk.ports, platform=lambda one: Down() if one.id == SOUTH.id else desk)
    desk.warehouse.post("C", "T-3", company="SO")
    desk.warehouse.post("A", "T-1", minutes=1)
    await desk.poll()
    assert desk.sent() == [(SHOP.id, "A", 2)]
    assert (await desk.cursor()).position is None
    desk.ports = replace(desk.ports, platform=lambda _: desk)
    await desk.poll()
    assert [name for _, name, _ in desk.sent()] == ["C"]


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("multi", [False, True], ids=["one shipment an order", "several"])
async def test_a_death_at_any_request_loses_no_shipment(multi: bool) -> None:
    """Whatever was sent: a pointer is due, so that `watch` sends what was not."""
    for moment in range(100):
        desk = await desk_with("A", "B", multi=multi)
        desk.warehouse.post("A", "T-1")
        desk.warehouse.post("B", minutes=1)
        moments = iter(range(moment))

        def dies(*_: str, left: Iterator[int] = moments) -> None:
            if next(left, None) is None:
                raise Killed

        desk.tables.interrupt = dies
        try:
            await desk.poll()
        except Killed:
            desk.tables.interrupt = None
            desk.restarted()
            await desk.poll()
        else:
            assert moment > 20
            return
        assert [len((await desk.record(name)).shipments) for name in "AB"] == [1, 1]
        states = [(one.state, one.waiting_for) for one in (await desk.step("A"), await desk.step("B"))]
        going = ("outstanding", "batch" if multi else "")
        assert states == [going, going if multi else ("waiting", "tracking")]
        due = await desk.work.due(SHOP.id, desk.clock.now() + 24 * HOUR, 10)
        assert [work.key.order for work in due] == ["A", "B"]
        assert min(work.due for work in due) <= desk.clock.now() + RESEND
    raise AssertionError("the poll never came to its end")
