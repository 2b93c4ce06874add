"""Which reading of an item counts, and how one comes about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.stock import Reading, StockItem
from shared.rules.stock.joining import Answer, joined
from shared.rules.stock.readings import latest, newer
from tests.rules.properties import EXAMPLES, caught
from tests.rules.stock.builders import ITEM, MAIN, MINUTE, OTHER, SECOND, WEST, D, at, figures, reading

ARRIVALS = st.lists(
    st.builds(
        lambda free, started, item: reading(free, started=started, item=item),
        st.integers(-3, 9),
        st.integers(0, 6),
        st.sampled_from([ITEM, OTHER]),
    ),
    min_size=1,
    max_size=8,
)
CASES = st.tuples(ARRIVALS, st.randoms(use_true_random=False))
Keeping = Callable[[Iterable[Reading]], Mapping[StockItem, Reading]]


def whatever_arrives_last(rule: Keeping, arrived: list[Reading], shuffling: object) -> None:
    shuffled = sorted(arrived, key=lambda _: shuffling.random())  # type: ignore[attr-defined]
    kept = rule(arrived)
    assert kept == rule(shuffled) == rule([*arrived, *arrived])
    assert all(one.started <= kept[one.item].started for one in arrived)


@EXAMPLES
@given(CASES)
def test_the_order_of_arrival_does_not_matter(case: tuple[list[Reading], object]) -> None:
    whatever_arrives_last(latest, *case)


def last_to_arrive(readings: Iterable[Reading]) -> Mapping[StockItem, Reading]:
    return {one.item: one for one in readings}


def test_a_rule_that_keeps_the_last_to_arrive_is_caught() -> None:
    caught(whatever_arrives_last, last_to_arrive, CASES)


def test_a_row_that_comes_twice_counts_the_lesser() -> None:
    assert newer(reading(8), reading(3)) == newer(reading(3), reading(8)) == reading(3)
    assert newer(reading(3), reading(8, blocked="stopped")).blocked == "stopped"


def test_joined_by_item_and_warehouse() -> None:
    demand = Answer(at(0), at(1), {(ITEM, MAIN): D(2), (OTHER, WEST): D(1)})
    supply = Answer(at(1), at(2), {(ITEM, MAIN): D(9), (ITEM, WEST): D(4)})
    first, second = joined(demand=demand, supply=supply, lag=30 * SECOND, blocked={OTHER: "stopped"})
    assert first == Reading(ITEM, at(-0.5), (figures(9, demand=2), figures(4, warehouse=WEST)))
    assert second == Reading(OTHER, at(-0.5), (figures(0, demand=1, warehouse=WEST),), "stopped")


@pytest.mark.parametrize("seconds", [-60, -1])
def test_supply_before_demand_is_no_reading(seconds: int) -> None:
    demand, started = Answer(at(0), at(1), {}), at(1) + seconds * SECOND
    with pytest.raises(ValueError, match="supply was read before demand"):
        joined(demand=demand, supply=Answer(started, started + MINUTE, {}), lag=0 * SECOND)
