"""The books of what left: every shipment as it was posted and after each undoing, with the numbers it ever had."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandboxes.business_central.amounts import number
from sandboxes.business_central.ids import guid
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.posting import posted_lines
from sandboxes.business_central.records import Row


def shipments(installation: Installation) -> list[dict[str, Any]]:
    return [one for row in installation.shipments.ever for one in versions(installation, row)]


def versions(installation: Installation, shipment: Row) -> Iterator[dict[str, Any]]:
    """Versions of one shipment have one `slip` and an `id` each; an undoing makes the next version.

    `lines` are what had left by then, on balance; `tracking` belongs to the shipment, not to a version.
    """
    lines = posted_lines(installation, shipment)
    for place, at in enumerate(sorted({line.created for line in lines})):
        yield {
            "company": shipment.text("_company"),
            "slip": shipment.text("number"),
            "id": guid(shipment.id, place) if place else shipment.id,
            "number": shipment.text("orderNumber"),
            "reference": shipment.text("externalDocumentNumber"),
            "created": at,
            "visible_from": at if place else shipment.visible_from,
            "carrier": shipment.text("_agent"),
            "delivery_mode": shipment.text("shipmentMethodCode"),
            "lines": list(_balance(installation, [line for line in lines if line.created <= at])),
            "tracking": list(_numbers(shipment)),
        }


def _balance(installation: Installation, lines: Sequence[Row]) -> Iterator[dict[str, Any]]:
    for line in lines:
        if number(line.values, "quantity") > 0:
            order_line = installation.lines.get(line.text("_line"))
            assert order_line is not None, "what was shipped was a line of an order"
            same = (number(one.values, "quantity") for one in lines if one.values["_line"] == line.values["_line"])
            yield {
                "reference": line.text("description2"),
                "lot": line.text("_line"),
                "ordered": order_line.values["quantity"],
                "shipped": sum(same, Decimal(0)),
            }


def _numbers(shipment: Row) -> Iterator[dict[str, Any]]:
    stands, since = "", shipment.created
    for at, values in shipment.versions:
        if values["_tracking"] != stands:
            if stands:
                yield _number(stands, since, at)
            stands, since = str(values["_tracking"]), at
    if stands:
        yield _number(stands, since, None)


def _number(text: str, since: datetime, until: datetime | None) -> dict[str, Any]:
    return {"number": text, "from": since, "until": until}
