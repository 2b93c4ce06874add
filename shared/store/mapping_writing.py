"""Changing mapping tables, with the audit of every row and the version row that readers go by."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from shared.model.mappings import MappingRow, TableName
from shared.store.audit import Entry, TableAudit
from shared.store.columns import columns, read, texts
from shared.store.keys import join
from shared.store.mapping_rows import (
    CONTROL,
    TABLE,
    VERSIONS,
    default_values,
    mapping_key,
    mapping_partition,
    mapping_upsert,
)
from shared.store.mappings import read_mappings
from shared.store.tables import MAXIMUM_OPERATIONS, Delete, Operation, Tables, Upsert

Key = tuple[str, ...]


class MappingWriter:
    """What the command line reads and changes tables with. Values are stored as given: check them first.

    Every row's change is audited before it is made: a death in between leaves an entry too many, never a change
    without one. The version row says `changing` from before the first row until after the last, and names every
    marketplace that the table has rows for.
    """

    def __init__(self, tables: Tables, audit: TableAudit) -> None:
        self._tables = tables
        self._audit = audit

    async def all_rows(self, table: TableName) -> Sequence[MappingRow]:
        """Every row of the table, of all marketplaces, straight from the store."""
        marketplaces = await self._marketplaces(table)
        return [row for one in marketplaces for row in await read_mappings(self._tables, table, one)]

    async def save(
        self, table: TableName, rows: Sequence[MappingRow], *, removed: Sequence[Key] = (), who: str
    ) -> None:
        """Write these rows and remove those keys; rows that are stored like that already are left alone.

        Raises ValueError for a row of another table or with a column that the table does not have.
        """
        _check(table, rows)
        named = sorted({row.key[0] for row in rows} | {key[0] for key in removed})
        stored = {row.key: row for one in named for row in await read_mappings(self._tables, table, one)}
        changed = [row for row in {row.key: row for row in rows}.values() if not _same(row, stored.get(row.key))]
        gone = [stored[key] for key in dict.fromkeys(removed) if key in stored]
        if changed or gone:
            await self._make(table, changed, gone, stored, who)

    async def replace_table(self, table: TableName, marketplace: str, rows: Sequence[MappingRow], *, who: str) -> None:
        """Make these the only rows of one marketplace."""
        wanted = {row.key for row in rows}
        stored = await read_mappings(self._tables, table, marketplace)
        await self.save(table, rows, removed=[row.key for row in stored if row.key not in wanted], who=who)

    async def _make(
        self,
        table: TableName,
        changed: Sequence[MappingRow],
        gone: Sequence[MappingRow],
        stored: Mapping[Key, MappingRow],
        who: str,
    ) -> None:
        await self._audit.record_all("mappings", [*_entries(changed, gone, stored, who)])
        marketplaces = sorted({*await self._marketplaces(table), *(row.key[0] for row in changed)})
        await self._say(table, marketplaces, changing=True)
        for marketplace in marketplaces:
            operations: list[Operation] = [mapping_upsert(row) for row in changed if row.key[0] == marketplace]
            operations += [Delete(mapping_key(row)) for row in gone if row.key[0] == marketplace]
            await self._write(mapping_partition(table, marketplace), operations)
        await self._say(table, marketplaces, changing=False)

    async def _write(self, partition: str, operations: Sequence[Operation]) -> None:
        for start in range(0, len(operations), MAXIMUM_OPERATIONS):
            await self._tables.commit(TABLE, partition, operations[start : start + MAXIMUM_OPERATIONS])

    async def _marketplaces(self, table: TableName) -> tuple[str, ...]:
        row = await self._tables.get(CONTROL, VERSIONS, join(table))
        return () if row is None else texts(read(row), "marketplaces")

    async def _say(self, table: TableName, marketplaces: Sequence[str], *, changing: bool) -> None:
        version = Upsert(join(table), columns(changing=changing, marketplaces=marketplaces))
        await self._tables.commit(CONTROL, VERSIONS, [version])


def _check(table: TableName, rows: Iterable[MappingRow]) -> None:
    for row in rows:
        if row.table != table:
            raise ValueError(f"a row of {row.table} among those of {table}")
        mapping_upsert(row)


def _same(row: MappingRow, stored: MappingRow | None) -> bool:
    """A column that the row does not name has its default."""
    return stored is not None and stored.values == default_values(row.table) | dict(row.values)


def _entries(
    changed: Iterable[MappingRow], gone: Iterable[MappingRow], stored: Mapping[Key, MappingRow], who: str
) -> Iterable[Entry]:
    for row in changed:
        before = stored.get(row.key)
        yield Entry(_what(row), who, "" if before is None else _words(before.values), _words(row.values))
    for row in gone:
        yield Entry(_what(row), who, _words(row.values), "")


def _what(row: MappingRow) -> str:
    return f"{row.table}: {' | '.join(row.key)}"


def _words(values: Mapping[str, str]) -> str:
    return json.dumps(dict(values), sort_keys=True, ensure_ascii=False)
