"""Where each shop's poll stands: one row per shop, written against the version that was read."""

from __future__ import annotations

from dataclasses import replace

from shared.ports.own import Cursor
from shared.store.columns import columns, number, read, text, texts, time
from shared.store.keys import join
from shared.store.tables import Insert, Replace, Row, Tables, Value

TABLE = "control"
PARTITION = "cursor"


class TableCursors:
    """The port `Cursors`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def load(self, shop: str) -> Cursor:
        row = await self._tables.get(TABLE, PARTITION, join(shop))
        return Cursor(shop) if row is None else _cursor(row)

    async def save(self, cursor: Cursor) -> Cursor:
        row, values = join(cursor.shop), _columns(cursor)
        operation = Insert(row, values) if cursor.version is None else Replace(row, values, cursor.version)
        [version] = await self._tables.commit(TABLE, PARTITION, [operation])
        return replace(cursor, version=version)


def _columns(cursor: Cursor) -> dict[str, Value]:
    return columns(
        shop=cursor.shop,
        at=cursor.at,
        pass_since=cursor.pass_since,
        pass_started=cursor.pass_started,
        offset=cursor.offset,
        greatest=cursor.greatest,
        calls=cursor.calls,
        asked=cursor.asked,
        waiting_asked=cursor.waiting_asked,
        completed=cursor.completed,
        export=cursor.export,
        export_until=cursor.export_until,
        export_files=cursor.export_files,
    )


def _cursor(row: Row) -> Cursor:
    values = read(row)
    return Cursor(
        shop=text(values, "shop"),
        at=time(values, "at"),
        pass_since=time(values, "pass_since"),
        pass_started=time(values, "pass_started"),
        offset=number(values, "offset"),
        greatest=time(values, "greatest"),
        calls=number(values, "calls"),
        asked=time(values, "asked"),
        waiting_asked=time(values, "waiting_asked"),
        completed=time(values, "completed"),
        export=text(values, "export"),
        export_until=time(values, "export_until"),
        export_files=texts(values, "export_files"),
        version=row.version,
    )
