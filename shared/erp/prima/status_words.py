"""What the words of OrderStatus mean: `Despatched`, `Part Despatched` and `Cancelled` are known from a client's code.

The full list is not public, so each installation adds its own; a word that nobody has told us means nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

Role = Literal["received", "held", "part", "despatched", "cancelled"]
WORDS: Mapping[str, Role] = {
    "Received": "received",
    "Held": "held",
    "Part Despatched": "part",
    "Part-Despatched": "part",
    "Despatched": "despatched",
    "Cancelled": "cancelled",
}
"""`Received` and `Held` are invented: until they are confirmed they only say that nothing has happened yet."""


def role_of(word: str, words: Mapping[str, Role]) -> Role | None:
    """By the word as the settings spell it, without regard to case and repeated blanks."""
    return {_folded(one): role for one, role in words.items()}.get(_folded(word))


def _folded(word: str) -> str:
    return " ".join(word.split()).casefold()
