"""When an operation that Mirakl limits may be called next, agreed between all instances."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.errors import Conflict
from shared.ports.own import Clock
from shared.store.columns import columns, needed_time, read
from shared.store.keys import join
from shared.store.tables import Insert, Replace, Row, Tables

TABLE = "control"
PARTITION = "budget"
_FREE = timedelta(0)


@dataclass(frozen=True, slots=True)
class _Slot:
    version: str | None
    next_at: datetime | None


class TableCallBudget:
    """The port `CallBudget`. A row only moves forward, so what this process saw last is safe to build on.

    A call whose answer from Table Storage was lost counts as taken: a call too few, never one too many.
    """

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._slots: dict[str, _Slot] = {}

    async def take(self, scope: str, operation: str, interval: timedelta) -> timedelta:
        row = join(scope, operation)
        slot = self._slots.get(row) or await self._read(row)
        while True:
            wait = self._wait(slot)
            if wait > _FREE:
                return wait
            try:
                await self._write(row, slot, self._clock.now() + interval)
            except Conflict:
                slot = await self._read(row)
            else:
                return _FREE

    def _wait(self, slot: _Slot) -> timedelta:
        return _FREE if slot.next_at is None else max(_FREE, slot.next_at - self._clock.now())

    async def _read(self, row: str) -> _Slot:
        slot = _slot(await self._tables.get(TABLE, PARTITION, row))
        self._slots[row] = slot
        return slot

    async def _write(self, row: str, slot: _Slot, next_at: datetime) -> None:
        values = columns(next_at=next_at)
        operation = Insert(row, values) if slot.version is None else Replace(row, values, slot.version)
        [version] = await self._tables.commit(TABLE, PARTITION, [operation])
        self._slots[row] = _Slot(version, next_at)


def _slot(row: Row | None) -> _Slot:
    return _Slot(None, None) if row is None else _Slot(row.version, needed_time(read(row), "next_at"))
