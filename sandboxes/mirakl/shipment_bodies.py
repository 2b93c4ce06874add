"""What ST01, ST23 and ST24 carry, read strictly: a body of the wrong shape is refused as a whole (400)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.bodies import invalid, note_unknown, objects, required_text, text
from sandboxes.mirakl.tracking import SHIPMENT_URL, read_fields

MOST_SHIPMENTS = 1000
INVOICE = re.compile(r"[0-9a-zA-Z_-]{0,255}")
LINE_FIELDS = ("order_line_id", "offer_sku", "package_reference", "quantity")
Fields = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class WantedLine:
    """`line_id` or, deprecated, `sku`."""

    line_id: str | None
    sku: str | None
    quantity: int
    package: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedShipment:
    order_id: str
    lines: tuple[WantedLine, ...]
    tracking: Fields | None
    shipped: bool
    invoice_reference: str | None


def read_shipments(call: Call) -> list[WantedShipment]:
    """ST01's body. Warehouses and additional information are passed over."""
    return [_shipment(call, entry, f"shipments[{position}].") for position, entry in enumerate(entries(call))]


def read_trackings(call: Call) -> list[tuple[str, Fields]]:
    """ST23's body: shipment ids with their tracking."""
    return [(required_text(entry, "id", "shipments[]."), _needed_tracking(call, entry)) for entry in entries(call)]


def read_ids(call: Call) -> list[str]:
    """ST24's body."""
    given = entries(call)
    for entry in given:
        note_unknown(call, entry, ("id",), "shipments[].")
    return [required_text(entry, "id", "shipments[].") for entry in given]


def entries(call: Call) -> list[dict[str, Any]]:
    return objects(call, "shipments", most=MOST_SHIPMENTS, too_many="Too many shipments given")


def _shipment(call: Call, entry: Mapping[str, Any], path: str) -> WantedShipment:
    known = ("order_id", "shipment_lines", "tracking", "shipped", "invoice_reference")
    note_unknown(call, entry, known, "shipments[].")
    invoice = text(entry, "invoice_reference", path)
    if invoice is not None and not INVOICE.fullmatch(invoice):
        raise invalid(f"{path}invoice_reference", "It must be at most 255 letters, digits, - and _.")
    shipped = False if entry.get("shipped") is None else entry["shipped"]
    if not isinstance(shipped, bool):
        raise invalid(f"{path}shipped", "It must be a boolean.")
    return WantedShipment(
        order_id=required_text(entry, "order_id", path),
        lines=_lines(call, entry, path),
        tracking=_tracking(call, entry),
        shipped=shipped,
        invoice_reference=invoice,
    )


def _lines(call: Call, entry: Mapping[str, Any], path: str) -> tuple[WantedLine, ...]:
    lines = entry.get("shipment_lines")
    if not isinstance(lines, list) or not lines:
        raise invalid(f"{path}shipment_lines", "It is required and must be a list that is not empty.")
    return tuple(_line(call, line, f"{path}shipment_lines[{position}].") for position, line in enumerate(lines))


def _line(call: Call, line: Any, path: str) -> WantedLine:
    if not isinstance(line, dict):
        raise invalid(path.removesuffix("."), "It must be an object.")
    note_unknown(call, line, LINE_FIELDS, "shipments[].shipment_lines[].")
    quantity = line.get("quantity")
    if not isinstance(quantity, int) or isinstance(quantity, bool) or quantity < 1:
        raise invalid(f"{path}quantity", "It is required and must be a whole number of at least 1.")
    line_id, sku = text(line, "order_line_id", path), text(line, "offer_sku", path)
    return WantedLine(line_id, sku, quantity, text(line, "package_reference", path))


def _needed_tracking(call: Call, entry: Mapping[str, Any]) -> Fields:
    note_unknown(call, entry, ("id", "tracking"), "shipments[].")
    tracking = _tracking(call, entry)
    if tracking is None:
        raise invalid("shipments[].tracking", "It is required and must be an object.")
    return tracking


def _tracking(call: Call, entry: Mapping[str, Any]) -> Fields | None:
    tracking = entry.get("tracking")
    if tracking is None:
        return None
    if not isinstance(tracking, dict):
        raise invalid("shipments[].tracking", "It must be an object.")
    return read_fields(call, tracking, SHIPMENT_URL, "shipments[].tracking.")
