"""What F&O lists of shipments, and a port that reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from shared.erp.finance_supply_chain.connect import open_erp
from shared.model.shipment import Position, ShippedWhen
from shared.ports.erp import ShipmentPage, Shipments
from tests.erp.finance_supply_chain.drafts import configuration
from tests.erp.finance_supply_chain.far_end import FarEnd, around

AT = datetime(2026, 3, 4, 10, tzinfo=UTC)
AFTER = Position(AT)
OURS = ("NO",)


def shipments(end: FarEnd, shipped_when: ShippedWhen = "packing_slip") -> Shipments:
    settings = replace(configuration(), shipped_when=shipped_when)
    return open_erp(settings, around(end)).shipments


async def since(
    end: FarEnd,
    *,
    after: Position = AFTER,
    known: Sequence[str] = (),
    shipped_when: ShippedWhen = "packing_slip",
) -> ShipmentPage:
    port = shipments(end, shipped_when)
    return await port.since(company="USMF", after=after, prefixes=OURS, known=frozenset(known))


def moment(minutes: float = 0) -> str:
    return (AT + timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")


def slip(header: int = 101, order: str = "NO-A", *, minutes: float = 0, **fields: Any) -> dict[str, Any]:
    """A row of the packing slip journal."""
    return {
        "SourceDocumentHeader": header,
        "PackingSlipId": f"PS-{order}",
        "SalesId": order,
        "CustomerRef": order,
        "DlvMode": "STD",
        "ShipCarrierId": "CARRIER-1",
        "CreatedOn": moment(minutes),
    } | fields


def slip_line(lot: str = "L1", quantity: int = 2, order: str = "NO-A", *, minutes: float = 0, **fields: Any) -> Any:
    return {
        "SourceDocumentLine": 1,
        "PackingSlipId": f"PS-{order}",
        "SalesId": order,
        "InventTransId": lot,
        "SalesUnit": "PCS",
        "Ordered": 2,
        "Qty": quantity,
        "CreatedOn": moment(minutes),
    } | fields


def order_row(number: str = "NO-A", *lots: str, **fields: Any) -> dict[str, Any]:
    """A sales order with 2 pieces in each of its lots; the reference of lot `L1` is `A-L1`."""
    lines = [
        {
            "InventoryLotId": lot,
            "OrderLineReference": f"A-{lot}",
            "OrderedSalesQuantity": 2,
            "SalesUnitSymbol": "pcs",
        }
        for lot in lots or ("L1",)
    ]
    return {
        "SalesOrderNumber": number,
        "CustomersOrderReference": number,
        "DeliveryModeCode": "ORDERED",
        "ShippingCarrierId": "CARRIER-0",
        "ShippingCarrierServiceId": "GROUND",
        "SalesOrderLines": lines,
    } | fields


def tracking_row(number: str = "T-1", order: str = "NO-A", **fields: Any) -> dict[str, Any]:
    return {
        "SalesOrderNumber": order,
        "PackingSlipNumber": f"PS-{order}",
        "TrackingNumber": number,
        "TrackingURL": "",
    } | fields


def shipment_row(version: str = "V-1", **fields: Any) -> dict[str, Any]:
    """A row of the warehouse's shipments."""
    return {
        "ShipmentPackingSlipVersionNumber": version,
        "ShipmentPackingSlipNumber": "PS-NO-A",
        "ShippingCarrierId": "CARRIER-2",
        "ShippingCarrierServiceId": "AIR",
        "DocumentDate": moment(),
    } | fields


def shipment_line(lot: str = "L1", order: str = "NO-A", version: str = "V-1", **fields: Any) -> dict[str, Any]:
    return {
        "ShipmentPackingSlipVersionNumber": version,
        "InventoryLotId": lot,
        "ConsignerOrderNumber": order,
        "OrderedUnitSymbol": "PCS",
        "OrderedQuantity": 2,
        "ShippedQuantity": 1,
    } | fields
