"""The texts of refusals: a code, a sentence, and in DEV MODE where in the server's programs it was met.

Observed: E:21, E:194 in its four sentences, E:548, the parser's 14586, the form of a DEV MODE trace.
Invented: every code from E:900 on, which stands for a refusal that a server must have and of which no text is public.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

UNPARSED = (
    "The XML may be Invalid or may contain invalid characters. SAX parser error: SAX-PARSE-NEXT, "
    "Unexpected error. (14586)"
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """`inner` is the server's own name of it, `section` where it arose."""

    code: str
    text: str
    inner: str = "ErrMsg"
    section: str = "CheckOrders"

    def written(self, *, dev_mode: bool) -> str:
        trace = f"  DEV MODE Stack Trace (Msg - E:{self.inner}): {self.section} imp/procorders.p" if dev_mode else ""
        return f"({self.code}) {self.text}{trace}\n"


def exists(number: str) -> Rejection:
    return Rejection("E:21", f"Sales Order Header already exists with Order Number equal to {number}", "Exist1")


def vat_differs() -> Rejection:
    text = "Price obtained from the Price Book has a different VAT Incl Prices Value to the Sales Order"
    return Rejection("E:548", text, "VATINCORD", "CheckLines")


def no_lines(number: str) -> Rejection:
    """Two blanks before `Current` were observed."""
    return Rejection("E:194", f"There were no Valid Order Lines found for the  Current Order {number}")


NO_MATRIX = Rejection("E:194", "NO VALID Sales Order Line Details for Matrix Levels", section="LeftOvers")
NO_HEADER = (
    Rejection("E:194", "NO VALID Sales Order Header Details for Line", section="LeftOvers"),
    NO_MATRIX,
    Rejection("E:194", "NO VALID Sales Order Header Details for Charges", section="LeftOvers"),
)
"""What follows from a header that was refused."""


def missing(name: str) -> Rejection:
    return Rejection("E:901", f"{name} must be entered")


def too_long(name: str, length: int) -> Rejection:
    return Rejection("E:902", f"{name} is longer than {length} characters")


def invalid(name: str) -> Rejection:
    return Rejection("E:903", f"{name} is not valid")


def unknown(name: str, value: str) -> Rejection:
    return Rejection("E:904", f"{name} {value} does not exist")


def on_hold(what: str, code: str) -> Rejection:
    return Rejection("E:905", f"{what} {code} is on hold")


def kinds(rejections: Iterable[Rejection]) -> str:
    """The code of the root cause, for the count."""
    return next(iter(rejections)).code
