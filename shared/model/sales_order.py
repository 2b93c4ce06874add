"""The sales order to be, in no ERP's words, and the sales order as an ERP shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from shared.model.keys import OrderKey
from shared.model.order import Address


@dataclass(frozen=True, slots=True)
class ItemCode:
    """An ERP item with its variant dimensions; empty where the item has none."""

    item: str
    configuration: str = ""
    size: str = ""
    colour: str = ""
    style: str = ""
    version: str = ""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One ERP line. `amount` = quantity x unit price to the cent, in the order's tax mode.

    `reference` is Mirakl's order line id (with the component for a set); `number` counts lines from 1.
    `tax_group` and `item_tax_group` are the ERP's own words, empty where the ERP decides.
    """

    number: int
    reference: str
    item: ItemCode
    quantity: Decimal
    unit: str
    unit_price: Decimal
    amount: Decimal
    tax_group: str
    item_tax_group: str
    site: str
    warehouse: str
    purpose: Literal["item", "shipping", "fee", "rounding"] = "item"


@dataclass(frozen=True, slots=True)
class SalesOrderDraft:
    """Everything the ERP is told about an order. Personal data: `address`, `note`.

    `number` is empty where the ERP numbers its orders itself. `reference` is the marketplace-prefixed Mirakl order
    id. `total` is what the shopper pays for what is ordered, in the order's tax mode when prices include tax, else
    without tax; `tax` is the tax that Mirakl states, None when it states none.
    """

    key: OrderKey
    number: str
    reference: str
    commercial_reference: str
    company: str
    customer: str
    currency: str
    prices_include_tax: bool
    origin: str
    dimensions: str
    delivery_mode: str
    delivery_service: str
    country: str
    address: Address
    pickup_point: str
    note: str
    requested_shipping_date: date | None
    tax_group: str
    on_hold: bool
    lines: tuple[DraftLine, ...]
    total: Decimal
    tax: Decimal | None


@dataclass(frozen=True, slots=True)
class ErpLine:
    """A line as the ERP shows it; `amount` is the ERP's own line amount."""

    reference: str
    item: ItemCode
    quantity: Decimal
    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ErpOrder:
    """A sales order as the ERP shows it, found by its number or by our reference."""

    number: str
    reference: str
    customer: str
    currency: str
    status: str
    on_hold: bool
    lines: tuple[ErpLine, ...]


@dataclass(frozen=True, slots=True)
class ErpTotals:
    """The ERP's own totals of one order; None while the ERP has not calculated them."""

    number: str
    total: Decimal | None
    tax: Decimal | None


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an ERP can and promises.

    `uniqueness` says who prevents a second order: the ERP's key (`enforced`) or one writer and a settled look-up.
    `settle` is how long after the last send a "not found" counts. `lanes` bounds concurrent writers.
    """

    name: str
    uniqueness: Literal["enforced", "looked_up"]
    client_numbers: bool
    holds: bool
    settle: timedelta
    lanes: int
