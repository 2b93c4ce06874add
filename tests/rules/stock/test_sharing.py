"""What each marketplace may show of stock that several sell."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import SettingsError
from shared.model.stock import Sharing
from shared.rules.stock.sharing import check_parts, share_of
from tests.rules.properties import EXAMPLES, caught
from tests.rules.stock.builders import number, offer, reading, terms

D = Decimal
SHOPS = ("north-de", "south-fr")
HALVES = Sharing("split", {"north-de": D("0.7"), "south-fr": D("0.3")})


def test_shared_is_the_whole_for_everybody() -> None:
    assert [share_of(shop, Sharing()) for shop in SHOPS] == [1, 1]


def test_split_is_each_its_part() -> None:
    assert [share_of(shop, HALVES) for shop in (*SHOPS, "west-gb")] == [D("0.7"), D("0.3"), 0]


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"north-de": "0.5"}, "south-fr"),
        ({"north-de": "0.7", "south-fr": "0.4"}, "at most 1"),
        ({"north-de": "-0.1", "south-fr": "0.4"}, "from 0 to 1"),
    ],
)
def test_a_split_that_cannot_be(parts: dict[str, str], said: str) -> None:
    with pytest.raises(SettingsError, match=said):
        check_parts(Sharing("split", {shop: D(part) for shop, part in parts.items()}), SHOPS)


def test_splits_that_can_be() -> None:
    check_parts(HALVES, SHOPS)
    check_parts(Sharing(), SHOPS)
    check_parts(Sharing("split", {"north-de": D("0.5"), "south-fr": D("0.5")}), SHOPS)


Showing = Callable[[int, Sharing], list[int]]
PARTS = st.lists(st.integers(0, 1000), min_size=1, max_size=5)
CASES = st.tuples(st.integers(-5, 400), PARTS)


def by_shop(free: int, sharing: Sharing) -> list[int]:
    return [
        number(reading(free), offer=offer(shop=shop), terms=terms(sharing=sharing)) for shop in sorted(sharing.parts)
    ]


def never_more_than_there_is(rule: Showing, free: int, weights: list[int]) -> None:
    whole = sum(weights) or 1
    parts = {f"shop-{place}": D(weight * 1000 // whole) / 1000 for place, weight in enumerate(weights)}
    sharing = Sharing("split", parts)
    check_parts(sharing, tuple(parts))
    assert sum(rule(free, sharing)) <= max(free, 0)


@EXAMPLES
@given(CASES)
def test_split_shares_never_exceed_the_whole(case: tuple[int, list[int]]) -> None:
    never_more_than_there_is(by_shop, *case)


def shared_after_all(free: int, sharing: Sharing) -> list[int]:
    return by_shop(free, Sharing("shared", sharing.parts))


def to_the_nearest(free: int, sharing: Sharing) -> list[int]:
    return [max(0, round(free * part)) for part in sharing.parts.values()]


@pytest.mark.parametrize("wrong", [shared_after_all, to_the_nearest])
def test_wrong_splits_are_caught(wrong: Showing) -> None:
    caught(never_more_than_there_is, wrong, CASES)
