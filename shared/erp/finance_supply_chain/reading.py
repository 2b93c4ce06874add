"""F&O's sales orders and totals, read as ours."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from shared.erp.finance_supply_chain.odata import Row, data_area, literal
from shared.model.sales_order import ErpLine, ErpOrder, ErpTotals, ItemCode

ORDER = (
    "SalesOrderNumber,CustomersOrderReference,OrderingCustomerAccountNumber,CurrencyCode,"
    "SalesOrderStatus,IsSalesProcessingStopped"
)
"""No address is asked for, so none is in memory. (Lines come whole: `$expand` takes no options.)"""

TOTALS = "SalesOrderNumber,OrderTotalAmount,OrderTotalTaxAmount"


def by_number(company: str, numbers: Iterable[str]) -> str:
    """F&O knows no `in`."""
    any_of = " or ".join(f"SalesOrderNumber eq {literal(number)}" for number in numbers)
    return f"dataAreaId eq {literal(data_area(company))} and ({any_of})"


def by_reference(company: str, reference: str) -> str:
    return f"dataAreaId eq {literal(data_area(company))} and CustomersOrderReference eq {literal(reference)}"


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
    )


def totals(row: Row) -> ErpTotals:
    """F&O fills totals by a job of its own: until then they are zero, which no order with amounts in it comes to.

    Raises as `order`.
    """
    total, tax = _number(row["OrderTotalAmount"]), _number(row["OrderTotalTaxAmount"])
    calculated = bool(total or tax) or not any(_number(line["LineAmount"]) for line in row["SalesOrderLines"])
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
        quantity=_number(row["OrderedSalesQuantity"]),
        unit=row["SalesUnitSymbol"] or "",
        amount=_number(row["LineAmount"]),
    )


def _number(value: object) -> Decimal:
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise TypeError("not a number")
