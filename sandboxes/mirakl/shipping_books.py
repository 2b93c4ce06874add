"""What the judge reads of shipping: an order's tracking, shipments and seller's reference, and the carriers."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sandboxes.mirakl.carriers import Carrier
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.shipments import Shipment, Tracking


def shipping_entry(order: Order) -> dict[str, Any]:
    """`count` tells how often OR23 and OR04 took effect; `seller_reference` is empty again after a null."""
    reference = order.seller_reference
    return {
        "shipped_at": order.reached("SHIPPED"),
        "or24_effects": order.or24_effects,
        "tracking": {**_carriage(order.tracking), "count": order.tracking_count},
        "seller_reference": {"value": reference.value, "at": reference.at, "count": reference.count},
        "shipments": [_shipment(shipment) for shipment in order.shipments],
    }


def carriers_entry(carriers: Iterable[Carrier]) -> list[dict[str, Any]]:
    return [{"code": one.code, "label": one.label, "needs_number": one.needs_number} for one in carriers]


def _shipment(shipment: Shipment) -> dict[str, Any]:
    return {
        "id": shipment.id,
        "created": shipment.created,
        "shipped_at": shipment.shipped_at,
        "packages": sorted({line.package for line in shipment.lines if line.package}),
        "lines": [{"id": line.line_id, "quantity": line.quantity, "package": line.package} for line in shipment.lines],
        **_carriage(shipment.tracking),
    }


def _carriage(tracking: Tracking | None) -> dict[str, Any]:
    return {
        "carrier_code": tracking.carrier_code if tracking else None,
        "carrier_name": tracking.carrier_name if tracking else None,
        "number": tracking.number if tracking else None,
        "url": tracking.url if tracking else None,
        "at": tracking.at if tracking else None,
    }
