"""The books: what the installation holds and ever held, for whoever judges; nothing about persons.

An order that was invoiced has vanished from the API and stands here, `Invoiced`; a line that people took out is
`Canceled`. The words are those of the other sandboxes, so that one judge reads them all.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from sandboxes.business_central.edm import BLANK_DATE, Value
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.line_books import line_book
from sandboxes.business_central.posting import is_goods, remaining
from sandboxes.business_central.records import Row
from sandboxes.business_central.shipment_books import shipments, versions

_HEADER = {
    "company": "_company",
    "number": "number",
    "reference": "externalDocumentNumber",
    "customer": "customerNumber",
    "currency": "currencyCode",
    "origin": "shortcutDimension1Code",
    "tax_group": "_vat_group",
    "delivery_mode": "_shipment_method",
    "country": "shipToCountry",
    "released": "_released",
    "prices_include_tax": "pricesIncludeTax",
}


_ADDRESS = ("shipToAddressLine1", "shipToAddressLine2", "shipToCity", "shipToPostCode")


def books(installation: Installation) -> dict[str, Any]:
    """Every order ever created (rolled-back ones never were), and what was counted on the way."""
    orders, tally = installation.orders.ever, installation.tally
    return {
        "orders": [_order(installation, row) for row in orders],
        "shipments": shipments(installation),
        "invoices": [_invoice(row) for row in installation.invoices.ever],
        "customers": [_customer(row) for row in installation.customers.ever if row.values["_own"]],
        "creations_per_reference": dict(Counter(_reference(row) for row in orders)),
        "ignored_inputs": dict(tally.ignored),
        "calls": dict(tally.calls),
        "refusals": dict(tally.refusals),
        "throttled": tally.refusals["throttled"],
        "conflicts": tally.refusals["conflict"],
        "duplicates_refused": tally.refusals["duplicate"],
        "queued": tally.queued,
        "rolled_back": tally.rolled_back,
    }


def _reference(row: Row) -> str:
    return f"{row.text('_company')}|{row.text('externalDocumentNumber')}"


def _order(installation: Installation, row: Row) -> dict[str, Any]:
    """`deleted` is when people or callers deleted it; posting is no deletion. `held`: BC holds nothing."""
    lines = installation.lines.found([("documentId", row.id)])
    requested = row.values["requestedDeliveryDate"]
    return {
        **{word: row.values[name] for word, name in _HEADER.items()},
        "requisition": "",
        "requested_shipping_date": _moment(requested),
        "status": _status(installation, row, lines),
        "held": False,
        "order_specific_address": any(row.values[name] for name in _ADDRESS),
        "address_present": any(row.values[name] for name in _ADDRESS),
        "created": row.created,
        "deleted": None if row.values["_invoice"] else row.deleted,
        "invoice": row.values["_invoice"],
        "shipped_at": _shipped_at(installation, row, lines),
        "totals": {
            "total": row.values["totalAmountIncludingTax"],
            "tax": row.values["totalTaxAmount"],
            "charges": Decimal(0),
        },
        "lines": [line_book(installation, row, line) for line in lines],
    }


def _moment(day: Value) -> datetime | None:
    assert isinstance(day, date)
    return None if day == BLANK_DATE else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _status(installation: Installation, row: Row, lines: list[Row]) -> str:
    if row.values["_invoice"]:
        return "Invoiced"
    if row.values["_cancelled"]:
        return "Canceled"
    return "Delivered" if _has_left(installation, lines) else "Backorder"


def _has_left(installation: Installation, lines: list[Row]) -> bool:
    goods = [line for line in lines if is_goods(installation, line) and not line.values["_cancelled"]]
    stand = [line for line in goods if line.deleted is None]
    return bool(stand) and all(remaining(line) <= 0 for line in stand)


def _shipped_at(installation: Installation, row: Row, lines: list[Row]) -> datetime | None:
    """When the last of its goods left; an undoing does not make an order leave anew."""
    if row.deleted is None and not _has_left(installation, lines):
        return None
    times = [next(versions(installation, one))["created"] for one in installation.shipments_of(row)]
    return max(times, default=None)


def _invoice(row: Row) -> dict[str, Any]:
    return {
        "company": row.text("_company"),
        "invoice": row.text("number"),
        "id": row.id,
        "number": row.text("orderNumber"),
        "reference": row.text("externalDocumentNumber"),
        "currency": row.text("currencyCode"),
        "total": row.values["totalAmountIncludingTax"],
        "tax": row.values["totalTaxAmount"],
        "created": row.created,
    }


def _customer(row: Row) -> dict[str, Any]:
    """`organization`, `tax_number` and `has_alias` say whether the field was filled in."""
    return {
        "company": row.text("_company"),
        "account": row.text("number"),
        "group": row.text("_posting_group"),
        "currency": row.text("currencyCode"),
        "tax_group": row.text("_vat_group"),
        "country": row.text("country"),
        "invoice_account": "",
        "party_type": row.text("type"),
        "organization": row.values["type"] == "Company",
        "tax_number": bool(row.values["taxRegistrationNumber"]),
        "has_alias": bool(row.values["email"]),
        "created": row.created,
        "deleted": row.deleted,
    }
