"""The books of what left: every version of every packing slip, with its lines and the numbers it ever had."""

from __future__ import annotations

from typing import Any

from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.packing_slips import lines_on
from sandboxes.finance_supply_chain.records import Row


def shipments(installation: Installation) -> list[dict[str, Any]]:
    tracking: dict[tuple[str, str], list[Row]] = {}
    for row in installation.tables["tracking"].ever:
        tracking.setdefault((row.text("dataAreaId"), row.text("PackingSlipNumber")), []).append(row)
    slips = installation.tables["slips"].ever
    return [_slip(installation, row, tracking.get(_name(row), [])) for row in slips]


def _name(slip: Row) -> tuple[str, str]:
    return slip.text("dataAreaId"), slip.text("PackingSlipId")


def _slip(installation: Installation, slip: Row, tracking: list[Row]) -> dict[str, Any]:
    """Versions of one slip have one `slip` and an `id` each; tracking belongs to the slip, not to a version."""
    return {
        "company": slip.text("dataAreaId"),
        "slip": slip.text("PackingSlipId"),
        "id": slip.values["SourceDocumentHeader"],
        "number": slip.text("SalesId"),
        "reference": slip.text("CustomerRef"),
        "created": slip.created,
        "visible_from": slip.visible_from,
        "carrier": slip.text("ShipCarrierId"),
        "delivery_mode": slip.text("DlvMode"),
        "lines": [_line(installation, row) for row in lines_on(installation, slip)],
        "tracking": [_number(row) for row in tracking],
    }


def _line(installation: Installation, row: Row) -> dict[str, Any]:
    line = installation.found("lines", row, "InventoryLotId", row.text("InventTransId"))[0]
    return {
        "reference": line.values["OrderLineReference"] or line.values["ExternalItemNumber"],
        "lot": row.text("InventTransId"),
        "ordered": row.values["Ordered"],
        "shipped": row.values["Qty"],
    }


def _number(row: Row) -> dict[str, Any]:
    return {"number": row.text("TrackingNumber"), "from": row.created, "until": row.deleted}
