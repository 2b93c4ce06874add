"""The number of an offer, and what is true of it whatever the figures are."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.offers import NotRead
from shared.model.stock import Buffers, Sharing, StockUnit
from shared.rules.stock.published import published
from tests.rules.properties import EXAMPLES, amounts, caught
from tests.rules.stock.builders import (
    ITEM,
    MAIN,
    OTHER,
    figures,
    known,
    line,
    number,
    offer,
    read,
    reading,
    show,
    terms,
    unit,
)

D = Decimal
PAIR = offer((ITEM, unit("1", "2")), (OTHER, unit("12", "1")), sku="PAIR")


@pytest.mark.parametrize(("first", "second", "shown"), [(9, 1, 4), (9, 0, 0), (100, 1, 12), (-1, 9, 0)])
def test_a_set_shows_the_least_of_its_components(first: int, second: int, shown: int) -> None:
    both = known(reading(first), reading(second, item=OTHER))
    assert read(published(PAIR, known=both, terms=terms())).number == shown


def test_a_set_over_warehouses() -> None:
    mapped = offer((ITEM, unit()), (OTHER, unit()), warehouses={"M1": (MAIN,), "M2": ("WEST",)})
    both = known(
        reading(figures(5), figures(5, warehouse="WEST")), reading(figures(8), figures(1, warehouse="WEST"), item=OTHER)
    )
    shown = read(published(mapped, known=both, terms=terms()))
    assert (shown.number, dict(shown.by_warehouse)) == (9, {"M1": 5, "M2": 1})


def test_an_item_that_was_never_read_is_neither_a_number_nor_nothing() -> None:
    assert published(PAIR, known=known(reading(9)), terms=terms()) == NotRead((OTHER,))


def test_every_term_is_kept() -> None:
    rules = terms(buffers=Buffers(shops={"north-de": D(2)}), sharing=Sharing("split", {"north-de": D("0.5")}))
    shown = show(reading(figures(20, demand=3)), line(5, order="N-7"), terms=rules)
    (kept,) = shown.terms
    assert (kept.free, kept.buffer.units, kept.share) == (D(17), D(2), D("0.5"))
    assert [(one.line.key.order, one.quantity) for one in kept.in_flight] == [("N-7", D(5))]
    assert shown.number == kept.number == 5


Numbering = Callable[..., int]
QUANTITIES = amounts(2, least=-500, most=20_000)
UNITS = st.sampled_from([unit(), unit("12", "1"), unit("1", "4"), unit("1", "6"), unit("3", "2")])
CASES = st.tuples(QUANTITIES, amounts(2, most=3_000), amounts(0, most=40), amounts(0, most=9), UNITS)


def shows(available: Decimal, demand: Decimal, sold: Decimal, kept: Decimal, each: StockUnit) -> int:
    shown = reading(figures(str(available), demand=str(demand)))
    return number(shown, line(sold), offer=offer(unit=each), terms=terms(buffer=str(kept)))


def within_what_is_left(
    rule: Numbering, available: Decimal, demand: Decimal, sold: Decimal, kept: Decimal, each: StockUnit
) -> None:
    """Never above what is left, by more than the dust; and never a whole unit below it."""
    found = rule(available, demand, sold, kept, each)
    exact = (available - demand - sold - kept) * each.numerator / each.denominator
    assert 0 <= found <= max(D(0), exact + D("0.001"))
    assert found > exact + D("0.001") - 1


def less_where_more_is_taken(
    rule: Numbering, available: Decimal, demand: Decimal, sold: Decimal, kept: Decimal, each: StockUnit
) -> None:
    found = rule(available, demand, sold, kept, each)
    assert rule(available, demand + 5, sold, kept, each) <= found
    assert rule(available, demand, sold + 5, kept, each) <= found
    assert rule(available, demand, sold, kept + 5, each) <= found
    assert rule(available - 5, demand, sold, kept, each) <= found


@EXAMPLES
@given(CASES)
def test_within_what_is_left(case: tuple[Decimal, Decimal, Decimal, Decimal, StockUnit]) -> None:
    within_what_is_left(shows, *case)
    less_where_more_is_taken(shows, *case)


def without_in_flight(a: Decimal, d: Decimal, sold: Decimal, kept: Decimal, each: StockUnit) -> int:
    return shows(a, d, D(0), kept, each)


def without_demand(a: Decimal, demand: Decimal, sold: Decimal, kept: Decimal, each: StockUnit) -> int:
    return shows(a, D(0), sold, kept, each)


def rounded(a: Decimal, d: Decimal, sold: Decimal, kept: Decimal, each: StockUnit) -> int:
    return max(0, round((a - d - sold - kept) * each.numerator / each.denominator))


def upside_down(a: Decimal, d: Decimal, sold: Decimal, kept: Decimal, each: StockUnit) -> int:
    return shows(a, d, sold, kept, StockUnit(each.unit, each.denominator, each.numerator))


def buffer_added(a: Decimal, d: Decimal, sold: Decimal, kept: Decimal, each: StockUnit) -> int:
    return shows(a + 2 * kept, d, sold, kept, each)


@pytest.mark.parametrize("wrong", [without_in_flight, without_demand, rounded, upside_down, buffer_added])
def test_wrong_numbers_are_caught(wrong: Numbering) -> None:
    caught(within_what_is_left, wrong, CASES)


@EXAMPLES
@given(QUANTITIES, QUANTITIES)
def test_a_set_is_never_more_than_its_components(first: Decimal, second: Decimal) -> None:
    one, two = reading(str(first)), reading(str(second), item=OTHER)
    found = read(published(PAIR, known=known(one, two), terms=terms())).number
    alone = [
        read(published(offer((part.item, part.unit)), known=known(one, two), terms=terms())).number
        for part in PAIR.components
    ]
    assert found == min(alone)


@EXAMPLES
@given(QUANTITIES, QUANTITIES, amounts(0, most=20), st.integers(0, 9))
def test_warehouse_lines_never_sum_to_more_than_the_offer(a: Decimal, b: Decimal, sold: Decimal, kept: int) -> None:
    shown = show(
        reading(figures(str(a)), figures(str(b), warehouse="WEST")),
        line(sold),
        offer=offer(unit=unit("1", "4"), warehouses={"M1": (MAIN,), "M2": ("WEST",)}),
        terms=terms(buffer=kept),
    )
    assert sum(shown.by_warehouse.values()) <= shown.number
