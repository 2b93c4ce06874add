"""Posted packing slips: an order counts as shipped when its packing slip is posted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.odata import data_area
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

JOURNAL = "CustPackingSlipJourBiEntities"
TRANSACTIONS = "CustPackingSlipTransBiEntities"
_HEADER = "SourceDocumentHeader,PackingSlipId,SalesId,CustomerRef,DlvMode,ShipCarrierId,CreatedOn"
_LINE = "SourceDocumentLine,PackingSlipId,SalesId,InventTransId,SalesUnit,Ordered,Qty,CreatedOn"
_BEFORE = timedelta(minutes=1)
"""How long before its journal a line may be created; both come from one posting, in no order that F&O states."""


class PackingSlips:
    """By keyset on (CreatedOn, SourceDocumentHeader): an offset would skip rows when others come in between.

    A correction is another journal row under the same PackingSlipId, created when it is made.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def page(self, company: str, after: Position) -> DocumentPage:
        found = await self._connection.page(
            JOURNAL,
            filter=f"dataAreaId eq {literal(data_area(company))} and ({_behind(after)})",
            select=_HEADER,
            orderby="CreatedOn,SourceDocumentHeader",
            top=str(PAGE),
        )
        documents = _beside(read(found.rows, _document, JOURNAL))
        return DocumentPage(documents, bool(found.next) or len(found.rows) >= PAGE)

    async def lines(self, company: str, wanted: Sequence[Document]) -> Lines:
        """By order number, 20 a call."""
        found: list[_Line] = []
        for some in batches([one.number for one in wanted if one.number]):
            rows = await self._connection.read(
                TRANSACTIONS,
                filter=in_company(company, "SalesId", some),
                select=_LINE,
                orderby="SourceDocumentLine",
            )
            found += read(rows, _line, TRANSACTIONS)
        return {one.id: _of_version(one, found) for one in wanted}


@dataclass(frozen=True, slots=True)
class _Line:
    slip: tuple[str, str]
    at: datetime
    line: DocumentLine


def _beside(documents: Sequence[Document]) -> tuple[Document, ...]:
    created: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for one in documents:
        created[_slip(one)].append(one.at)
    return tuple(replace(one, others=tuple(created[_slip(one)])) for one in documents)


def _of_version(version: Document, lines: Iterable[_Line]) -> tuple[DocumentLine, ...]:
    """Nothing in a line names its version, so its creation decides: of each order line, what was created nearest."""
    by_lot: dict[str, list[_Line]] = defaultdict(list)
    for line in lines:
        if line.slip == _slip(version) and _may_be_of(version, line.at):
            by_lot[line.line.lot].append(line)
    nearest = {lot: min(abs(line.at - version.at) for line in some) for lot, some in by_lot.items()}
    return tuple(
        line.line for lot, some in by_lot.items() for line in some if abs(line.at - version.at) == nearest[lot]
    )


def _may_be_of(version: Document, created: datetime) -> bool:
    """What is nearer to another version on the page is that one's, even where this one has left the line out."""
    distance = abs(created - version.at)
    return created >= version.at - _BEFORE and all(distance <= abs(created - other) for other in version.others)


def _slip(document: Document) -> tuple[str, str]:
    return document.number or "", document.name


def _behind(after: Position) -> str:
    at = moment(after.at)
    if not after.id:
        return f"CreatedOn ge {at}"
    return f"CreatedOn gt {at} or (CreatedOn eq {at} and SourceDocumentHeader gt {int(after.id)})"


def _document(row: Row) -> Document:
    return Document(
        id=str(int(row["SourceDocumentHeader"])),
        name=row["PackingSlipId"] or "",
        at=_created(row),
        number=row["SalesId"] or "",
        reference=row["CustomerRef"] or "",
        delivery_mode=row["DlvMode"] or "",
        carrier=row["ShipCarrierId"] or "",
        service="",
    )


def _line(row: Row) -> _Line:
    order = row["SalesId"] or ""
    return _Line(
        slip=(order, row["PackingSlipId"] or ""),
        at=_created(row),
        line=DocumentLine(
            number=order,
            lot=row["InventTransId"] or "",
            unit=row["SalesUnit"] or "",
            ordered=number(row["Ordered"]),
            shipped=number(row["Qty"]),
        ),
    )


def _created(row: Row) -> datetime:
    found = time(row["CreatedOn"])
    if found is None:
        raise TypeError("no time of creation")
    return found
