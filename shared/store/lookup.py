"""From what people know an order by elsewhere (an ERP number) to the order: hints, re-checked by whoever asks."""

from __future__ import annotations

from shared.model.keys import OrderKey
from shared.store.columns import columns, read, text
from shared.store.keys import join
from shared.store.tables import Tables, Upsert

TABLE = "lookup"


class TableLookup:
    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def resolve(self, kind: str, value: str) -> OrderKey | None:
        """An order that was filed under this value (`kind` is `erp_number`, `tracking` …); may be outdated."""
        rows = await self._tables.query(TABLE, join(kind, value), limit=1)
        found = [read(row) for row in rows]
        return OrderKey(text(found[0], "shop"), text(found[0], "order")) if found else None

    async def file(self, kind: str, value: str, key: OrderKey) -> None:
        pointer = Upsert(join(key.shop, key.order), columns(shop=key.shop, order=key.order))
        await self._tables.commit(TABLE, join(kind, value), [pointer])
