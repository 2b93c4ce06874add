"""SH21 and RE01: the carriers that the operator has registered, and its reasons."""

from __future__ import annotations

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.carriers import Carriers
from sandboxes.mirakl.parameters import Query, choice
from sandboxes.wire import Response

REASONS = (
    ("CANCELATION", "34", "Cancelled by the client prior to shipping", True),
    ("CANCELATION", "35", "Item not available", True),
    ("CANCELATION", "SYSTEM_LATE_SHIPMENT_CANCELATION", "Shipped too late", False),
    ("INCIDENT_CLOSE", "10", "Replacement item received", False),
    ("INCIDENT_OPEN", "1", "Item not received", False),
    ("ORDER_MESSAGING", "26", "Other question", True),
    ("REFUND", "15", "Out of stock", True),
    ("REFUND", "16", "Item returned", True),
    ("RETURN", "40", "Item does not fit", False),
)


def sh21(call: Call, carriers: Carriers) -> Response:
    """Sorted by label."""
    listed = [
        {
            "code": carrier.code,
            "label": carrier.label,
            "standard_code": carrier.standard_code,
            "tracking_url": carrier.tracking_url,
        }
        for carrier in carriers.of(call.platform.code)
    ]
    return Response.of(200, {"carriers": listed})


def re01(call: Call) -> Response:
    """Sorted by type; `is_shop_right` tells which ones a seller may use."""
    Query(call.request).read("locale", choice(call.platform.locales))
    reasons = [
        {"type": kind, "code": code, "label": label, "is_shop_right": allowed} for kind, code, label, allowed in REASONS
    ]
    return Response.of(200, {"reasons": reasons, "total_count": len(reasons)})
