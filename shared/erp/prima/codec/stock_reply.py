"""What Prima answered to ProductAvailableToSell or MultiAvailableToSell.

Observed: whole numbers, never negative; a date (dd/mm/yyyy) only beside a quantity of 0; and once a reply of a ninth of
the catalogue that called itself OK, so completeness is for the reader to judge.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from shared.erp.prima.codec.prima_errors import PrimaError, errors_of
from shared.erp.prima.codec.result import Node, result_of, status_of
from shared.erp.prima.codec.sku import CODES, Sku

_QUANTITY = re.compile(r"-?\d{1,12}(\.\d{1,6})?")
_DATE = re.compile(r"(\d{2})/(\d{2})/(\d{4})")


@dataclass(frozen=True, slots=True)
class Available:
    """`quantity` is what Prima would sell now; `expected` perhaps the next delivery (inferred)."""

    sku: Sku
    quantity: Decimal
    expected: date | None = None


@dataclass(frozen=True, slots=True)
class StockReply:
    """`ok` is Prima's word for the whole; `unreadable` counts the rows that no figure could be taken from."""

    ok: bool
    rows: tuple[Available, ...] = ()
    unreadable: int = 0
    errors: tuple[PrimaError, ...] = ()
    company: str = ""


def stock_reply(text: str, *, request_type: str) -> StockReply:
    """The rows in the order of the reply. Raises Unreadable."""
    result = result_of(text, request_type=request_type)
    rows = tuple(_available(row) for data in result.named("Data") for row in data.named("sku"))
    read = tuple(row for row in rows if row is not None)
    return StockReply(
        ok=status_of(result, request_type=request_type) == "OK",
        rows=read,
        unreadable=len(rows) - len(read),
        errors=errors_of(result.all()),
        company=result.get("Company"),
    )


def _available(row: Node) -> Available | None:
    product, quantity = row.get("Product"), row.get("AvailableQuantity")
    if not product or not _QUANTITY.fullmatch(quantity):
        return None
    one, two, three, four = (row.get(code) for code in CODES)
    return Available(Sku(product, (one, two, three, four)), Decimal(quantity), _date(row.get("AvailableDate")))


def _date(text: str) -> date | None:
    found = _DATE.fullmatch(text)
    try:
        return date(int(found[3]), int(found[2]), int(found[1])) if found else None
    except ValueError:
        return None
