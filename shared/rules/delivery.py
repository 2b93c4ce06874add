"""Where the goods go, how and by when, and from which warehouse, in the ERP's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from shared.errors import Rejected
from shared.model.order import Address, Order
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.rules.mapping_lookup import OrderMappings, text, time_zone


@dataclass(frozen=True, slots=True)
class Warehouse:
    site: str
    warehouse: str
    time_zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class DeliveryMode:
    mode: str
    service: str


def delivered_to(order: Order) -> Address:
    """The shopper's address. Raises Rejected (`order_unreadable`) without one, or without its country."""
    if order.address is None:
        raise _unreadable("customer.shipping_address")
    if not order.address.country:
        raise _unreadable("customer.shipping_address.country_iso_code")
    return order.address


def erp_country(country: str, *, shop: Shop, rows: OrderMappings) -> str:
    """Alpha-3 to the ERP's own code."""
    return text(rows.row("countries", shop.marketplace.id, country), "country")


def warehouse_of(shop: Shop, rows: OrderMappings) -> Warehouse:
    row = rows.row("warehouses", shop.marketplace.id, shop.id)
    return Warehouse(text(row, "site"), text(row, "warehouse"), time_zone(row, "time_zone"))


def delivery_mode(order: Order, *, shop: Shop, rows: OrderMappings) -> DeliveryMode:
    """By OR11 `shipping_type_code`; without a row the order waits, for express must not leave as standard."""
    row = rows.row("shipping", shop.marketplace.id, order.shipping_type_code)
    return DeliveryMode(text(row, "delivery_mode"), text(row, "service"))


def requested_shipping_date(order: Order, *, policy: CreationPolicy, zone: ZoneInfo) -> date | None:
    """The day of Mirakl's `shipping_deadline` where the warehouse is; None where Mirakl or the setting has none."""
    if policy.shipping_date == "none" or order.shipping_deadline is None:
        return None
    return order.shipping_deadline.astimezone(zone).date()


def _unreadable(field: str) -> Rejected:
    return Rejected("order_unreadable", subject=field, reason=f"the order is in SHIPPING and has no {field}")
