"""The one gate for writing outside: in shadow a call is recorded as *would have*, and nothing leaves."""

from __future__ import annotations

from collections.abc import Sequence

from shared.flows.create_order import WOULD_HAVE
from shared.model.sales_order import Capabilities, ErpLine, ErpOrder, ErpTotals, SalesOrderDraft
from shared.model.shop import Shop
from shared.ports.erp import SalesOrders
from shared.ports.marketplace import Acceptance
from shared.ports.own import Audit

_WHO = "shadow"


def acceptance(real: Acceptance, shop: Shop, audit: Audit) -> Acceptance:
    return real if shop.mode == "live" else ShadowAcceptance(shop, audit)


def sales_orders(real: SalesOrders, shop: Shop, audit: Audit) -> SalesOrders:
    return real if shop.mode == "live" else ShadowSalesOrders(real, shop, audit)


class ShadowAcceptance:
    def __init__(self, shop: Shop, audit: Audit) -> None:
        self._shop, self._audit = shop, audit

    async def accept(self, order_id: str, lines: Sequence[str]) -> None:
        what = f"would have accepted {order_id} ({len(lines)} lines)"
        await self._audit.record(area="shadow", what=what, who=_WHO, before="", after=self._shop.id)


class ShadowSalesOrders:
    """Reads reach the ERP, writes do not; the order that comes back is the draft itself."""

    def __init__(self, real: SalesOrders, shop: Shop, audit: Audit) -> None:
        self._real, self._shop, self._audit = real, shop, audit

    @property
    def capabilities(self) -> Capabilities:
        return self._real.capabilities

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        what = f"would have created {draft.number or draft.reference}: {len(draft.lines)} lines, {draft.total}"
        await self._audit.record(area="shadow", what=what, who=_WHO, before="", after=self._shop.id)
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

    async def hold(self, *, company: str, number: str) -> None:
        what = f"would have put {number} on hold in {company}"
        await self._audit.record(area="shadow", what=what, who=_WHO, before="", after=self._shop.id)

    async def release(self, *, company: str, number: str) -> None:
        what = f"would have released {number} in {company}"
        await self._audit.record(area="shadow", what=what, who=_WHO, before="", after=self._shop.id)
