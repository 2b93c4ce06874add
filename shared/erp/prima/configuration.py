"""What the client's Prima needs us to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from shared.erp.prima.codec.letters import Policy
from shared.erp.prima.endpoint import Endpoint
from shared.erp.prima.order_numbers import Ranges, impossible
from shared.erp.prima.quiet_hours import QuietHours
from shared.erp.prima.status_words import WORDS, Role

ADDRESS_LINES = tuple(f"AddrLine{number}" for number in range(1, 7))
DEFAULT_LENGTHS: Mapping[str, int] = {
    **dict.fromkeys(ADDRESS_LINES, 40),
    "CustomerEmail": 100,
    "CustomerForename": 40,
    "CustomerPhone": 20,
    "CustomerRef": 60,
    "CustomerSurname": 40,
    "DeliveryFAO": 40,
    "LineReference": 60,
    "PostCode": 12,
    "ShippingInstructions": 250,
    "SpecialInstructions": 250,
    "TPGUID": 60,
}
"""Invented: nothing public tells Prima's lengths. A client's own go into the setting."""

Dimension = Literal["configuration", "size", "colour", "style", "version"]
MATRIX: tuple[Dimension, ...] = ("colour", "size", "configuration", "style")
SETTLE = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Payment:
    """How money that the marketplace has collected stands on an order."""

    pay_method: str
    sub_pay_method: str = ""
    pay_provider: str = ""


@dataclass(frozen=True, slots=True)
class DespatchByStatus:
    """What Mirakl is told of an order whose status says that it has left: the status names no carrier."""

    carrier: str = ""
    service: str = ""
    delivery_mode: str = ""


@dataclass(frozen=True, slots=True)
class Configuration:
    """`endpoint` names no company: it is sent along with each call where `names_company`, else Prima's only one counts.

    `price`: an order line's Price is that of one `unit` or of the whole `line`. `matrix` says which dimension of an
    item is which of MtrxCode1 to 4. `unit` is what the items mapping calls Prima's stock unit, as an order line has
    none. `unknown_order` is Prima's text for a number that it does not know, with `#` for the number; empty: it is
    asked for. `despatch` None: files or people tell what has left. `same_rejections` orders refused in a row for the
    same reason stop the others.
    """

    endpoint: Endpoint
    company: str
    price: Literal["unit", "line"]
    vat_inclusive: bool
    ranges: Ranges
    names_company: bool = True
    settle: timedelta = SETTLE
    lanes: int = 1
    minimum_interval: timedelta = timedelta(0)
    quiet_hours: tuple[QuietHours, ...] = ()
    same_rejections: int = 5
    impossible_number: str = ""
    unknown_order: str = ""
    reference_in: Literal["CustomerRef", "TPGUID"] = "CustomerRef"
    letters: Policy = "reference"
    matrix: tuple[Dimension, ...] = MATRIX
    unit: str = "pcs"
    order_channel: str = ""
    order_category: str = ""
    source_media: str = ""
    payment: Payment | None = None
    create_held: bool = False
    zone: ZoneInfo = field(default_factory=lambda: ZoneInfo("UTC"))
    lengths: Mapping[str, int] = field(default_factory=dict)
    words: Mapping[str, Role] = field(default_factory=lambda: WORDS)
    despatch: DespatchByStatus | None = DespatchByStatus()

    @property
    def limits(self) -> Mapping[str, int]:
        """The installation's own length where the setting names it, else the default."""
        return {**DEFAULT_LENGTHS, **self.lengths}

    @property
    def nobodys_number(self) -> str:
        return self.impossible_number or impossible(self.ranges)
