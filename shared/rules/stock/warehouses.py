"""An offer's number over Mirakl's warehouses: all its lines together, or one global number, never both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.model.stock_imports import StockLine


def least(components: Sequence[Mapping[str, int]]) -> Mapping[str, int]:
    """By warehouse code what can be sold of a set there: the least of its components."""
    return {code: min(one[code] for one in components) for code in (components[0] if components else {})}


def cut(quantities: Mapping[str, int], number: int) -> Mapping[str, int]:
    """Lowered, the largest first, until the sum is at most `number`; equal ones in the order of their codes."""
    found = dict(quantities)
    while (excess := sum(found.values()) - number) > 0 and any(found.values()):
        top = max(found.values())
        tops = sorted(code for code, units in found.items() if units == top)
        below = max((units for units in found.values() if units < top), default=0)
        each, more = divmod(min(excess, (top - below) * len(tops)), len(tops))
        found |= {code: top - each - (place < more) for place, code in enumerate(tops)}
    return found


def stock_lines(
    sku: str, number: int, by_warehouse: Mapping[str, int], *, told: Mapping[str, int]
) -> tuple[StockLine, ...]:
    """The offer's lines for STO01. A warehouse that left the mapping is written once more, as 0, while Mirakl shows
    something there (`told`, by code). An offer that left warehouses altogether has its global number in the file
    after that one.
    """
    left = {code: 0 for code, units in told.items() if code not in by_warehouse and units}
    if not by_warehouse and not left:
        return (StockLine(sku, number),)
    return tuple(StockLine(sku, units, code) for code, units in sorted({**by_warehouse, **left}.items()))
