"""F&O's sales orders and totals, read as ours."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from shared.erp.finance_supply_chain.odata import data_area
from shared.erp.microsoft.odata import Row, any_of, literal, moment, number
from shared.model.sales_order import ErpLine, ErpOrder, ErpReference, ErpTotals, ItemCode

ORDER = (
    "SalesOrderNumber,CustomersOrderReference,OrderingCustomerAccountNumber,CurrencyCode,"
    "SalesOrderStatus,SalesOrderProcessingStatus,IsSalesProcessingStopped"
)
"""No address is asked for, so none is in memory. (Lines come whole: `$expand` takes no options.)"""

CANCELLED = "Canceled"
_LEFT = frozenset({"Delivered", "Invoiced"})
_PROCESSED = _LEFT | {"PartiallyDelivered", "PartiallyInvoiced", "DeliveredPartiallyInvoiced"}

REFERENCE = "SalesOrderNumber,CustomersOrderReference,OrderCreationDateTime"
TOTALS = "SalesOrderNumber,OrderTotalAmount,OrderTotalTaxAmount"


def by_number(company: str, numbers: Iterable[str]) -> str:
    return f"dataAreaId eq {literal(data_area(company))} and {any_of('SalesOrderNumber', numbers)}"


def by_reference(company: str, reference: str) -> str:
    return f"dataAreaId eq {literal(data_area(company))} and CustomersOrderReference eq {literal(reference)}"


def created_since(company: str, since: datetime, prefix: str) -> str:
    ours = f"CustomersOrderReference eq {literal(f'{prefix}-*')}"
    return f"dataAreaId eq {literal(data_area(company))} and OrderCreationDateTime ge {moment(since)} and {ours}"


def reference(row: Row) -> ErpReference:
    """Raises KeyError, TypeError or ValueError."""
    created = time(row["OrderCreationDateTime"])
    return ErpReference(row["SalesOrderNumber"], row["CustomersOrderReference"] or "", created)


def order(row: Row) -> ErpOrder:
    """A header with its expanded lines, as F&O lists them. Raises KeyError, TypeError or ArithmeticError."""
    return ErpOrder(
        number=row["SalesOrderNumber"],
        reference=row["CustomersOrderReference"] or "",
        customer=row["OrderingCustomerAccountNumber"] or "",
        currency=row["CurrencyCode"] or "",
        status=row["SalesOrderStatus"] or "",
        on_hold=row["IsSalesProcessingStopped"] == "Yes",
        lines=tuple(_line(line) for line in row["SalesOrderLines"]),
        cancelled=row["SalesOrderStatus"] == CANCELLED,
        shipped=_has_left(row),
    )


def _has_left(row: Row) -> bool:
    """A line that has left in part keeps its status; only the header's processing status tells."""
    lines = {line.get("SalesOrderLineStatus") for line in row["SalesOrderLines"]}
    by_status = not _LEFT.isdisjoint({row["SalesOrderStatus"], *lines})
    return by_status or row.get("SalesOrderProcessingStatus") in _PROCESSED


def totals(row: Row) -> ErpTotals:
    """F&O fills totals by a job of its own: until then they are zero, which no order with amounts in it comes to.

    Raises as `order`.
    """
    total, tax = number(row["OrderTotalAmount"]), number(row["OrderTotalTaxAmount"])
    calculated = bool(total or tax) or not any(number(line["LineAmount"]) for line in row["SalesOrderLines"])
    return ErpTotals(
        number=row["SalesOrderNumber"],
        total=total if calculated else None,
        tax=tax if calculated else None,
    )


def _line(row: Row) -> ErpLine:
    return ErpLine(
        reference=row["OrderLineReference"] or "",
        item=ItemCode(
            item=row["ItemNumber"],
            configuration=row.get("ProductConfigurationId") or "",
            size=row.get("ProductSizeId") or "",
            colour=row.get("ProductColorId") or "",
            style=row.get("ProductStyleId") or "",
            version=row.get("ProductVersionId") or "",
        ),
        quantity=number(row["OrderedSalesQuantity"]),
        unit=row["SalesUnitSymbol"] or "",
        amount=number(row["LineAmount"]),
        cancelled=row.get("SalesOrderLineStatus") == CANCELLED,
    )


def time(value: object) -> datetime | None:
    """F&O has no empty date: one of the year 1900 stands for it. Raises TypeError or ValueError."""
    if not isinstance(value, str):
        raise TypeError("not a date")
    found = datetime.fromisoformat(value)
    return None if found.year == 1900 else found.astimezone(UTC)
