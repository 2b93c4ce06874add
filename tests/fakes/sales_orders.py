"""An ERP in a few lines: what it holds, and how it fails next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.errors import Rejected
from shared.model.sales_order import (
    Capabilities,
    CustomerDraft,
    ErpLine,
    ErpOrder,
    ErpReference,
    ErpTotals,
    SalesOrderDraft,
)

ENFORCED = Capabilities("fake", "enforced", numbers="derived", holds=True, settle=timedelta(minutes=10), lanes=1)
LOOKED_UP = replace(ENFORCED, uniqueness="looked_up", numbers="drawn")


@dataclass
class FakeSalesOrders:
    """One that enforces our number. `failures` are raised by the next placings; with `after_effect` the order is there
    all the same. `keeps` are order lines that it does not let go.
    """

    orders: dict[str, ErpOrder] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    after_effect: bool = False
    placed: int = 0
    shown_totals: dict[str, ErpTotals] = field(default_factory=dict)
    capabilities: Capabilities = ENFORCED
    keeps: frozenset[str] = frozenset()

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        self.placed += 1
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or self.after_effect:
            self.orders.setdefault(draft.number, as_drafted(draft))
        if failure is not None:
            raise failure
        return self.orders[draft.number]

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        return self.orders.get(number)

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        return [self.shown_totals.get(one, ErpTotals(one, None, None)) for one in numbers if one in self.orders]

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        return [ErpReference(one.number, one.reference) for one in self.orders.values()]

    async def hold(self, *, company: str, number: str) -> None:
        self.orders[number] = replace(self.orders[number], on_hold=True)

    async def release(self, *, company: str, number: str) -> None:
        self.orders[number] = replace(self.orders[number], on_hold=False)

    async def shown(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        return [self.orders[number] for number in numbers if number in self.orders]

    async def cancel_lines(self, *, company: str, number: str, references: Sequence[str]) -> None:
        gone = {line for line in references if line not in self.keeps}
        order = self.orders[number]
        self.orders[number] = replace(order, lines=tuple(one for one in order.lines if _line(one) not in gone))
        if self.keeps & set(references):
            raise Rejected("erp_refused", subject="line", reason="a line has been picked")


@dataclass
class NumberingSalesOrders(FakeSalesOrders):
    """One that draws its own numbers and takes a reference as often as it is sent.

    `lines_at_a_time`: a placing that fails leaves so many lines behind (None: nothing), the next ones complete them.
    """

    capabilities: Capabilities = LOOKED_UP
    lines_at_a_time: int | None = None

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        self.placed += 1
        failure = self.failures.pop(0) if self.failures else None
        if failure is None:
            return self.written(draft, len(draft.lines))
        if self.lines_at_a_time is not None:
            self.written(draft, self.lines_at_a_time)
        raise failure

    def written(self, draft: SalesOrderDraft, lines: int) -> ErpOrder:
        known = next((one for one in self.orders.values() if one.reference == draft.reference), None)
        number = known.number if known else f"SO-{len(self.orders) + 1:04d}"
        whole = lines >= len(draft.lines)
        part = replace(draft, number=number, lines=draft.lines[:lines], on_hold=draft.on_hold or not whole)
        self.orders[number] = as_drafted(part)
        return self.orders[number]

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        return next((one for one in self.orders.values() if one.reference == reference), None)


@dataclass
class FakeCustomers:
    """`accounts` are in the order of their creation; `failures` are raised by the next calls, after their effect."""

    accounts: dict[str, CustomerDraft] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)

    async def ensure(self, customer: CustomerDraft) -> None:
        self.accounts.setdefault(customer.account, customer)
        if self.failures:
            raise self.failures.pop(0)


def as_drafted(draft: SalesOrderDraft) -> ErpOrder:
    return ErpOrder(
        number=draft.number,
        reference=draft.reference,
        customer=draft.customer,
        currency=draft.currency,
        status="Backorder",
        on_hold=draft.on_hold,
        lines=tuple(ErpLine(one.reference, one.item, one.quantity, one.unit, one.amount) for one in draft.lines),
    )


def _line(one: ErpLine) -> str:
    return one.reference.partition("#")[0]
