"""NCRONTAB as Azure's timers read it: six fields, seconds first, in UTC; every field must match."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FIELDS: tuple[tuple[str, int, int, tuple[str, ...]], ...] = (
    ("second", 0, 59, ()),
    ("minute", 0, 59, ()),
    ("hour", 0, 23, ()),
    ("day", 1, 31, ()),
    ("month", 1, 12, MONTHS),
    ("day of week", 0, 6, DAYS),
)
_SEARCHED_DAYS = 41 * 366  # 29 February on a given day of the week may be forty years away


class ScheduleError(ValueError):
    """Not a schedule that Azure would take; the text names the field and the remedy."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """The values each field may have, ascending; `weekdays` count from Sunday = 0."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: frozenset[int]
    months: frozenset[int]
    weekdays: frozenset[int]

    @classmethod
    def parse(cls, text: str) -> Schedule:
        """Read `{second} {minute} {hour} {day} {month} {day of week}`: `*`, lists, ranges, steps, English names.

        Five fields are refused on purpose: Azure would read them without seconds, a cron habit that means another time.
        Raises ScheduleError.
        """
        parts = text.split()
        if len(parts) != len(_FIELDS):
            raise ScheduleError(
                f"schedule {text!r}: write six fields, seconds first ('0 */5 * * * *' is every five minutes)"
            )
        values = [_values(part, *field) for part, field in zip(parts, _FIELDS, strict=True)]
        seconds, minutes, hours, days, months, weekdays = values
        schedule = cls(seconds, minutes, hours, frozenset(days), frozenset(months), frozenset(weekdays))
        schedule.after(datetime(2000, 1, 1, tzinfo=UTC))
        return schedule

    def after(self, moment: datetime) -> datetime:
        """The first occurrence later than `moment`, in UTC. Raises ScheduleError where there is none at all."""
        earliest = moment.astimezone(UTC).replace(microsecond=0) + timedelta(seconds=1)
        for distance in range(_SEARCHED_DAYS):
            day = earliest.date() + timedelta(days=distance)
            if day.day in self.days and day.month in self.months and day.isoweekday() % 7 in self.weekdays:
                found = self._first_time(earliest.time() if distance == 0 else time())
                if found is not None:
                    return datetime.combine(day, found, UTC)
        raise ScheduleError("the schedule never occurs: no month has such a day")

    def _first_time(self, earliest: time) -> time | None:
        times = (
            time(hour, minute, second)
            for hour in self.hours
            if hour >= earliest.hour
            for minute in self.minutes
            if (hour, minute) >= (earliest.hour, earliest.minute)
            for second in self.seconds
        )
        return next((one for one in times if one >= earliest), None)


def _values(text: str, name: str, lowest: int, highest: int, names: tuple[str, ...]) -> tuple[int, ...]:
    """`a`, `a-b`, `a/step` (from a to the end), `*/step`, and lists of them."""
    chosen: set[int] = set()
    for item in text.split(","):
        span, _, step = item.partition("/")
        if span == "*":
            first, last = lowest, highest
        else:
            start, dash, end = span.partition("-")
            first = _number(start, name, names)
            last = _number(end, name, names) if dash else highest if step else first
        every = _number(step, f"step of {name}", ()) if "/" in item else 1
        if not (lowest <= first <= last <= highest and every >= 1):
            raise ScheduleError(
                f"schedule: {name} {item!r} must lie between {lowest} and {highest}, in ascending order"
            )
        chosen.update(range(first, last + 1, every))
    return tuple(sorted(chosen))


def _number(text: str, name: str, names: tuple[str, ...]) -> int:
    if text.isascii() and text.isdigit():
        return int(text)
    if text.lower() in names:
        return names.index(text.lower()) + (1 if names is MONTHS else 0)
    raise ScheduleError(f"schedule: {name} {text!r} is neither a number nor a name that Azure knows")
