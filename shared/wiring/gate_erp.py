"""The ERP's writes in shadow: recorded, never sent; reads reach it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.flows.creating.creation import WOULD_HAVE
from shared.model.sales_order import (
    Capabilities,
    CustomerDraft,
    ErpLine,
    ErpOrder,
    ErpReference,
    ErpTotals,
    SalesOrderDraft,
)
from shared.ports.erp import SalesOrderChanges, SalesOrders
from shared.wiring.shadow import Shadow


class ShadowSalesOrders:
    """The order that comes back is the draft itself."""

    def __init__(self, real: SalesOrders, shadow: Shadow) -> None:
        self._real, self._shadow = real, shadow

    @property
    def capabilities(self) -> Capabilities:
        return self._real.capabilities

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        name = draft.number or draft.reference
        await self._shadow.record(f"created {name}: {len(draft.lines)} lines, {draft.total}")
        return ErpOrder(
            number=draft.number,
            reference=draft.reference,
            customer=draft.customer,
            currency=draft.currency,
            status=WOULD_HAVE,
            on_hold=draft.on_hold,
            lines=tuple(
                ErpLine(line.reference, line.item, line.quantity, line.unit, line.amount) for line in draft.lines
            ),
        )

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        return await self._real.find(company=company, number=number, reference=reference)

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        return await self._real.totals(company=company, numbers=numbers)

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        return await self._real.references(company=company, changed_since=changed_since, prefixes=prefixes)

    async def hold(self, *, company: str, number: str) -> None:
        await self._shadow.record(f"put {number} on hold in {company}")

    async def release(self, *, company: str, number: str) -> None:
        await self._shadow.record(f"released {number} in {company}")


class ShadowChanges:
    def __init__(self, real: SalesOrderChanges, shadow: Shadow) -> None:
        self._real, self._shadow = real, shadow

    async def shown(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        return await self._real.shown(company=company, numbers=numbers)

    async def cancel_lines(self, *, company: str, number: str, references: Sequence[str]) -> None:
        await self._shadow.record(f"taken {', '.join(references)} out of {number} in {company}")


class ShadowCustomers:
    def __init__(self, shadow: Shadow) -> None:
        self._shadow = shadow

    async def ensure(self, customer: CustomerDraft) -> None:
        await self._shadow.record(f"created customer {customer.account} in {customer.company}")
