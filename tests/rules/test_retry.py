from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rules.retry import claim_length, delay
from tests.rules.properties import EXAMPLES


@pytest.mark.parametrize(
    ("attempt", "seconds"),
    [(0, 30), (1, 30), (2, 60), (3, 120), (4, 240), (5, 480), (6, 900), (7, 900), (50, 900), (10_000, 900)],
)
def test_delays_double_up_to_a_quarter_of_an_hour(attempt: int, seconds: int) -> None:
    assert delay(attempt, jitter=0.5) == timedelta(seconds=seconds)
    assert delay(attempt, jitter=0.0) == timedelta(seconds=seconds * 0.8)


@pytest.mark.parametrize(("asked", "waited"), [(5, 30), (29, 30), (31, 31), (7200, 7200)])
def test_what_the_other_side_asks_for_is_the_least(asked: int, waited: int) -> None:
    assert delay(1, jitter=0.5, retry_after=timedelta(seconds=asked)) == timedelta(seconds=waited)


@EXAMPLES
@given(st.integers(1, 99), st.floats(0, 1, exclude_max=True))
def test_jitter_is_a_fifth_either_way(attempt: int, jitter: float) -> None:
    middle = delay(attempt, jitter=0.5)
    assert middle * 0.8 <= delay(attempt, jitter=jitter) <= middle * 1.2


@pytest.mark.parametrize(
    ("timeout", "acceleration", "margin", "length"), [(30.0, 1.0, 30, 60), (30.0, 60.0, 30, 1830), (0.5, 240.0, 0, 120)]
)
def test_a_claim_outlasts_the_call_on_the_accelerated_clock(
    timeout: float, acceleration: float, margin: int, length: int
) -> None:
    assert claim_length(timeout, acceleration, timedelta(seconds=margin)) == timedelta(seconds=length)
