"""Our reference in `externalDocumentNumber` (Code[35]: upper case, trimmed), and back.

Changing what `document_number` returns would create every open order again: a test pins golden values.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

LENGTH = 35
_KEPT = re.compile(r"[A-Z0-9][A-Z0-9._/-]*")
"""What Business Central keeps as it is sent."""
_DIGEST = 26
_SHORT = re.compile(rf"[A-Z0-9]+-[A-Z2-7]{{{_DIGEST}}}")


def document_number(reference: str) -> str:
    """The reference itself where Business Central keeps it as it is; else its prefix and a digest of the whole.

    Never cut or folded: two orders would become one.
    """
    if len(reference) <= LENGTH and _KEPT.fullmatch(reference):
        return reference
    digest = base64.b32encode(hashlib.sha256(reference.encode()).digest()).decode()
    return f"{reference.partition('-')[0].upper()}-{digest[:_DIGEST]}"


def is_short(number: str) -> bool:
    """It may be a digest, so that a comment may hold more."""
    return _SHORT.fullmatch(number) is not None


def full_reference(number: str, texts: Iterable[str]) -> str:
    """Of a document's texts the one that this number is the short form of; the number where none is."""
    if not is_short(number):
        return number
    return next((text for text in texts if text != number and document_number(text) == number), number)
