"""See by a timer what became of open orders in the ERP: cancelled or deleted there, unreleased, or left by now."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from shared.errors import Conflict, Rejected, Transient
from shared.flows.cancelling.seen_in_erp import STEP, decide, is_strange
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import Capabilities, ErpOrder
from shared.model.shop import Shop
from shared.ports.erp import SalesOrderChanges
from shared.ports.marketplace import OrderReader
from shared.ports.own import Clock, OpenWork, OrderRecord, Progress, WorkList
from shared.rules import cadence, standing
from shared.telemetry import event

AT_ONCE = 20
PAGE = 200


class Ports(Protocol):
    """It writes nothing in the ERP: what is to be done there goes through the queue of change_order."""

    @property
    def changes(self) -> SalesOrderChanges: ...

    @property
    def progress(self) -> Progress: ...

    @property
    def work(self) -> WorkList: ...

    @property
    def reader(self) -> OrderReader: ...

    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class Looking:
    """One look. `number` counts the timer's ticks; `leave` puts on record what orders' status tells has left."""

    capabilities: Capabilities
    policy: ShippingPolicy
    number: int
    leave: Callable[[Mapping[OrderKey, ErpOrder]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Looked:
    """How many orders the ERP was asked about, and how many of them moved."""

    asked: int = 0
    moved: int = 0


async def look(company: str, shops: Sequence[Shop], *, looking: Looking, ports: Ports) -> Looked:
    """Look at the open orders of these shops, which are all of the company's. Raises Transient.

    At every one, where twenty are a call; where each is a call, at those whose turn it is.
    """
    asked, moved = 0, 0
    listed = looking.capabilities.shipments == "listed"
    async for rows in _pages(shops, ports) if listed else _in_turn(shops, looking, ports):
        for start in range(0, len(rows), AT_ONCE):
            some = [row for row in rows[start : start + AT_ONCE] if row.reference]
            if some:
                moved += await _look_at(company, some, looking, ports)
            asked += len(some)
    return Looked(asked, moved)


async def _pages(shops: Sequence[Shop], ports: Ports) -> AsyncIterator[Sequence[OpenWork]]:
    for shop in shops:
        after = ""
        while rows := await ports.work.marked(shop.id, "erp", PAGE, after=after):
            after = rows[-1].key.order
            yield rows


async def _in_turn(shops: Sequence[Shop], looking: Looking, ports: Ports) -> AsyncIterator[Sequence[OpenWork]]:
    rows = {row.key: row async for page in _pages(shops, ports) for row in page if row.reference}
    now = ports.clock.now()
    ages = {key: now - row.since if row.since else timedelta(0) for key, row in rows.items()}
    yield [rows[key] for key in cadence.due(ages, number=looking.number)]


async def _look_at(company: str, rows: Sequence[OpenWork], looking: Looking, ports: Ports) -> int:
    numbers = [row.reference for row in rows]
    shown = {order.number: order for order in await ports.changes.shown(company=company, numbers=numbers)}
    known = {row.key: shown[row.reference] for row in rows if row.reference in shown}
    if looking.capabilities.shipments == "status":
        await looking.leave({key: order for key, order in known.items() if _told_by_status(order)})
    moved = 0
    for row in rows:
        if _is_worth_a_look(row, known.get(row.key), looking, ports.clock.now()):
            moved += await _decided(row, known.get(row.key), looking, ports)
    return moved


def _told_by_status(order: ErpOrder) -> bool:
    return order.left is not None or order.shipped


def _is_worth_a_look(row: OpenWork, order: ErpOrder | None, looking: Looking, now: datetime) -> bool:
    """A record is read only where something may be new; an order that nobody finds yet may still be on its way."""
    if order is None and row.since is not None and now < row.since + looking.capabilities.settle:
        return False
    if row.step == STEP or order is None:
        return True
    return not (order.released and not is_strange(order) and standing.is_usual(order, lines=row.lines))


async def _decided(row: OpenWork, shown: ErpOrder | None, looking: Looking, ports: Ports) -> int:
    try:
        record = await ports.progress.load(row.key)
        order = _order(record, ports.reader)
        change = decide(record, shown, order=order, policy=looking.policy, now=ports.clock.now())
        if change is None:
            return 0
        await ports.progress.commit(row.key, change)
    except Conflict:
        return 0  # it moved while we looked; the next look decides
    except Transient as problem:
        event("order_not_looked_at", shop=row.key.shop, order=row.key.order, reason=type(problem).__name__)
        return 0
    return 1


def _order(record: OrderRecord, reader: OrderReader) -> Order | None:
    try:
        return reader(record.key, record.snapshot) if record.snapshot else None
    except Rejected:
        return None  # others tell of it
