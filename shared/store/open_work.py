"""The rows by which open orders are found: one per open order, upserted, never moved, deleted once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import cast

from shared.errors import Conflict
from shared.model.keys import OrderKey
from shared.ports.own import Mark, OpenWork
from shared.store.columns import columns, moment, needed_time, number, read, text, time
from shared.store.keys import join
from shared.store.tables import MAXIMUM_OPERATIONS, Delete, Range, Row, Tables, Upsert, Value, Where

TABLE = "openwork"
_BEFORE_ANY_CHARACTER = "!"
"""Smaller than whatever a key holds, so that a range may begin just behind a key."""
_STRETCH = 1000
"""Rows that the service answers in one page."""


class TableWorkList:
    """The port `WorkList`. Reads are of one shop's partition and answer in the order of the order ids."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def due(self, shop: str, before: datetime, limit: int) -> Sequence[OpenWork]:
        return await self._where(shop, limit, Where("due", "le", moment(before)))

    async def marked(self, shop: str, mark: Mark, limit: int, *, after: str = "") -> Sequence[OpenWork]:
        return await self._where(shop, limit, Where("mark", "eq", mark), after=after)

    async def among(self, shop: str, orders: Sequence[str]) -> Sequence[OpenWork]:
        """The service reads a partition whole to answer for scattered rows: it is asked for one stretch of them."""
        wanted = {join(order) for order in orders}
        if not wanted:
            return []
        stretch = Range(min(wanted), max(wanted) + _BEFORE_ANY_CHARACTER)
        rows = await self._tables.query(TABLE, join(shop), ranges=[stretch], limit=_STRETCH)
        return [_work(row) for row in rows if row.row in wanted]

    async def put(self, works: Sequence[OpenWork]) -> None:
        distinct = {work.key: work for work in works}
        for shop, keys in _portions(distinct):
            rows = [Upsert(join(key.order), _columns(distinct[key])) for key in keys]
            await self._tables.commit(TABLE, join(shop), rows)

    async def remove(self, keys: Sequence[OrderKey]) -> None:
        for shop, portion in _portions(keys):
            rows = [Delete(join(key.order)) for key in portion]
            try:
                await self._tables.commit(TABLE, join(shop), rows)
            except Conflict:
                # One of them is gone already, and a transaction is all or nothing.
                for row in rows:
                    await self._tables.commit(TABLE, join(shop), [row])

    async def _where(self, shop: str, limit: int, condition: Where, *, after: str = "") -> list[OpenWork]:
        behind = [Range(join(after) + _BEFORE_ANY_CHARACTER)] if after else []
        rows = await self._tables.query(TABLE, join(shop), ranges=behind, where=[condition], limit=limit)
        return [_work(row) for row in rows]


def _portions(keys: Sequence[OrderKey] | dict[OrderKey, OpenWork]) -> Iterator[tuple[str, Sequence[OrderKey]]]:
    """By shop, as many as one transaction takes."""
    for shop, group in groupby(sorted(set(keys)), key=lambda key: key.shop):
        whole = list(group)
        for start in range(0, len(whole), MAXIMUM_OPERATIONS):
            yield shop, whole[start : start + MAXIMUM_OPERATIONS]


def _columns(work: OpenWork) -> dict[str, Value]:
    return columns(
        shop=work.key.shop,
        order=work.key.order,
        step=work.step,
        due=work.due,
        mark=work.mark,
        reference=work.reference,
        lines=work.lines,
        since=work.since,
    )


def _work(row: Row) -> OpenWork:
    values = read(row)
    return OpenWork(
        key=OrderKey(text(values, "shop"), text(values, "order")),
        step=text(values, "step"),
        due=needed_time(values, "due"),
        mark=cast(Mark, text(values, "mark")),
        reference=text(values, "reference"),
        lines=number(values, "lines"),
        since=time(values, "since"),
    )
