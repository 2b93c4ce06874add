"""A shipment as ST01 and ST11 answer it."""

from __future__ import annotations

from typing import Any

from sandboxes.mirakl.dates import written, written_or_null
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.shipments import Shipment, ShipmentLine, Tracking

STATES = (
    "SHIPPING",
    "READY_FOR_PICK_UP",
    "SHIPMENT_PREPARED",
    "SHIPPED",
    "TO_COLLECT",
    "RECEIVED",
    "CANCELED",
    "CLOSED",
)
DEBIT_STATES = (
    "NO_DEBIT",
    "NOT_STARTED",
    "WAITING_TAX_CONFIRMATION",
    "WAITING_OPERATOR_SYSTEM_CONTACT",
    "WAITING_DEBIT_CONFIRMATION",
    "DEBIT_OK",
    "CANCELED",
)
NO_DEBIT = "NO_DEBIT"


def shipment_state(shipment: Shipment, order: Order) -> str:
    """A shipped one goes on with its order."""
    if shipment.shipped_at is None:
        return "SHIPPING"
    return order.state if order.state in ("RECEIVED", "CLOSED") else "SHIPPED"


def shipment_json(shipment: Shipment, order: Order) -> dict[str, Any]:
    """Nobody is debited per shipment here: NO_DEBIT and no payment details."""
    return {
        "id": shipment.id,
        "order_id": shipment.order_id,
        "created_date": written(shipment.created),
        "last_updated_date": written(shipment.updated),
        "shipped_date": written_or_null(shipment.shipped_at),
        "status": shipment_state(shipment, order),
        "status_customer_debit": NO_DEBIT,
        "invoice_reference": shipment.invoice_reference,
        "payment_details": None,
        "shipment_additional_information": None,
        "shipment_lines": [_line(line) for line in shipment.lines],
        "shipping_from": {"address": {"country_iso_code": "FRA"}, "warehouse": None},
        "tracking": _tracking(shipment.tracking) if shipment.tracking else None,
    }


def _line(line: ShipmentLine) -> dict[str, Any]:
    """Without a package the key is left out: seen in Mirakl's own example."""
    plain: dict[str, Any] = {"order_line_id": line.line_id, "offer_sku": line.sku, "quantity": line.quantity}
    return plain if line.package is None else {**plain, "package_reference": line.package}


def _tracking(tracking: Tracking) -> dict[str, Any]:
    return {
        "carrier_code": tracking.carrier_code,
        "carrier_name": tracking.carrier_name,
        "carrier_standard_code": tracking.standard_code,
        "tracking_number": tracking.number,
        "tracking_url": tracking.url,
        "last_known_location": None,
        "milestones": [],
        "validity_status": "UNVERIFIED" if tracking.number else "MISSING_TRACKING",
    }
