"""The books of an order's lines, in the words of the other ERPs' sandboxes."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any

from sandboxes.business_central.amounts import number
from sandboxes.business_central.edm import BLANK_ID
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.posting import remaining
from sandboxes.business_central.records import Row
from sandboxes.business_central.set_up import code_of, rows

_LINE = {
    "reference": "description2",
    "line_type": "lineType",
    "item": "lineObjectNumber",
    "quantity": "quantity",
    "unit": "unitOfMeasureCode",
    "price": "unitPrice",
    "item_tax_group": "taxCode",
    "order_line_reference": "description2",
    "line_number": "sequence",
    "lot": "id",
}
_ELSEWHERE: Mapping[str, Any] = {
    "price_quantity": Decimal(1),
    "customers_line_number": 0,
    **dict.fromkeys(("site", "configuration", "size", "colour", "style", "version"), ""),
}
"""What other ERPs have on a line."""


def line_book(installation: Installation, order: Row, line: Row) -> dict[str, Any]:
    company, world = installation.company_of(line), installation.world
    posted, gone = bool(order.values["_invoice"]), bool(line.values["_cancelled"])
    return {
        **{word: line.values[name] for word, name in _LINE.items()},
        **_ELSEWHERE,
        "comment_digest": _digest(line),
        "external_item_number": line.values["description2"],
        "amount": _amount(order, line),
        "discount": line.values["discountAmount"],
        "tax_group": order.values["_vat_group"],
        "warehouse": code_of(company, world, "locations", line.text("locationId")) or "",
        "variant": _variant(installation, line),
        "status": _line_status(line, posted=posted),
        "created": line.created,
        "changed": line.changed,
        "deleted": None if posted or (gone and order.deleted is None) else line.deleted,
    }


def _digest(line: Row) -> str:
    """Of a comment's text, which may tell of a person: whoever knows what it should say can tell whether it does."""
    return sha256(line.text("description").encode()).hexdigest() if line.values["lineType"] == "Comment" else ""


def _amount(order: Row, line: Row) -> Decimal:
    """In the order's own tax mode."""
    name = "netAmountIncludingTax" if order.values["pricesIncludeTax"] else "netAmount"
    return number(line.values, name)


def _line_status(line: Row, *, posted: bool) -> str:
    if line.values["_cancelled"]:
        return "Canceled"
    if posted:
        return "Invoiced"
    return "Delivered" if number(line.values, "quantity") and remaining(line) <= 0 else "Backorder"


def _variant(installation: Installation, line: Row) -> str:
    wanted = line.values["itemVariantId"]
    if wanted == BLANK_ID:
        return ""
    variants = rows(installation.world, installation.company_of(line), "itemVariants")
    return next((row.text("code") for row in variants if row.id == wanted), "")
