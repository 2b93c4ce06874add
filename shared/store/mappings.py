"""The client's mapping tables as every step reads them: at most a few seconds old, seldom asked for twice."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.model.mappings import ANY, TABLES, MappingRow, TableName
from shared.ports.own import Clock
from shared.store.columns import flag, read
from shared.store.keys import join, under
from shared.store.mapping_rows import CONTROL, TABLE, VERSIONS, mapping_of, mapping_partition
from shared.store.tables import Tables


@dataclass(frozen=True, slots=True)
class _Version:
    """`changing`: an import is under way, or died half way; then nothing is held for longer than a moment."""

    etag: str = ""
    changing: bool = False


@dataclass(frozen=True, slots=True)
class _Held:
    version: _Version
    read_at: datetime
    rows: tuple[MappingRow, ...]


class TableMappings:
    """The port `Mappings`. `held_for` is in the bridge's (accelerated) time.

    Every table has a version row that each import writes before and after its rows; a small table is read again
    only when that changed. The version rows of all tables are one request.
    """

    def __init__(self, tables: Tables, clock: Clock, *, held_for: timedelta = timedelta(seconds=5)) -> None:
        self._tables = tables
        self._clock = clock
        self._held_for = held_for
        self._held: dict[tuple[TableName, str], _Held] = {}
        self._versions: Mapping[str, _Version] = {}
        self._versions_at: datetime | None = None
        self._reading = asyncio.Lock()

    async def items(self, marketplace: str, skus: Sequence[str]) -> Sequence[MappingRow]:
        """One range query per SKU: the service would answer several ranges at once by reading the whole partition."""
        partition = mapping_partition("items", marketplace)
        found: list[MappingRow] = []
        for sku in dict.fromkeys(skus):
            rows = await self._tables.query(TABLE, partition, ranges=[under(sku)])
            found += [mapping_of("items", row) for row in rows]
        return found

    async def customer(self, marketplace: str, customer_id: str) -> MappingRow | None:
        row = await self._tables.get(TABLE, mapping_partition("customers", marketplace), join(customer_id))
        return None if row is None else mapping_of("customers", row)

    async def table(self, table: TableName, marketplace: str) -> Sequence[MappingRow]:
        async with self._reading:
            version = (await self._current()).get(join(table), _Version())
            held = self._held.get((table, marketplace))
            if held is None or not self._still_good(held, version):
                held = _Held(version, self._clock.now(), await self._read(table, marketplace))
                self._held[table, marketplace] = held
            return held.rows

    def _still_good(self, held: _Held, version: _Version) -> bool:
        return held.version == version and (not version.changing or self._is_fresh(held.read_at))

    def _is_fresh(self, at: datetime) -> bool:
        return self._clock.now() - at < self._held_for

    async def _current(self) -> Mapping[str, _Version]:
        if self._versions_at is None or not self._is_fresh(self._versions_at):
            now = self._clock.now()
            rows = await self._tables.query(CONTROL, VERSIONS)
            self._versions = {row.row: _Version(row.version, flag(read(row), "changing")) for row in rows}
            self._versions_at = now
        return self._versions

    async def _read(self, table: TableName, marketplace: str) -> tuple[MappingRow, ...]:
        named = [marketplace, ANY] if TABLES[table].wildcards and marketplace != ANY else [marketplace]
        return tuple([row for one in named for row in await read_mappings(self._tables, table, one)])


async def read_mappings(tables: Tables, table: TableName, marketplace: str) -> list[MappingRow]:
    """Every row of one table that is filed under exactly this marketplace, straight from the store."""
    rows = await tables.query(TABLE, mapping_partition(table, marketplace))
    return [mapping_of(table, row) for row in rows]
