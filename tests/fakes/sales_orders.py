"""An ERP that enforces our number, in a few lines: what it holds, and how it fails next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

from shared.model.sales_order import Capabilities, ErpLine, ErpOrder, ErpTotals, SalesOrderDraft

ENFORCED = Capabilities("fake", "enforced", client_numbers=True, holds=True, settle=timedelta(minutes=10), lanes=1)


@dataclass
class FakeSalesOrders:
    """`failures` are raised by the next placings; with `after_effect` the order is there all the same."""

    orders: dict[str, ErpOrder] = field(default_factory=dict)
    failures: list[Exception] = field(default_factory=list)
    after_effect: bool = False
    placed: int = 0
    shown_totals: dict[str, ErpTotals] = field(default_factory=dict)
    capabilities: Capabilities = ENFORCED

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        self.placed += 1
        failure = self.failures.pop(0) if self.failures else None
        if failure is None or self.after_effect:
            self.orders.setdefault(draft.number, _order(draft))
        if failure is not None:
            raise failure
        return self.orders[draft.number]

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        return self.orders.get(number)

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        return [self.shown_totals.get(one, ErpTotals(one, None, None)) for one in numbers if one in self.orders]

    async def hold(self, *, company: str, number: str) -> None:
        self.orders[number] = replace(self.orders[number], on_hold=True)

    async def release(self, *, company: str, number: str) -> None:
        self.orders[number] = replace(self.orders[number], on_hold=False)


def _order(draft: SalesOrderDraft) -> ErpOrder:
    return ErpOrder(
        number=draft.number,
        reference=draft.reference,
        customer=draft.customer,
        currency=draft.currency,
        status="Backorder",
        on_hold=draft.on_hold,
        lines=tuple(ErpLine(one.reference, one.item, one.quantity, one.unit, one.amount) for one in draft.lines),
    )
