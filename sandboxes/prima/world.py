"""What the people of an installation have set up: companies, products, charges, code lists, and how it behaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias, TypeVar

from sandboxes.prima.despatch_settings import DespatchSettings

T = TypeVar("T")
Style = Literal["rpc-literal", "rpc-encoded", "doc-literal"]
Sku: TypeAlias = tuple[str, str, str, str, str]
"""Product and its four matrix codes, folded."""


def fold(code: str) -> str:
    """Codes as the database compares them: case and trailing blanks do not count (observed for matrix codes)."""
    return code.rstrip(" ").casefold()


def sku(product: str, codes: Sequence[str]) -> Sku:
    one, two, three, four = (fold(code) for code in codes)
    return fold(product), one, two, three, four


@dataclass(slots=True)
class Product:
    """`matrix` are its SKUs by their four codes, with what is on hand; `inbound` is when more of it comes.

    A product that is not `stocked` (carriage, fees) is not despatched. `vat_inclusive` overrides the price book's flag.
    """

    code: str
    matrix: dict[tuple[str, str, str, str], Decimal]
    stocked: bool = True
    stopped: bool = False
    inbound: date | None = None
    vat_inclusive: bool | None = None


@dataclass(slots=True)
class Customer:
    code: str
    name: str = ""
    on_hold: bool = False


@dataclass(slots=True)
class Company:
    """`price_books` maps a currency to whether its prices include VAT; `carriers` a carrier to its services."""

    id: str
    products: dict[str, Product]
    customers: dict[str, Customer]
    price_books: dict[str, bool]
    charges: Mapping[str, str]
    carriers: Mapping[str, Sequence[str]]
    warehouses: Mapping[str, str]
    channels: Mapping[str, str]
    categories: Mapping[str, str]
    pay_methods: Mapping[str, str]
    sub_pay_methods: Mapping[str, str]


@dataclass(slots=True, kw_only=True)
class World(DespatchSettings):
    """`settings` are plain values, so a JSON object may override them by name (see `worlds.load`).

    `price`: OrderLineData/@Price is that of the whole line, or of one unit; nothing public says which.
    `reference_in`: the attribute of Data in which the books find the caller's reference.
    `words`: what OrderStatus says of each state. `lengths`: what an attribute may hold, for those it names.
    `styles`: so many products more in every company, with nine SKUs each. `credentials`: `user:password`, if any.
    """

    companies: dict[str, Company]
    countries: Mapping[str, str]
    lengths: Mapping[str, int]
    words: Mapping[str, str]
    default_company: str = "1"
    path: str = "/wsalive/wsalive"
    target: str = "urn:omlink"
    style: Style = "rpc-literal"
    request_part: str = "pcRequest"
    company_part: str = "pcCompany"
    response_part: str = "pcResponse"
    credentials: str = ""
    code_page: str = "iso-8859-1"
    price: Literal["line", "unit"] = "line"
    reference_in: Literal["CustomerRef", "TPGUID"] = "CustomerRef"
    date_format: str = "%d/%m/%Y"
    dev_mode: bool = False
    status_echoes_number: bool = True
    too_long: Literal["refused", "cut"] = "refused"
    unknown_order: str = "(E:16) Sales Order Header does not exist with Order Number equal to {number}"
    styles: int = 0

    def company(self, name: str) -> Company | None:
        return find(self.companies, name)


def find(rows: Mapping[str, T], name: str) -> T | None:
    """The row under `name` as the database would find it."""
    if name in rows:
        return rows[name]
    return next((row for key, row in rows.items() if fold(key) == fold(name)), None)


def known(rows: Mapping[str, object], name: str) -> bool:
    return find(rows, name) is not None
