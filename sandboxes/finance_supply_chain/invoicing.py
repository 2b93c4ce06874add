"""Posting a sales invoice: what has left and was not invoiced yet, and every service with the first one.

Inferred: that services go with the first invoice, and which processing status an order invoiced in part shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from sandboxes.finance_supply_chain.amounts import rounded
from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.invoice_entities import INVOICES
from sandboxes.finance_supply_chain.order_status import delivered, goods, number, refresh
from sandboxes.finance_supply_chain.packing_slips import day
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.taxes import order_tax
from sandboxes.finance_supply_chain.world import find

_Invoiced = Sequence[tuple[Row, Decimal]]


def invoice(installation: Installation, header: Row, now: datetime) -> Row:
    """The new invoice. Raises ValueError where nothing of the order is to be invoiced."""
    wanted = _due(installation, header)
    if not wanted:
        raise ValueError(f"nothing of sales order {header.text('SalesOrderNumber')} is to be invoiced")
    with installation.transaction(now):
        row = installation.tables["invoices"].insert(_values(installation, header, wanted, now), now)
        assert row is not None, "invoice numbers are the system's own"
        for line, quantity in wanted:
            _enter(installation, line, quantity, now)
        refresh(installation, header, now)
    return row


def _due(installation: Installation, header: Row) -> list[tuple[Row, Decimal]]:
    shippable = {line.number for line in goods(installation, header)}
    found = []
    for line in installation.lines_of(header):
        whole = delivered(installation, line) if line.number in shippable else _service(line)
        found.append((line, whole - installation.invoiced_of(line)))
    return [(line, quantity) for line, quantity in found if quantity > 0]


def _service(line: Row) -> Decimal:
    return Decimal(0) if line.values["SalesOrderLineStatus"] == "Canceled" else number(line, "OrderedSalesQuantity")


def _enter(installation: Installation, line: Row, quantity: Decimal, now: datetime) -> None:
    """A line of which the rest will not leave is invoiced once all that left is."""
    installation.enter_invoiced(line, quantity)
    over = line.values["SalesOrderLineStatus"] == "Delivered" and installation.invoiced_of(line) == delivered(
        installation, line
    )
    if over or installation.invoiced_of(line) >= number(line, "OrderedSalesQuantity"):
        installation.lines.change(line, {"SalesOrderLineStatus": "Invoiced"}, now)


def _values(installation: Installation, header: Row, wanted: _Invoiced, now: datetime) -> dict[str, Value]:
    drawn = installation.next_number(f"Invoice_{header.text('dataAreaId')}")
    country = "DeliveryAddressCountryRegionId"
    return {
        **INVOICES.empty(),
        **_amounts(installation, header, wanted),
        "dataAreaId": header.text("dataAreaId"),
        "InvoiceNumber": f"CIV{drawn}",
        "InvoiceDate": day(now),
        "LedgerVoucher": f"CIV{drawn}",
        **{name: header.text(name) for name in ("SalesOrderNumber", "CustomersOrderReference", "CurrencyCode")},
        "InvoiceCustomerAccountNumber": header.text("InvoiceCustomerAccountNumber"),
        "SalesOrderOriginCode": header.text("SalesOrderOriginCode"),
        "DeliveryModeCode": header.text("DeliveryModeCode"),
        "InvoiceAddressCountryRegionId": header.text(country),
    }


def _amounts(installation: Installation, header: Row, wanted: _Invoiced) -> dict[str, Value]:
    """`TotalInvoiceAmount` is what is owed, with tax; automatic charges are on the first invoice."""
    company = installation.world.company(header.text("dataAreaId"))
    assert company is not None, "orders are only taken for companies that exist"
    parts = [_part(installation, line, quantity) for line, quantity in wanted]
    tax = order_tax(installation.world, company, header, parts)
    included = header.values["ArePricesIncludingSalesTax"] == "Yes"
    charges = _charges(installation, header)
    amount = sum((number(part, "LineAmount") for part in parts), charges)
    return {
        "TotalInvoiceAmount": amount if included else amount + tax,
        "TotalTaxAmount": tax,
        "TotalChargeAmount": charges,
    }


def _charges(installation: Installation, header: Row) -> Decimal:
    before = installation.found("invoices", header, "SalesOrderNumber", header.text("SalesOrderNumber"))
    skipped = header.values["SkipCreateAutoCharges"] == "Yes"
    return Decimal(0) if before or skipped else installation.world.automatic_charge


def _part(installation: Installation, line: Row, quantity: Decimal) -> Row:
    """The line with the amount of this invoice; all invoices of a line come to its amount."""
    before = installation.invoiced_of(line)
    rule = find(installation.world.currencies, line.text("CurrencyCode")) or Decimal("0.01")
    ordered, amount = number(line, "OrderedSalesQuantity"), number(line, "LineAmount")
    then, now = (rounded(amount * part / ordered, rule) for part in (before, before + quantity))
    return replace(line, values={**line.values, "LineAmount": now - then})
