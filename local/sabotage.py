"""One safety rule at a time, switched off: whoever judges must notice. Only the local runs and the tests wire this."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from local import sabotage_shipping
from shared.errors import Conflict
from shared.model.keys import OrderKey
from shared.model.sales_order import Capabilities, ErpOrder, ErpReference, ErpTotals, SalesOrderDraft
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage
from shared.ports.erp import SalesOrders
from shared.ports.marketplace import Orders, Page
from shared.ports.own import Change, Cursor, Cursors, History, Mark, OpenWork, OrderRecord, Outbox, Progress, WorkList
from shared.wiring import Parts
from shared.wiring.parts import MarketplacePorts


class NoClaim:
    """claim: a live claim of somebody else is not seen, and a conflict is overwritten."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress

    async def load(self, key: OrderKey) -> OrderRecord:
        record = await self._progress.load(key)
        steps = {name: _unclaimed(step) for name, step in record.steps.items()}
        return replace(record, steps=steps)

    async def commit(self, key: OrderKey, change: Change) -> Sequence[Step]:
        try:
            return await self._progress.commit(key, change)
        except Conflict:
            there = (await self._progress.load(key)).steps
            steps = tuple(replace(one, version=there[one.name].version) for one in change.steps if one.name in there)
            return await self._progress.commit(key, replace(change, steps=steps))

    async def history(self, key: OrderKey) -> Sequence[History]:
        return await self._progress.history(key)


def _unclaimed(step: Step) -> Step:
    return replace(step, state="outstanding", claim_until=None) if step.state == "claimed" else step


class CursorFirst:
    """cursor: it moves to now before anything is stored."""

    def __init__(self, cursors: Cursors, parts: Parts) -> None:
        self._cursors, self._clock = cursors, parts.clock

    async def load(self, shop: str) -> Cursor:
        cursor = await self._cursors.load(shop)
        moved = replace(cursor, at=self._clock.now(), pass_since=None, offset=0)
        try:
            saved = await self._cursors.save(moved)
        except Conflict:
            return cursor
        return replace(cursor, version=saved.version)

    async def save(self, cursor: Cursor) -> Cursor:
        return await self._cursors.save(replace(cursor, at=self._clock.now()))


@dataclass
class Erp:
    """The ERP's port, passed on as it is."""

    real: SalesOrders

    @property
    def capabilities(self) -> Capabilities:
        return self.real.capabilities

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        return await self.real.place(draft)

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        return await self.real.find(company=company, number=number, reference=reference)

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        return await self.real.totals(company=company, numbers=numbers)

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        return await self.real.references(company=company, changed_since=changed_since, prefixes=prefixes)

    async def hold(self, *, company: str, number: str) -> None:
        await self.real.hold(company=company, number=number)

    async def release(self, *, company: str, number: str) -> None:
        await self.real.release(company=company, number=number)


@dataclass
class NoLookUp(Erp):
    """lookup: what is in doubt is taken for not having happened."""

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:  # noqa: ARG002
        return None


@dataclass
class NoSettleTime(Erp):
    """settle: "not found" is believed at once."""

    @property
    def capabilities(self) -> Capabilities:
        return replace(self.real.capabilities, settle=timedelta(0))


@dataclass
class NoSettleTimeForParts(NoSettleTime):
    """saga: where the ERP numbers its orders itself, an earlier sending's header and lines are not waited for."""

    @property
    def capabilities(self) -> Capabilities:
        real = self.real.capabilities
        return real if real.uniqueness == "enforced" else replace(real, settle=timedelta(0))


_LONGEST, _SHORTEST = 20, 12
"""What ERPs' numbers may have: ours from Mirakl's order id, and those of a range."""


@dataclass
class AnyNumber(Erp):
    """number: every placing takes a number of its own."""

    placed: int = 0

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        self.placed += 1
        room = _SHORTEST if self.capabilities.numbers == "allocated" else _LONGEST
        another = f"{draft.number[: room - 4]}{self.placed:04d}"
        return await self.real.place(replace(draft, number=another))


class NoWaitingShare:
    """waiting: nobody asks for what waits for acceptance whatever its dates."""

    def __init__(self, orders: Orders, parts: Parts) -> None:
        self._orders, self._clock = orders, parts.clock

    async def waiting(self) -> Page:
        now = self._clock.now()
        return Page((), 0, 1, now, now)

    async def changed(self, since: datetime, offset: int) -> Page:
        return await self._orders.changed(since, offset)

    async def by_ids(self, order_ids: Sequence[str]) -> Page:
        return await self._orders.by_ids(order_ids)


class NoLater:
    """later: what is to be tried again is dropped, as if the original were completed first and the process died."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def send(self, messages: Sequence[StepMessage]) -> None:
        await self._outbox.send(messages)

    async def later(self, message: StepMessage, delay: timedelta) -> None:
        pass


class NoWatch:
    """watch: nothing overdue is ever found (and nothing that is to be tried again is kept)."""

    def __init__(self, work: WorkList) -> None:
        self._work = work

    async def due(self, shop: str, before: datetime, limit: int) -> Sequence[OpenWork]:  # noqa: ARG002
        return ()

    async def marked(self, shop: str, mark: Mark, limit: int, *, after: str = "") -> Sequence[OpenWork]:
        return await self._work.marked(shop, mark, limit, after=after)

    async def among(self, shop: str, orders: Sequence[str]) -> Sequence[OpenWork]:
        return await self._work.among(shop, orders)

    async def put(self, works: Sequence[OpenWork]) -> None:
        await self._work.put(works)

    async def remove(self, keys: Sequence[OrderKey]) -> None:
        await self._work.remove(keys)


def _claim(parts: Parts) -> Parts:
    return replace(parts, progress=NoClaim(parts.progress))


def _cursor(parts: Parts) -> Parts:
    return replace(parts, cursors=CursorFirst(parts.cursors, parts))


def _waiting(parts: Parts) -> Parts:
    def marketplace(shop: Shop) -> MarketplacePorts:
        side = parts.marketplace(shop)
        return replace(side, orders=NoWaitingShare(side.orders, parts))

    return replace(parts, marketplace=marketplace)


def _watch(parts: Parts) -> Parts:
    return replace(parts, work=NoWatch(parts.work), outbox=NoLater(parts.outbox))


SABOTAGES: Mapping[str, Callable[[Parts], Parts]] = {
    "claim": _claim,
    "cursor": _cursor,
    "lookup": lambda parts: replace(parts, sales_orders=NoLookUp(parts.sales_orders)),
    "settle": lambda parts: replace(parts, sales_orders=NoSettleTime(parts.sales_orders)),
    "number": lambda parts: replace(parts, sales_orders=AnyNumber(parts.sales_orders)),
    "waiting": _waiting,
    "watch": _watch,
    "carriers": sabotage_shipping.carriers,
    "shipment_cursor": sabotage_shipping.shipment_cursor,
    "overlap": sabotage_shipping.overlap,
    "package": sabotage_shipping.package,
    "saga": lambda parts: replace(parts, sales_orders=NoSettleTimeForParts(parts.sales_orders)),
}
