"""How far each shop's range of order numbers is used: one row per shop, written against the version that was read."""

from __future__ import annotations

from dataclasses import replace

from shared.ports.own import NumberRange
from shared.store.columns import columns, number, read, short, text
from shared.store.keys import join
from shared.store.tables import Insert, Replace, Row, Tables

TABLE = "control"
PARTITION = "numbers"


class TableNumberRanges:
    """The port `NumberRanges`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def load(self, shop: str) -> NumberRange | None:
        row = await self._tables.get(TABLE, PARTITION, join(shop))
        return None if row is None else _range(row)

    async def save(self, one: NumberRange) -> NumberRange:
        row, values = join(one.shop), columns(shop=one.shop, next=one.next, stopped=short(one.stopped))
        operation = Insert(row, values) if one.version is None else Replace(row, values, one.version)
        [version] = await self._tables.commit(TABLE, PARTITION, [operation])
        return replace(one, version=version)


def _range(row: Row) -> NumberRange:
    values = read(row)
    return NumberRange(
        shop=text(values, "shop"),
        next=number(values, "next"),
        stopped=text(values, "stopped"),
        version=row.version,
    )
