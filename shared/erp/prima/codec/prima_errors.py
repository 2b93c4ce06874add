"""Prima's error texts: several messages in one attribute, of which some only say that another one happened."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shared.erp.prima.codec.result import Node

DUPLICATE, NO_VALID = "E:21", "E:194"
NOT_XML = "14586"
"""The parser could not read our request (SAX-PARSE-NEXT): a bug of ours, which no repetition mends."""
_NEXT = re.compile(r"(?=\(E:\d+\))")
_CODED = re.compile(r"\((E:\d+)\)\s*")
_ABL_NUMBER = re.compile(r"\((\d{2,6})\)")
_TRACE = re.compile(r"\s*DEV MODE\b.*", re.IGNORECASE | re.DOTALL)
_CASCADE = re.compile(r"NO VALID Sales Order\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class PrimaError:
    """`code` is `E:21`, an ABL message number, or empty. `text` may quote the order: withhold people, then show it."""

    code: str
    text: str

    @property
    def is_cascade(self) -> bool:
        """Noise: it follows from another error and is never the cause (observed)."""
        return self.code == NO_VALID and _CASCADE.match(self.text) is not None


def split(text: str) -> tuple[PrimaError, ...]:
    """The messages of one attribute, without stack traces (sites in DEV MODE send them) and repetitions."""
    return _once(error for piece in _NEXT.split(text) if (error := _error(piece)).text or error.code)


def errors_of(nodes: Iterable[Node]) -> tuple[PrimaError, ...]:
    """What stands in the `Error` of these elements, each message once."""
    return _once(error for node in nodes for error in split(node.get("Error")))


def causes(errors: Sequence[PrimaError]) -> tuple[PrimaError, ...]:
    """The errors without those that follow from them; E:194 is a cause only where nothing else is there."""
    real = tuple(error for error in errors if not error.is_cascade)
    return tuple(error for error in real if error.code != NO_VALID) or real


def fingerprint(errors: Sequence[PrimaError], *, number: str) -> str:
    """By what an answer about an order that cannot exist is known again: codes and texts, the number blanked out.

    Empty where there is nothing to know it by: no text at all, or a complaint about our XML.
    """
    if any(error.code == NOT_XML for error in errors):
        return ""
    return "\n".join(f"{error.code} {_blanked(error.text, number)}".strip() for error in errors)


def _error(piece: str) -> PrimaError:
    plain = " ".join(_TRACE.sub("", piece).split())
    if coded := _CODED.match(plain):
        return PrimaError(coded[1], plain[coded.end() :])
    numbers = _ABL_NUMBER.findall(plain)
    return PrimaError(numbers[-1] if numbers else "", plain)


def _blanked(text: str, number: str) -> str:
    """ABL pads numbers with zeros, or drops those in front."""
    bare = re.escape(number.strip().lstrip("0"))
    return re.sub(rf"(?<!\w)0*{bare}(?!\w)", "#", text, flags=re.IGNORECASE) if bare else text


def _once(errors: Iterable[PrimaError]) -> tuple[PrimaError, ...]:
    return tuple(dict.fromkeys(errors))
