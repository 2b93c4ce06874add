"""Reference lists of the other systems, kept for the day on which they were read."""

from __future__ import annotations

from shared.ports.own import Clock
from shared.store.columns import columns, read, text
from shared.store.keys import join
from shared.store.packing import pack, unpack
from shared.store.tables import Tables, Upsert

TABLE = "lists"
PARTITION = "list"


class TableLists:
    """The port `Lists`. What a day's row says stands for that day, so a process reads it once: steps ask per order."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock
        self._read: dict[str, tuple[str, str]] = {}

    async def load(self, name: str) -> str | None:
        today = self._today()
        day, content = self._read.get(name, ("", ""))
        if day == today:
            return content
        row = await self._tables.get(TABLE, PARTITION, join(name))
        if row is None or text(read(row), "day") != today:
            return None
        content = str(unpack(row.values))
        self._read[name] = today, content
        return content

    async def last(self, name: str) -> str | None:
        row = await self._tables.get(TABLE, PARTITION, join(name))
        return None if row is None else str(unpack(row.values))

    async def save(self, name: str, content: str) -> None:
        today = self._today()
        values = {**columns(name=name, day=today), **pack(content)}
        await self._tables.commit(TABLE, PARTITION, [Upsert(join(name), values)])
        self._read[name] = today, content

    def _today(self) -> str:
        return self._clock.now().date().isoformat()
