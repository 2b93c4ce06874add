"""What becomes of letters that ISO-8859-1 does not have: a named policy, as nothing tells what Prima makes of them."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from shared.errors import Rejected

Policy = Literal["reference", "transliterate", "refuse"]
"""`reference`: as numeric character references, so that XML loses nothing; what Prima stores is for a test to show.
`transliterate`: the nearest Latin letters; pictures are dropped, and a letter that has none near it is refused.
`refuse`: the order becomes an exception that names the field.
"""

_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_NEAREST = {
    "€": "EUR", "‚": "'", "„": '"', "‘": "'", "’": "'", "‛": "'", "“": '"', "”": '"', "‟": '"', "‹": "<", "›": ">",
    "′": "'", "″": '"', "ʼ": "'", "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "•": "-",
    "⁄": "/", "ƒ": "f", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ħ": "h", "Ħ": "H", "ı": "i", "ĸ": "k", "ŋ": "n",
    "Ŋ": "N", "œ": "oe", "Œ": "OE", "ŧ": "t", "Ŧ": "T", "ẞ": "SS", "ə": "e", "Ə": "E", "ɓ": "b", "ɗ": "d", "ƙ": "k",
}  # fmt: skip
_NO_LETTERS = frozenset({"Mn", "Cf", "So", "Sk"})
"""Marks that were split off, invisible formatting, pictures."""


def carried(text: str, *, policy: Policy, field: str) -> str:
    """The text as Prima gets it. Raises Rejected (`text_does_not_fit`) naming the field, never the text.

    Characters that no XML can hold are dropped under every policy.
    """
    clean = _NOT_XML.sub("", text)
    if policy == "reference":
        return clean
    # "e" with a combining accent is a letter that ISO-8859-1 has.
    composed = unicodedata.normalize("NFC", clean)
    found = "".join(map(_nearest, composed)) if policy == "transliterate" else composed
    if all(map(_latin, found)):
        return found
    raise Rejected("text_does_not_fit", subject=field, reason="it has letters that ISO-8859-1 does not have")


def _nearest(letter: str) -> str:
    """The Latin letters nearest to it, nothing for a picture, else the letter itself."""
    if _latin(letter):
        return letter
    if letter in _NEAREST:
        return _NEAREST[letter]
    split = unicodedata.normalize("NFKD", letter)
    kept = (part for part in split if unicodedata.category(part) not in _NO_LETTERS)
    return "".join(part if _latin(part) else _NEAREST.get(part, part) for part in kept)


def _latin(letter: str) -> bool:
    return ord(letter) < 0x100
