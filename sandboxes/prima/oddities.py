"""What this server does wrong beside what any server does: faults of `sandboxes.faults` that only Prima can have.

All are invented as events; the shapes of SOAP faults (documented), of a partial dump with status OK and of errors in
DEV MODE (observed) are not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

PrimaFault = Literal[
    "fault_10893_before",  # a SOAP fault, nothing happened
    "fault_10893_after",  # the same fault, it happened
    "fault_10921_before",  # the service is unavailable, nothing happened
    "fault_10921_after",  # it says so, and it happened
    "another_order",  # it happened; the reply's Data is another order's
    "broken_status",  # ERROR for an order that is known
    "unknown_word",  # a status word that nobody has heard of
    "dev_mode",  # errors carry a stack trace
    "vat_flipped",  # the price book has the other VAT flag: E:548
    "partial_stock",  # a dump without most of its rows, and OK
    "double_rows",  # every row of a dump twice
    "cut_inside",  # it happened; the XML inside the envelope ends half way
]
KINDS: frozenset[str] = frozenset(get_args(PrimaFault))
UNHEARD_OF = "Awaiting Approval"


@dataclass(frozen=True, slots=True)
class Oddity:
    """How one call is carried out; the default is as it should be."""

    kind: str = ""

    @property
    def before(self) -> bool:
        return self.kind.endswith("_before")

    def text(self, target: str) -> str:
        """FaultDetail's errorMessage; empty where the kind is no SOAP fault."""
        if self.kind.startswith("fault_10921"):
            return f"The {target} service is unavailable (10921)"
        if self.kind.startswith("fault_10893"):
            return "The request could not be completed by the application server. (10893)"
        return ""
