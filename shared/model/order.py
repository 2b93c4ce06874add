"""A marketplace order as Mirakl shows it, in our types; amounts exclude taxes, whatever the platform's own mode."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from shared.model.keys import OrderKey

PlatformTaxMode = Literal["TAX_INCLUDED", "TAX_EXCLUDED"]


@dataclass(frozen=True, slots=True)
class SightedLine:
    id: str
    state: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One order as Mirakl last showed it, in two parts.

    `facts` is an allow-list of fields and is kept; `person` is everything else, unknown new fields included, and
    is purged. Numbers are `Decimal` or `int`. `updated` is Mirakl's `last_updated_date`: an older snapshot never
    replaces a newer one.
    """

    updated: datetime
    facts: Mapping[str, Any]
    person: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sighting:
    """The five fields that acceptance lives on, and the whole as a snapshot where that could be read.

    `seen` is the time of the OR11 answer. States are Mirakl's words, unknown ones included. `unreadable` says why
    there is no snapshot; acceptance goes on without one.
    """

    order_id: str
    state: str
    created: datetime
    lines: tuple[SightedLine, ...]
    seen: datetime
    snapshot: Snapshot | None
    unreadable: str = ""


@dataclass(frozen=True, slots=True)
class Tax:
    """`amount` is Mirakl's and is never computed again from `rate`; a code may come with two rates."""

    code: str
    rate: Decimal | None
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Fee:
    code: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderLine:
    """`price` and `shipping_price` are totals of the line without taxes; `quantity` is in marketplace units."""

    id: str
    index: int
    state: str
    sku: str
    quantity: Decimal
    price: Decimal
    shipping_price: Decimal
    taxes: tuple[Tax, ...] = ()
    shipping_taxes: tuple[Tax, ...] = ()
    fees: tuple[Fee, ...] = ()
    cancelled_quantity: Decimal = Decimal(0)
    """Of `quantity`, what `cancelations[]` say; Mirakl calls that quantity informative."""


@dataclass(frozen=True, slots=True)
class Address:
    """Personal data. `country` is alpha-3 (`country_iso_code`); every text may be empty."""

    name: str
    company: str
    street_1: str
    street_2: str
    additional_info: str
    zip_code: str
    city: str
    state: str
    country: str
    phone: str


@dataclass(frozen=True, slots=True)
class Organization:
    """A B2B shopper's company (OR11 `customer.organization`)."""

    name: str
    tax_number: str = ""
    identification_number: str = ""


@dataclass(frozen=True, slots=True)
class Shopper:
    """Personal data but for `id`, which with the marketplace is who the shopper is. `alias` is Mirakl's proxy
    address: it differs from order to order and identifies nobody.
    """

    id: str = ""
    first_name: str = ""
    last_name: str = ""
    organization: Organization | None = None
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """One logistic order (`order_id`), not the shopper's basket (`commercial_id`).

    `address` is None until Mirakl shows it (before SHIPPING, or before acceptance, by platform setting).
    `decided` is `acceptance_decision_date`: None when the operator or the time-out decided.
    """

    key: OrderKey
    commercial_id: str
    state: str
    created: datetime
    updated: datetime
    decided: datetime | None
    currency: str
    platform_tax_mode: PlatformTaxMode | None
    shipping_type_code: str
    shipping_deadline: datetime | None
    pickup_point: str
    delivery_instructions: str
    shopper: Shopper
    address: Address | None
    lines: tuple[OrderLine, ...]
    order_taxes: tuple[Tax, ...] = ()
    seller_reference: str = ""
    """OR04's `order_reference_for_seller` as Mirakl shows it."""
