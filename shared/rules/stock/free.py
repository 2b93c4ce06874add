"""What is free: available less every allocation and demand over the warehouses that count, negatives included."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal

from shared.model.stock import Figures, Reading, StockTerms, Term


def free_in(figures: Figures, less: Sequence[Term]) -> Decimal:
    """Stock units. A figure below zero that is to be taken off is goods to come (a return order): it adds nothing."""
    return figures.available - sum((max(_figure(figures, term), Decimal(0)) for term in less), Decimal(0))


def listed(reading: Reading, terms: StockTerms) -> tuple[Figures, ...]:
    return tuple(figures for figures in reading.warehouses if figures.warehouse in terms.warehouses)


def unlisted(reading: Reading, warehouses: Collection[str]) -> tuple[str, ...]:
    """Warehouses that the reading names and nobody listed: they are reported and do not count."""
    return tuple(dict.fromkeys(one.warehouse for one in reading.warehouses if one.warehouse not in warehouses))


def free_by_warehouse(reading: Reading, terms: StockTerms) -> Mapping[str, Decimal]:
    """Of each listed warehouse that the reading names; one that shows the item twice counts the lesser."""
    free: dict[str, Decimal] = {}
    for figures in listed(reading, terms):
        found = free_in(figures, terms.source.less)
        free[figures.warehouse] = min(found, free.get(figures.warehouse, found))
    return free


def free_of(reading: Reading, terms: StockTerms) -> Decimal:
    return sum(free_by_warehouse(reading, terms).values(), Decimal(0))


def _figure(figures: Figures, term: Term) -> Decimal:
    return figures.allocated if term == "allocated" else figures.demand
