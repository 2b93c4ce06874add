"""The delivery address, pick-up point and note in the fields of F&O's header."""

from __future__ import annotations

from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.form import Form, distinct, plain
from shared.model.sales_order import SalesOrderDraft

NAME, STREET, CITY, ZIP_CODE = (
    "DeliveryAddressName",
    "DeliveryAddressStreet",
    "DeliveryAddressCity",
    "DeliveryAddressZipCode",
)
STATE = "DeliveryAddressStateId"
"""Mirakl's state is free text and F&O's is a code of its address set-up, so it is sent as a code only where the
client's lengths name this field; elsewhere it is a line of the street."""


def delivery_fields(draft: SalesOrderDraft, configuration: Configuration) -> dict[str, str]:
    """The header's `DeliveryAddress…` fields; empty ones are left out.

    Street lines that find no room go to the note field, and the note's parts that find none to the street.
    Raises Rejected (`text_does_not_fit`) naming the field and lengths, never the text.
    """
    address, form = draft.address, Form(configuration.limits, frozenset({STREET}))
    note = configuration.delivery_note_field or STREET
    lines, notes = distinct(STREET, note), distinct(note, STREET)
    rest_of_name = form.begin("name", plain(address.name) or plain(address.company), NAME)
    form.own(_own_fields(draft, configuration))
    for part, text in _street_parts(draft, configuration):
        form.put(part, text, *lines)
    form.put("pick-up point", plain(draft.pickup_point), *notes)
    form.go_on("rest of the name", rest_of_name, *notes)
    for part, text in (
        ("delivery note", draft.note),
        ("telephone", address.phone),
    ):
        form.put(part, plain(text), *notes)
    return form.fields


def _own_fields(draft: SalesOrderDraft, configuration: Configuration) -> dict[str, str]:
    own = {
        ZIP_CODE: plain(draft.address.zip_code),
        CITY: plain(draft.address.city),
        "DeliveryAddressCountryRegionId": draft.country,
    }
    return {**own, STATE: plain(draft.address.state)} if STATE in configuration.limits else own


def _street_parts(draft: SalesOrderDraft, configuration: Configuration) -> tuple[tuple[str, str], ...]:
    address = draft.address
    return (
        ("company", plain(address.company) if address.name.strip() else ""),
        ("first street line", plain(address.street_1)),
        ("second street line", plain(address.street_2)),
        ("additional address line", plain(address.additional_info)),
        ("state", "" if STATE in configuration.limits else plain(address.state)),
    )
