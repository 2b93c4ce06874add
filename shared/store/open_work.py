"""The rows by which `watch` finds what is open: one per open order, upserted, never moved, deleted once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.model.keys import OrderKey
from shared.model.steps import StepName
from shared.ports.own import OpenWork
from shared.store.columns import columns, flag, moment, needed_time, read, text
from shared.store.keys import join
from shared.store.tables import Delete, Row, Tables, Upsert, Where

TABLE = "openwork"


class TableWorkList:
    """The port `WorkList`. Reads are of one shop's partition and answer in the order of the order ids."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def due(self, shop: str, before: datetime, limit: int) -> Sequence[OpenWork]:
        return await self._where(shop, limit, Where("due", "le", moment(before)))

    async def in_doubt(self, shop: str, step: StepName, limit: int) -> Sequence[OpenWork]:
        return await self._where(shop, limit, Where("doubt", "eq", True), Where("step", "eq", step))

    async def put(self, work: OpenWork) -> None:
        values = columns(
            shop=work.key.shop,
            order=work.key.order,
            step=work.step,
            due=work.due,
            owner=work.owner,
            doubt=work.doubt,
        )
        await self._tables.commit(TABLE, join(work.key.shop), [Upsert(join(work.key.order), values)])

    async def remove(self, key: OrderKey) -> None:
        await self._tables.commit(TABLE, join(key.shop), [Delete(join(key.order))])

    async def _where(self, shop: str, limit: int, *conditions: Where) -> list[OpenWork]:
        rows = await self._tables.query(TABLE, join(shop), where=conditions, limit=limit)
        return [_work(row) for row in rows]


def _work(row: Row) -> OpenWork:
    values = read(row)
    return OpenWork(
        key=OrderKey(text(values, "shop"), text(values, "order")),
        step=text(values, "step"),
        due=needed_time(values, "due"),
        owner=text(values, "owner"),
        doubt=flag(values, "doubt"),
    )
