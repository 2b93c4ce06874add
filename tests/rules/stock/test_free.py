"""Available less every allocation and demand, over the warehouses that count, and nothing that is still to come."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.model.stock import Figures, StockSource, Term
from shared.rules.stock.free import free_by_warehouse, free_in, free_of, unlisted
from tests.rules.stock.builders import MAIN, WEST, figures, number, reading, show, terms

D = Decimal


@pytest.mark.parametrize(
    ("row", "less", "free"),
    [
        (figures(20, allocated=3, demand=7), ("allocated", "demand"), 10),
        (figures(20, allocated=3, demand=7), ("demand",), 13),
        (figures(20, allocated=3, demand=7), (), 20),
        (figures(-2, demand=1), ("allocated", "demand"), -3),
        (figures(5, demand=-4), ("allocated", "demand"), 5),
        (figures(5, allocated=-4), ("allocated", "demand"), 5),
    ],
)
def test_the_figures_that_are_taken_off(row: Figures, less: tuple[Term, ...], free: int) -> None:
    assert free_in(row, less) == free


def test_only_listed_warehouses_count_and_negatives_do() -> None:
    rows = reading(figures(-3), figures(5, warehouse=WEST), figures(100, warehouse="NEW"))
    assert free_by_warehouse(rows, terms()) == {MAIN: -3, WEST: 5}
    assert free_of(rows, terms()) == 2
    assert unlisted(rows, (MAIN, WEST)) == ("NEW",)
    assert show(rows).terms[0].unlisted == ("NEW",)


def test_a_warehouse_that_is_named_twice_counts_the_lesser() -> None:
    assert free_of(reading(figures(9), figures(4)), terms()) == 4


def test_a_source_of_its_own_formula() -> None:
    on_hand = replace(terms(), source=StockSource("on hand", demand="shipped", less=()))
    assert number(reading(figures(8, demand=3)), terms=on_hand) == 8


def test_a_blocked_item_shows_nothing_and_says_why() -> None:
    shown = show(reading(8, blocked="stopped for sales"))
    assert (shown.number, shown.terms[0].blocked) == (0, "stopped for sales")
    assert shown.terms[0].free == 8
