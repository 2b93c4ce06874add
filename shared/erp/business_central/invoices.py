"""Posted invoices of our sales orders (`salesInvoices`, the port `Invoices`)."""

from __future__ import annotations

from collections.abc import Sequence

from shared.erp.business_central.companies import Companies
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import day, decoded, in_company, text
from shared.erp.business_central.reading import INVOICES
from shared.erp.business_central.rows import batches, read
from shared.erp.microsoft.odata import Row, any_of, number
from shared.model.sales_order import ErpInvoice

_FIELDS = (
    "number,externalDocumentNumber,orderNumber,postingDate,currencyCode,status,totalTaxAmount,totalAmountIncludingTax"
)
_UNPOSTED = frozenset({"", "Draft", "In Review"})
_CANCELLED = "Canceled"


class BusinessCentralInvoices:
    def __init__(self, connection: Connection, companies: Companies) -> None:
        self._connection = connection
        self._companies = companies

    async def of(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpInvoice]:
        """20 orders a call. The set holds drafts too: those are left out."""
        there = await self._companies.named(company)
        found: list[ErpInvoice] = []
        for some in batches(numbers):
            path = in_company(there.id, INVOICES, filter=any_of("orderNumber", some), select=_FIELDS, orderby="number")
            rows = await self._connection.read(path, f"GET {INVOICES}")
            found += (one for one in read(rows, _invoice, INVOICES) if one is not None)
        return tuple(found)


def _invoice(row: Row) -> ErpInvoice | None:
    """None for a draft. Raises KeyError, TypeError or ValueError."""
    status = decoded(row["status"])
    if status in _UNPOSTED:
        return None
    return ErpInvoice(
        number=text(row, "number"),
        order_number=text(row, "orderNumber"),
        reference=text(row, "externalDocumentNumber"),
        posted=day(row["postingDate"]),
        currency=text(row, "currencyCode"),
        total=number(row["totalAmountIncludingTax"]),
        tax=number(row["totalTaxAmount"]),
        cancelled=status == _CANCELLED,
    )
