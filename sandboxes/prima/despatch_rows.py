"""What the warehouse writes down of every despatch, one row per line: the content of its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class DespatchRow:
    """`position` counts from 1. A row that changes an earlier one (a number that came later, a corrected quantity)
    repeats its order, consignment and line, and holds what is true now.
    """

    position: int
    company: str
    visible_from: datetime
    number: str
    consignment: str
    product: str
    codes: tuple[str, str, str, str]
    reference: str
    quantity: Decimal
    carrier: str
    service: str
    tracking: tuple[str, ...]
    despatched: datetime

    def cells(self, *, date_format: str, separator: str) -> dict[str, str]:
        """By field (see `despatch_settings.COLUMNS`)."""
        return {
            "number": self.number,
            "consignment": self.consignment,
            "product": self.product,
            **{f"matrix{position}": code for position, code in enumerate(self.codes, 1)},
            "reference": self.reference,
            "quantity": f"{self.quantity.normalize():f}",
            "carrier": self.carrier,
            "service": self.service,
            "tracking": separator.join(self.tracking),
            "despatched": self.despatched.strftime(date_format),
        }


def visible(rows: Iterable[DespatchRow], *, after: int, now: datetime) -> list[DespatchRow]:
    """The rows behind `after` up to the first that cannot be seen yet."""
    found = []
    for row in rows:
        if row.position > after:
            if row.visible_from > now:
                break
            found.append(row)
    return found
