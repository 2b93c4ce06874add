"""Which open orders an ERP is asked about in a round, where one order is one call: the young always, the old in turns.

Nothing is kept of earlier rounds: an order's place in its turn follows from its key, and the round from the time.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from shared.model.keys import OrderKey

TURNS: tuple[tuple[timedelta, int], ...] = (
    (timedelta(days=1), 1),
    (timedelta(days=3), 2),
    (timedelta(days=7), 4),
)
"""Orders younger than this are asked about every so many rounds."""
OLDEST = 12
MOST = 500
"""Orders of one round: one call each, it ends within the minutes that a timer's run may take."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)
_FIELDS = (60, 60, 24)
"""Seconds, minutes, hours: what NCRONTAB's first three fields count to."""


def every(age: timedelta) -> int:
    """Every how many rounds an order of this age is asked about."""
    return next((rounds for younger, rounds in TURNS if age < younger), OLDEST)


def due(ages: Mapping[OrderKey, timedelta], *, number: int, most: int = MOST) -> Sequence[OrderKey]:
    """Those of this round; where they would be more than about `most`, everybody's turn comes as much later."""
    load = sum(1 / every(age) for age in ages.values())
    stretch = max(1, -int(-load // most))
    return [key for key, age in ages.items() if (_place(key) + number) % (every(age) * stretch) == 0]


def round_at(now: datetime, schedule: str) -> int:
    """The number of the round whose time it is."""
    return (now - _EPOCH) // interval(schedule)


def interval(schedule: str) -> timedelta:
    """Between two of a timer's ticks on an average day that has any; `schedule` is NCRONTAB with six fields."""
    ticks = 1
    for field, size in zip(schedule.split(), _FIELDS, strict=False):
        ticks *= _values(field, size)
    return _DAY / ticks


def _values(field: str, size: int) -> int:
    """How many values of 0 to size - 1 a field names; what cannot be read counts as one."""
    return max(1, len({value for part in field.split(",") for value in _part(part, size)}))


def _part(part: str, size: int) -> range:
    span, _, step = part.partition("/")
    first, _, last = span.partition("-")
    if not (step or "1").isdigit() or not (first.isdigit() or first == "*"):
        return range(1)
    start = 0 if first == "*" else int(first)
    end = int(last) if last.isdigit() else size - 1 if first == "*" or step else start
    return range(start, end + 1, max(1, int(step or 1)))


def _place(key: OrderKey) -> int:
    return zlib.crc32(str(key).encode())
