"""Units gone per window, over the windows in which something went."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from shared.rules.stock.velocity import velocity
from tests.rules.stock.builders import MINUTE, at

D = Decimal
WINDOW = 2 * MINUTE


@pytest.mark.parametrize(
    ("sales", "free", "expected"),
    [
        ([], [], 0),
        ([(0, 3)], [], 3),
        ([(0, 3), (1, 2), (2, 4)], [], 5),
        ([(0, 1)], [(-1, 20), (1, 13)], 7),
        ([(0, 9)], [(-1, 20), (1, 13)], 9),
        ([], [(-1, 20), (0, 16), (1, 13)], 7),
        ([], [(-1, 13), (1, 20)], 0),
        ([(-7 * 24 * 60 - 1, 50), (0, 2)], [], 2),
        ([(minutes, 1) for minutes in range(0, 38, 2)] + [(38, 40)], [], 1),
        ([(minutes, 1) for minutes in range(0, 36, 2)] + [(36, 40), (38, 40)], [], 40),
    ],
    ids=[
        "nothing",
        "one sale",
        "a window's sales add up",
        "the fall of free is larger",
        "the fall of free is smaller",
        "falls of one window add up",
        "a delivery is no fall",
        "older than a week",
        "one window of twenty is the exception",
        "two windows of twenty are not",
    ],
)
def test_velocity(sales: list[tuple[float, int]], free: list[tuple[float, int]], expected: int) -> None:
    at_ = [(at(minutes), D(units)) for minutes, units in sales]
    shown = [(at(minutes), D(units)) for minutes, units in free]
    assert velocity(at_, shown, window=WINDOW, now=at(0) + timedelta(minutes=59)) == expected


def test_a_longer_window_holds_more() -> None:
    sales = [(at(minutes), D(1)) for minutes in range(60)]
    found = [velocity(sales, [], window=minutes * MINUTE, now=at(60)) for minutes in (1, 5, 30)]
    assert found == [1, 5, 30]
