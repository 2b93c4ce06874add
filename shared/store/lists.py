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
    """The port `Lists`."""

    def __init__(self, tables: Tables, clock: Clock) -> None:
        self._tables = tables
        self._clock = clock

    async def load(self, name: str) -> str | None:
        row = await self._tables.get(TABLE, PARTITION, join(name))
        if row is None or text(read(row), "day") != self._today():
            return None
        return str(unpack(row.values))

    async def save(self, name: str, content: str) -> None:
        values = {**columns(name=name, day=self._today()), **pack(content)}
        await self._tables.commit(TABLE, PARTITION, [Upsert(join(name), values)])

    def _today(self) -> str:
        return self._clock.now().date().isoformat()
