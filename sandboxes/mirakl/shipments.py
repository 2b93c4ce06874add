"""Parcels as Mirakl's own database has them: the tracking of an order or of a shipment, and what a shipment holds."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracking:
    """`carrier_code` is empty for a carrier that the operator has not registered; `url` is the shopper's link."""

    at: datetime
    carrier_code: str | None = None
    carrier_name: str | None = None
    standard_code: str | None = None
    number: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class ShipmentLine:
    """`package` is the seller's own word for the parcel (`package_reference`)."""

    line_id: str
    sku: str
    quantity: int
    package: str | None


@dataclass(slots=True, kw_only=True)
class Shipment:
    """`number` counts all shipments, in the order they were made. Not shipped yet, it only reserves its quantities."""

    id: str
    number: int
    order_id: str
    lines: tuple[ShipmentLine, ...]
    created: datetime
    updated: datetime
    invoice_reference: str | None = None
    tracking: Tracking | None = None
    shipped_at: datetime | None = None

    def quantity(self, line_id: str) -> int:
        return sum(line.quantity for line in self.lines if line.line_id == line_id)


@dataclass(slots=True)
class SellerReference:
    """`order_reference_for_seller`: what OR04 last set, when, and how often it was written."""

    value: str | None = None
    at: datetime | None = None
    count: int = 0

    def write(self, value: str | None, at: datetime) -> None:
        self.value, self.at = value, at
        self.count += 1
