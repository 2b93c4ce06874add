"""The delivery address, pick-up point and note in the header's fields: everything has a place, nothing is cut."""

from __future__ import annotations

from dataclasses import dataclass, field

from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.lengths import fits, fitted, length, limit
from shared.errors import Rejected
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


@dataclass
class _Form:
    """The fields filled so far. Only the street has lines; other fields separate their texts with `; `."""

    configuration: Configuration
    fields: dict[str, str] = field(default_factory=dict)
    _placed: set[str] = field(default_factory=set)

    def put(self, part: str, text: str, *places: str) -> None:
        """The whole text into the first of these fields that still has room for it; a text already there is done."""
        if not text or text in self._placed:
            return
        for place in places:
            filled = _joined(self.fields.get(place, ""), text, "\n" if place == STREET else "; ")
            if fits(self.configuration, place, filled):
                self.fields[place] = filled
                self._placed.add(text)
                return
        raise Rejected("text_does_not_fit", subject=places[0], reason=self._no_room(part, text, places))

    def _no_room(self, part: str, text: str, places: tuple[str, ...]) -> str:
        taken = (
            f"{place} has {length(self.fields.get(place, ''))} of {limit(self.configuration, place)} taken"
            for place in places
        )
        return f"the {part} has {length(text)} characters; {', '.join(taken)}"


def delivery_fields(draft: SalesOrderDraft, configuration: Configuration) -> dict[str, str]:
    """The header's `DeliveryAddress…` fields; empty ones are left out.

    Street lines that find no room go to the note field, and the note's parts that find none to the street.
    Raises Rejected (`text_does_not_fit`) naming the field and lengths, never the text.
    """
    address, form = draft.address, _Form(configuration)
    note = configuration.delivery_note_field or STREET
    lines, notes = _distinct(STREET, note), _distinct(note, STREET)
    name, rest_of_name = _broken(_plain(address.name) or _plain(address.company), configuration)
    form.put("name", name, NAME)
    _own_fields(form, draft)
    for part, text in _street_parts(draft, configuration):
        form.put(part, text, *lines)
    for part, text in (
        ("pick-up point", draft.pickup_point),
        ("rest of the name", rest_of_name),
        ("delivery note", draft.note),
        ("telephone", address.phone),
    ):
        form.put(part, _plain(text), *notes)
    return form.fields


def _own_fields(form: _Form, draft: SalesOrderDraft) -> None:
    """What the carrier sorts by stands in its own field or the order is refused; it never spills."""
    own = {
        ZIP_CODE: _plain(draft.address.zip_code),
        CITY: _plain(draft.address.city),
        "DeliveryAddressCountryRegionId": draft.country,
    }
    if STATE in form.configuration.lengths:
        own[STATE] = _plain(draft.address.state)
    for place, text in own.items():
        if text:
            form.fields[place] = fitted(form.configuration, place, text)


def _street_parts(draft: SalesOrderDraft, configuration: Configuration) -> tuple[tuple[str, str], ...]:
    address = draft.address
    return (
        ("company", _plain(address.company) if address.name.strip() else ""),
        ("first street line", _plain(address.street_1)),
        ("second street line", _plain(address.street_2)),
        ("additional address line", _plain(address.additional_info)),
        ("state", "" if STATE in configuration.lengths else _plain(address.state)),
    )


def _broken(name: str, configuration: Configuration) -> tuple[str, str]:
    """The name as long as its field, broken between words; the field may not be empty, or the customer's name shows."""
    words, head = name.split(" "), ""
    while words and fits(configuration, NAME, _joined(head, words[0], " ")):
        head = _joined(head, words.pop(0), " ")
    if not head and name:
        fitted(configuration, NAME, words[0])
    return head, " ".join(words)


def _plain(text: str) -> str:
    """On one line, with single spaces: most fields have one line only."""
    return " ".join(text.split())


def _joined(before: str, text: str, separator: str) -> str:
    return f"{before}{separator}{text}" if before else text


def _distinct(*places: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(places))
