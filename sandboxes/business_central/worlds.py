"""The demonstration set-up: two companies, sixty items, service items, and a file that overrides it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandboxes.business_central.ids import guid
from sandboxes.business_central.world import Company, Customer, Item, Price, World
from sandboxes.entra import Client
from sandboxes.warehouse.settings import TRACKING_KINDS

CLIENT_ID = "11111111-1111-1111-1111-111111111111"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 -- the sandbox's own demonstration client
UNREGISTERED_CLIENT_ID = "22222222-2222-2222-2222-222222222222"
COMPANY = "CRONUS"
COMPANY_ID = "c0ffee00-0000-4000-8000-000000000001"
OTHER_COMPANY = "CRONUS FR"
OTHER_COMPANY_ID = "c0ffee00-0000-4000-8000-000000000002"
SERVICE_ITEMS = ("SHIPPING", "FEE", "ROUNDING")
_RATES = {
    "FR": {"FULL": "20", "RED": "5.5"},
    "DE": {"FULL": "19", "RED": "7"},
    "GB": {"FULL": "20", "RED": "5"},
    "US": {"FULL": "8", "RED": "8"},
    "EXEMPT": {"FULL": "0", "RED": "0"},
}
_FOR_ALL = {"ZERO": "0", "GSTPST": "12"}


def demo() -> World:
    """Everything a marketplace order needs, twice: companies `CRONUS` (the default) and `CRONUS FR`."""
    return World(
        companies={
            COMPANY: company(COMPANY, COMPANY_ID),
            OTHER_COMPANY: company(OTHER_COMPANY, OTHER_COMPANY_ID),
        },
        currencies={code: Decimal("0.01") for code in ("EUR", "USD", "GBP")} | {"JPY": Decimal(1)},
        units={"PCS": "Piece", "EA": "Each", "BOX": "Box", "KG": "Kilogram"},
        countries={
            "FRA": "France",
            "DEU": "Germany",
            "GBR": "Great Britain",
            "USA": "United States",
            "ESP": "Spain",
            "ITA": "Italy",
            "BEL": "Belgium",
            "SWE": "Sweden",
            "POL": "Poland",
            "JPN": "Japan",
        },
        clients={
            CLIENT_ID: Client(CLIENT_SECRET),
            UNREGISTERED_CLIENT_ID: Client(CLIENT_SECRET, registered=False),
        },
    )


def company(name: str, company_id: str = "") -> Company:
    return Company(
        id=company_id or guid("company", name),
        name=name,
        customers={one.number: one for one in _customers()},
        items={one.number: one for one in _items()},
        vat_posting_setup={group: _rates({**rates, **_FOR_ALL}) for group, rates in _RATES.items()},
        locations={"11": "Main warehouse", "12": "Second warehouse", "21": "Island warehouse"},
        shipment_methods={"STD": "Standard", "EXP": "Express", "PICKUP": "Pick-up point"},
        shipping_agents={"CARRIER-1": ("GROUND", "AIR"), "CARRIER-2": ("GROUND",), "LETTER": ("MAIL",)},
        dimensions={
            "CHANNEL": {"MIRAKL": "Mirakl marketplaces", "MKPA": "Marketplace A", "MKPB": "Marketplace B"},
            "DEPARTMENT": {"SALES": "Sales"},
        },
        accounts={"6110": "Sales", "6810": "Shipping charged", "6820": "Fees charged"},
        payment_terms={"14D": "14 days"},
    )


def _customers() -> tuple[Customer, ...]:
    return (
        Customer("MKP-FR-EUR", "Marketplace A in France", "EUR", "FR", shipment_method="STD"),
        Customer("MKP-DE-EUR", "Marketplace A in Germany", "EUR", "DE", shipment_method="STD"),
        Customer("MKP-GB-GBP", "Marketplace B in Great Britain", "GBP", "GB"),
        Customer("MKP-US-USD", "Marketplace B in the United States", "USD", "US", sales_tax=True),
        Customer("MKP-HOLD", "Marketplace on hold", "EUR", "FR", blocked="All"),
        Customer("MKP-BARE", "Marketplace without posting groups", "EUR", "FR", posting_group=""),
    )


def _items() -> tuple[Item, ...]:
    plain = tuple(Item(f"ITEM-{number:03}", units=("PCS", "EA", "BOX")) for number in range(1, 61))
    services = tuple(Item(name, units=("PCS", "EA"), type="Service") for name in SERVICE_ITEMS)
    variants = {f"{size}-{colour}": f"{size} {colour.lower()}" for size in "SML" for colour in ("RED", "BLUE")}
    shirt = Item("SHIRT-01", variants=variants)
    loose = Item("LOOSE-01", sales_unit="KG", units=("KG",), tax_code="RED")
    return (*plain, *services, shirt, loose)


def _rates(rates: Mapping[str, Any]) -> dict[str, Decimal]:
    return {code: Decimal(str(rate)) for code, rate in rates.items()}


def load(path: Path) -> World:
    """The demonstration set-up with the settings of a JSON object put over it."""
    return overridden(demo(), json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


def overridden(world: World, settings: Mapping[str, Any]) -> World:
    """Plain settings by name; `companies` is `{name: {part: rows}}`, its rows added to what the company has.

    Raises ValueError naming what is unknown.
    """
    known = {one.name for one in fields(World)} - {"clients"}
    for name, value in settings.items():
        if name not in known:
            raise ValueError(f"{name} is no setting of this sandbox; known are {', '.join(sorted(known))}")
        if name == "companies":
            _extend_companies(world, value)
        else:
            if name == "tracking":
                _check_tracking(value)
            setattr(world, name, _like(getattr(world, name), value))
    return world


def _check_tracking(weights: Mapping[str, Any]) -> None:
    unknown = set(weights) - set(TRACKING_KINDS)
    if unknown:
        raise ValueError(f"tracking {sorted(unknown)} is none of {', '.join(TRACKING_KINDS)}")


def _extend_companies(world: World, companies: Mapping[str, Mapping[str, Any]]) -> None:
    for name, parts in companies.items():
        one = world.companies.setdefault(name, company(name))
        for part, rows in parts.items():
            if part not in {field.name for field in fields(Company)} - {"id", "name"}:
                raise ValueError(f"companies.{name}.{part} is no part of a company")
            setattr(one, part, _part(getattr(one, part), part, rows))


def _part(present: Any, part: str, rows: Any) -> Any:
    if not isinstance(present, Mapping):
        return rows
    row_of = _ROWS.get(part, _merged)
    return {**present, **{key: row_of(key, row, present.get(key)) for key, row in rows.items()}}


def _merged(_: str, row: Any, present: Any) -> Any:
    return {**(present or {}), **row} if isinstance(row, Mapping) else row


def item(number: str, row: Mapping[str, Any], _: Any = None) -> Item:
    given = dict(row)
    units = tuple(given.pop("units", ("PCS",)))
    price = Decimal(str(given.pop("price", "9.99")))
    return Item(number, units=units, price=price, **given)


def _customer(number: str, row: Mapping[str, Any], _: Any = None) -> Customer:
    given = dict(row)
    one, two = given.pop("dimensions", ("", ""))
    return Customer(number, dimensions=(one, two), **given)


def price(_: str, row: Any, __: Any = None) -> Price:
    """A price alone, or `{price?, discount?, enforced?}`."""
    given = dict(row) if isinstance(row, Mapping) else {"price": row}
    fixed = given.get("price")
    return Price(
        None if fixed is None else Decimal(str(fixed)),
        Decimal(str(given.get("discount", 0))),
        bool(given.get("enforced", False)),
    )


def _setup(_: str, row: Mapping[str, Any], present: Mapping[str, Decimal] | None) -> dict[str, Decimal]:
    return {**(present or {}), **_rates(row)}


_ROWS: Mapping[str, Callable[[str, Any, Any], Any]] = {
    "items": item,
    "customers": _customer,
    "price_list": price,
    "vat_posting_setup": _setup,
}


def _like(present: Any, value: Any) -> Any:
    """A setting's new value in the type of the present one; mappings are added to."""
    if isinstance(present, Mapping):
        sample = next(iter(present.values()), None)
        return {**present, **{key: _like(sample, one) for key, one in value.items()}}
    if isinstance(present, Decimal | float):
        return type(present)(value)
    if present is not None and type(value) is not type(present) and not isinstance(value, list):
        raise ValueError(f"{value!r} is not a {type(present).__name__}")
    return value
