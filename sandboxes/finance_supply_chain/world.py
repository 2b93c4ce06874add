"""What the people of an installation have set up: companies, customers, items, taxes, and how it behaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar

from sandboxes.entra import Client
from sandboxes.finance_supply_chain.edm import fold
from sandboxes.warehouse.settings import WarehouseSettings

T = TypeVar("T")
DIMENSIONS: Mapping[str, str] = {
    "ProductConfigurationId": "Configuration",
    "ProductSizeId": "Size",
    "ProductColorId": "Color",
    "ProductStyleId": "Style",
    "ProductVersionId": "Version",
}


@dataclass(slots=True)
class Customer:
    """`on_hold` is a member of CustVendorBlocked; `All` and `Invoice` stop new sales orders.

    Orders are invoiced to `invoice_account`, empty for the customer itself.
    """

    account: str
    name: str
    currency: str
    tax_group: str = ""
    group: str = "30"
    delivery_mode: str = ""
    language: str = "en-US"
    prices_include_tax: bool = False
    on_hold: str = "No"
    invoice_account: str = ""


@dataclass(slots=True)
class Item:
    """`units` are those the item can be sold in; `dimensions` maps an active product dimension to its values.

    A service stands on no packing slip. What is `stopped` for sales is on no new order line.
    """

    number: str
    sales_unit: str = "pcs"
    units: tuple[str, ...] = ("pcs",)
    item_tax_group: str = "FULL"
    dimensions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    service: bool = False
    stopped: bool = False


@dataclass(slots=True)
class Company:
    """One legal entity. `sites` maps a site to its warehouses, `carriers` a carrier to its services.

    `tax_exempt_numbers` maps a number to its country.
    """

    id: str
    customers: dict[str, Customer]
    items: dict[str, Item]
    sites: Mapping[str, Sequence[str]]
    origins: Mapping[str, str]
    tax_groups: Mapping[str, Sequence[str]]
    item_tax_groups: Mapping[str, Sequence[str]]
    delivery_modes: Mapping[str, str]
    carriers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    trade_agreements: dict[str, Decimal] = field(default_factory=dict)
    customer_groups: Mapping[str, str] = field(default_factory=dict)
    tax_exempt_numbers: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class World(WarehouseSettings):
    """`settings` are plain values, so a JSON object may override them by name (see `worlds.load`).

    Times count in the sandbox's own (accelerated) seconds. An empty `tenant` stands for any. How the warehouse ships
    is in `WarehouseSettings`.
    """

    companies: dict[str, Company]
    currencies: Mapping[str, Decimal]
    units: Mapping[str, int]
    countries: Mapping[str, str]
    tax_rates: Mapping[str, Decimal]
    clients: Mapping[str, Client]
    lengths: Mapping[str, int]
    zip_codes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    default_company: str = "usmf"
    tenant: str = ""
    resource: str = "https://finance.example.com"
    foreign_resources: Sequence[str] = ("https://graph.microsoft.com", "https://api.businesscentral.dynamics.com")
    token_seconds: int = 3599
    number_sequence: Literal["manual", "automatic"] = "manual"
    number_required: bool = True
    stopped_on_create: Literal["kept", "ignored"] = "kept"
    calculate_line_net_amount: bool = True
    validates_tax_exempt_numbers: bool = False
    automatic_charge: Decimal = Decimal(0)
    tax_rounding: Literal["order", "line"] = "order"
    totals_every_seconds: int = 600
    write_seconds: float = 0.0
    page_size: int = 10_000
    batch_size: int = 1_000
    duplicate_status: int = 400
    conflict_status: int = 400
    stale_status: int = 412

    def company(self, name: str) -> Company | None:
        return find(self.companies, name)


def find(rows: Mapping[str, T], name: str) -> T | None:
    """The row under `name` as the database would find it (case and trailing blanks do not count)."""
    if name in rows:
        return rows[name]
    return next((row for key, row in rows.items() if fold(key) == fold(name)), None)


def among(names: Sequence[str], name: str) -> bool:
    return any(fold(one) == fold(name) for one in names)
