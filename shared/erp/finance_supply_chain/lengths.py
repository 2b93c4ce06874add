"""How long a text may be in each field, and the refusal of one that does not fit."""

from __future__ import annotations

from shared.erp.finance_supply_chain.configuration import DEFAULT_LENGTHS, Configuration
from shared.errors import Rejected


def length(text: str) -> int:
    """As the database counts it: UTF-16 code units, so an emoji takes two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def limit(configuration: Configuration, field: str) -> int | None:
    """The environment's own length where the setting names it, else the default; None where neither knows."""
    return configuration.lengths.get(field, DEFAULT_LENGTHS.get(field))


def fits(configuration: Configuration, field: str, text: str) -> bool:
    most = limit(configuration, field)
    return most is None or length(text) <= most


def fitted(configuration: Configuration, field: str, text: str) -> str:
    """The text itself. Raises Rejected (`text_does_not_fit`) where the field is too short for it."""
    if fits(configuration, field, text):
        return text
    room = f"{field} takes {limit(configuration, field)}"
    raise Rejected("text_does_not_fit", subject=field, reason=f"it has {length(text)} characters; {room}")
