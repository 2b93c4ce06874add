"""The simulation's world and host with a meter on everything that leaves the process."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bench.meter import TIMER, WRITES, Meter
from sandboxes.faults import FaultySandbox, JournalEntry
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.worlds import demo as mirakl_world
from sandboxes.wire import Answer, Request
from shared.bus.queues import queue_of
from shared.model.steps import POLLS, StepMessage
from shared.store.tables import Operation, Range, Row, Where
from tests.fakes.memory_bus import MemoryBus, Received
from tests.fakes.memory_tables import MemoryTables
from tests.simulation.host import Host, Process
from tests.simulation.world import EPOCH, World, with_windows

ITEMS = "items|"


class MeteredTables(MemoryTables):
    def __init__(self, meter: Meter) -> None:
        super().__init__()
        self._meter = meter

    async def get(self, table: str, partition: str, row: str) -> Row | None:
        self._meter.table("get", [self._order(table, partition, row)])
        return await super().get(table, partition, row)

    async def query(
        self,
        table: str,
        partition: str,
        *,
        ranges: Sequence[Range] = (),
        where: Sequence[Where] = (),
        limit: int | None = None,
        select: Sequence[str] = (),
    ) -> list[Row]:
        self._meter.table("query", [self._order(table, partition, "")])
        return await super().query(table, partition, ranges=ranges, where=where, limit=limit, select=select)

    async def commit(self, table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        if operations:
            orders = {self._order(table, partition, operation.row) for operation in operations}
            self._meter.table("commit", sorted(orders))
        return await super().commit(table, partition, operations)

    def _order(self, table: str, partition: str, row: str) -> str:
        """Whose rows these are, by their keys; an item's mapping, and a list that a step asks for, serve one order."""
        match table:
            case "orders":
                return _named(partition)
            case "openwork":
                return row
            case "lookup":
                return _named(row) or _named(partition).partition("-")[2]
            case "mappings" if partition.startswith(ITEMS):
                return self._meter.order
            case "lists":
                return self._meter.order
            case _:
                return ""


def _named(key: str) -> str:
    """The last part of a key; the world's order ids stand there as they are, and each is one order's."""
    return key.partition("|")[2]


class MeteredBus(MemoryBus):
    def __init__(self, world: World, meter: Meter) -> None:
        super().__init__(world.clock)
        self._meter = meter

    async def send(self, messages: Sequence[StepMessage]) -> None:
        by_queue: dict[str, list[str]] = {}
        for message in messages:
            by_queue.setdefault(queue_of(message.step).name, []).append(_name(message))
        for queue, orders in by_queue.items():
            self._meter.batch(queue, orders)
        await super().send(messages)

    async def later(self, message: StepMessage, delay: timedelta) -> None:
        self._meter.batch(queue_of(message.step).name, [_name(message)])
        await super().later(message, delay)

    def receive(self, queue: str, now: datetime, session: str | None = None) -> Received | None:
        received = super().receive(queue, now, session)
        if received is not None:
            self._meter.message(queue, _name(received.message))
        return received

    def complete(self, received: Received, now: datetime) -> None:
        super().complete(received, now)
        self._meter.message(received.queue, _name(received.message))

    def abandon(self, received: Received, now: datetime) -> None:
        super().abandon(received, now)
        self._meter.message(received.queue, _name(received.message))

    async def remove(self, queue: str, sequences: Sequence[int]) -> int:
        removed = await super().remove(queue, sequences)
        for _ in range(2 * removed):
            self._meter.message(queue, "")
        return removed


def _name(message: StepMessage) -> str:
    return message.order if message.step not in POLLS else ""


@dataclass
class MeteredSandbox(FaultySandbox):
    meter: Meter = field(default_factory=Meter)

    def handle(self, request: Request, now: datetime) -> Answer:
        answer = super().handle(request, now)
        self.count(self.journal[-1], request)
        return answer

    def count(self, entry: JournalEntry, request: Request) -> None:
        """What the call was; reads of Mirakl are not counted here."""
        if entry.operation in WRITES:
            self.meter.write(entry.operation, _orders(entry, request))


class MeteredErp(MeteredSandbox):
    def count(self, entry: JournalEntry, request: Request) -> None:
        entity = request.path.rpartition("/")[2].partition("(")[0]
        self.meter.erp_call(entry.operation, entity)


def _orders(entry: JournalEntry, request: Request) -> Sequence[str]:
    """Whom a call is about: the order in its path, or those in its body (OR04, ST01)."""
    match entry.operation:
        case "OR04":
            return [one["order_id"] for one in json.loads(request.body)["orders"]]
        case "ST01":
            return [one["order_id"] for one in json.loads(request.body)["shipments"]]
    return [entry.subject]


@dataclass
class MeteredWorld(World):
    """Nothing was ordered before the go-live date, and nothing fails."""

    meter: Meter = field(default_factory=Meter)

    def __post_init__(self) -> None:
        super().__post_init__()
        self.tables = MeteredTables(self.meter)
        self.bus = MeteredBus(self, self.meter)
        market = mirakl_world(EPOCH, earlier=0, multi_shipment=self.choices.multi_shipment)
        self.mirakl_rules = MiraklSandbox(with_windows(market, self.choices), EPOCH)
        self.mirakl = MeteredSandbox(self.mirakl_rules, meter=self.meter)
        self.erp = MeteredErp(self.erp_rules, meter=self.meter)

    def begin(self) -> None:
        """What was done so far is set-up."""
        self.meter.begin()
        self.tables.requests.clear()
        self.bus.counts.clear()


@dataclass
class MeteredHost(Host):
    """Every delivery and timer run is a piece of work of its own."""

    world: MeteredWorld

    async def _deliver(self, received: Received, process: Process) -> None:
        with self.world.meter.work(received.queue, _name(received.message)):
            await super()._deliver(received, process)

    async def _fire(self, timer: Callable[[Process], Awaitable[object]]) -> None:
        with self.world.meter.work(TIMER):
            await super()._fire(timer)
