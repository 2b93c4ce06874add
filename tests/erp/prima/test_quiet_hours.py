"""When Prima is left alone, and for how long still."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from shared.erp.prima.quiet_hours import QuietHours, longest_left

LONDON = ZoneInfo("Europe/London")
NIGHT = QuietHours(time(22), time(5, 30), LONDON)
NOON = QuietHours(time(12), time(13), LONDON)
TWICE = QuietHours(time(1, 15), time(1, 45), LONDON)
"""In an hour that comes twice when the clocks go back."""


def at(day: int, hour: int, minute: int = 0, *, month: int = 1) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "left"),
    [
        (NIGHT, at(5, 21, 59), None),
        (NIGHT, at(5, 22), timedelta(hours=7, minutes=30)),
        (NIGHT, at(6, 0), timedelta(hours=5, minutes=30)),
        (NIGHT, at(6, 5, 29), timedelta(minutes=1)),
        (NIGHT, at(6, 5, 30), None),
        (NOON, at(6, 11, 59), None),
        (NOON, at(6, 12), timedelta(hours=1)),
        (NOON, at(6, 13), None),
        # In summer London is an hour ahead.
        (NOON, at(6, 11, 30, month=7), timedelta(minutes=30)),
        # The clocks go forward at 1 in the night to 29 March, and back in the night to 25 October.
        (NIGHT, at(28, 22, month=3), timedelta(hours=6, minutes=30)),
        (NIGHT, at(24, 21, month=10), timedelta(hours=8, minutes=30)),
        (TWICE, at(25, 0, 20, month=10), timedelta(minutes=25)),
        (TWICE, at(25, 0, 50, month=10), None),
        (TWICE, at(25, 1, 20, month=10), timedelta(minutes=25)),
    ],
)
def test_left(hours: QuietHours, now: datetime, left: timedelta | None) -> None:
    assert hours.left(now) == left


def test_of_several_the_one_that_lasts_longest_counts() -> None:
    longer = QuietHours(time(12, 30), time(14), LONDON)
    assert longest_left([NOON, longer], at(6, 12, 45)) == timedelta(hours=1, minutes=15)
    assert longest_left([NOON, longer], at(6, 15)) is None
    assert longest_left([], at(6, 12)) is None
