"""A Mirakl marketplace and the shops that the client runs on it, as the settings describe them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

TaxSource = Literal["mirakl", "erp"]
TaxLiability = Literal["seller", "operator"]
Mode = Literal["live", "shadow"]
CustomersPer = Literal["per_marketplace", "per_shopper"]


@dataclass(frozen=True, slots=True)
class Marketplace:
    """One operator's Mirakl instance.

    `prefix` (2 to 4 of `[A-Z0-9]`, immutable) marks its orders in the ERP. `acceptance_window` counts from an
    order's `created_date`; Mirakl tells it nowhere. `tax_liability` maps alpha-3 country codes (or `*`) to who
    owes the tax there.
    """

    id: str
    prefix: str
    url: str
    acceptance_window: timedelta
    tax_source: TaxSource = "mirakl"
    tax_liability: Mapping[str, TaxLiability] = field(default_factory=dict)
    or11_minimum_interval: timedelta = timedelta(minutes=1)
    limit_scope: Literal["key", "shop"] = "shop"
    export_above: int = 1000
    customers: CustomersPer = "per_marketplace"
    store_alias: bool = False
    """Whether a shopper's proxy address becomes the ERP customer's e-mail address."""

    def liability(self, country: str) -> TaxLiability:
        return self.tax_liability.get(country) or self.tax_liability.get("*") or "seller"


@dataclass(frozen=True, slots=True)
class Shop:
    """One shop: `id` is our immutable slug, `shop_id` Mirakl's number (unique per instance only).

    `sharing` is how many shops take turns under its call limit, itself included.
    """

    id: str
    marketplace: Marketplace
    shop_id: int
    key_secret: str
    orders_from: datetime
    company: str
    mode: Mode = "live"
    sharing: int = 1
