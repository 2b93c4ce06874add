"""Posted sales shipments before it is known what of an order they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.erp.business_central import reading
from shared.erp.business_central.companies import Company
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import decoded, in_company, text
from shared.erp.business_central.reading import COMMENTS, LINES, ORDERS, SHIPMENTS, Order
from shared.erp.business_central.rows import batches, read
from shared.erp.microsoft.odata import Row, any_of, literal, moment, number
from shared.model.shipment import Position

PAGE = 200
SHIPMENT_LINES = "salesShipmentLines"
_HEADER = "number,orderNumber,externalDocumentNumber,shipmentMethodCode,lastModifiedDateTime"


@dataclass(frozen=True, slots=True)
class Document:
    number: str
    order: str
    document_number: str
    method: str
    changed: datetime

    @property
    def position(self) -> Position:
        return Position(self.changed, self.number)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """`type` as in `lineType`; a comment's text is its `description`. Undone quantities are negative."""

    sequence: int
    type: str
    item: str
    unit: str
    quantity: Decimal
    reference: str
    description: str

    @property
    def is_comment(self) -> bool:
        return self.type in COMMENTS


@dataclass(frozen=True, slots=True)
class DocumentPage:
    documents: tuple[Document, ...]
    more: bool


async def page(connection: Connection, company: Company, after: Position) -> DocumentPage:
    """By keyset on (lastModifiedDateTime, number), in one call of two reads: `or` takes one field only."""
    parts = await connection.all_of([_path(company, where) for where in _behind(after)], f"POST $batch of {SHIPMENTS}")
    documents = [one for rows in parts for one in read(rows, _document, SHIPMENTS)]
    return DocumentPage(tuple(documents[:PAGE]), more=len(documents) >= PAGE)


async def with_lines(
    connection: Connection, company: Company, documents: Sequence[Document]
) -> tuple[dict[str, tuple[DocumentLine, ...]], dict[str, Order]]:
    """Lines by document number, and the orders that still have a row by theirs; 20 of each a read, in one call."""
    shipments = [_expanded(company, SHIPMENTS, SHIPMENT_LINES, "number", some) for some in _numbers(documents)]
    orders = [
        in_company(company.id, ORDERS, filter=any_of("number", some), select=reading.ORDER, expand=LINES)
        for some in batches(one.order for one in documents if one.order)
    ]
    found = await connection.all_of([*shipments, *orders], f"POST $batch of {SHIPMENTS} and {ORDERS} with lines")
    lines = [one for rows in found[: len(shipments)] for one in read(rows, _lines, SHIPMENTS)]
    rows_of = [one for rows in found[len(shipments) :] for one in read(rows, reading.order, ORDERS)]
    return dict(lines), {one.number: one for one in rows_of}


def _numbers(documents: Iterable[Document]) -> tuple[tuple[str, ...], ...]:
    return batches(one.number for one in documents)


def _expanded(company: Company, entity_set: str, lines: str, key: str, values: Sequence[str]) -> str:
    return in_company(company.id, entity_set, filter=any_of(key, values), select=key, expand=lines)


def _path(company: Company, where: str) -> str:
    return in_company(
        company.id, SHIPMENTS, filter=where, select=_HEADER, orderby="lastModifiedDateTime,number", top=str(PAGE)
    )


def _behind(after: Position) -> tuple[str, ...]:
    at = moment(after.at)
    if not after.id:
        return (f"lastModifiedDateTime ge {at}",)
    return (
        f"lastModifiedDateTime eq {at} and number gt {literal(after.id)}",
        f"lastModifiedDateTime gt {at}",
    )


def _document(row: Row) -> Document:
    return Document(
        number=text(row, "number"),
        order=text(row, "orderNumber"),
        document_number=text(row, "externalDocumentNumber"),
        method=text(row, "shipmentMethodCode"),
        changed=reading.changed(row),
    )


def _lines(row: Row) -> tuple[str, tuple[DocumentLine, ...]]:
    lines = sorted((_line(line) for line in row[SHIPMENT_LINES]), key=lambda line: line.sequence)
    return text(row, "number"), tuple(lines)


def _line(row: Row) -> DocumentLine:
    return DocumentLine(
        sequence=int(row["sequence"]),
        type=decoded(row["lineType"]),
        item=text(row, "lineObjectNumber"),
        unit=text(row, "unitOfMeasureCode"),
        quantity=number(row["quantity"]),
        reference=text(row, "description2"),
        description=text(row, "description"),
    )
