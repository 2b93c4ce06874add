"""Sales order headers: which are taken, what the customer's set-up fills in, and how they change."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.entities import HEADERS
from sandboxes.finance_supply_chain.errors import Refusal, already_exists, write_failed
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.order_status import slips_of
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.relations import HEADER_RELATIONS, missing, not_related, too_long, unrelated
from sandboxes.finance_supply_chain.world import Company, World, among, find

ADDRESS = tuple(name for name in HEADERS.properties if name.startswith(("DeliveryAddress", "DeliveryBuilding")))
_TABLE = "Sales orders (SalesTable)"
_MANDATORY = {"OrderingCustomerAccountNumber": "Customer account"}


def create(installation: Installation, given: Mapping[str, Value], now: datetime) -> Row:
    """The new order. Raises Refusal: a rule of validateWrite, or the number is taken."""
    company = company_of(installation.world, given)
    _refuse([*_number_warnings(installation.world, given), *_missing_customer(given)])
    _refuse([*_warnings(installation.world, company, given), *_on_hold(company, given)])
    values = _initial(installation, company, given, now)
    installation.touch(company.id, str(values["SalesOrderNumber"]))
    row = installation.headers.insert(values, now)
    if row is None:
        key = f"Sales order: {values['SalesOrderNumber']}"
        raise already_exists(HEADERS.entity, _TABLE, key, status=installation.world.duplicate_status)
    return row


def change(installation: Installation, row: Row, given: Mapping[str, Value], now: datetime) -> None:
    company = company_of(installation.world, row.values)
    _refuse([*_warnings(installation.world, company, given)])
    installation.begin_write(company.id, row.text("SalesOrderNumber"), now, HEADERS)
    values = {**row.values, **given}
    _deliver(installation, values)
    installation.headers.change(row, values, now)


def delete(installation: Installation, row: Row, now: datetime) -> None:
    """The order goes with its lines. Raises Refusal for one of which something has been picked or has left."""
    number, lines = row.text("SalesOrderNumber"), installation.lines_of(row)
    taken = any(installation.is_picked(line) or installation.invoiced_of(line) for line in lines)
    if slips_of(installation, row) or taken:
        raise _failed([f"Sales order {number} cannot be deleted: goods have been picked or delivered, or invoiced."])
    installation.begin_write(row.text("dataAreaId"), number, now, HEADERS)
    for line in lines:
        installation.lines.delete(line, now)
    installation.headers.delete(row, now)


def company_of(world: World, given: Mapping[str, Value]) -> Company:
    """Raises Refusal where `dataAreaId` is missing or names no legal entity."""
    _refuse([*missing({"dataAreaId": "Company"}, given)])
    company = world.company(str(given["dataAreaId"]))
    if company is None:
        raise _failed([not_related("Company", str(given["dataAreaId"]), "Legal entities")])
    return company


def _failed(warnings: list[str]) -> Refusal:
    return write_failed(HEADERS.entity, HEADERS.source, warnings)


def _refuse(warnings: list[str]) -> None:
    if warnings:
        raise _failed(warnings)


def _number_warnings(world: World, given: Mapping[str, Value]) -> Iterator[str]:
    number = given.get("SalesOrderNumber", "")
    if number and world.number_sequence == "automatic":
        yield "Number sequence 'Sale' does not allow manual numbers: field 'Sales order' must be left empty."
    if not number and world.number_sequence == "manual" and world.number_required:
        yield "Field 'Sales order' must be filled in."


def _missing_customer(given: Mapping[str, Value]) -> Iterator[str]:
    yield from missing(_MANDATORY, given)


def _warnings(world: World, company: Company, given: Mapping[str, Value]) -> Iterator[str]:
    yield from too_long(given, world.lengths)
    yield from unrelated(HEADER_RELATIONS, given, world, company)
    yield from _warehouse_of_site(company, given)
    yield from _address_warnings(world, given)


def _on_hold(company: Company, given: Mapping[str, Value]) -> Iterator[str]:
    account = str(given["OrderingCustomerAccountNumber"])
    customer = find(company.customers, account)
    if customer is not None and customer.on_hold in ("All", "Invoice"):
        yield f"Customer account {customer.account} is on hold ({customer.on_hold})."


def _warehouse_of_site(company: Company, given: Mapping[str, Value]) -> Iterator[str]:
    site, warehouse = str(given.get("DefaultShippingSiteId", "")), str(given.get("DefaultShippingWarehouseId", ""))
    if site and warehouse and not among(find(company.sites, site) or (warehouse,), warehouse):
        yield f"Warehouse {warehouse} does not belong to site {site}."


def _address_warnings(world: World, given: Mapping[str, Value]) -> Iterator[str]:
    if given.get("IsDeliveryAddressOrderSpecific") != "Yes":
        return
    country = str(given.get("DeliveryAddressCountryRegionId", ""))
    if not country and not given.get("DeliveryAddressCountryRegionISOCode"):
        yield "Field 'Country/region' must be filled in."
    zip_codes = find(world.zip_codes, country)
    if zip_codes is not None and not among(zip_codes, str(given.get("DeliveryAddressZipCode", ""))):
        yield f"The ZIP/postal code does not exist in country/region {country}."


def _initial(
    installation: Installation, company: Company, given: Mapping[str, Value], now: datetime
) -> dict[str, Value]:
    """What was not given is filled in from the customer; what was given stays, except what the set-up overrules."""
    values = {**HEADERS.empty(), **_from_customer(company, given), **given}
    values["dataAreaId"] = company.id
    values["SalesOrderStatus"] = "Backorder"
    values["OrderCreationDateTime"] = now
    if installation.world.stopped_on_create == "ignored" and values["IsSalesProcessingStopped"] == "Yes":
        installation.tally.ignore("SalesOrderHeadersV3.IsSalesProcessingStopped on create")
        values["IsSalesProcessingStopped"] = "No"
    _deliver(installation, values)
    if not values["SalesOrderNumber"]:
        values["SalesOrderNumber"] = installation.next_number(f"Sale_{company.id}")
    return values


def _from_customer(company: Company, given: Mapping[str, Value]) -> dict[str, Value]:
    customer = find(company.customers, str(given["OrderingCustomerAccountNumber"]))
    if customer is None:
        return {}
    return {
        "InvoiceCustomerAccountNumber": customer.invoice_account or customer.account,
        "CurrencyCode": customer.currency,
        "SalesTaxGroupCode": customer.tax_group,
        "DeliveryModeCode": customer.delivery_mode,
        "LanguageId": customer.language,
        "SalesOrderName": customer.name,
        "ArePricesIncludingSalesTax": "Yes" if customer.prices_include_tax else "No",
    }


def _deliver(installation: Installation, values: dict[str, Value]) -> None:
    """An address that is not order specific is the customer's: what was sent is dropped, silently as in reality."""
    if values["IsDeliveryAddressOrderSpecific"] == "Yes":
        _complete_country(installation.world, values)
        return
    for name in ADDRESS:
        if values[name]:
            installation.tally.ignore(f"SalesOrderHeadersV3.{name} without IsDeliveryAddressOrderSpecific")
            values[name] = ""


def _complete_country(world: World, values: dict[str, Value]) -> None:
    country, iso = "DeliveryAddressCountryRegionId", "DeliveryAddressCountryRegionISOCode"
    if values[country]:
        values[iso] = find(world.countries, str(values[country])) or ""
    else:
        by_iso = {short: long for long, short in world.countries.items()}
        values[country] = find(by_iso, str(values[iso])) or ""
    parts = ("DeliveryAddressStreet", "DeliveryAddressZipCode", "DeliveryAddressCity", country)
    values["FormattedDelveryAddress"] = "\n".join(str(values[name]) for name in parts if values[name])
