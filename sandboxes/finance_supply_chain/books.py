"""The books: what the installation holds and ever held, for whoever judges; nothing about persons."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from sandboxes.finance_supply_chain.customer_books import customers
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.invoice_books import invoices
from sandboxes.finance_supply_chain.order_status import slips_of
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.sales_headers import ADDRESS
from sandboxes.finance_supply_chain.shipment_books import shipments

_HEADER = {
    "company": "dataAreaId",
    "number": "SalesOrderNumber",
    "reference": "CustomersOrderReference",
    "requisition": "CustomerRequisitionNumber",
    "customer": "OrderingCustomerAccountNumber",
    "currency": "CurrencyCode",
    "origin": "SalesOrderOriginCode",
    "tax_group": "SalesTaxGroupCode",
    "delivery_mode": "DeliveryModeCode",
    "country": "DeliveryAddressCountryRegionId",
    "requested_shipping_date": "RequestedShippingDate",
    "status": "SalesOrderStatus",
}
_LINE = {
    "item": "ItemNumber",
    "quantity": "OrderedSalesQuantity",
    "unit": "SalesUnitSymbol",
    "price": "SalesPrice",
    "price_quantity": "SalesPriceQuantity",
    "amount": "LineAmount",
    "tax_group": "SalesTaxGroupCode",
    "item_tax_group": "SalesTaxItemGroupCode",
    "external_item_number": "ExternalItemNumber",
    "order_line_reference": "OrderLineReference",
    "customers_line_number": "CustomersLineNumber",
    "line_number": "LineCreationSequenceNumber",
    "lot": "InventoryLotId",
    "site": "ShippingSiteId",
    "warehouse": "ShippingWarehouseId",
    "configuration": "ProductConfigurationId",
    "size": "ProductSizeId",
    "colour": "ProductColorId",
    "style": "ProductStyleId",
    "version": "ProductVersionId",
    "status": "SalesOrderLineStatus",
}


def books(installation: Installation) -> dict[str, Any]:
    """Every order ever created (rolled-back ones never were), and what was counted on the way."""
    headers, tally = installation.headers.ever, installation.tally
    lines = _lines_by_order(installation)
    return {
        "orders": [_order(installation, row, lines.get(_name(row), [])) for row in headers],
        "shipments": shipments(installation),
        "invoices": invoices(installation),
        "customers": customers(installation),
        "creations_per_reference": dict(Counter(_reference(row) for row in headers)),
        "ignored_inputs": dict(tally.ignored),
        "calls": dict(tally.calls),
        "refusals": dict(tally.refusals),
        "throttled": tally.refusals["throttled"],
        "conflicts": tally.refusals["conflict"],
        "duplicates_refused": tally.refusals["duplicate"],
        "rolled_back": tally.rolled_back,
    }


def _lines_by_order(installation: Installation) -> dict[tuple[str, str], list[Row]]:
    found: dict[tuple[str, str], list[Row]] = {}
    for row in installation.lines.ever:
        found.setdefault(_name(row), []).append(row)
    return found


def _name(row: Row) -> tuple[str, str]:
    return row.text("dataAreaId"), row.text("SalesOrderNumber")


def _reference(row: Row) -> str:
    return f"{row.text('dataAreaId')}|{row.text('CustomersOrderReference')}"


def _order(installation: Installation, row: Row, lines: list[Row]) -> dict[str, Any]:
    """`lines` of a deleted order (or of an earlier one under the same number) are the deleted ones."""
    own = [line for line in lines if line.created >= row.created and _lived_together(row, line)]
    return {
        **{word: row.values[name] for word, name in _HEADER.items()},
        "prices_include_tax": _yes(row, "ArePricesIncludingSalesTax"),
        "held": _yes(row, "IsSalesProcessingStopped"),
        "order_specific_address": _yes(row, "IsDeliveryAddressOrderSpecific"),
        "address_present": any(row.values[name] for name in ADDRESS),
        "created": row.created,
        "deleted": row.deleted,
        "shipped_at": _shipped_at(installation, row),
        "totals": _totals(row),
        "lines": [_line(line) for line in own],
    }


def _shipped_at(installation: Installation, row: Row) -> datetime | None:
    """When the last of its goods left; a correction does not make an order leave anew."""
    if row.values["SalesOrderStatus"] not in ("Delivered", "Invoiced") or not slips_of(installation, row):
        return None
    first: dict[str, datetime] = {}
    for slip in slips_of(installation, row):
        first.setdefault(slip.text("PackingSlipId"), slip.created)
    return max(first.values())


def _lived_together(row: Row, line: Row) -> bool:
    return row.deleted is None or (line.deleted is not None and line.deleted <= row.deleted)


def _line(row: Row) -> dict[str, Any]:
    return {
        **{word: row.values[name] for word, name in _LINE.items()},
        "reference": row.values["OrderLineReference"] or row.values["ExternalItemNumber"],
        "created": row.created,
        "changed": row.changed,
        "deleted": row.deleted,
    }


def _totals(row: Row) -> dict[str, Any] | None:
    if not _yes(row, "AreTotalsCalculated"):
        return None
    names = {"total": "OrderTotalAmount", "tax": "OrderTotalTaxAmount", "charges": "OrderTotalChargesAmount"}
    return {word: row.values[name] for word, name in names.items()}


def _yes(row: Row, name: str) -> bool:
    return row.values[name] == "Yes"
