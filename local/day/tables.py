"""The bridge's own tables, read as they are stored: for the judge, and for what people have to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from azure.data.tables.aio import TableServiceClient

from local.verdict import Tables, escaped

_SELECT = {
    "orders": ["PartitionKey", "RowKey", "state", "waiting_for", "kind", "updated", "number"],
    "openwork": ["PartitionKey", "RowKey", "shop", "order", "due", "step"],
    "exceptions": ["PartitionKey", "RowKey", "kind", "owner", "shop", "order", "subject", "reason"],
}
_JUDGED = "RowKey lt 'history' or RowKey ge 'step|'"
"""Of an order's rows: its exceptions, facts and steps; most others are its history."""
_CREATION = "step|create_order"
Rows = dict[tuple[str, str], Mapping[str, Any]]


class OwnTables:
    """`await close()` lets go of the connection."""

    def __init__(self, connection: str) -> None:
        self._service = TableServiceClient.from_connection_string(connection)

    async def all(self) -> Tables:
        """Every row that the judge looks at. What points to an order is removed after the order's own rows change, so
        it is read before them."""
        openwork, exceptions = await self._rows("openwork"), await self._rows("exceptions")
        return Tables(orders=await self._rows("orders", _JUDGED), openwork=openwork, exceptions=exceptions)

    async def unknown_to_people(self) -> int:
        """Open orders without an open exception: time has to close them. Cheap, for whoever asks often."""
        known = {(str(one["shop"]), str(one["order"])) for one in await self.open_exceptions()}
        work = await self._rows("openwork")
        return sum((str(one["shop"]), str(one["order"])) not in known for one in work.values())

    async def open_exceptions(self, kind: str = "") -> Sequence[Mapping[str, Any]]:
        rows = await self._rows("exceptions", "PartitionKey eq 'open'")
        return [values for values in rows.values() if kind in ("", values["kind"])]

    async def wipe(self, *names: str) -> int:
        """Every row of these tables is lost, one after the other; answers how many there were.

        Who writes meanwhile keeps half of what belongs together: let no worker run.
        """
        wiped = 0
        for name in names:
            client = self._service.get_table_client(name)
            for partition, row in await self._rows(name):
                await client.delete_entity(partition, row)
                wiped += 1
        return wiped

    async def number(self, shop: str, order: str) -> str:
        """Allocated for the order before it was first sent; empty where there is none."""
        rows = await self._rows("orders", f"PartitionKey eq '{shop}|{escaped(order)}' and RowKey eq '{_CREATION}'")
        return next((str(values.get("number", "")) for values in rows.values()), "")

    async def close(self) -> None:
        await self._service.close()

    async def _rows(self, name: str, where: str = "") -> Rows:
        client = self._service.get_table_client(name)
        columns = _SELECT.get(name, ["PartitionKey", "RowKey"])
        found = client.query_entities(where, select=columns) if where else client.list_entities(select=columns)
        return {(one["PartitionKey"], one["RowKey"]): dict(one) async for one in found}
