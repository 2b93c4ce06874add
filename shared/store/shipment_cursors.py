"""Where the poll of each company's shipments stands: one row per company, written against the version that was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.model.shipment import Position
from shared.ports.own import ShipmentCursor
from shared.store.columns import columns, moment, read, text, time
from shared.store.keys import join
from shared.store.packing import pack, unpack
from shared.store.tables import Insert, Replace, Row, Tables

TABLE = "control"
PARTITION = "shipments"


class TableShipmentCursors:
    """The port `ShipmentCursors`."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables

    async def load(self, company: str) -> ShipmentCursor:
        row = await self._tables.get(TABLE, PARTITION, join(company))
        return ShipmentCursor(company) if row is None else _cursor(row)

    async def save(self, cursor: ShipmentCursor) -> ShipmentCursor:
        at = cursor.position
        values = columns(company=cursor.company, at=at.at if at else None, id=at.id if at else "")
        values |= pack([[moment(shipped), one] for shipped, one in cursor.recent])
        row = join(cursor.company)
        operation = Insert(row, values) if cursor.version is None else Replace(row, values, cursor.version)
        [version] = await self._tables.commit(TABLE, PARTITION, [operation])
        return replace(cursor, version=version)


def _cursor(row: Row) -> ShipmentCursor:
    values = read(row)
    at = time(values, "at")
    return ShipmentCursor(
        company=text(values, "company"),
        position=Position(at, text(values, "id")) if at else None,
        recent=tuple((datetime.fromisoformat(shipped), one) for shipped, one in unpack(values)),
        version=row.version,
    )
