"""Rows of a collection as ours; what is not as it should be is an answer that cannot be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from shared.erp.microsoft.odata import Row
from shared.errors import Unavailable
from shared.model.keys import ERP_SCOPE

T = TypeVar("T")
MOST = 20
"""Orders of one call."""


def read(rows: Iterable[Row], reader: Callable[[Row], T], entity_set: str, *, scope: str = ERP_SCOPE) -> tuple[T, ...]:
    """Raises Unavailable."""
    try:
        return tuple(reader(row) for row in rows)
    except (KeyError, TypeError, ValueError, ArithmeticError, AttributeError):
        raise Unavailable(f"GET {entity_set}: a field is missing or malformed", scope=scope) from None


def at_most(numbers: Sequence[str]) -> tuple[str, ...]:
    """Each number once. Raises ValueError for more than one call takes."""
    wanted = tuple(dict.fromkeys(numbers))
    if len(wanted) > MOST:
        raise ValueError(f"{len(wanted)} numbers: at most {MOST} in one call")
    return wanted


def batches(values: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Each value once, as many together as one filter takes."""
    distinct = tuple(dict.fromkeys(values))
    return tuple(distinct[start : start + MOST] for start in range(0, len(distinct), MOST))
