"""The demonstration set-up: two companies, sixty items, service items, and a file that overrides it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from sandboxes.entra import Client
from sandboxes.finance_supply_chain.world import Company, Customer, Item, World
from sandboxes.warehouse.settings import TRACKING_KINDS

CLIENT_ID = "11111111-1111-1111-1111-111111111111"
CLIENT_SECRET = "sandbox-secret"  # noqa: S105 -- the sandbox's own demonstration client
UNREGISTERED_CLIENT_ID = "22222222-2222-2222-2222-222222222222"
SERVICE_ITEMS = ("SHIPPING", "FEE", "ROUNDING")

LENGTHS: Mapping[str, int] = {
    "dataAreaId": 4,
    "SalesOrderNumber": 20,
    "CurrencyCode": 3,
    "CustomersOrderReference": 60,
    "CustomerRequisitionNumber": 20,
    "ExternalItemNumber": 20,
    "DeliveryAddressName": 60,
    "DeliveryAddressStreet": 250,
    "DeliveryAddressZipCode": 10,
    "DeliveryAddressCity": 60,
    "CustomerAccount": 20,
    "OrganizationName": 100,
    "PersonFirstName": 25,
    "PersonLastName": 25,
    "NameAlias": 20,
    "TaxExemptNumber": 20,
    "AddressStreet": 250,
    "AddressZipCode": 10,
    "AddressCity": 60,
    "PrimaryContactEmail": 255,
}


def demo() -> World:
    """Everything a marketplace order needs, twice: companies `usmf` (the default) and `frrt`."""
    return World(
        companies={name: company(name) for name in ("usmf", "frrt")},
        currencies={code: Decimal("0.01") for code in ("EUR", "USD", "GBP")} | {"JPY": Decimal(1)},
        units={"pcs": 0, "ea": 0, "box": 0, "kg": 3},
        countries={"FRA": "FR", "DEU": "DE", "GBR": "GB", "USA": "US", "ESP": "ES", "ITA": "IT", "BEL": "BE"},
        tax_rates={
            "FR200": Decimal(20),
            "FR055": Decimal("5.5"),
            "DE190": Decimal(19),
            "DE070": Decimal(7),
            "GB200": Decimal(20),
            "US080": Decimal(8),
        },
        clients={
            CLIENT_ID: Client(CLIENT_SECRET),
            UNREGISTERED_CLIENT_ID: Client(CLIENT_SECRET, registered=False),
        },
        lengths=dict(LENGTHS),
    )


def company(name: str) -> Company:
    return Company(
        id=name,
        customers={one.account: one for one in _customers()},
        items={one.number: one for one in _items()},
        sites={"1": ("11", "12"), "2": ("21",)},
        origins={"MIRAKL": "Mirakl marketplaces", "MKPA": "Marketplace A", "MKPB": "Marketplace B"},
        tax_groups={
            "FR": ("FR200", "FR055"),
            "DE": ("DE190", "DE070"),
            "GB": ("GB200",),
            "US": ("US080",),
            "EXEMPT": (),
        },
        item_tax_groups={"FULL": ("FR200", "DE190", "GB200", "US080"), "RED": ("FR055", "DE070"), "ZERO": ()},
        delivery_modes={"STD": "Standard", "EXP": "Express", "PICKUP": "Pick-up point"},
        carriers={"CARRIER-1": ("GROUND", "AIR"), "CARRIER-2": ("GROUND",), "LETTER": ("MAIL",)},
        customer_groups={"10": "Wholesale customers", "30": "Marketplace customers"},
    )


def _customers() -> tuple[Customer, ...]:
    return (
        Customer("MKP-FR-EUR", "Marketplace A in France", "EUR", "FR", delivery_mode="STD"),
        Customer("MKP-DE-EUR", "Marketplace A in Germany", "EUR", "DE", delivery_mode="STD"),
        Customer("MKP-GB-GBP", "Marketplace B in Great Britain", "GBP", "GB"),
        Customer("MKP-US-USD", "Marketplace B in the United States", "USD", "US"),
        Customer("MKP-HOLD", "Marketplace on hold", "EUR", "FR", on_hold="All"),
    )


def _items() -> tuple[Item, ...]:
    plain = tuple(Item(f"ITEM-{number:03}", units=("pcs", "ea", "box")) for number in range(1, 61))
    services = tuple(Item(name, units=("pcs", "ea"), service=True) for name in SERVICE_ITEMS)
    shirt = Item("SHIRT-01", dimensions={"ProductSizeId": ("S", "M", "L"), "ProductColorId": ("RED", "BLUE")})
    loose = Item("LOOSE-01", sales_unit="kg", units=("kg",), item_tax_group="RED")
    return (*plain, *services, shirt, loose)


def load(path: Path) -> World:
    """The demonstration set-up with the settings of a JSON object put over it."""
    return overridden(demo(), json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal))


def overridden(world: World, settings: Mapping[str, Any]) -> World:
    """Plain settings by name; `companies` is `{id: {part: rows}}`, its rows added to what the company has.

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


def _extend_companies(world: World, companies: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> None:
    for name, parts in companies.items():
        one = world.companies.setdefault(name, company(name))
        for part, rows in parts.items():
            row_of = _ROWS.get(part, _as_it_is)
            if part not in {field.name for field in fields(Company)} - {"id"}:
                raise ValueError(f"companies.{name}.{part} is no part of a company")
            setattr(one, part, {**getattr(one, part), **{key: row_of(key, row) for key, row in rows.items()}})


def item(number: str, row: Mapping[str, Any]) -> Item:
    given = dict(row)
    dimensions = {name: tuple(values) for name, values in given.pop("dimensions", {}).items()}
    units = tuple(given.pop("units", ("pcs",)))
    return Item(number, units=units, dimensions=dimensions, **given)


def customer(account: str, row: Mapping[str, Any]) -> Customer:
    return Customer(account, **row)


def _as_it_is(_: str, row: Any) -> Any:
    return row


def _price(_: str, price: Any) -> Decimal:
    return Decimal(price)


_ROWS: Mapping[str, Callable[[str, Any], Any]] = {
    "items": item,
    "customers": customer,
    "trade_agreements": _price,
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
