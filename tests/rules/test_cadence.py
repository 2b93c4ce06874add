"""Who is asked about in a round: the young always, the old in turns, everybody in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.keys import OrderKey
from shared.rules.cadence import OLDEST, due, every, interval, round_at
from tests.builders import NOW

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.mark.parametrize(
    ("age", "rounds"),
    [(0 * HOUR, 1), (DAY - MINUTE, 1), (DAY, 2), (3 * DAY, 4), (7 * DAY, OLDEST), (90 * DAY, OLDEST)],
)
def test_the_older_the_rarer(age: timedelta, rounds: int) -> None:
    assert every(age) == rounds


@given(st.lists(st.integers(0, 400), max_size=60), st.integers(0, 10**6), st.integers(1, 20))
def test_everybody_has_exactly_one_place_in_a_turn(hours: list[int], first: int, most: int) -> None:
    ages = {OrderKey("north-de", f"A-{number}"): hour * HOUR for number, hour in enumerate(hours)}
    load = sum(1 / every(age) for age in ages.values())
    turn = max(1, -int(-load // most)) * 12
    seen = [key for number in range(first, first + turn) for key in due(ages, number=number, most=most)]
    assert {key: seen.count(key) for key in ages} == {key: 12 // every(age) for key, age in ages.items()}


def test_the_young_are_in_every_round() -> None:
    ages = {OrderKey("north-de", f"A-{number}"): HOUR for number in range(100)}
    assert all(len(due(ages, number=number)) == 100 for number in range(5))


def test_many_young_orders_share_the_rounds() -> None:
    ages = {OrderKey("north-de", f"A-{number}"): HOUR for number in range(2000)}
    rounds = [due(ages, number=number) for number in range(4)]
    assert all(400 < len(one) < 600 for one in rounds)
    assert {key for one in rounds for key in one} == set(ages)


@pytest.mark.parametrize(
    ("schedule", "between"),
    [
        ("15 */30 * * * *", 30 * MINUTE),
        ("0 * * * * *", MINUTE),
        ("*/20 * * * * *", MINUTE / 3),
        ("0 0 * * * *", HOUR),
        ("0 0,30 * * * *", 30 * MINUTE),
        ("0 0 6-17 * * *", 2 * HOUR),
        ("0 5/15 */2 * * 1-5", 30 * MINUTE),
        ("0 0 0 1 JAN *", DAY),
        ("? ? ? * * *", DAY),
    ],
)
def test_the_timers_interval_is_the_schedules(schedule: str, between: timedelta) -> None:
    assert interval(schedule) == between


def test_each_tick_is_the_next_round() -> None:
    ticks = [NOW + number * 30 * MINUTE + timedelta(seconds=15) for number in range(5)]
    first, *rest = [round_at(tick, "15 */30 * * * *") for tick in ticks]
    assert rest == [first + number for number in range(1, 5)]
