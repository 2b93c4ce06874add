"""The books of what was invoiced."""

from __future__ import annotations

from typing import Any

from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.records import Row


def invoices(installation: Installation) -> list[dict[str, Any]]:
    return [_invoice(row) for row in installation.tables["invoices"].ever]


def _invoice(row: Row) -> dict[str, Any]:
    return {
        "company": row.text("dataAreaId"),
        "invoice": row.text("InvoiceNumber"),
        "number": row.text("SalesOrderNumber"),
        "reference": row.text("CustomersOrderReference"),
        "currency": row.text("CurrencyCode"),
        "total": row.values["TotalInvoiceAmount"],
        "tax": row.values["TotalTaxAmount"],
        "created": row.created,
    }
