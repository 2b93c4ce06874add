"""Takes the shopper out of the ERP's error texts: F&O quotes the values that it refuses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, SalesOrderDraft

WITHHELD = "[withheld]"
_SHORT = 3
_Texts = tuple[str, ...]


def withheld(text: str, draft: SalesOrderDraft | CustomerDraft, sent: frozenset[str] = frozenset()) -> str:
    """The text without any personal value of the draft, whatever its case and line breaks.

    `sent` are personal texts as they went out, where that is not as they stand in the draft. Values shorter than three
    characters are found only as words of their own, or no text would be left.
    """
    return _covered(text, personal_values(draft) | sent)


def personal_values(draft: SalesOrderDraft | CustomerDraft) -> frozenset[str]:
    """Every text that tells who the shopper is: whole, by line, and names also by word.

    The country is no one's secret and helps whoever reads the error.
    """
    whole, names = _of_customer(draft) if isinstance(draft, CustomerDraft) else _of_order(draft)
    lines = (line for text in whole for line in text.splitlines())
    words = (word for name in names for word in name.split())
    values = (*whole, *lines, *words)
    return frozenset(value.strip() for value in values if value.strip())


def _of_order(draft: SalesOrderDraft) -> tuple[_Texts, _Texts]:
    """The texts, and those of them that are names."""
    texts = (*_of_address(draft.address), draft.pickup_point, draft.note)
    shopper, names = _of_customer(draft.shopper) if draft.shopper else ((), ())
    return (*texts, *shopper), (draft.address.name, *names)


def _of_customer(customer: CustomerDraft) -> tuple[_Texts, _Texts]:
    names = (customer.first_name, customer.last_name)
    numbers = (customer.tax_number, customer.identification_number)
    texts = (*names, customer.organization, *numbers, customer.alias, *_of_address(customer.address))
    return texts, (*names, customer.address.name)


def _of_address(address: Address) -> _Texts:
    return (
        address.name,
        address.company,
        address.street_1,
        address.street_2,
        address.additional_info,
        address.zip_code,
        address.city,
        address.state,
        address.phone,
    )


def _covered(text: str, values: Iterable[str]) -> str:
    """Overlapping finds are one: replacing them one after the other would leave the end of the second."""
    pieces, position = [], 0
    for begins, ends in _merged(span for value in values for span in _spans(text, value)):
        pieces += [text[position:begins], WITHHELD]
        position = ends
    return "".join([*pieces, text[position:]])


def _spans(text: str, value: str) -> Iterator[tuple[int, int]]:
    words = r"\s+".join(re.escape(word) for word in value.split())
    whole = rf"(?<!\w){words}(?!\w)" if len(value) < _SHORT else words
    for found in re.finditer(rf"(?=({whole}))", text, re.IGNORECASE):
        yield found.span(1)


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for begins, ends in sorted(spans):
        if merged and begins <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(ends, merged[-1][1]))
        else:
            merged.append((begins, ends))
    return merged
