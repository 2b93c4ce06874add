"""The demonstration set-up: two companies, sixty products, a few with matrix codes, and a file that overrides it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandboxes.prima.despatch_settings import COLUMNS
from sandboxes.prima.world import Company, Customer, Product, World
from sandboxes.warehouse.settings import TRACKING_KINDS

SERVICE_ITEMS = ("SHIPPING", "FEE", "ROUNDING")
PLAIN = ("", "", "", "")
ON_HAND = Decimal(500)
SIZES = ("S", "M", "L")
WORDS: Mapping[str, str] = {
    "received": "Received",
    "held": "Held",
    "part": "Part Despatched",
    "despatched": "Despatched",
    "cancelled": "Cancelled",
}
"""`Part Despatched`, `Despatched` and `Cancelled` are known; the two others are invented."""
LENGTHS: Mapping[str, int] = {
    "OrderNumber": 12,
    "UniqueId": 20,
    "TPGUID": 60,
    "CustomerRef": 60,
    "Customer": 10,
    "CustomerForename": 40,
    "CustomerSurname": 40,
    **{f"AddrLine{number}": 40 for number in range(1, 7)},
    "PostCode": 12,
    "CustomerEmail": 100,
    "CustomerPhone": 20,
    "InvoiceForename": 40,
    "InvoiceSurname": 40,
    **{f"InvoiceAddrLine{number}": 40 for number in range(1, 7)},
    "InvoicePostCode": 12,
    "Product": 16,
    **{f"MtrxCode{number}": 6 for number in range(1, 5)},
    "LineReference": 60,
    "LineNarrative": 60,
    "SpecialInstructions": 250,
}
"""Invented, except that products of 16 and matrix codes of 6 characters were seen."""


def demo() -> World:
    """Everything a marketplace order needs, twice: companies `1` (the default) and `2`."""
    return World(
        companies={name: company(name) for name in ("1", "2")},
        countries={code: code for code in ("FR", "DE", "GB", "US", "ES", "IT", "BE", "SE", "PL", "JP")},
        lengths=dict(LENGTHS),
        words=dict(WORDS),
    )


def company(name: str) -> Company:
    marketplaces = {"MIRAKL": "Mirakl marketplaces", "MKPA": "Marketplace A", "MKPB": "Marketplace B"}
    return Company(
        id=name,
        products={one.code: one for one in _products()},
        customers={one.code: one for one in _customers()},
        price_books=dict.fromkeys(("EUR", "GBP", "USD", "JPY"), True),
        charges={**dict.fromkeys(SERVICE_ITEMS, "Charge"), "RM24": "Next day", "RM48": "Two days", "SD1": "Special"},
        carriers={"CARRIER-1": ("GROUND", "AIR"), "CARRIER-2": ("GROUND",), "LETTER": ("MAIL",)},
        warehouses={"11": "Main", "12": "Overflow", "21": "South"},
        channels={"MailOrder": "Mail order", **marketplaces},
        categories={"PAYPAL": "PayPal", **marketplaces},
        pay_methods={"CSH": "Paid elsewhere"},
        sub_pay_methods={"PAYPAL": "PayPal", **marketplaces},
    )


def _products() -> tuple[Product, ...]:
    plain = tuple(product(f"ITEM-{number:03}", {}) for number in range(1, 61))
    services = tuple(product(name, {"stocked": False}) for name in SERVICE_ITEMS)
    shirt = [(colour, size, "", "") for colour in ("RED", "BLUE") for size in SIZES]
    shoe = [(fitting, f"{size:03}", "", "") for fitting in ("F", "G") for size in (60, 65, 70)]
    return (*plain, *services, product("SHIRT-01", {"matrix": shirt}), product("SHOE-01", {"matrix": shoe}))


def _customers() -> tuple[Customer, ...]:
    names = ("MKP-FR-EUR", "MKP-DE-EUR", "MKP-GB-GBP", "MKP-US-USD")
    return (*(Customer(name, "Marketplace") for name in names), Customer("MKP-HOLD", "On hold", on_hold=True))


def styles(count: int) -> dict[str, Product]:
    matrix = [(fitting, size, "", "") for fitting in ("F", "G", "EX") for size in SIZES]
    return {f"STYLE{number:04}": product(f"STYLE{number:04}", {"matrix": matrix}) for number in range(1, count + 1)}


def load(path: Path) -> World:
    """The demonstration set-up with the settings of a JSON object put over it."""
    return overridden(demo(), json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


def overridden(world: World, settings: Mapping[str, Any]) -> World:
    """Plain settings by name; `companies` is `{id: {part: rows}}`, its rows added to what the company has.

    Raises ValueError naming what is unknown.
    """
    known = {one.name for one in fields(World)}
    for name, value in settings.items():
        if name not in known:
            raise ValueError(f"{name} is no setting of this sandbox; known are {', '.join(sorted(known))}")
        if name == "companies":
            _extend_companies(world, value)
        else:
            _check(name, value)
            setattr(world, name, _like(getattr(world, name), value))
    for one in world.companies.values():
        one.products |= {code: new for code, new in styles(world.styles).items() if code not in one.products}
    return world


def _check(name: str, value: Any) -> None:
    named: Mapping[str, set[str]] = {"tracking": {*TRACKING_KINDS}, "words": {*WORDS}}
    allowed = named.get(name)
    if allowed is not None and set(value) - allowed:
        raise ValueError(f"{name} {sorted(set(value) - allowed)} is none of {', '.join(sorted(allowed))}")
    if name == "despatch_columns" and {column for _, column in value} - {column for _, column in COLUMNS}:
        raise ValueError(f"despatch_columns knows {', '.join(column for _, column in COLUMNS)}")


def _extend_companies(world: World, companies: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    for name, parts in companies.items():
        one = world.companies.setdefault(name, company(name))
        for part, rows in parts.items():
            row_of = _ROWS.get(part, _as_it_is)
            if part not in {field.name for field in fields(Company)} - {"id"}:
                raise ValueError(f"companies.{name}.{part} is no part of a company")
            setattr(one, part, {**getattr(one, part), **{key: row_of(key, row) for key, row in rows.items()}})


def product(code: str, row: Mapping[str, Any]) -> Product:
    """`{"matrix"? (its SKUs, each a list of four codes), "on_hand"?, "stocked"?, "stopped"?, "inbound"? (ISO date),
    "vat_inclusive"?}`: without a matrix it is one SKU with blank codes.
    """
    given = dict(row)
    on_hand = Decimal(given.pop("on_hand", ON_HAND))
    matrix = {tuple(codes): on_hand for codes in given.pop("matrix", [PLAIN])}
    if any(len(codes) != len(PLAIN) for codes in matrix):
        raise ValueError(f"a SKU of {code} has four matrix codes")
    inbound = given.pop("inbound", None)
    return Product(code, matrix, inbound=date.fromisoformat(inbound) if inbound else None, **given)


def customer(code: str, row: Mapping[str, Any]) -> Customer:
    return Customer(code, **row)


def _as_it_is(_: str, row: Any) -> Any:
    return row


_ROWS: Mapping[str, Callable[[str, Any], Any]] = {"products": product, "customers": customer}


def _like(present: Any, value: Any) -> Any:
    """A setting's new value in the type of the present one; mappings are added to."""
    if isinstance(present, Mapping):
        sample = next(iter(present.values()), None)
        return {**present, **{key: _like(sample, one) for key, one in value.items()}}
    if isinstance(present, float):
        return float(value)
    if isinstance(present, tuple):
        return tuple(tuple(one) for one in value)
    if present is not None and type(value) is not type(present):
        raise ValueError(f"{value!r} is not a {type(present).__name__}")
    return value
