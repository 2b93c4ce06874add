"""One OR11 call at a time: which, how often, what it leaves on record, and how far the cursor may move."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from shared.errors import Unavailable
from shared.flows import poll_orders
from shared.flows.poll_orders import OVERLAP, Ports, next_call
from shared.model.keys import OrderKey
from shared.model.order import SightedLine, Sighting, Snapshot
from shared.model.outcome import Done
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage
from shared.ports.marketplace import Export, Page
from shared.ports.own import Change, Cursor, OpenWork, OrderRecord
from shared.store.call_budget import TableCallBudget
from shared.store.cursors import TableCursors
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from shared.store.tables import Insert, Operation
from tests.builders import NOW, marketplace, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables

MINUTE = timedelta(minutes=1)
SHOP = shop()


def placed(name: str, state: str = "SHIPPING", *, updated: datetime = NOW, person: str = "") -> Sighting:
    facts = {"order_state": state, "acceptance_decision_date": None}
    snapshot = Snapshot(updated, facts, {"note": person})
    return Sighting(name, state, NOW - MINUTE, (SightedLine(f"{name}-1", state),), NOW, snapshot)


@dataclass
class Market:
    """One shop at Mirakl: its orders in the order of their creation, and a journal of what it was asked."""

    clock: VirtualClock
    orders: list[Sighting] = field(default_factory=list)
    size: int = 100
    skipped: tuple[str, ...] = ()
    exports: list[Export] = field(default_factory=list)
    files: dict[str, list[Sighting]] = field(default_factory=dict)
    journal: list[str] = field(default_factory=list)

    async def waiting(self) -> Page:
        self.journal.append("waiting")
        return self._page([one for one in self.orders if one.state == "WAITING_ACCEPTANCE"], 0)

    async def changed(self, since: datetime, offset: int) -> Page:
        self.journal.append(f"changed from {offset}")
        return self._page([one for one in self.orders if one.snapshot and one.snapshot.updated >= since], offset)

    async def by_ids(self, order_ids: Sequence[str]) -> Page:
        return self._page([one for one in self.orders if one.order_id in order_ids], 0)

    async def start(self, since: datetime, until: datetime) -> str:
        self.journal.append(f"export {since:%d %H:%M} to {until:%d %H:%M}")
        return "tracking"

    async def status(self, tracking: str) -> Export:
        self.journal.append("status")
        return self.exports.pop(0)

    async def fetch(self, url: str) -> Page:
        self.journal.append(f"fetch {url}")
        return self._page(self.files[url], 0)

    def _page(self, found: Sequence[Sighting], offset: int) -> Page:
        shown, now = tuple(found[offset : offset + self.size]), self.clock.now()
        return Page(shown, len(shown) + len(self.skipped), len(found), now, now, self.skipped)


@dataclass
class Desk:
    """One instance that polls; `restarted` is the next one, on the same tables and queues."""

    shop: Shop = SHOP
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)
    accepted: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.market = Market(self.clock)
        self.bus = MemoryBus(self.clock)
        self.restarted()

    def restarted(self) -> None:
        self.progress = TableProgress(self.tables, self.clock)
        self.work = TableWorkList(self.tables)
        self.ports = Ports(
            orders=self.market,
            export=self.market,
            progress=self.progress,
            work=self.work,
            cursors=TableCursors(self.tables),
            budget=TableCallBudget(self.tables, self.clock),
            outbox=self.bus,
            accept_now=self._accept_now,
            clock=self.clock,
        )

    async def _accept_now(self, message: StepMessage, lines: tuple[str, ...]) -> object:
        self.accepted.append((message.order, lines))
        return Done("accepted")

    async def poll(self, times: int = 1, *, every: timedelta = MINUTE) -> timedelta:
        """Poll, then let an interval pass; the answer of the last one."""
        wait = timedelta(0)
        for _ in range(times):
            wait = await poll_orders.run(self.shop, policy=CreationPolicy(), ports=self.ports)
            self.clock.advance(every)
        return wait

    async def past_the_first_call(self) -> Desk:
        """The first call asks what waits; the next three are the poll."""
        await self.poll()
        self.market.journal.clear()
        return self

    async def cursor(self) -> Cursor:
        return await self.ports.cursors.load(self.shop.id)

    async def record(self, order: str) -> OrderRecord:
        return await self.progress.load(OrderKey(self.shop.id, order))

    def sent(self, queue: str) -> list[tuple[str, int]]:
        """Order and attempt of every message that can be received now."""
        found = []
        while (received := self.bus.receive(queue, self.clock.now())) is not None:
            found.append((received.message.order, received.message.attempt))
            self.bus.complete(received, self.clock.now())
        return found

    def broken_for(self, order: str) -> None:
        """The table service fails for this order's partition."""
        whole = self.tables.commit

        async def commit(table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
            if partition.endswith(order):
                raise Unavailable("no answer", scope="tables")
            return await whole(table, partition, operations)

        self.tables.commit = commit  # type: ignore[method-assign]

    def mended(self) -> None:
        del self.tables.commit


# Which call is next, and how often.


@pytest.mark.parametrize(
    ("cursor", "expected"),
    [
        (Cursor("s"), "waiting"),
        (Cursor("s", calls=1, waiting_asked=NOW), "changed"),
        (Cursor("s", calls=3, waiting_asked=NOW), "changed"),
        (Cursor("s", calls=4, waiting_asked=NOW), "waiting"),
        (Cursor("s", calls=5, waiting_asked=NOW - timedelta(minutes=59)), "changed"),
        (Cursor("s", calls=5, waiting_asked=NOW - timedelta(minutes=60)), "waiting"),
        (Cursor("s", calls=5, waiting_asked=NOW, export="tracking"), "export"),
        (Cursor("s", calls=8, waiting_asked=NOW, export="tracking"), "waiting"),
        (Cursor("s", calls=9, waiting_asked=NOW - timedelta(hours=2), export="tracking"), "waiting"),
    ],
)
def test_acceptance_keeps_its_share_of_the_calls(cursor: Cursor, expected: str) -> None:
    assert next_call(cursor, NOW) == expected


async def test_the_first_call_and_every_fourth_ask_what_waits() -> None:
    desk = Desk()
    await desk.poll(9)
    poll = ["changed from 0"] * 3
    assert desk.market.journal == ["waiting", *poll, "waiting", *poll, "waiting"]


async def test_a_call_too_early_is_not_made_and_says_how_long_to_wait() -> None:
    desk = Desk()
    await desk.poll(every=timedelta(seconds=20))
    assert await desk.poll() == timedelta(seconds=40)
    assert len(desk.market.journal) == 1


@pytest.mark.parametrize(("scope", "waits"), [("key", MINUTE), ("shop", timedelta(0))])
async def test_shops_under_one_key_share_a_budget_where_mirakl_counts_by_key(scope: str, waits: timedelta) -> None:
    market = replace(marketplace(), limit_scope=scope)  # type: ignore[arg-type]
    desk = Desk(replace(SHOP, marketplace=market))
    other = replace(SHOP, id="north-outlet", marketplace=market, shop_id=2002)
    await poll_orders.run(desk.shop, policy=CreationPolicy(), ports=desk.ports)
    assert await poll_orders.run(other, policy=CreationPolicy(), ports=desk.ports) == waits


async def test_two_instances_that_poll_at_once_make_one_call() -> None:
    desk = Desk()
    ports = desk.ports
    desk.restarted()
    both = (poll_orders.run(SHOP, policy=CreationPolicy(), ports=one) for one in (ports, desk.ports))
    assert sorted(await asyncio.gather(*both)) == [timedelta(0), MINUTE]
    assert desk.market.journal == ["waiting"]


# How far the cursor moves.


async def test_the_first_pass_begins_at_go_live_and_moves_to_the_greatest_update_less_the_overlap() -> None:
    desk = await Desk().past_the_first_call()
    late = NOW - timedelta(minutes=5)
    desk.market.orders = [placed("A", updated=late), placed("B", updated=late - MINUTE)]
    await desk.poll()
    cursor = await desk.cursor()
    assert cursor.at == late - OVERLAP
    assert cursor.pass_since is None
    assert sorted(desk.sent("create-order")) == [("A", 1), ("B", 1)]


async def test_a_pass_of_several_pages_moves_the_cursor_at_its_end_only() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.size = 2
    desk.market.orders = [placed(name, updated=NOW - MINUTE * number) for number, name in enumerate("ABCDEFG", 3)]
    await desk.poll()
    assert ((await desk.cursor()).at, (await desk.cursor()).offset) == (None, 2)
    desk.restarted()
    await desk.poll(4)
    pages = ["changed from 0", "changed from 2", "changed from 4"]
    assert desk.market.journal == [*pages, "waiting", "changed from 6"]
    cursor = await desk.cursor()
    assert (cursor.at, cursor.offset) == (NOW - 3 * MINUTE - OVERLAP, 0)


async def test_the_cursor_never_passes_the_start_of_its_pass() -> None:
    """What changes on a page that was read already is newer than the start of the pass: the next pass must see it."""
    desk = await Desk().past_the_first_call()
    desk.market.size = 1
    began = desk.clock.now()
    desk.market.orders = [placed("A"), placed("B", updated=began + timedelta(hours=1))]
    await desk.poll(2)
    assert (await desk.cursor()).at == began - OVERLAP


async def test_a_pass_that_shows_nothing_or_older_things_leaves_the_cursor() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed("A")]
    await desk.poll()
    stood = (await desk.cursor()).at
    await desk.poll()
    desk.market.orders = []
    await desk.poll(3)
    assert (await desk.cursor()).at == stood


async def test_what_cannot_be_stored_keeps_the_position_and_hides_nothing() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed(name) for name in "ABC"]
    desk.broken_for("B")
    await desk.poll()
    assert sorted(desk.sent("create-order")) == [("A", 1), ("C", 1)]
    assert (await desk.cursor()).at is None
    desk.mended()
    await desk.poll()
    assert desk.market.journal == ["changed from 0", "changed from 0"]
    assert desk.sent("create-order") == [("B", 1)]
    assert (await desk.cursor()).at == NOW - OVERLAP


async def test_a_call_that_fails_leaves_everything_as_it_was() -> None:
    desk = await Desk().past_the_first_call()
    before = await desk.cursor()

    async def changed(since: datetime, offset: int) -> Page:
        raise Unavailable("HTTP 503", scope="shop:north-de")

    desk.market.changed = changed  # type: ignore[method-assign]
    with pytest.raises(Unavailable):
        await desk.poll()
    assert await desk.cursor() == before


async def test_an_instance_that_was_overtaken_leaves_the_other_s_cursor() -> None:
    desk = await Desk().past_the_first_call()
    whole = desk.market.changed

    async def overtaken(since: datetime, offset: int) -> Page:
        await desk.ports.cursors.save(replace(await desk.cursor(), offset=77))
        return await whole(since, offset)

    desk.market.changed = overtaken  # type: ignore[method-assign]
    await desk.poll()
    assert (await desk.cursor()).offset == 77


# Large volumes.

MANY = [placed(name, updated=NOW - timedelta(minutes=3)) for name in "ABCDE"]


async def exporting(*statuses: Export) -> Desk:
    """More changed orders than a poll should page through; the first call asked what waits."""
    desk = await Desk(replace(SHOP, marketplace=replace(marketplace(), export_above=4))).past_the_first_call()
    desk.market.orders = list(MANY)
    desk.market.exports = list(statuses)
    desk.market.files = {"one": MANY[:3], "two": MANY[3:]}
    return desk


async def test_a_large_pass_goes_through_an_export_file_by_file() -> None:
    desk = await exporting(Export("RUNNING"), Export("COMPLETED", ("one", "two")))
    await desk.poll(6)
    export = "export 01 09:00 to 02 09:01"
    assert desk.market.journal == ["changed from 0", export, "status", "status", "waiting", "fetch one", "fetch two"]
    assert sorted(desk.sent("create-order")) == [(one.order_id, 1) for one in MANY]
    cursor = await desk.cursor()
    assert (cursor.at, cursor.export) == (NOW - timedelta(minutes=3) - OVERLAP, "")


async def test_what_an_export_shows_counts_as_seen_when_it_was_asked_for() -> None:
    desk = await exporting(Export("COMPLETED", ("one",)))
    desk.market.files = {"one": [placed("W", "WAITING_ACCEPTANCE")]}
    asked = desk.clock.now()
    await desk.poll(4)
    assert (await desk.record("W")).steps["acknowledge_order"].seen == asked


async def test_a_file_that_cannot_be_stored_is_fetched_again() -> None:
    desk = await exporting(Export("COMPLETED", ("one", "two")))
    desk.broken_for("B")
    await desk.poll(3)
    desk.mended()
    await desk.poll(3)
    assert desk.market.journal[2:] == ["status", "fetch one", "waiting", "fetch one", "fetch two"]
    assert sorted(desk.sent("create-order")) == [(one.order_id, 1) for one in MANY]


@pytest.mark.parametrize("status", ["FAILED", "GONE"])
async def test_an_export_that_came_to_nothing_begins_the_pass_anew(status: str) -> None:
    desk = await exporting(Export(status))
    await desk.poll(2)
    cursor = await desk.cursor()
    assert (cursor.export, cursor.at, cursor.pass_since) == ("", None, None)
    desk.market.orders = MANY[:2]
    await desk.poll(2)
    assert sorted(desk.sent("create-order")) == [("A", 1), ("B", 1)]


async def test_an_export_that_takes_too_long_is_given_up() -> None:
    desk = await exporting()
    await desk.poll(every=timedelta(minutes=61))
    await desk.poll(2)
    assert (await desk.cursor()).export == ""
    await desk.poll(2)
    first, second = (call for call in desk.market.journal if call.startswith("export"))
    assert first.partition(" to ")[0] == second.partition(" to ")[0]
    assert "status" not in desk.market.journal


async def test_exports_are_started_at_most_every_five_minutes() -> None:
    desk = await exporting(Export("FAILED"), Export("RUNNING"))
    await desk.poll(7)
    starts = [number for number, call in enumerate(desk.market.journal) if call.startswith("export")]
    assert starts == [1, 7]


async def test_an_export_without_files_completes_the_pass() -> None:
    desk = await exporting(Export("COMPLETED"))
    await desk.poll(2)
    cursor = await desk.cursor()
    assert (cursor.at, cursor.pass_since, cursor.export) == (SHOP.orders_from, None, "")


# Records that cannot be used, and stores and queues that fail.


async def test_a_record_without_an_order_id_is_told_once_and_hides_nothing() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [placed("A")]
    desk.market.skipped = ("orders[0].order_id is missing",)
    await desk.poll(2)
    assert desk.sent("create-order") == [("A", 1)]
    [found] = (await desk.record("")).exceptions
    assert (found.kind, found.owner, found.reason) == ("order_unreadable", "integration", desk.market.skipped[0])


async def test_an_order_too_large_to_store_is_tracked_without_its_snapshot_and_told() -> None:
    desk = await Desk().past_the_first_call()
    noise = random.Random(1).randbytes(1_500_000).hex()
    desk.market.orders = [placed("A", "WAITING_ACCEPTANCE", person=noise), placed("B")]
    await desk.poll()
    record = await desk.record("A")
    assert record.snapshot is None
    assert [(one.kind, one.owner) for one in record.exceptions] == [("snapshot_too_large", "integration")]
    assert desk.sent("acknowledge-order") == [("A", 1)]
    assert desk.sent("create-order") == [("B", 1)]


async def test_no_store_of_ours_stops_an_acceptance() -> None:
    desk = Desk()
    desk.market.orders = [placed("A", "WAITING_ACCEPTANCE")]
    desk.broken_for("A")
    await desk.poll()
    assert desk.sent("acknowledge-order") == [("A", 1)]


async def test_an_order_from_before_go_live_is_not_accepted_even_when_nothing_can_be_stored() -> None:
    desk = Desk()
    early = replace(placed("A", "WAITING_ACCEPTANCE"), created=SHOP.orders_from - MINUTE)
    desk.market.orders = [early]
    desk.broken_for("A")
    await desk.poll()
    assert desk.sent("acknowledge-order") == []


async def test_when_the_bus_fails_orders_are_accepted_on_the_spot_and_the_rest_stays_due() -> None:
    desk = Desk()
    desk.market.orders = [placed("A", "WAITING_ACCEPTANCE"), placed("B")]

    def lost(when: str, verb: str, queue: str) -> None:
        raise Unavailable("the bus is down", scope="bus")

    desk.bus.interrupt = lost
    await desk.poll(2)
    assert desk.accepted == [("A", ("A-1",))]
    assert [work.key.order for work in await desk.work.due(SHOP.id, NOW + timedelta(hours=1), 10)] == ["A", "B"]


async def test_what_waits_for_acceptance_is_sent_before_a_slow_page_is_stored() -> None:
    desk = await Desk().past_the_first_call()
    desk.market.orders = [*(placed(f"S{number:02}") for number in range(60)), placed("W", "WAITING_ACCEPTANCE")]
    sent: list[str] = []

    def note(when: str, _: str, queue: str) -> None:
        if when == "after":
            sent.append(queue)

    desk.bus.interrupt = note
    await desk.poll()
    assert sent[0] == "acknowledge-order"
    assert desk.bus.waiting("create-order") == 60


# Acceptances in doubt.


async def in_doubt(sent: datetime) -> Desk:
    desk = Desk()
    key = OrderKey(SHOP.id, "A")
    doubtful = Step("acknowledge_order", "unknown", sent=sent, seen=sent, lines=("A-1",))
    work = OpenWork(key, "acknowledge_order", NOW + timedelta(minutes=15), mark="acceptance_doubt")
    await desk.progress.commit(key, Change(steps=(doubtful,), open_work=work))
    return desk


async def test_an_order_absent_from_a_complete_answer_waits_no_more() -> None:
    desk = await in_doubt(NOW - MINUTE)
    desk.market.orders = [placed("B", "WAITING_ACCEPTANCE")]
    await desk.poll()
    step = (await desk.record("A")).steps["acknowledge_order"]
    assert (step.state, step.waiting_for) == ("waiting", "decision shown")
    assert await desk.work.marked(SHOP.id, "acceptance_doubt", 10) == []


async def test_an_order_that_still_waits_is_accepted_once_more() -> None:
    desk = await in_doubt(NOW - MINUTE)
    desk.market.orders = [placed("A", "WAITING_ACCEPTANCE")]
    await desk.poll()
    assert desk.sent("acknowledge-order") == [("A", 2)]


async def test_an_answer_that_is_not_complete_settles_nothing() -> None:
    desk = await in_doubt(NOW - MINUTE)
    desk.market.size = 1
    desk.market.orders = [placed(name, "WAITING_ACCEPTANCE") for name in "BA"]
    await desk.poll()
    assert (await desk.record("A")).steps["acknowledge_order"].state == "unknown"


async def test_an_answer_from_before_the_sending_settles_nothing() -> None:
    desk = await in_doubt(NOW + MINUTE)
    await desk.poll()
    assert (await desk.record("A")).steps["acknowledge_order"].state == "unknown"


def test_shops_under_one_key_take_turns() -> None:
    shared = replace(shop(), sharing=3)
    asked = Cursor(shared.id, asked=NOW)
    assert poll_orders._not_its_turn(shared, asked, "changed", NOW) == timedelta(minutes=2)
    assert poll_orders._not_its_turn(shared, asked, "changed", NOW + timedelta(minutes=2)) == timedelta(0)
    assert poll_orders._not_its_turn(replace(shared, sharing=1), asked, "changed", NOW) == timedelta(0)


# Nothing of ours, and no other record, stands between a showing and its acceptance.


async def test_a_record_that_cannot_be_told_of_stops_no_acceptance() -> None:
    desk = Desk()
    desk.market.orders = [placed("W", "WAITING_ACCEPTANCE")]
    desk.market.skipped = ("orders[0].order_id is missing",)
    whole = desk.tables.commit

    async def commit(table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        if partition == f"{desk.shop.id}|" or table == "exceptions":
            raise Unavailable("503", scope="tables")
        return await whole(table, partition, operations)

    desk.tables.commit = commit  # type: ignore[method-assign]
    await desk.poll()
    assert desk.sent("acknowledge-order") == [("W", 1)]


async def test_a_record_that_another_instance_tells_of_meanwhile_is_told_of() -> None:
    desk = Desk()
    desk.market.skipped = ("orders[0].order_id is missing",)
    whole = desk.progress.commit
    told: list[OrderKey] = []

    async def twice(key: OrderKey, change: Change) -> Sequence[Step]:
        if not told:
            told.append(key)
            await whole(key, change)
        return await whole(key, change)

    desk.progress.commit = twice  # type: ignore[method-assign]
    await desk.poll()
    assert [one.kind for one in (await desk.record("")).exceptions] == ["order_unreadable"]


async def test_a_row_of_a_newer_version_hides_no_other_order_and_its_acceptance_goes_out() -> None:
    desk = Desk()
    desk.market.orders = [placed("NEWER", "WAITING_ACCEPTANCE"), placed("W", "WAITING_ACCEPTANCE")]
    await desk.tables.commit("orders", f"{desk.shop.id}|NEWER", [Insert("step|acknowledge_order", {"v": 99})])
    await desk.poll(2)
    assert {order for order, _ in desk.sent("acknowledge-order")} == {"NEWER", "W"}
    assert (await desk.record("W")).snapshot is not None
    assert (await desk.cursor()).at is None
