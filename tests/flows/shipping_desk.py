"""What the tests of confirm_shipment share: orders on record with their shipments, a small Mirakl, and our tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

from shared.flows import confirm_shipment
from shared.flows.confirm_shipment import Claiming, Ports
from shared.flows.open_work import open_work
from shared.flows.waits import BATCH
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.mappings import MappingRow, TableName
from shared.model.order import Order, Snapshot
from shared.model.outcome import Outcome
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Shipment, ShippedLine, Tracking
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.own import Change, OrderRecord
from shared.store.open_work import TableWorkList
from shared.store.progress import TableProgress
from tests.builders import NOW, line, order, row, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.shipping import FakeMirakl, FakeMultiShipping, FakeShipping

SHOP = shop()
ORDER = order(lines=[line(id="L-1", quantity=2), line(id="L-2", index=2, quantity=1)])
LENGTH = timedelta(minutes=3)
NUMBER = "TRACK-1234567890"
CARRIERS = (
    row("carriers", "north", "STANDARD", "*", "*", carrier_code="CA1"),
    row("carriers", "north", "LETTER", "*", "*", carrier_code="LTR", tracking="none"),
    row("carriers", "north", "SLOW", "*", "*", carrier_code="LTR"),
    row("carriers", "north", "WRONG", "*", "*", carrier_code="XX9"),
)


def slip(
    document: str = "PS-1",
    *lines: tuple[str, int, int],
    order_id: str = ORDER.key.order,
    mode: str = "STANDARD",
    number: str = NUMBER,
    shipped: datetime = NOW,
) -> ErpShipment:
    """`lines` are (line, ordered, shipped), by default everything of `ORDER`; no `number`, no tracking."""
    return ErpShipment(
        id=f"id-{document}",
        document=document,
        number=f"SO-{order_id}",
        reference=f"NO-{order_id}",
        shipped=shipped,
        delivery_mode=mode,
        carrier="",
        service="",
        lines=tuple(
            ShippedLine(reference, Decimal(ordered), Decimal(left))
            for reference, ordered, left in lines or (("L-1", 2, 2), ("L-2", 1, 1))
        ),
        tracking=(Tracking(number),) if number else (),
    )


def numbered(count: int) -> list[Order]:
    """Orders like `ORDER`, each with an id of its own."""
    return [replace(ORDER, key=OrderKey(SHOP.id, f"N{number:06}-A")) for number in range(1, count + 1)]


@dataclass
class Desk:
    """Orders with an outstanding confirm_shipment, and everything that it needs."""

    rows: Sequence[MappingRow] = CARRIERS
    mirakl: FakeMirakl = field(default_factory=FakeMirakl)
    orders: dict[OrderKey, Order] = field(default_factory=dict)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)
    tokens: int = 0
    policy: ShippingPolicy = field(default_factory=ShippingPolicy)
    later: dict[datetime, Order] = field(default_factory=dict)
    """The order as snapshots of these dates show it."""

    async def prepared(self, *slips: ErpShipment, of: Order = ORDER, step: Step | None = None) -> Desk:
        """`of` with these shipments, its step outstanding (for the next ST01, where Mirakl has that)."""
        wanted = step or Step("confirm_shipment", "outstanding", waiting_for=BATCH if self.mirakl.multi else "")
        wanted = replace(wanted, due=self.clock.now() + timedelta(minutes=15))
        self.orders[of.key] = of
        self.mirakl.owed[of.key.order] = {one.id: int(one.quantity) for one in of.lines}
        change = Change(
            steps=(wanted,),
            snapshot=Snapshot(NOW, {"order_id": of.key.order}, {}),
            shipments=tuple(Shipment(one) for one in slips),
            open_work=open_work(of.key, {wanted.name: wanted}, now=self.clock.now()),
        )
        await self.progress.commit(of.key, change)
        return self

    @property
    def progress(self) -> TableProgress:
        return TableProgress(self.tables, self.clock)

    @property
    def work(self) -> TableWorkList:
        return TableWorkList(self.tables)

    async def meanwhile(self) -> None:
        """What others do once the record is read; nothing, unless a test says so."""

    async def shown_meanwhile(self, changed: Order) -> None:
        """As the poll of orders stores a newer answer of Mirakl's."""
        record, at = await self.record(changed), NOW + timedelta(minutes=1)
        self.later[at] = changed
        newer = Snapshot(at, {"order_id": changed.key.order}, {})
        await self.progress.commit(changed.key, Change(snapshot=newer, snapshot_version=record.snapshot_version))

    async def items(self, marketplace: str, skus: Sequence[str]) -> Sequence[MappingRow]:
        return ()

    async def table(self, table: TableName, marketplace: str) -> Sequence[MappingRow]:
        await self.meanwhile()
        return [one for one in self.rows if one.table == table]

    async def customer(self, marketplace: str, customer_id: str) -> MappingRow | None:
        return None

    async def confirm(self, message: StepMessage, count: int = 1) -> Outcome:
        self.tokens += 1
        ports = Ports(
            shipping=FakeShipping(self.mirakl),
            multi=FakeMultiShipping(self.mirakl),
            platform=self.mirakl,
            carriers=self.mirakl,
            reader=lambda key, snapshot: self.later.get(snapshot.updated, self.orders[key]),
            progress=self.progress,
            work=self.work,
            mappings=self,
            clock=self.clock,
        )
        claiming = Claiming(f"token-{self.tokens}", LENGTH, lambda: 0.5)
        return await confirm_shipment.run(
            message, Delivery(count), shop=SHOP, policy=self.policy, ports=ports, claiming=claiming
        )

    async def one(self, of: Order = ORDER, count: int = 1) -> Outcome:
        """The message of one order, with the number that is current."""
        return await self.confirm(
            StepMessage("confirm_shipment", SHOP.id, of.key.order, (await self.step(of)).attempt), count
        )

    async def batch(self) -> Outcome:
        return await self.confirm(StepMessage("confirm_shipment", SHOP.id))

    async def record(self, of: Order = ORDER) -> OrderRecord:
        return await self.progress.load(of.key)

    async def step(self, of: Order = ORDER) -> Step:
        return (await self.record(of)).steps["confirm_shipment"]

    async def again(self, of: Order = ORDER) -> None:
        """As the poll of shipments and `watch` send a step again."""
        step = await self.step(of)
        batch = BATCH if self.mirakl.multi else ""
        going = replace(step, state="outstanding", attempt=step.attempt + 1, waiting_for=batch, kind="")
        row = open_work(of.key, {going.name: going}, now=self.clock.now())
        await self.progress.commit(of.key, Change(steps=(going,), open_work=row))

    async def shows(self, changed: ErpShipment, of: Order = ORDER) -> None:
        """The ERP's document as it is now, on record; the step goes again."""
        there = {one.erp.document: one for one in (await self.record(of)).shipments}
        known = there.get(changed.document)
        stored = replace(known, erp=changed) if known else Shipment(changed)
        await self.progress.commit(of.key, Change(shipments=(stored,)))
        await self.again(of)

    async def marked(self, mark: str) -> set[str]:
        rows = self.tables.everything("openwork").values()
        return {str(one["order"]) for one in rows if one.get("mark") == mark}

    async def open(self, of: Order = ORDER) -> Sequence[OpenException]:
        return (await self.record(of)).exceptions

    def requests(self) -> int:
        return sum(self.tables.requests.values())
