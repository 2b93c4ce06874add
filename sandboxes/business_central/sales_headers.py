"""The header of a sales order: each property is validated when its turn in the JSON comes, and may move others."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sandboxes.business_central import customers
from sandboxes.business_central.bodies import Given
from sandboxes.business_central.document_entities import SALES_ORDERS
from sandboxes.business_central.edm import BLANK_ID, Value
from sandboxes.business_central.errors import dialog, must_have, not_related
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.records import Row
from sandboxes.business_central.set_up import code_id, code_of
from sandboxes.business_central.world import Company, among, find

TABLE = "Sales Header"
_PLACES = ("AddressLine1", "AddressLine2", "City", "Country", "State", "PostCode")
_OWN: Mapping[str, Value] = {
    "_vat_group": "",
    "_sales_tax": False,
    "_location": "",
    "_shipment_method": "",
    "_released": False,
    "_agent": "",
    "_agent_service": "",
    "_tracking": "",
    "_invoice": "",
    "_cancelled": False,
}


@dataclass(slots=True)
class Entry:
    """One header while it is being filled in."""

    installation: Installation
    company: Company
    values: dict[str, Value]


def new(installation: Installation, company: Company, given: Given, now: datetime) -> Row:
    """The new order without lines. Raises Refusal with BC's code."""
    blank = {**SALES_ORDERS.blank(), **_OWN, "_company": company.name, "id": installation.next_id()}
    values: dict[str, Value] = {**blank, "orderDate": now.date(), "postingDate": now.date(), "status": "Draft"}
    values |= {"currencyCode": company.local_currency, "partialShipping": True}
    validate(Entry(installation, company, values), given)
    for name, value in given.items():
        if values[name] != value and value != BLANK_ID:
            installation.tally.ignore(f"{name} of an order: sent before the customer")
    if not values["customerNumber"]:
        raise dialog('A "customerNumber" or a "customerId" must be provided.')
    values["number"] = installation.next_number(company, "orders")
    return installation.orders.insert(values, now)


def validate(entry: Entry, given: Given) -> None:
    for name, value in given.items():
        _TRIGGERS.get(name, _kept)(entry, name, value)


def _kept(entry: Entry, name: str, value: Value) -> None:
    entry.values[name] = value


def _customer_number(entry: Entry, _: str, value: Value) -> None:
    row = customers.by_number(entry.installation, entry.company, str(value))
    _sell_to(entry, row)


def _customer_id(entry: Entry, _: str, value: Value) -> None:
    row = entry.installation.customers.get(str(value))
    _sell_to(entry, row if row is not None and row.deleted is None else None)


def _sell_to(entry: Entry, row: Row | None) -> None:
    """The card's currency, tax, dimensions and addresses come with it, over what was sent before."""
    values = entry.values
    if row is None or row.text("_company") != entry.company.name:
        raise dialog("The sell-to customer cannot be found.")
    if values["customerNumber"] not in ("", row.values["number"]):
        raise dialog("The sell-to customer values do not match to a specific Customer.")
    _check(row)
    if values["customerNumber"]:
        return
    values |= {
        "customerId": row.id,
        "customerNumber": row.values["number"],
        "customerName": row.values["displayName"],
        "currencyId": row.values["currencyId"],
        "currencyCode": row.values["currencyCode"] or entry.company.local_currency,
        "pricesIncludeTax": row.values["_prices_include_tax"],
        "shortcutDimension1Code": row.values["_dimension1"],
        "shortcutDimension2Code": row.values["_dimension2"],
        "paymentTermsId": row.values["paymentTermsId"],
        "shipToName": row.values["displayName"],
        **{name: row.values[name] for name in ("_vat_group", "_sales_tax", "_location")},
    }
    _shipment_method(entry, "shipmentMethodId", row.values["shipmentMethodId"])
    _bill_to(entry, row)
    _take_addresses(values, row, ("sellTo", "shipTo"))


def _check(row: Row) -> None:
    number = row.text("number")
    if row.values["blocked"] != " ":
        blocked = row.text("blocked")
        raise dialog(f"You cannot create this type of document when Customer {number} is blocked with type {blocked}")
    if not row.values["_posting_group"]:
        raise must_have("Gen. Bus. Posting Group", f"Customer: No.={number}")


def _bill_to(entry: Entry, row: Row) -> None:
    names = {"billToCustomerId": row.id, "billToCustomerNumber": row.values["number"]}
    entry.values |= {**names, "billToName": row.values["displayName"]}
    _take_addresses(entry.values, row, ("billTo",))


def _take_addresses(values: dict[str, Value], row: Row, kinds: tuple[str, ...]) -> None:
    source = ("addressLine1", "addressLine2", "city", "country", "state", "postalCode")
    for kind in kinds:
        values |= {f"{kind}{place}": row.values[name] for place, name in zip(_PLACES, source, strict=True)}


def _bill_to_customer(entry: Entry, name: str, value: Value) -> None:
    by_id = name == "billToCustomerId"
    found = entry.installation.customers.get(str(value)) if by_id else None
    row = found if by_id else customers.by_number(entry.installation, entry.company, str(value))
    if row is None:
        raise dialog("The bill-to customer cannot be found.")
    _check(row)
    _bill_to(entry, row)
    entry.values["_vat_group"] = row.values["_vat_group"]


def _currency_code(entry: Entry, _: str, value: Value) -> None:
    code = str(value) or entry.company.local_currency
    if code != entry.company.local_currency and not among(list(entry.installation.world.currencies), code):
        raise dialog('The "currencyCode" does not match to a Currency.')
    entry.values["currencyCode"] = code
    local = code == entry.company.local_currency
    entry.values["currencyId"] = BLANK_ID if local else code_id(entry.company, "currencies", code)


def _currency_id(entry: Entry, _: str, value: Value) -> None:
    code = code_of(entry.company, entry.installation.world, "currencies", str(value))
    if code is None:
        raise dialog('The "currencyId" does not match to a Currency.')
    _currency_code(entry, "currencyCode", code)


def _prices_include_tax(entry: Entry, name: str, value: Value) -> None:
    if value and entry.values["_sales_tax"]:
        raise dialog('The "pricesIncludeTax" cannot be set to true if VAT Calculation Type is Sales Tax.')
    entry.values[name] = value


def _country(entry: Entry, name: str, value: Value) -> None:
    if value and find(entry.installation.world.countries, str(value)) is None:
        field = f"{name[0].upper()}{name[1:4]}-to Country/Region Code"
        raise not_related(field, TABLE, str(value), "Country/Region")
    kind, before = name.removesuffix("Country"), entry.values[name]
    if before and before != value:
        entry.values |= {f"{kind}{place}": "" for place in ("PostCode", "City", "State")}
    entry.values[name] = value


def _phone(entry: Entry, name: str, value: Value) -> None:
    if any(sign.isalpha() for sign in str(value)):
        raise dialog(f"Phone No. must not contain letters in {TABLE}.")
    entry.values[name] = value


def _dimension(entry: Entry, name: str, value: Value) -> None:
    place = 0 if name == "shortcutDimension1Code" else 1
    dimension = entry.company.global_dimensions[place]
    if value and find(entry.company.dimensions.get(dimension, {}), str(value)) is None:
        raise not_related(f"Shortcut Dimension {place + 1} Code", TABLE, str(value), "Dimension Value")
    entry.values[name] = value


def _shipment_method(entry: Entry, name: str, value: Value) -> None:
    code = code_of(entry.company, entry.installation.world, "shipmentMethods", str(value))
    if code is None:
        raise dialog('The "shipmentMethodId" does not match to a Shipment Method.')
    entry.values |= {name: value, "_shipment_method": code}


def _payment_terms(entry: Entry, name: str, value: Value) -> None:
    if code_of(entry.company, entry.installation.world, "paymentTerms", str(value)) is None:
        raise dialog('The "paymentTermsId" does not match to a Payment Terms.')
    entry.values[name] = value


def _salesperson(entry: Entry, name: str, value: Value) -> None:
    if value and not among(entry.company.salespeople, str(value)):
        raise not_related("Salesperson Code", TABLE, str(value), "Salesperson/Purchaser")
    entry.values[name] = value


_TRIGGERS: Mapping[str, Callable[[Entry, str, Value], None]] = {
    "customerNumber": _customer_number,
    "customerId": _customer_id,
    "billToCustomerNumber": _bill_to_customer,
    "billToCustomerId": _bill_to_customer,
    "currencyCode": _currency_code,
    "currencyId": _currency_id,
    "pricesIncludeTax": _prices_include_tax,
    "sellToCountry": _country,
    "shipToCountry": _country,
    "phoneNumber": _phone,
    "shortcutDimension1Code": _dimension,
    "shortcutDimension2Code": _dimension,
    "shipmentMethodId": _shipment_method,
    "paymentTermsId": _payment_terms,
    "salesperson": _salesperson,
}
