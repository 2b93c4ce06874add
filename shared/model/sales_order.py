"""The sales order to be, in no ERP's words, and the sales order as an ERP shows it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from shared.model.keys import OrderKey
from shared.model.order import Address

ShippedWhen = Literal["packing_slip", "warehouse_shipment"]
"""What counts as shipped: the packing slip is posted, or the warehouse has confirmed the shipment."""


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
class CustomerDraft:
    """A shopper as a customer of the ERP. Personal data but for `account`, `company` and the codes.

    `account` is derived from marketplace and Mirakl's `customer_id`, so that creating it again is harmless.
    `organization` makes it a company; `alias` is Mirakl's proxy address, empty unless the client asked for it.
    `invoice_account` is who is invoiced, empty for the shopper.
    """

    company: str
    account: str
    group: str
    currency: str
    tax_group: str
    invoice_account: str
    first_name: str
    last_name: str
    organization: str
    tax_number: str
    identification_number: str
    country: str
    address: Address
    alias: str = ""


@dataclass(frozen=True, slots=True)
class SalesOrderDraft:
    """Everything the ERP is told about an order. Personal data: `address`, `note`, `shopper`.

    `customer` orders and `invoice_customer` is invoiced (empty: the same). `shopper` is the customer to create first.

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
    invoice_customer: str = ""
    shopper: CustomerDraft | None = None


@dataclass(frozen=True, slots=True)
class ErpLine:
    """A line as the ERP shows it; `amount` is the ERP's own line amount, `cancelled` that nothing of it will ship."""

    reference: str
    item: ItemCode
    quantity: Decimal
    unit: str
    amount: Decimal
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class ErpOrder:
    """A sales order as the ERP shows it, found by its number or by our reference.

    `cancelled`: as a whole; `shipped`: something of it has left.
    """

    number: str
    reference: str
    customer: str
    currency: str
    status: str
    on_hold: bool
    lines: tuple[ErpLine, ...]
    cancelled: bool = False
    shipped: bool = False


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
    `settle` is how long after the last send a "not found" counts, and an order with lines missing counts as not
    found. `lanes` bounds concurrent writers. `calls` is how many calls one `place` makes at most.
    """

    name: str
    uniqueness: Literal["enforced", "looked_up"]
    client_numbers: bool
    holds: bool
    settle: timedelta
    lanes: int
    cancels_lines: bool = False
    calls: int = 4
