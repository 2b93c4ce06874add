"""Posted invoices of our sales orders (`SalesInvoiceHeadersV2`, the port `Invoices`)."""

from __future__ import annotations

from collections.abc import Sequence

from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.orders import read
from shared.erp.finance_supply_chain.reading import time
from shared.erp.finance_supply_chain.shipping_documents import batches, in_company
from shared.erp.microsoft.odata import Row, number
from shared.model.sales_order import ErpInvoice

INVOICES = "SalesInvoiceHeadersV2"
_FIELDS = (
    "InvoiceNumber,InvoiceDate,LedgerVoucher,SalesOrderNumber,CustomersOrderReference,CurrencyCode,"
    "TotalInvoiceAmount,TotalTaxAmount"
)


class FinanceSupplyChainInvoices:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def of(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpInvoice]:
        """20 orders a call. A credit note is an invoice of a negative total, so that no invoice counts as cancelled."""
        found: list[ErpInvoice] = []
        for some in batches(numbers):
            where = in_company(company, "SalesOrderNumber", some)
            rows = await self._connection.read(INVOICES, filter=where, select=_FIELDS, orderby="InvoiceNumber")
            found += read(rows, _invoice, INVOICES)
        return tuple(found)


def _invoice(row: Row) -> ErpInvoice:
    """Raises KeyError, TypeError or ValueError."""
    posted = time(row["InvoiceDate"])
    if posted is None:
        raise TypeError("no invoice date")
    return ErpInvoice(
        number=row["InvoiceNumber"],
        order_number=row["SalesOrderNumber"] or "",
        reference=row["CustomersOrderReference"] or "",
        posted=posted.date(),
        currency=row["CurrencyCode"] or "",
        total=number(row["TotalInvoiceAmount"]),
        tax=number(row["TotalTaxAmount"]),
    )
