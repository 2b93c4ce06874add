from __future__ import annotations

from datetime import timedelta

import pytest

from shared.rules.deadlines import risk, share, window_end
from tests.builders import NOW

DAY = timedelta(hours=24)
MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("passed", "expected"),
    [
        (-MOMENT, "none"),
        (timedelta(0), "none"),
        (DAY / 2 - MOMENT, "none"),
        (DAY / 2, "half"),
        (DAY * 3 / 4 - MOMENT, "half"),
        (DAY * 3 / 4, "three_quarters"),
        (DAY - MOMENT, "three_quarters"),
        (DAY, "over"),
        (9 * DAY, "over"),
    ],
)
def test_risk_rises_with_the_window(passed: timedelta, expected: str) -> None:
    assert risk(NOW, DAY, NOW + passed) == expected


@pytest.mark.parametrize(("hours", "expected"), [(0, 0.0), (6, 0.25), (24, 1.0), (36, 1.5)])
def test_share(hours: int, expected: float) -> None:
    assert share(NOW, DAY, NOW + timedelta(hours=hours)) == expected


def test_the_window_ends_that_long_after_creation() -> None:
    assert window_end(NOW, DAY) == NOW + DAY
