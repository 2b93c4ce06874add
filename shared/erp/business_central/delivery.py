"""The ship-to address, pick-up point and note in the fields of the sales order and in comments behind its lines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from shared.erp.business_central.configuration import LENGTHS
from shared.erp.form import broken, joined, plain
from shared.erp.lengths import fits, fitted, length
from shared.errors import Rejected
from shared.model.sales_order import SalesOrderDraft

NAME, CONTACT, LINE_1, LINE_2 = "shipToName", "shipToContact", "shipToAddressLine1", "shipToAddressLine2"
POST_CODE, CITY, STATE, COUNTRY = "shipToPostCode", "shipToCity", "shipToState", "shipToCountry"
PHONE, COMMENT = "phoneNumber", "description"
ORDER = (NAME, CONTACT, LINE_1, LINE_2, COUNTRY, POST_CODE, CITY, STATE, PHONE)
"""As they are sent, each of them: what is not sent stays as the customer has it. Another country than the customer's
empties post code, city and state, and a post code fills in the city that belongs to it: each comes before what it
changes."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """`fields` in the order in which they are sent; `comments` fit a comment line each."""

    fields: dict[str, str]
    comments: tuple[str, ...]


def delivery(draft: SalesOrderDraft) -> Delivery:
    """What finds no room in its field is a comment, whole. The carrier sorts by post code and city: never a comment.

    Raises Rejected (`text_does_not_fit`) naming the field and lengths, never the text.
    """
    label = _Label()
    _address(draft, label)
    texts = [*label.spilled, plain(draft.pickup_point), *(plain(line) for line in draft.note.splitlines())]
    comments = tuple(comment for text in texts for comment in in_comments(text))
    return Delivery({name: label.fields.get(name, "") for name in ORDER}, comments)


def in_comments(text: str) -> Iterator[str]:
    """The whole text, broken between words, and inside a word that is longer than a comment."""
    rest = text
    while rest:
        head, rest = _head(rest)
        yield head


@dataclass(slots=True)
class _Label:
    """`spilled` is what found no room, `said` the whole texts by the field where each was to be."""

    fields: dict[str, str] = field(default_factory=dict)
    spilled: list[str] = field(default_factory=list)
    said: set[tuple[str, str]] = field(default_factory=set)

    def own(self, place: str, text: str) -> None:
        """Raises Rejected (`text_does_not_fit`)."""
        self.fields[place] = fitted(LENGTHS, place, text)

    def put(self, text: str, *places: str) -> None:
        """Whole into the first of these that has room; else its beginning into the first that is empty.

        The same text is not said twice; a piece of another that reads like it is no repetition.
        """
        if not text or any((place, text) in self.said for place in places):
            return
        self.said.update((place, text) for place in places)
        for place in places:
            filled = joined(self.fields.get(place, ""), text, ", ")
            if fits(LENGTHS, place, filled):
                self.fields[place] = filled
                return
        self.begin(text, *(place for place in places if not self.fields.get(place)))

    def begin(self, text: str, *places: str) -> None:
        for place in places:
            try:
                self.fields[place], text = broken(text, place, LENGTHS)
            except Rejected:
                continue  # a word that is longer than the field
        self.spilled += [text] if text else []


def _address(draft: SalesOrderDraft, label: _Label) -> None:
    """A company is the name, with the person as its contact."""
    address = draft.address
    name, company = plain(address.name), plain(address.company)
    label.put(company or name, NAME)
    label.put(name if company not in {"", name} else "", CONTACT)
    label.put(plain(address.street_1), LINE_1, LINE_2)
    label.put(plain(address.street_2), LINE_2, LINE_1)
    label.put(plain(address.additional_info), LINE_2, LINE_1)
    label.own(POST_CODE, plain(address.zip_code))
    label.own(CITY, plain(address.city))
    label.put(plain(address.state), STATE)
    label.own(COUNTRY, draft.country)
    phone = plain(address.phone)
    # The field takes no letters ("ext. 4"): the whole order would be refused.
    label.put(phone, *([] if any(sign.isalpha() for sign in phone) else [PHONE]))


def _head(text: str) -> tuple[str, str]:
    try:
        return broken(text, COMMENT, LENGTHS)
    except Rejected:
        cut = next(at for at in range(len(text), 0, -1) if length(text[:at]) <= LENGTHS[COMMENT])
        return text[:cut], text[cut:]
