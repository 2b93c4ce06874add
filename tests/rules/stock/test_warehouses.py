"""An offer's number over Mirakl's warehouses."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.stock_imports import StockLine
from shared.rules.stock.warehouses import cut, least, stock_lines
from tests.rules.properties import EXAMPLES, caught
from tests.rules.stock.builders import MAIN, WEST, figures, line, offer, reading, show

Cutting = Callable[[Mapping[str, int], int], Mapping[str, int]]


@pytest.mark.parametrize(
    ("quantities", "number", "left"),
    [
        ({"A": 5, "B": 3}, 9, {"A": 5, "B": 3}),
        ({"A": 5, "B": 3}, 8, {"A": 5, "B": 3}),
        ({"A": 5, "B": 3}, 7, {"A": 4, "B": 3}),
        ({"A": 5, "B": 3}, 5, {"A": 2, "B": 3}),
        ({"A": 5, "B": 3}, 4, {"A": 2, "B": 2}),
        ({"A": 5, "B": 3, "C": 1}, 4, {"A": 1, "B": 2, "C": 1}),
        ({"A": 0, "B": 5}, 2, {"A": 0, "B": 2}),
        ({"A": 5, "B": 3}, 0, {"A": 0, "B": 0}),
        ({}, 3, {}),
    ],
)
def test_the_largest_is_cut_first(quantities: dict[str, int], number: int, left: dict[str, int]) -> None:
    assert cut(quantities, number) == left


CASES = st.tuples(st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 40)), st.integers(0, 120))


def fits_and_loses_nothing(rule: Cutting, quantities: Mapping[str, int], number: int) -> None:
    """The sum is what there was or the number, the lesser; nobody got more; whoever was cut is no smaller than the
    rest, but for the one unit that does not divide.
    """
    found = rule(quantities, number)
    assert sum(found.values()) == min(number, sum(quantities.values()))
    assert all(0 <= found[code] <= units for code, units in quantities.items())
    lowered = [units for code, units in found.items() if units < quantities[code]]
    assert all(one + 1 >= max(found.values()) for one in lowered)


@EXAMPLES
@given(CASES)
def test_the_sum_fits_and_nothing_is_lost(case: tuple[dict[str, int], int]) -> None:
    fits_and_loses_nothing(cut, *case)


def one_takes_it_all(quantities: Mapping[str, int], number: int) -> Mapping[str, int]:
    found = dict(quantities)
    if found and (excess := sum(found.values()) - number) > 0:
        largest = max(found, key=lambda code: found[code])
        found[largest] = max(0, found[largest] - excess)
    return found


def not_at_all(quantities: Mapping[str, int], number: int) -> Mapping[str, int]:
    return quantities


@pytest.mark.parametrize("wrong", [one_takes_it_all, not_at_all])
def test_wrong_cuts_are_caught(wrong: Cutting) -> None:
    caught(fits_and_loses_nothing, wrong, CASES)


def test_a_set_has_where_all_its_components_are() -> None:
    assert least([{"A": 5, "B": 0}, {"A": 2, "B": 7}]) == {"A": 2, "B": 0}


def test_a_code_for_several_of_the_erps_warehouses() -> None:
    mapped = offer(warehouses={"M": (MAIN, WEST)})
    shown = show(reading(figures(-3), figures(5, warehouse=WEST)), line(1, warehouse=WEST), offer=mapped)
    assert (shown.number, dict(shown.by_warehouse)) == (1, {"M": 1})


@pytest.mark.parametrize(
    ("by_warehouse", "told", "lines"),
    [
        ({}, {}, [StockLine("SKU-001", 7)]),
        ({"A": 4, "B": 3}, {}, [StockLine("SKU-001", 4, "A"), StockLine("SKU-001", 3, "B")]),
        ({"A": 4}, {"A": 1, "B": 3}, [StockLine("SKU-001", 4, "A"), StockLine("SKU-001", 0, "B")]),
        ({"A": 4}, {"A": 4, "B": 0}, [StockLine("SKU-001", 4, "A")]),
        ({}, {"A": 4, "B": 0}, [StockLine("SKU-001", 0, "A")]),
        ({}, {"A": 0}, [StockLine("SKU-001", 7)]),
    ],
    ids=[
        "global",
        "by warehouse",
        "one left the mapping",
        "one left it earlier",
        "all left it",
        "all left it earlier",
    ],
)
def test_the_lines_of_a_file(by_warehouse: dict[str, int], told: dict[str, int], lines: list[StockLine]) -> None:
    assert list(stock_lines("SKU-001", 7, by_warehouse, told=told)) == lines
