from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from shared.model.policy import ShippingPolicy
from shared.rules.deadlines import risk, share, shipping_due, tracking_due, window_end
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


POLICY = ShippingPolicy(tracking_within=timedelta(hours=24), ships_within=timedelta(days=5))
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("deadline", "expected"), [(NOW + 2 * DAY, NOW + 2 * DAY), (None, NOW + 5 * DAY), (NOW - DAY, NOW - DAY)]
)
def test_mirakl_s_deadline_counts_and_the_client_s_term_where_there_is_none(
    deadline: datetime | None, expected: datetime
) -> None:
    assert shipping_due(NOW, deadline, policy=POLICY) == expected


@pytest.mark.parametrize(
    ("due", "expected"),
    [
        (NOW + 2 * DAY, NOW + DAY),
        (NOW + 5 * HOUR, NOW + 5 * HOUR),
        (NOW + HOUR / 6, NOW + HOUR / 4),
        (NOW - DAY, NOW + HOUR / 4),
    ],
    ids=["the term", "the order's deadline before it", "just before the deadline", "after the deadline"],
)
def test_tracking_has_until_the_term_or_the_deadline_but_never_no_time(due: datetime, expected: datetime) -> None:
    assert tracking_due(NOW, due, policy=POLICY) == expected
