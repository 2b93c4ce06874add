"""How an order leaves is decided by seed, company and number alone, and the shares are kept."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.warehouse.plan import Plan, parcel_numbers, plan
from sandboxes.warehouse.settings import WarehouseSettings

SETTINGS = WarehouseSettings(ships_after_seconds=600, ships_spread_seconds=300, partial_share=0.3)
NUMBERS = [f"N-{number}" for number in range(2000)]


def test_the_same_order_always_leaves_the_same_way_and_another_seed_changes_it() -> None:
    plans = [plan(SETTINGS, "usmf", number) for number in NUMBERS]

    assert plans == [plan(SETTINGS, "USMF", number.lower()) for number in NUMBERS]
    assert plans != [plan(replace(SETTINGS, seed=1), "usmf", number) for number in NUMBERS]
    assert plans != [plan(SETTINGS, "frrt", number) for number in NUMBERS]


def test_one_share_does_not_move_what_another_decides() -> None:
    changed = replace(SETTINGS, unknown_carrier_share=0.5, two_numbers_share=0.5, tracking={"late": 1.0})

    for number in NUMBERS[:200]:
        one, other = plan(SETTINGS, "usmf", number), plan(changed, "usmf", number)
        assert (one.delay, one.partial, one.portion) == (other.delay, other.partial, other.portion)


def test_shares_come_out_as_they_are_set() -> None:
    settings = replace(
        SETTINGS,
        unknown_carrier_share=0.2,
        letter_share=0.1,
        two_numbers_share=0.25,
        tracking={"with": 4, "after": 3, "late": 1, "never": 1, "changed": 1},
    )
    plans = [plan(settings, "usmf", number) for number in NUMBERS]
    carriers = Counter(one.carrier for one in plans)
    kinds = Counter(one.tracking for one in plans if one.carrier != "LETTER")

    assert share(sum(one.partial for one in plans)) == pytest.approx(0.3, abs=0.05)
    assert share(carriers["CARRIER-2"]) == pytest.approx(0.2, abs=0.05)
    assert share(carriers["LETTER"]) == pytest.approx(0.1, abs=0.05)
    assert share(sum(one.numbers == 2 for one in plans)) == pytest.approx(0.25, abs=0.05)
    assert set(kinds) == {"with", "after", "late", "never", "changed"}
    assert kinds["with"] / kinds.total() == pytest.approx(0.4, abs=0.05)
    assert all(one.tracking == "never" for one in plans if one.carrier == "LETTER")
    assert all(timedelta(seconds=600) <= one.delay < timedelta(seconds=900) for one in plans)


def share(count: int) -> float:
    return count / len(NUMBERS)


def test_no_weight_at_all_means_no_tracking() -> None:
    assert plan(replace(SETTINGS, tracking={}), "usmf", "N-1").tracking == "never"


@given(
    portion=st.floats(0, 1, exclude_max=True),
    quantities=st.lists(st.decimals("0.001", "20", places=3), min_size=1, max_size=6),
)
def test_a_first_part_is_never_nothing_and_never_more_than_there_is(portion: float, quantities: list[Decimal]) -> None:
    wanted = [(number, quantity) for number, quantity in enumerate(quantities)]
    part = Plan(timedelta(), True, portion, "", "with", 1).first_part(wanted)
    whole = sum(quantities)

    assert 0 < sum(quantity for _, quantity in part) <= whole
    if len(wanted) > 1 or wanted[0][1] > 1:
        assert sum(quantity for _, quantity in part) < whole
    assert all(0 < quantity <= dict(wanted)[line] for line, quantity in part)


def test_an_order_that_is_not_partial_leaves_whole() -> None:
    wanted = [(1, Decimal(3)), (2, Decimal(1))]

    assert Plan(timedelta(), False, 0.5, "", "with", 1).first_part(wanted) == wanted


def test_parcel_numbers_are_of_nobody_and_repeat_with_their_seed() -> None:
    assert parcel_numbers("x", 2) == parcel_numbers("x", 2)
    assert len(set(parcel_numbers("x", 2) + parcel_numbers("y", 2))) == 4
