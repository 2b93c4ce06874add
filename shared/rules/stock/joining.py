"""One reading out of two questions: demand is asked for before supply.

What ships between the two answers is then missing from the supply and still in the demand: free comes out too low for
one reading. The other way round it would come out too high, by what was shipped meanwhile.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from shared.model.stock import Figures, Reading, StockItem

Place = tuple[StockItem, str]
"""An item in one of the ERP's warehouses."""


@dataclass(frozen=True, slots=True)
class Answer:
    """Quantities in stock units from one or several calls, from the first one's start to the last one's end."""

    started: datetime
    ended: datetime
    quantities: Mapping[Place, Decimal]


def joined(
    *, demand: Answer, supply: Answer, lag: timedelta, blocked: Mapping[StockItem, str] | None = None
) -> tuple[Reading, ...]:
    """One reading for each item that either answer names. Raises ValueError where supply was asked for first.

    Both answers may be old (`lag`), but the second must not be older than the first: one replica, not any of several.
    """
    if supply.started < demand.ended:
        raise ValueError("supply was read before demand: what shipped between them would be offered again")
    by_item: dict[StockItem, list[Figures]] = {}
    for place in dict.fromkeys((*supply.quantities, *demand.quantities)):
        by_item.setdefault(place[0], []).append(_figures(place, demand, supply))
    started, why = demand.started - lag, blocked or {}
    return tuple(Reading(item, started, tuple(all_), why.get(item, "")) for item, all_ in by_item.items())


def _figures(place: Place, demand: Answer, supply: Answer) -> Figures:
    return Figures(
        warehouse=place[1],
        available=supply.quantities.get(place, Decimal(0)),
        demand=demand.quantities.get(place, Decimal(0)),
    )
