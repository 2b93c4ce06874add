"""A shipment: what left the warehouse as the ERP shows it, and what the marketplace has been told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

__all__ = [
    "Carrier",
    "ErpShipment",
    "NewShipment",
    "Position",
    "RegisteredCarrier",
    "Shipment",
    "ShipmentAnswer",
    "ShippedLine",
    "ShippedWhen",
    "ShownShipment",
    "Tracked",
    "Tracking",
]


ShippedWhen = Literal["packing_slip", "warehouse_shipment"]
"""What counts as shipped: the packing slip is posted, or the warehouse has confirmed the shipment."""


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in an ERP's list of shipments, in the order in which it is read; `id` is opaque outside the adapter."""

    at: datetime
    id: str = ""


@dataclass(frozen=True, slots=True)
class Tracking:
    """Personal in so far as it leads to a parcel's way: in no log, exception or URL of ours."""

    number: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class ShippedLine:
    """`reference` is the sales order line's (Mirakl's order line id, `#n` behind it for a set's component).

    A component of a set that is not on the document stands there with `shipped` 0.

    Quantities are in the sales unit of the ERP's line; `ordered` is what that line stands at now.
    """

    reference: str
    ordered: Decimal
    shipped: Decimal


@dataclass(frozen=True, slots=True)
class ErpShipment:
    """One shipping document of one sales order; no `lines`: all that was ordered has left.

    `document` is what people call it, and one order has it once; `id` is its version's own key: a correction is
    another `id` under the same `document`. `shipped` is when it counted as shipped: lag counts from it. Every
    tracking number that is known is in `tracking`, the first one first.
    """

    id: str
    document: str
    number: str
    reference: str
    shipped: datetime
    delivery_mode: str
    carrier: str
    service: str
    lines: tuple[ShippedLine, ...]
    tracking: tuple[Tracking, ...] = ()


@dataclass(frozen=True, slots=True)
class Tracked:
    """Tracking that the ERP shows for a shipping document of a sales order."""

    number: str
    document: str
    tracking: tuple[Tracking, ...]


@dataclass(frozen=True, slots=True)
class Shipment:
    """A shipment on record. `told` is when Mirakl was told of it; then `told_lines` (order line id, marketplace
    units) and `told_tracking` say what. `marketplace_id` is ST01's shipment id, empty where the operator has no
    multi-shipment. `version` is the row's ETag, None for a row that must not exist yet.
    """

    erp: ErpShipment
    told: datetime | None = None
    told_lines: tuple[tuple[str, Decimal], ...] = ()
    told_tracking: str = ""
    marketplace_id: str = ""
    version: str | None = None


@dataclass(frozen=True, slots=True)
class Carrier:
    """How Mirakl is told who carries: a registered carrier's `code` (SH21), or the `name` and `url` of another."""

    code: str = ""
    name: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class RegisteredCarrier:
    """One of SH21. `tracking_url` is a template; with `{trackingId}` in it a tracking number is mandatory."""

    code: str
    label: str
    tracking_url: str = ""

    @property
    def needs_tracking(self) -> bool:
        return "{trackingId}" in self.tracking_url


@dataclass(frozen=True, slots=True)
class NewShipment:
    """One shipment to create (ST01). `package` is the ERP's document: with it a lost answer is settled (ST11).

    `lines` are (order line id, whole marketplace units). Without `carrier` it is created and not shipped yet.
    """

    order_id: str
    package: str
    lines: tuple[tuple[str, int], ...]
    carrier: Carrier | None = None
    tracking: str = ""
    shipped: bool = False


@dataclass(frozen=True, slots=True)
class ShipmentAnswer:
    """What became of one entry of ST01, ST23 or ST24: `key` is the order id (ST01) or the shipment id.

    `refused` is Mirakl's message, empty where it was done; `id` is the shipment's.
    """

    key: str
    id: str = ""
    refused: str = ""


ShownState = Literal["open", "shipped", "cancelled"]


@dataclass(frozen=True, slots=True)
class ShownShipment:
    """A shipment as ST11 shows it; `packages` are its lines' package references."""

    id: str
    order_id: str
    packages: frozenset[str]
    state: ShownState
    tracking: str = ""
