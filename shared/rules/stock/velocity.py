"""How fast an item goes: what usually is gone before we hear of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from math import ceil

PERCENTILE = 95
DAYS = timedelta(days=7)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

At = tuple[datetime, Decimal]
"""A moment and stock units: what was sold then, or what was free then."""


def velocity(sales: Iterable[At], free: Sequence[At], *, window: timedelta, now: datetime) -> Decimal:
    """Stock units: the 95th percentile (nearest rank) of those gone in a window, over the windows of the last 7 days
    in which something went; 0 where nothing did.

    `window` is poll age + import lag. `sales` are the marketplaces'; what other channels sell shows in the fall of
    `free` (readings in the order of their start), which counts where it is larger.
    """
    recent = now - DAYS
    sold = _by_window((at for at in sales if at[0] > recent), window)
    fallen = _by_window((at for at in _falls(free) if at[0] > recent), window)
    gone = (max(sold.get(one, Decimal(0)), fallen.get(one, Decimal(0))) for one in sold.keys() | fallen.keys())
    return _percentile(sorted(units for units in gone if units > 0))


def _falls(free: Sequence[At]) -> Iterable[At]:
    """What each reading had less than the one before; a delivery is no fall, and hides one."""
    return ((later, before - after) for (_, before), (later, after) in pairwise(free))


def _by_window(units: Iterable[At], window: timedelta) -> dict[int, Decimal]:
    found: dict[int, Decimal] = {}
    for at, quantity in units:
        number = (at - _EPOCH) // window
        found[number] = found.get(number, Decimal(0)) + max(quantity, Decimal(0))
    return found


def _percentile(ascending: Sequence[Decimal]) -> Decimal:
    return ascending[ceil(len(ascending) * PERCENTILE / 100) - 1] if ascending else Decimal(0)
