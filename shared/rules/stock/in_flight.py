"""What counts against a reading: order lines of all shops that were sold and are not in its figures yet.

A line counts from its first sight, in any open Mirakl state and whatever was decided, until a reading releases it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal

from shared.model.in_flight import Counted, LineInFlight, WhyCounted
from shared.model.stock import Reading, StockTerms
from shared.rules.stock.demand import goes_without_erp, in_figures

NOTHING = Decimal(0)


def in_flight(lines: Iterable[LineInFlight], reading: Reading, terms: StockTerms) -> tuple[Counted, ...]:
    """Every line on the reading's item that counts against it, with how much and why; each line and part once."""
    ours = {(line.key, line.line, line.part): line for line in lines if line.item == reading.item}
    counted = (counts(line, reading.started, terms) for line in ours.values())
    return tuple(one for one in counted if one is not None)


def counts(line: LineInFlight, started: datetime, terms: StockTerms) -> Counted | None:
    """How much of a line a reading that started then does not show; None where nothing."""
    if line.by_operator or _is_older(line, terms):
        return None
    outside = NOTHING if goes_without_erp(line, before=started) else max(line.remains - line.erp.stands, NOTHING)
    hidden = line.erp.stands - in_figures(line.erp, before=started, source=terms.source)
    quantity = outside + max(hidden, NOTHING)
    return Counted(line, quantity, _why(line, outside, terms)) if quantity else None


def released(line: LineInFlight, reading: Reading, terms: StockTerms) -> bool:
    """The reading shows the whole line, or nobody has it any more."""
    return counts(line, reading.started, terms) is None


def gone(line: LineInFlight) -> Decimal:
    """Stock units that Mirakl still waits for and whose ERP order was cancelled or deleted: they count again, and a
    person must know.
    """
    lost = line.erp.state == "created" and line.shipped is None and not line.by_operator
    return max(line.remains - line.erp.stands, NOTHING) if lost else NOTHING


def total(counted: Iterable[Counted]) -> Decimal:
    return sum((one.quantity for one in counted), NOTHING)


def by_warehouse(counted: Iterable[Counted]) -> Mapping[str, Decimal]:
    """Stock units by the ERP's warehouse that the order mapping chooses."""
    found: dict[str, Decimal] = {}
    for one in counted:
        found[one.line.warehouse] = found.get(one.line.warehouse, NOTHING) + one.quantity
    return found


def _is_older(line: LineInFlight, terms: StockTerms) -> bool:
    first = terms.orders_from.get(line.key.shop)
    return terms.older_in_erp and first is not None and line.placed < first


def _why(line: LineInFlight, outside: Decimal, terms: StockTerms) -> WhyCounted:
    if line.erp.state == "in_doubt":
        return "in_doubt"
    if line.erp.state == "none":
        return "no_erp_order"
    if outside:
        return "erp_order_gone"
    waits = terms.source.demand == "shipped" or (line.erp.held and not terms.source.held and not line.erp.released)
    return "not_shown" if waits else "after_the_reading"
