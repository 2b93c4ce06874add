"""The sales order to be, in no ERP's words, and the sales order as an ERP shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Literal

from shared.model.keys import OrderKey
from shared.model.order import Address
from shared.model.shipment import ErpShipment


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

    `number` is empty where the ERP numbers its orders itself. `sent_before`: an earlier sending may have gone through,
    so that an order under our number is this one. `ordered` is when the shopper ordered.
    `reference` is the marketplace-prefixed Mirakl order id. `total` is what the shopper pays for what is ordered, in
    the order's tax mode when prices include tax, else without tax; `tax` is the tax that Mirakl states, None when it
    states none.
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
    ordered: datetime | None = None
    sent_before: bool = False


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

    `cancelled`: as a whole; `shipped`: something of it has left. `released` False: somebody in the ERP must release it
    before anything of it can leave. `lines_shown` False: the ERP shows a status and no lines, so that nothing follows
    from `lines` being empty. `left` is all that has left, where the order's status tells it and no shipping document
    does (`ErpShipment.lines` empty: everything that was ordered). `status_known` False: nothing follows from the
    status, a word that nobody has told us the meaning of; it is empty where the ERP's answer left open what it is.
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
    released: bool = True
    lines_shown: bool = True
    left: ErpShipment | None = None
    status_known: bool = True


@dataclass(frozen=True, slots=True)
class ErpReference:
    """An order of ours as the ERP lists it, wherever it stands there by now (order, shipment, invoice)."""

    number: str
    reference: str
    changed: datetime | None = None


@dataclass(frozen=True, slots=True)
class ErpInvoice:
    """One posted invoice of one of our orders; amounts in `currency`, `total` with tax.

    `cancelled`: it was taken back by a corrective document as a whole.
    """

    number: str
    order_number: str
    reference: str
    posted: date
    currency: str
    total: Decimal
    tax: Decimal
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class ErpTotals:
    """The ERP's own totals of one order; None while the ERP has not calculated them."""

    number: str
    total: Decimal | None
    tax: Decimal | None


Numbers = Literal["derived", "allocated", "drawn"]
"""Who numbers a sales order: we, from Mirakl's order id; we, from a range that is ours alone; or the ERP."""


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A shop's range of allocated numbers: `prefix`, then a count of `digits` digits that begins with `first`.

    Its last number, of nines only, is nobody's: an ERP is asked for it to learn how it answers about no order.
    """

    prefix: str
    digits: int
    first: int = 1

    def number(self, count: int) -> str:
        """Raises ValueError where the range is used up."""
        if count >= 10**self.digits - 1:
            raise ValueError(f"the range {self.prefix} of {self.digits} digits is used up")
        return f"{self.prefix}{count:0{self.digits}d}"

    @property
    def nobodys(self) -> str:
        return self.prefix + "9" * self.digits


@dataclass(frozen=True, slots=True)
class Offer:
    """One line of what an ERP offers: `how` it does it and what that promises, or `instead`, what stands in for it."""

    what: str
    offered: bool
    how: str
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an ERP can and promises; flows ask this, and never which ERP it is.

    `uniqueness` says who prevents a second order: the ERP's key (`enforced`) or one writer and a settled look-up.
    `settle` is how long after the last send a "not found" counts, and an order with lines missing counts as not
    found. `lanes` bounds concurrent writers. `calls` is how many calls one `place` makes at most.
    `holds`: an order can be stopped, and let go, after it was created. `shows_lines`: an order can be read with its
    lines and amounts; elsewhere only its status, one call an order. `shows_totals`: `totals` answers.
    `releases`: an order stands unreleased until the ERP's people release it. `shipments`: shipping documents are
    listed, or an order's status alone tells. `tracks`: it knows tracking numbers. `shoppers`: a shopper becomes a
    customer by `Customers.ensure` (`ensured`), by placing the order without account (`returned`), or not at all;
    `customer_groups`: such a customer needs a group of the `accounts` mapping.
    `ranges` are the shops' numbers where they are allocated. `offers` is all of it for people.
    """

    name: str
    uniqueness: Literal["enforced", "looked_up"]
    numbers: Numbers
    holds: bool
    settle: timedelta
    lanes: int
    cancels_lines: bool = False
    calls: int = 4
    shows_lines: bool = True
    shows_totals: bool = True
    releases: bool = False
    shipments: Literal["listed", "status"] = "listed"
    tracks: bool = True
    shoppers: Literal["ensured", "returned", "no"] = "ensured"
    customer_groups: bool = True
    lists_references: bool = True
    lists_invoices: bool = True
    ranges: Mapping[str, NumberFormat] = field(default_factory=dict)
    offers: tuple[Offer, ...] = ()
