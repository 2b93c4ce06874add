"""A warehouse that posts, and an instance that polls it, for the tests of the way back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from shared.errors import Rejected, Unavailable
from shared.flows import poll_shipments
from shared.flows.poll_shipments import Ports
from shared.model.keys import OrderKey
from shared.model.order import Order, Snapshot
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Position, ShippedLine, Tracked, Tracking
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.erp import ShipmentPage
from shared.ports.marketplace import PlatformConfiguration
from shared.ports.own import Change, OrderRecord, ShipmentCursor
from shared.store.lookup import TableLookup
from shared.store.mapping_rows import mapping_partition, mapping_upsert
from shared.store.mappings import TableMappings
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from shared.store.shipment_cursors import TableShipmentCursors
from shared.store.tables import Operation
from tests.builders import NOW, line, marketplace, order, row, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sales_orders import ENFORCED

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OVERLAP = 10 * MINUTE
SHOP = shop()
SOUTH = shop(id="south-fr", marketplace=marketplace(id="south", prefix="SO"))
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
