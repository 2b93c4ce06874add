"""Which reading of an item counts: the one that started later, whatever arrives last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from shared.model.stock import Reading, StockItem


def newer(known: Reading | None, arrived: Reading) -> Reading:
    """Of two that started at the same time (a row that comes twice in one answer) the lower one counts."""
    return arrived if known is None or _rank(arrived) > _rank(known) else known


def latest(readings: Iterable[Reading]) -> Mapping[StockItem, Reading]:
    """One for each item, in whatever order they come."""
    found: dict[StockItem, Reading] = {}
    for reading in readings:
        found[reading.item] = newer(found.get(reading.item), reading)
    return found


def _rank(reading: Reading) -> tuple[datetime, bool, Decimal]:
    return reading.started, bool(reading.blocked), -_everything(reading)


def _everything(reading: Reading) -> Decimal:
    return sum((one.available - one.allocated - one.demand for one in reading.warehouses), Decimal(0))
