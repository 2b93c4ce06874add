"""Customers: those that people set up, and those that are created, changed and refused through the API."""

from __future__ import annotations

from datetime import datetime

from sandboxes.business_central.bodies import Given
from sandboxes.business_central.edm import BLANK_ID, Value, fold
from sandboxes.business_central.entities import CUSTOMERS
from sandboxes.business_central.errors import dialog, not_related, same_key
from sandboxes.business_central.ids import guid
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.records import Row
from sandboxes.business_central.set_up import SET_UP, code_id, code_of
from sandboxes.business_central.world import Company, Customer, among, find

TEMPLATE_VAT_GROUP = "FR"
_UNMATCHED = {
    "shipmentMethodId": ("shipmentMethods", 'The "shipmentMethodId" does not match to a Shipment Method.'),
    "paymentTermsId": ("paymentTerms", 'The "paymentTermsId" does not match to a Payment Terms.'),
    "taxAreaId": ("taxAreas", 'The "taxAreaId" does not match to a Tax Area.'),
    "currencyId": ("currencies", 'The "currencyId" does not match to a Currency.'),
}


def set_up(installation: Installation) -> None:
    """Those of the set-up get their record at the first look; `blocked` is read at each."""
    with installation.transaction(SET_UP):
        for company in installation.world.companies.values():
            for one in company.customers.values():
                row = by_number(installation, company, one.number)
                if row is None:
                    installation.customers.insert(_set_up(company, one), SET_UP)
                elif row.values["blocked"] != one.blocked:
                    installation.customers.change(row, {"blocked": one.blocked}, row.changed)


def by_number(installation: Installation, company: Company, number: str) -> Row | None:
    rows = installation.customers.found([("number", number)])
    return next((row for row in rows if row.text("_company") == company.name and row.deleted is None), None)


def create(installation: Installation, company: Company, given: Given, now: datetime) -> Row:
    """The new customer, with posting groups where a template gives them. Raises Refusal."""
    values = {**CUSTOMERS.blank(), "id": installation.next_id(), **_template(installation)}
    values |= {"_company": company.name, "type": "Company", "_own": True}
    if "displayName" not in given:
        raise dialog('A "displayName" must be provided.')
    _validate(installation, company, values, given)
    values["number"] = _number(installation, company, str(values["number"]))
    return installation.customers.insert(values, now)


def change(installation: Installation, row: Row, given: Given, now: datetime) -> None:
    values = dict(row.values)
    _validate(installation, installation.company_of(row), values, given)
    installation.customers.change(row, values, now)


def delete(installation: Installation, row: Row, now: datetime) -> None:
    orders = (order for order in installation.orders.rows() if order.text("_company") == row.text("_company"))
    if any(order.values["customerNumber"] == row.values["number"] for order in orders):
        number = row.text("number")
        raise dialog(f"You cannot delete Customer {number} because there is at least one outstanding Sales Order.")
    installation.customers.delete(row, now)


def _number(installation: Installation, company: Company, wanted: str) -> str:
    if not wanted:
        return installation.next_number(company, "customers")
    if installation.world.customer_numbers == "automatic":
        raise dialog(
            "You may not enter numbers manually. If you want to enter numbers manually, please activate Manual Nos. "
            "in No. Series CUST."
        )
    if by_number(installation, company, wanted) is not None:
        raise same_key("Customer", f"No.='{wanted}'")
    return wanted


def _template(installation: Installation) -> dict[str, Value]:
    filled = installation.world.customer_template
    return {
        "_posting_group": "MARKETPLACE" if filled else "",
        "_vat_group": TEMPLATE_VAT_GROUP if filled else "",
        "_sales_tax": False,
        "_location": "",
        "_dimension1": "",
        "_dimension2": "",
        "_prices_include_tax": False,
    }


def _validate(installation: Installation, company: Company, values: dict[str, Value], given: Given) -> None:
    for name, value in given.items():
        values[name] = value
        if name == "displayName" and not str(value).strip():
            raise dialog('The blank "displayName" is not allowed.')
        if name == "country" and value and find(installation.world.countries, str(value)) is None:
            raise not_related("Country/Region Code", "Customer", str(value), "Country/Region")
        if name == "currencyCode":
            values["currencyId"] = _currency_id(installation, company, str(value))
        if name in _UNMATCHED and value != BLANK_ID:
            _take_id(installation, company, values, name)


def _currency_id(installation: Installation, company: Company, code: str) -> str:
    if code in ("", company.local_currency):
        return BLANK_ID
    if not among(list(installation.world.currencies), code):
        raise dialog('The "currencyCode" does not match to a Currency.')
    return code_id(company, "currencies", code)


def _take_id(installation: Installation, company: Company, values: dict[str, Value], name: str) -> None:
    entity_set, text = _UNMATCHED[name]
    code = code_of(company, installation.world, entity_set, str(values[name]))
    if code is None:
        raise dialog(text)
    if name == "taxAreaId":
        values["_vat_group"] = values["taxAreaDisplayName"] = code
    if name == "currencyId":
        values["currencyCode"] = code


def _set_up(company: Company, one: Customer) -> dict[str, Value]:
    currency = "" if fold(one.currency) == company.local_currency else one.currency
    return {
        **CUSTOMERS.blank(),
        "id": guid(company.id, "customers", one.number),
        "number": one.number,
        "displayName": one.name,
        "type": "Company",
        "country": one.country,
        "taxLiable": one.sales_tax,
        "taxAreaId": code_id(company, "taxAreas", one.vat_group),
        "taxAreaDisplayName": one.vat_group,
        "currencyId": code_id(company, "currencies", currency),
        "currencyCode": one.currency,
        "shipmentMethodId": code_id(company, "shipmentMethods", one.shipment_method),
        "blocked": one.blocked,
        "_company": company.name,
        "_own": False,
        "_posting_group": one.posting_group,
        "_vat_group": one.vat_group,
        "_sales_tax": one.sales_tax,
        "_location": one.location,
        "_dimension1": one.dimensions[0],
        "_dimension2": one.dimensions[1],
        "_prices_include_tax": one.prices_include_tax,
    }
