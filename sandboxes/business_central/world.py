"""What the people of an installation have set up: companies, customers, items, taxes, and how it behaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal, TypeVar

from sandboxes.business_central.edm import fold
from sandboxes.entra import Client
from sandboxes.warehouse.settings import WarehouseSettings

T = TypeVar("T")
Blocked = Literal[" ", "Ship", "Invoice", "All"]


@dataclass(slots=True)
class Customer:
    """A customer card. Without `posting_group` nothing can be sold to it; `dimensions` are the two global ones.

    `sales_tax`: taxed in the North American way, so that prices cannot include tax.
    """

    number: str
    name: str
    currency: str
    vat_group: str = ""
    posting_group: str = "MARKETPLACE"
    blocked: Blocked = " "
    prices_include_tax: bool = False
    sales_tax: bool = False
    country: str = ""
    location: str = ""
    shipment_method: str = ""
    dimensions: tuple[str, str] = ("", "")


@dataclass(slots=True)
class Item:
    """`units` are those the item can be sold in, `price` is that of its card, `variants` maps a code to its name."""

    number: str
    sales_unit: str = "PCS"
    units: tuple[str, ...] = ("PCS",)
    tax_code: str = "FULL"
    price: Decimal = Decimal("9.99")
    type: Literal["Inventory", "Service", "Non-Inventory"] = "Inventory"
    blocked: bool = False
    variants: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Price:
    """A price list's line: it gives price and discount whenever a line asks for its price.

    `enforced`: an extension of the client's gives them once more when the line is inserted, whatever was sent.
    """

    price: Decimal | None = None
    discount: Decimal = Decimal(0)
    enforced: bool = False


@dataclass(slots=True)
class Company:
    """`id` is what URLs say. `vat_posting_setup` maps a customer's VAT group to the rate of each tax code.

    `dimensions` maps a dimension to its values; the first two are the global ones.
    """

    id: str
    name: str
    customers: dict[str, Customer]
    items: dict[str, Item]
    vat_posting_setup: dict[str, dict[str, Decimal]]
    locations: Mapping[str, str]
    shipment_methods: Mapping[str, str]
    shipping_agents: Mapping[str, Sequence[str]]
    dimensions: Mapping[str, Mapping[str, str]]
    accounts: Mapping[str, str]
    payment_terms: Mapping[str, str] = field(default_factory=dict)
    salespeople: Sequence[str] = ()
    price_list: dict[str, Price] = field(default_factory=dict)
    local_currency: str = "EUR"

    @property
    def global_dimensions(self) -> tuple[str, str]:
        one, two, *_ = (*self.dimensions, "", "")
        return one, two


@dataclass(slots=True, kw_only=True)
class World(WarehouseSettings):
    """`settings` are plain values, so a JSON object may override them by name (see `worlds.load`).

    Times count in the sandbox's own (accelerated) seconds; 0 for `releases_after_seconds` or `invoices_after_seconds`
    means that nobody does it by itself. `release_action` names a bound action of the client's own (empty: none).
    `tracking_page` is the name under which somebody published the posted shipments, `tracking_api` the route of the
    client's own API page (`publisher/group/version/set`); empty: there is none.
    `customer_template`: customers that callers create get posting groups. An empty `tenant` or `environment` stands
    for any. A call occupies its place for `write_seconds`; `concurrent` run at once, `queue` wait, more are refused.
    """

    companies: dict[str, Company]
    currencies: Mapping[str, Decimal]
    units: Mapping[str, str]
    countries: Mapping[str, str]
    clients: Mapping[str, Client]
    default_company: str = "CRONUS"
    tenant: str = ""
    environment: str = "production"
    resource: str = "https://api.businesscentral.dynamics.com"
    foreign_resources: Sequence[str] = ("https://graph.microsoft.com", "https://finance.example.com")
    token_seconds: int = 3599
    page_size: int = 20_000
    batch_size: int = 100
    releases_after_seconds: int = 0
    release_action: str = ""
    ships_unreleased: bool = False
    invoices_after_seconds: int = 0
    customer_numbers: Literal["manual", "automatic"] = "manual"
    customer_template: bool = True
    tracking_page: str = "PostedSalesShipments"
    tracking_api: str = ""
    undo_touches_shipment: bool = True
    replica_lag_seconds: int = 30
    write_seconds: float = 0.0
    concurrent: int = 5
    queue: int = 95
    requests: int = 6000
    requests_seconds: int = 300

    def company(self, name: str) -> Company | None:
        return find(self.companies, name)


def find(rows: Mapping[str, T], name: str) -> T | None:
    """The row under `name` as the database would find it."""
    if name in rows:
        return rows[name]
    return next((row for key, row in rows.items() if fold(key) == fold(name)), None)


def among(names: Sequence[str], name: str) -> bool:
    return any(fold(one) == fold(name) for one in names)
