"""What people have set up, as the API shows it: a row for each code, with an id that never changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TypeAlias

from sandboxes.business_central.edm import BLANK_ID, Value
from sandboxes.business_central.entities import ENTITY_SETS
from sandboxes.business_central.ids import guid
from sandboxes.business_central.records import Row
from sandboxes.business_central.world import Company, World

SET_UP = datetime(2000, 1, 1, tzinfo=UTC)
Rows: TypeAlias = Iterator[dict[str, Value]]


def code_id(company: Company, entity_set: str, code: str) -> str:
    """The id under which a code of a set is known; blank for no code."""
    return guid(company.id, entity_set, code.upper()) if code else BLANK_ID


def code_of(company: Company, world: World, entity_set: str, row_id: str) -> str | None:
    """The code (or number) behind an id; empty for the blank id, None where there is none."""
    if row_id == BLANK_ID:
        return ""
    key = "number" if entity_set in ("items", "accounts") else "code"
    return next((str(row[key]) for row in _ROWS[entity_set](world, company) if row["id"] == row_id), None)


def rows(world: World, company: Company, entity_set: str) -> list[Row]:
    blank = {**ENTITY_SETS[entity_set].blank(), "lastModifiedDateTime": SET_UP, "_company": company.name}
    found = _ROWS[entity_set](world, company)
    return [_row({**blank, **values}, number) for number, values in enumerate(found, start=1)]


def companies(world: World) -> list[Row]:
    blank = ENTITY_SETS["companies"].blank()
    named = (
        {**blank, "id": one.id, "name": one.name, "displayName": one.name, "systemVersion": "25.0.0.0"}
        for one in world.companies.values()
    )
    return [_row(values, number) for number, values in enumerate(named, start=1)]


def _row(values: dict[str, Value], number: int) -> Row:
    return Row(values, number, SET_UP, SET_UP, [(SET_UP, values)])


def _coded(entity_set: str, names: Callable[[World, Company], Iterable[tuple[str, str]]]) -> _Source:
    def found(world: World, company: Company) -> Rows:
        for code, name in names(world, company):
            yield {"id": code_id(company, entity_set, code), "code": code, "displayName": name}

    return found


_Source: TypeAlias = Callable[[World, Company], Rows]


def _items(_: World, company: Company) -> Rows:
    for one in company.items.values():
        yield {
            "id": code_id(company, "items", one.number),
            "number": one.number,
            "displayName": item_name(one.number),
            "type": one.type,
            "blocked": one.blocked,
            "unitPrice": one.price,
            "taxGroupId": code_id(company, "taxGroups", one.tax_code),
            "taxGroupCode": one.tax_code,
            "baseUnitOfMeasureId": code_id(company, "unitsOfMeasure", one.sales_unit),
            "baseUnitOfMeasureCode": one.sales_unit,
        }


def item_name(number: str) -> str:
    return f"Item {number}"


def _variants(_: World, company: Company) -> Rows:
    for one in company.items.values():
        for code, name in one.variants.items():
            yield {
                "id": variant_id(company, one.number, code),
                "itemId": code_id(company, "items", one.number),
                "itemNumber": one.number,
                "code": code,
                "description": name,
            }


def variant_id(company: Company, item: str, code: str) -> str:
    return code_id(company, f"itemVariants of {item}", code)


def _accounts(_: World, company: Company) -> Rows:
    for number, name in company.accounts.items():
        yield {
            "id": code_id(company, "accounts", number),
            "number": number,
            "displayName": name,
            "accountType": "Posting",
            "directPosting": True,
        }


def _ledger(_: World, company: Company) -> Rows:
    names = {f"shortcutDimension{place}Code": code for place, code in enumerate(company.dimensions, start=1)}
    yield {"id": guid(company.id, "ledger"), "localCurrencyCode": company.local_currency, **names}


def _dimension_values(_: World, company: Company) -> Rows:
    for dimension, values in company.dimensions.items():
        for code, name in values.items():
            yield {
                "id": code_id(company, f"dimensionValues of {dimension}", code),
                "code": code,
                "dimensionId": code_id(company, "dimensions", dimension),
                "displayName": name,
            }


def _default_dimensions(_: World, company: Company) -> Rows:
    for customer in company.customers.values():
        for dimension, value in zip(company.global_dimensions, customer.dimensions, strict=True):
            if value:
                yield {
                    "id": guid(company.id, "defaultDimensions", customer.number, dimension),
                    "parentType": "Customer",
                    "parentId": guid(company.id, "customers", customer.number),
                    "dimensionId": code_id(company, "dimensions", dimension),
                    "dimensionCode": dimension,
                    "dimensionValueId": code_id(company, f"dimensionValues of {dimension}", value),
                    "dimensionValueCode": value,
                }


def _currencies(world: World, company: Company) -> Rows:
    for code, rule in world.currencies.items():
        if code != company.local_currency:
            places = "0:0" if rule >= Decimal(1) else "2:2"
            yield {
                "id": code_id(company, "currencies", code),
                "code": code,
                "displayName": code,
                "amountDecimalPlaces": places,
                "amountRoundingPrecision": rule,
            }


def _tax_codes(_: World, company: Company) -> Iterable[tuple[str, str]]:
    codes = sorted({code for rates in company.vat_posting_setup.values() for code in rates})
    return ((code, code) for code in codes)


_ROWS: Mapping[str, _Source] = {
    "items": _items,
    "itemVariants": _variants,
    "accounts": _accounts,
    "generalLedgerSetup": _ledger,
    "dimensionValues": _dimension_values,
    "currencies": _currencies,
    "defaultDimensions": _default_dimensions,
    "dimensions": _coded("dimensions", lambda _, company: ((code, code) for code in company.dimensions)),
    "locations": _coded("locations", lambda _, company: company.locations.items()),
    "unitsOfMeasure": _coded("unitsOfMeasure", lambda world, _: world.units.items()),
    "taxGroups": _coded("taxGroups", _tax_codes),
    "taxAreas": _coded("taxAreas", lambda _, company: ((group, group) for group in company.vat_posting_setup)),
    "countriesRegions": _coded("countriesRegions", lambda world, _: world.countries.items()),
    "shipmentMethods": _coded("shipmentMethods", lambda _, company: company.shipment_methods.items()),
    "paymentTerms": _coded("paymentTerms", lambda _, company: company.payment_terms.items()),
}
