"""How long a text may be in each of an ERP's fields, and the refusal of one that does not fit."""

from __future__ import annotations

from collections.abc import Mapping

from shared.errors import Rejected

Lengths = Mapping[str, int]
"""By field; a field that is not named takes any text."""


def length(text: str) -> int:
    """As the database counts it: UTF-16 code units, so an emoji takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def fits(lengths: Lengths, field: str, text: str) -> bool:
    most = lengths.get(field)
    return most is None or length(text) <= most


def fitted(lengths: Lengths, field: str, text: str) -> str:
    """The text itself. Raises Rejected (`text_does_not_fit`) where the field is too short for it."""
    if fits(lengths, field, text):
        return text
    room = f"{field} takes {lengths[field]}"
    raise Rejected("text_does_not_fit", subject=field, reason=f"it has {length(text)} characters; {room}")
