"""Confirmed warehouse shipments: an order counts as shipped when the warehouse has confirmed its shipment."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC

from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.odata import data_area, member
from shared.erp.finance_supply_chain.orders import read
from shared.erp.finance_supply_chain.reading import time
from shared.erp.finance_supply_chain.shipping_documents import (
    PAGE,
    Document,
    DocumentLine,
    DocumentPage,
    Lines,
    batches,
    in_company,
)
from shared.erp.microsoft.odata import Row, literal, moment, number
from shared.model.shipment import Position

HEADERS = "ShipmentPackingSlipJournalHeaders"
LINES = "ShipmentPackingSlipJournalLines"
_VERSION = "ShipmentPackingSlipVersionNumber"
_HEADER = f"{_VERSION},ShipmentPackingSlipNumber,ShippingCarrierId,ShippingCarrierServiceId,DocumentDate"
_LINE = f"{_VERSION},InventoryLotId,ConsignerOrderNumber,OrderedUnitSymbol,OrderedQuantity,ShippedQuantity"


class WarehouseShipments:
    """By keyset on (DocumentDate, version), active versions only.

    DocumentDate is a day, shown as its noon, so a first page starts with the day and not behind the moment asked for.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def page(self, company: str, after: Position) -> DocumentPage:
        active = f"IsActive eq {member('NoYes', 'Yes')}"
        found = await self._connection.page(
            HEADERS,
            filter=f"dataAreaId eq {literal(data_area(company))} and {active} and ({_behind(after)})",
            select=_HEADER,
            orderby=f"DocumentDate,{_VERSION}",
            top=str(PAGE),
        )
        return DocumentPage(read(found.rows, _document, HEADERS), bool(found.next) or len(found.rows) >= PAGE)

    async def lines(self, company: str, wanted: Sequence[Document]) -> Lines:
        """By version, 20 a call."""
        found: dict[str, list[DocumentLine]] = defaultdict(list)
        for some in batches([one.id for one in wanted]):
            where = in_company(company, _VERSION, some)
            rows = await self._connection.read(LINES, filter=where, select=_LINE, orderby=f"{_VERSION},InventoryLotId")
            for version, line in read(rows, _line, LINES):
                found[version].append(line)
        return found


def _behind(after: Position) -> str:
    if not after.id:
        day = after.at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        return f"DocumentDate ge {moment(day)}"
    at = moment(after.at)
    return f"DocumentDate gt {at} or (DocumentDate eq {at} and {_VERSION} gt {literal(after.id)})"


def _document(row: Row) -> Document:
    at = time(row["DocumentDate"])
    if at is None:
        raise TypeError("no document date")
    return Document(
        id=row[_VERSION],
        name=row["ShipmentPackingSlipNumber"] or "",
        at=at,
        number=None,
        reference=None,
        delivery_mode="",
        carrier=row["ShippingCarrierId"] or "",
        service=row["ShippingCarrierServiceId"] or "",
    )


def _line(row: Row) -> tuple[str, DocumentLine]:
    return row[_VERSION], DocumentLine(
        number=row["ConsignerOrderNumber"] or "",
        lot=row["InventoryLotId"] or "",
        unit=row["OrderedUnitSymbol"] or "",
        ordered=number(row["OrderedQuantity"]),
        shipped=number(row["ShippedQuantity"]),
    )
