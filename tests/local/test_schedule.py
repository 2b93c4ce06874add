"""NCRONTAB: a table of what Azure documents, and a brute-force reading to compare with."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.host.schedule import DAYS, Schedule, ScheduleError

WEDNESDAY = "2026-11-25T10:20:30"


@pytest.mark.parametrize(
    ("text", "after", "expected"),
    [
        ("0 * * * * *", WEDNESDAY, "2026-11-25T10:21:00"),
        ("30 * * * * *", WEDNESDAY, "2026-11-25T10:21:30"),  # strictly later, never the same moment again
        ("*/10 * * * * *", WEDNESDAY, "2026-11-25T10:20:40"),
        ("0 */5 * * * *", WEDNESDAY, "2026-11-25T10:25:00"),
        ("0 5/20 * * * *", WEDNESDAY, "2026-11-25T10:25:00"),  # from 5 to the end, every 20
        ("0 5/20 * * * *", "2026-11-25T10:45:00", "2026-11-25T11:05:00"),
        ("0 0 * * * *", WEDNESDAY, "2026-11-25T11:00:00"),
        ("0 0 */2 * * *", WEDNESDAY, "2026-11-25T12:00:00"),
        ("0 0 9-17 * * *", "2026-11-25T17:00:00", "2026-11-26T09:00:00"),
        ("0 30 9 * * *", WEDNESDAY, "2026-11-26T09:30:00"),
        ("0 30 9 * * 1-5", "2026-11-27T10:00:00", "2026-11-30T09:30:00"),
        ("0 30 9 * * Mon-Fri", "2026-11-27T10:00:00", "2026-11-30T09:30:00"),
        ("0 0 0 * * 0", WEDNESDAY, "2026-11-29T00:00:00"),  # 0 is Sunday
        ("0 30 9 * Jan Mon", WEDNESDAY, "2027-01-04T09:30:00"),
        ("5,8,10 * * * * *", WEDNESDAY, "2026-11-25T10:21:05"),
        ("0 0 0 1,15 * *", WEDNESDAY, "2026-12-01T00:00:00"),
        ("0 0 0 31 * *", "2026-11-01T00:00:00", "2026-12-31T00:00:00"),
        ("59 59 23 31 12 *", "2026-12-31T23:59:59", "2027-12-31T23:59:59"),
        ("0 0 0 13 * 5", WEDNESDAY, "2027-08-13T00:00:00"),  # both must match: Friday the 13th
        ("0 0 12 29 2 *", WEDNESDAY, "2028-02-29T12:00:00"),
        ("0 0 0 29 2 0", WEDNESDAY, "2032-02-29T00:00:00"),
    ],
)
def test_next_occurrence(text: str, after: str, expected: str) -> None:
    moment = datetime.fromisoformat(after).replace(tzinfo=UTC)
    assert Schedule.parse(text).after(moment) == datetime.fromisoformat(expected).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("* * * * *", "write six fields, seconds first"),
        ("00:05:00", "write six fields"),
        ("60 * * * * *", "second '60' must lie between 0 and 59"),
        ("0 0 24 * * *", "hour '24'"),
        ("0 0 0 0 * *", "day '0' must lie between 1 and 31"),
        ("0 0 0 * 13 *", "month '13'"),
        ("0 0 0 * * 7", "day of week '7'"),
        ("0 50-10 * * * *", "minute '50-10' .* ascending"),
        ("0 */0 * * * *", r"minute '\*/0'"),
        ("0 */ * * * *", "step of minute ''"),
        ("0 1,,2 * * * *", "minute ''"),
        ("0 -5 * * * *", "minute ''"),
        ("0 ² * * * *", "minute '²' is neither a number nor a name"),
        ("0 0 0 ? * *", r"day '\?'"),
        ("0 0 0 L * *", "day 'L'"),
        ("0 0 0 * Brumaire *", "month 'Brumaire'"),
        ("0 0 0 30 2 *", "never occurs"),
    ],
)
def test_what_azure_would_not_take_is_refused_with_its_field(text: str, said: str) -> None:
    with pytest.raises(ScheduleError, match=said):
        Schedule.parse(text)


def test_another_time_zone_is_read_as_the_same_moment() -> None:
    moment = datetime.fromisoformat("2026-11-25T00:30:00+01:00")
    assert Schedule.parse("0 0 0 * * *").after(moment) == datetime(2026, 11, 25, tzinfo=UTC)


def _field(lowest: int, highest: int) -> st.SearchStrategy[tuple[str, frozenset[int]]]:
    """A field's text beside the values it means, written the long way."""
    every = frozenset(range(lowest, highest + 1))
    one = st.integers(lowest, highest)
    return st.one_of(
        st.just(("*", every)),
        one.map(lambda value: (str(value), frozenset({value}))),
        st.integers(2, 9).map(lambda step: (f"*/{step}", frozenset(v for v in every if (v - lowest) % step == 0))),
        st.tuples(one, one).map(
            lambda pair: (f"{min(pair)}-{max(pair)}", frozenset(v for v in every if min(pair) <= v <= max(pair)))
        ),
        st.sets(one, min_size=2, max_size=4).map(lambda values: (",".join(map(str, values)), frozenset(values))),
    )


@given(
    seconds=_field(0, 59),
    minutes=_field(0, 59),
    hours=_field(0, 23),
    weekdays=_field(0, 6),
    offset=st.timedeltas(timedelta(0), timedelta(days=1000)),
    stride=st.integers(97, 10_000),
)
def test_the_next_occurrence_matches_every_field_and_nothing_between_does(
    seconds: tuple[str, frozenset[int]],
    minutes: tuple[str, frozenset[int]],
    hours: tuple[str, frozenset[int]],
    weekdays: tuple[str, frozenset[int]],
    offset: timedelta,
    stride: int,
) -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC) + offset

    def occurs(moment: datetime) -> bool:
        return (
            moment.second in seconds[1]
            and moment.minute in minutes[1]
            and moment.hour in hours[1]
            and DAYS.index(moment.strftime("%a").lower()) in weekdays[1]
        )

    found = Schedule.parse(f"{seconds[0]} {minutes[0]} {hours[0]} * * {weekdays[0]}").after(start)
    assert found > start
    assert occurs(found)
    between = start.replace(microsecond=0) + timedelta(seconds=1)
    while between < found:  # a stride through the gap: every second of a week would take minutes
        assert not occurs(between)
        between += timedelta(seconds=stride)
