"""When the ERP's figures show an order line of ours, part by part."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from shared.model.in_flight import LineInErp, LineInFlight
from shared.model.stock import StockSource


def in_figures(line: LineInErp, *, before: datetime, source: StockSource) -> Decimal:
    """Stock units of the line that are in every reading that started at `before`, because they were on the ERP's
    books earlier.
    """
    if line.state != "created":
        return Decimal(0)
    left = sum((part.quantity for part in line.left if part.seen < before), Decimal(0))
    shown = _shown(line, source)
    return line.stands if shown is not None and shown < before else min(left, line.stands)


def goes_without_erp(line: LineInFlight, *, before: datetime) -> bool:
    """Mirakl showed it shipped before then: what was taken for it without an ERP order has left the shelf."""
    return line.erp.state != "in_doubt" and line.shipped is not None and line.shipped < before


def _shown(line: LineInErp, source: StockSource) -> datetime | None:
    """When the whole line lowered what is free; None where only shipping does."""
    if source.demand == "shipped":
        return None
    return line.released if line.held and not source.held else line.created
