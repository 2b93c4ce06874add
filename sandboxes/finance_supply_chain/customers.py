"""Customers: those that people set up, and those that are created, changed and refused through their entity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from sandboxes.finance_supply_chain.customer_entity import CUSTOMERS
from sandboxes.finance_supply_chain.edm import Value, fold
from sandboxes.finance_supply_chain.errors import already_exists, write_failed
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.records import Row, Table
from sandboxes.finance_supply_chain.relations import CUSTOMER_RELATIONS, missing, not_related, too_long, unrelated
from sandboxes.finance_supply_chain.world import Company, Customer, World, among, find

SET_UP = datetime(2000, 1, 1, tzinfo=UTC)
_TABLE = "Customers (CustTable)"
_MANDATORY = {
    "CustomerAccount": "Customer account",
    "CustomerGroupId": "Customer group",
    "SalesCurrencyCode": "Currency",
    "PartyType": "Type",
}
_NAMES = {"Person": {"PersonLastName": "Last name"}, "Organization": {"OrganizationName": "Name"}}
_FOREIGN = {
    "Person": ("OrganizationName", "OrganizationNumber"),
    "Organization": ("PersonFirstName", "PersonMiddleName", "PersonLastName"),
}


def known(installation: Installation) -> Table:
    """All customers. Those of the set-up get their record at the first look; `on_hold` is read at each."""
    table = installation.customers
    with installation.transaction(SET_UP):
        for company in installation.world.companies.values():
            for one in company.customers.values():
                row = table.get({"dataAreaId": company.id, "CustomerAccount": one.account})
                if row is None:
                    table.insert(_set_up(company, one), SET_UP)
                elif row.values["OnHoldStatus"] != one.on_hold:
                    table.change(row, {"OnHoldStatus": one.on_hold}, row.changed)
    return table


def create(installation: Installation, given: Mapping[str, Value], now: datetime) -> Row:
    """The new customer. Raises Refusal: a rule of validateWrite, or the account is taken."""
    world = installation.world
    company = _company(world, given)
    _refuse(missing(_MANDATORY, given))
    _refuse(_warnings(world, company, given))
    _refuse(_party_warnings(given))
    values = _initial(installation, company, given)
    row = known(installation).insert(values, now)
    if row is None:
        key = f"Customer account: {values['CustomerAccount']}"
        raise already_exists(CUSTOMERS.entity, _TABLE, key, status=world.duplicate_status)
    _set(installation, company, row)
    return row


def change(installation: Installation, row: Row, given: Mapping[str, Value], now: datetime) -> None:
    company = _company(installation.world, row.values)
    values = {**row.values, **given}
    _refuse(missing(_MANDATORY, values))
    _refuse(_warnings(installation.world, company, given))
    _refuse(_party_warnings(values))
    _complete(installation.world, values)
    installation.customers.change(row, values, now)
    _set(installation, company, row)


def delete(installation: Installation, row: Row, now: datetime) -> None:
    """Raises Refusal for a customer that has orders."""
    company, account = _company(installation.world, row.values), row.text("CustomerAccount")
    if any(_is_of(header, company, account) for header in installation.headers.rows()):
        _refuse(iter((f"Customer {account} cannot be deleted: transactions exist for it.",)))
    installation.customers.delete(row, now)
    _put(installation, company, {name: one for name, one in company.customers.items() if fold(name) != fold(account)})


def _is_of(header: Row, company: Company, account: str) -> bool:
    accounts = (header.text("OrderingCustomerAccountNumber"), header.text("InvoiceCustomerAccountNumber"))
    return header.text("dataAreaId") == company.id and among(accounts, account)


def _company(world: World, given: Mapping[str, Value]) -> Company:
    _refuse(missing({"dataAreaId": "Company"}, given))
    company = world.company(str(given["dataAreaId"]))
    if company is None:
        _refuse(iter((not_related("Company", str(given["dataAreaId"]), "Legal entities"),)))
        raise AssertionError
    return company


def _refuse(warnings: Iterator[str]) -> None:
    found = list(warnings)
    if found:
        raise write_failed(CUSTOMERS.entity, CUSTOMERS.source, found)


def _warnings(world: World, company: Company, given: Mapping[str, Value]) -> Iterator[str]:
    yield from too_long(given, world.lengths)
    yield from unrelated(CUSTOMER_RELATIONS, given, world, company)
    zip_codes = find(world.zip_codes, str(given.get("AddressCountryRegionId", "")))
    if zip_codes is not None and not among(zip_codes, str(given.get("AddressZipCode", ""))):
        yield f"The ZIP/postal code does not exist in country/region {given['AddressCountryRegionId']}."


def _party_warnings(values: Mapping[str, Value]) -> Iterator[str]:
    kind = str(values["PartyType"])
    if kind not in _NAMES:
        yield not_related("Type", kind, "Party types")
    yield from missing(_NAMES.get(kind, {}), values)


def _initial(installation: Installation, company: Company, given: Mapping[str, Value]) -> dict[str, Value]:
    """What belongs to the other kind of party is dropped, silently as in reality."""
    values = {**CUSTOMERS.empty(), "LanguageId": "en-US", **given, "dataAreaId": company.id}
    for name in _FOREIGN[str(values["PartyType"])]:
        if values[name]:
            installation.tally.ignore(f"CustomersV3.{name} of a party of type {values['PartyType']}")
            values[name] = ""
    values["PartyNumber"] = installation.next_number("Party")
    _complete(installation.world, values)
    return values


def _complete(world: World, values: dict[str, Value]) -> None:
    country, iso = "AddressCountryRegionId", "AddressCountryRegionISOCode"
    if values[country]:
        values[iso] = find(world.countries, str(values[country])) or ""
    elif values[iso]:
        values[country] = find({short: long for long, short in world.countries.items()}, str(values[iso])) or ""
    parts = ("AddressStreet", "AddressZipCode", "AddressCity", country)
    values["FullPrimaryAddress"] = "\n".join(str(values[name]) for name in parts if values[name])


def _set(installation: Installation, company: Company, row: Row) -> None:
    """From now on orders can be taken for it."""
    account = row.text("CustomerAccount")
    name = row.text("OrganizationName") or f"{row.text('PersonFirstName')} {row.text('PersonLastName')}".strip()
    customer = Customer(
        account,
        name,
        row.text("SalesCurrencyCode"),
        row.text("SalesTaxGroup"),
        group=row.text("CustomerGroupId"),
        delivery_mode=row.text("DeliveryMode"),
        language=row.text("LanguageId"),
        prices_include_tax=row.values["IsSalesTaxIncludedInPrices"] == "Yes",
        on_hold=row.text("OnHoldStatus"),
        invoice_account=row.text("InvoiceAccount"),
    )
    _put(installation, company, {**company.customers, account: customer})


def _put(installation: Installation, company: Company, after: dict[str, Customer]) -> None:
    before = company.customers
    company.customers = after
    installation.undoing(lambda: setattr(company, "customers", before))


def _set_up(company: Company, one: Customer) -> dict[str, Value]:
    return {
        **CUSTOMERS.empty(),
        "dataAreaId": company.id,
        "CustomerAccount": one.account,
        "CustomerGroupId": one.group,
        "PartyType": "Organization",
        "OrganizationName": one.name,
        "SalesCurrencyCode": one.currency,
        "SalesTaxGroup": one.tax_group,
        "InvoiceAccount": one.invoice_account,
        "DeliveryMode": one.delivery_mode,
        "LanguageId": one.language,
        "IsSalesTaxIncludedInPrices": "Yes" if one.prices_include_tax else "No",
        "OnHoldStatus": one.on_hold,
    }
