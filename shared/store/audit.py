"""Who changed what, when: one partition per area and month, the newest first."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from shared.ports.own import Clock
from shared.store.columns import columns, needed_time, read, short, text
from shared.store.keys import join
from shared.store.tables import MAXIMUM_OPERATIONS, Row, Tables, Upsert, Value

TABLE = "audit"
LONGEST = 30_000
MONTHS = 13
"""How far back `entries` looks."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_END = 10**16 - 1


@dataclass(frozen=True, slots=True)
class Entry:
    """`at` is set by the store."""

    what: str
    who: str
    before: str
    after: str
    at: datetime = _EPOCH


def _random_id() -> str:
    return uuid.uuid4().hex


class TableAudit:
    """The port `Audit`, with reading, and with writing several at once, for the command line."""

    def __init__(self, tables: Tables, clock: Clock, *, new_id: Callable[[], str] = _random_id) -> None:
        self._tables = tables
        self._clock = clock
        self._new_id = new_id

    async def record(self, *, area: str, what: str, who: str, before: str, after: str) -> None:
        await self.record_all(area, [Entry(what, who, before, after)])

    async def record_all(self, area: str, entries: Sequence[Entry]) -> None:
        """A hundred entries cost one request."""
        now = self._clock.now()
        rows = [self._row(entry, now, position) for position, entry in enumerate(entries)]
        for start in range(0, len(rows), MAXIMUM_OPERATIONS):
            await self._tables.commit(TABLE, _partition(area, now), rows[start : start + MAXIMUM_OPERATIONS])

    async def entries(self, area: str, *, limit: int = 1000) -> Sequence[Entry]:
        """The last `limit` of an area, oldest first."""
        found: list[Row] = []
        for month in _months(self._clock.now()):
            if len(found) < limit:
                found += await self._tables.query(TABLE, _partition(area, month), limit=limit - len(found))
        return [_entry(row) for row in reversed(found)]

    def _row(self, entry: Entry, now: datetime, position: int) -> Upsert:
        """Later rows sort first: the service reads a partition in one direction only."""
        passed = (now - _EPOCH) // timedelta(microseconds=1)
        row = join(f"{_END - passed:016}", f"{999_999 - position:06}", self._new_id())
        before, after = short(entry.before, LONGEST), short(entry.after, LONGEST)
        values: dict[str, Value] = columns(at=now, what=entry.what, who=entry.who, before=before, after=after)
        return Upsert(row, values)


def _partition(area: str, at: datetime) -> str:
    return join(area, f"{at:%Y-%m}")


def _months(now: datetime) -> Iterator[datetime]:
    month = now.replace(day=1)
    for _ in range(MONTHS):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)


def _entry(row: Row) -> Entry:
    values = read(row)
    at = needed_time(values, "at")
    return Entry(text(values, "what"), text(values, "who"), text(values, "before"), text(values, "after"), at)
