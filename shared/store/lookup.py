"""From what people know an order by elsewhere (an ERP number) to the order: hints, re-checked by whoever asks."""

from __future__ import annotations

from collections.abc import Sequence

from shared.model.keys import OrderKey
from shared.store.columns import columns, read, text
from shared.store.keys import join
from shared.store.tables import Tables, Upsert

TABLE = "lookup"


class TableLookup:
    """The port `Lookup`, with writing."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def resolve(self, kind: str, value: str) -> Sequence[OrderKey]:
        rows = await self._tables.query(TABLE, join(kind, value))
        return [OrderKey(text(values, "shop"), text(values, "order")) for values in map(read, rows)]

    async def file(self, kind: str, value: str, key: OrderKey) -> None:
        pointer = Upsert(join(key.shop, key.order), columns(shop=key.shop, order=key.order))
        await self._tables.commit(TABLE, join(kind, value), [pointer])
