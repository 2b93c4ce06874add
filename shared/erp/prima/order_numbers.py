"""The shops' ranges of order numbers: each belongs to the bridge alone, and no two of them have a number in common."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from shared.model.sales_order import NumberFormat

Ranges = Mapping[str, NumberFormat]
"""By the shop's slug."""


def impossible(ranges: Ranges) -> str:
    """A number of the right form that no order has.

    Of a form of its own, Prima might complain about the form instead of the order.
    """
    return next(iter(ranges.values()), NumberFormat("", 8)).nobodys


def overlapping(ranges: Ranges) -> Iterator[str]:
    """Pairs of shops that could give two orders one number, as sentences."""
    for (one, first), (other, second) in combinations(ranges.items(), 2):
        if _share_numbers(first, second):
            yield f"the ranges of {one} and {other} have numbers in common; give each shop a prefix of its own"


def _share_numbers(one: NumberFormat, other: NumberFormat) -> bool:
    """Prima compares without regard to case (observed of codes)."""
    if len(one.prefix) + one.digits != len(other.prefix) + other.digits:
        return False
    short, long = sorted((one.prefix.casefold(), other.prefix.casefold()), key=len)
    return long.startswith(short) and (long == short or long[len(short) :].isdecimal())
