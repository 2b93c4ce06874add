"""A stock import (STO01): the lines as they were sent, and what Mirakl reported of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

Position = tuple[str, str]
"""SKU and Mirakl's warehouse code, empty for a global number."""


@dataclass(frozen=True, slots=True)
class StockLine:
    """One line of the file; `quantity` in marketplace units."""

    sku: str
    quantity: int
    warehouse: str = ""

    @property
    def position(self) -> Position:
        return self.sku, self.warehouse


@dataclass(frozen=True, slots=True)
class SentImport:
    """A file that was sent. The lines were on record before; `id` is what STO01 answered, empty where that was lost.

    `reported` is when STO02 and STO03 had told all there is, None while they have not; `given_up`: another file went
    out meanwhile.
    """

    id: str
    sent: datetime
    lines: tuple[StockLine, ...]
    reported: datetime | None = None
    given_up: bool = False


@dataclass(frozen=True, slots=True)
class ImportReport:
    """STO02's answer with STO03's: `rejected` is the number of the line in our file, from 1, to Mirakl's reason."""

    status: str
    in_success: int | None
    in_error: int | None
    rejected: Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Running:
    """Not reported yet, or in a word that we do not know."""

    status: str


@dataclass(frozen=True, slots=True)
class Confirmed:
    """What Mirakl took over, and what it rejected with its reason; a rejected line's old number stays the known one."""

    numbers: Mapping[Position, int]
    rejected: Mapping[Position, str]


@dataclass(frozen=True, slots=True)
class Unconfirmed:
    """The import confirms no line; the next file must differ from this one. `reason` is for people."""

    reason: str


Verdict = Running | Confirmed | Unconfirmed
