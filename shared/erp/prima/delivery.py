"""Who an order goes to and where, in the attributes of `Data`, `OrderHeaderData` and `OrderInvoiceData`.

Observed: a blank `Customer` makes a customer of the names and the address that are sent. Inferred: beside an account
the address is the delivery's and `DeliveryFAO` its recipient, so that the account's own name is left alone. To be
tested on each installation before anything else about addresses.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.erp.form import Form, broken, plain
from shared.erp.lengths import Lengths
from shared.erp.prima.configuration import ADDRESS_LINES, Configuration
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, SalesOrderDraft

NOTES = ("ShippingInstructions", "SpecialInstructions")
_INVOICE = {
    "CustomerForename": "InvoiceForename",
    "CustomerSurname": "InvoiceSurname",
    **{line: f"Invoice{line}" for line in ADDRESS_LINES},
    "PostCode": "InvoicePostCode",
    "Country": "InvoiceCountry",
    "CustomerEmail": "InvoiceEmail",
    "CustomerPhone": "InvoicePhone",
}


@dataclass(frozen=True, slots=True)
class Delivery:
    """Attributes by element. Personal data."""

    data: dict[str, str]
    header: dict[str, str]
    invoice: dict[str, str]


def delivery(draft: SalesOrderDraft, configuration: Configuration) -> Delivery:
    """An address has its six lines and no other place, as nothing else is printed on the parcel; notes have two fields.

    Invoices go where the goods go, to an account's own address where there is one.
    Raises Rejected (`text_does_not_fit`) naming the field and lengths, never the text.
    """
    address, form = draft.address, Form(configuration.limits, frozenset(NOTES))
    name = plain(address.name) or plain(address.company)
    rest_of_name = form.begin("name", name, "DeliveryFAO")
    form.own({} if draft.customer else _customer(name, draft.shopper))
    form.own({"PostCode": plain(address.zip_code), "Country": draft.country})
    _put_lines(form, address, configuration.limits)
    form.put("telephone", plain(address.phone), "CustomerPhone", *NOTES)
    form.put("pick-up point", plain(draft.pickup_point), *NOTES)
    form.go_on("rest of the name", rest_of_name, *NOTES)
    for part, text in (
        ("delivery note", draft.note),
        ("organisation", _organization(draft.shopper)),
    ):
        form.put(part, plain(text), *NOTES)
    data = {field: text for field, text in form.fields.items() if field not in NOTES}
    invoice = {} if draft.customer else {_INVOICE[field]: text for field, text in data.items() if field in _INVOICE}
    return Delivery(data, {field: text for field, text in form.fields.items() if field in NOTES}, invoice)


def _customer(name: str, shopper: CustomerDraft | None) -> dict[str, str]:
    """A surname is needed (inferred); a shopper may have given one name only."""
    if shopper is None:
        return {"CustomerSurname": name}
    first, last = plain(shopper.first_name), plain(shopper.last_name)
    return {
        "CustomerForename": first if last else "",
        "CustomerSurname": last or first or name,
        "CustomerEmail": shopper.alias,
    }


def _organization(shopper: CustomerDraft | None) -> str:
    if shopper is None or not shopper.organization:
        return ""
    parts = (
        ("Organisation: ", shopper.organization),
        ("tax number ", shopper.tax_number),
        ("identification number ", shopper.identification_number),
    )
    return "; ".join(f"{name}{value}" for name, value in parts if value)


def _put_lines(form: Form, address: Address, lengths: Lengths) -> None:
    """Each part begins a line and may go on over the next; what is left at the end shares the last one, if it can."""
    free = list(ADDRESS_LINES)
    for text, part in _told_once(address).items():
        rest = text
        while rest and free:
            place = free.pop(0)
            form.fields[place], rest = broken(rest, place, lengths)
        form.go_on(part, rest, ADDRESS_LINES[-1])


def _told_once(address: Address) -> dict[str, str]:
    """What the part is called, by its text: some shoppers write the same twice."""
    told: dict[str, str] = {}
    for part, text in _parts(address):
        told.setdefault(text, part)
    return told


def _parts(address: Address) -> tuple[tuple[str, str], ...]:
    return (
        ("company", "" if plain(address.name) in {"", plain(address.company)} else plain(address.company)),
        ("first street line", plain(address.street_1)),
        ("second street line", plain(address.street_2)),
        ("additional address line", plain(address.additional_info)),
        ("city", plain(address.city)),
        ("state", plain(address.state)),
    )
