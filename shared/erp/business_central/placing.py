"""Puts an order into Business Central: a look-up that decides, then one deep insert.

No key prevents a second order. One writer at a time, and after an unknown outcome the settle time between two sendings,
are the caller's part. A deep insert is one transaction: what is refused is not there, in no part.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from shared.erp.business_central.blame import blamed
from shared.erp.business_central.codes import Codes
from shared.erp.business_central.companies import Companies, Company, UnknownCompany
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import in_company
from shared.erp.business_central.orders import Orders, Standing
from shared.erp.business_central.reading import LINES, ORDERS
from shared.erp.business_central.refusals import is_changed, met_another, refusal
from shared.erp.business_central.releasing import released
from shared.erp.business_central.sales_order import Known, named_codes, sales_order
from shared.erp.microsoft.odata import Row, Unreadable, loads
from shared.erp.transport import Answer
from shared.errors import Rejected, Transient, UnknownOutcome
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import ErpOrder, SalesOrderDraft

CALLS = 10
"""Token, companies, code lists, look-up, insert, the variants, the release and another look at what came of it; or,
in place of these three, who is to blame for a refusal; and a token that is renewed with the call that needs it."""
_INSERT = f"POST {ORDERS}"


@dataclass(frozen=True, slots=True)
class Placing:
    configuration: Configuration
    connection: Connection
    companies: Companies
    codes: Codes
    orders: Orders

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """Two calls in the ordinary case. Raises as the port says."""
        company = await self._company(draft)
        found = await self.orders.under_reference(company, draft.reference)
        if len(found) > 1:
            raise _duplicate(draft, found)
        if found:
            return await self._found(draft, found[0], company)
        body = sales_order(draft, self.configuration, Known(await self.codes.ids(company, named_codes(draft))))
        path = in_company(company.id, ORDERS, expand=LINES)
        answer = await self.connection.create(path, body)
        if not answer.succeeded:
            raise await self._refused(draft, answer, company)
        return await self._created(draft, answer, company)

    async def _company(self, draft: SalesOrderDraft) -> Company:
        try:
            return await self.companies.named(draft.company)
        except UnknownCompany as problem:
            raise Rejected("shop_misconfigured", subject=f"company {draft.company}", reason=str(problem)) from None

    async def _found(self, draft: SalesOrderDraft, there: Standing, company: Company) -> ErpOrder:
        (order,) = await self.orders.shown(company, [there])
        ours = replace(order, reference=draft.reference)
        return await self._released(ours, there.row.id, company) if there.row else ours

    async def _created(self, draft: SalesOrderDraft, answer: Answer, company: Company) -> ErpOrder:
        """The answer is the order as it stands after everything that Business Central did to it by itself."""
        try:
            row: Row = loads(answer)
        except Unreadable:
            raise UnknownOutcome(f"{_INSERT}: HTTP {answer.status}, without the order", scope=ERP_SCOPE) from None
        try:
            order = replace(await self.orders.read_back(company, row), reference=draft.reference)
        except Transient as problem:
            raise UnknownOutcome(
                f"{_INSERT} was answered as created, but cannot be read: {problem}",
                scope=problem.scope,
                retry_after=problem.retry_after,
            ) from problem
        return await self._released(order, str(row["id"]), company)

    async def _released(self, order: ErpOrder, id_: str, company: Company) -> ErpOrder:
        return await released(
            order,
            id_,
            company=company,
            configuration=self.configuration,
            connection=self.connection,
            orders=self.orders,
        )

    async def _refused(self, draft: SalesOrderDraft, answer: Answer, company: Company) -> Exception:
        if is_changed(answer):
            return met_another(answer, operation=_INSERT)
        await self.codes.forget(company, named_codes(draft))
        told = refusal(answer, draft)
        return await blamed(draft, company, self.configuration, self.connection, told=told)


def _duplicate(draft: SalesOrderDraft, found: Sequence[Standing]) -> Rejected:
    numbers = ", ".join(sorted(one.number for one in found))
    return Rejected(
        "erp_duplicate",
        subject=draft.reference,
        reason=f"sales orders {numbers} in company {draft.company} carry the same external document number",
    )
