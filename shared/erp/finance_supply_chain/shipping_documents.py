"""A shipping document before it is known whose it is, and what it takes from the sales order it belongs to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from shared.erp.finance_supply_chain import reading
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.odata import data_area
from shared.erp.finance_supply_chain.orders import MOST, read
from shared.erp.finance_supply_chain.sales_order import HEADERS
from shared.erp.microsoft.odata import Row, any_of, literal, number
from shared.model.shipment import Position

PAGE = 200


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a shipping document. `number` and `reference` are None where only its lines tell them.

    `others` is when the other versions on the same page were created.
    """

    id: str
    name: str
    at: datetime
    number: str | None
    reference: str | None
    delivery_mode: str
    carrier: str
    service: str
    others: tuple[datetime, ...] = ()

    @property
    def position(self) -> Position:
        return Position(self.at, self.id)


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """What of one order line (`lot`) stands on a document; `ordered` and `shipped` in `unit`, empty: the sales unit."""

    number: str
    lot: str
    unit: str
    ordered: Decimal
    shipped: Decimal


@dataclass(frozen=True, slots=True)
class DocumentPage:
    documents: tuple[Document, ...]
    more: bool


Lines = Mapping[str, Sequence[DocumentLine]]
"""By the document's id."""


class Source(Protocol):
    """Where documents are listed. Raises Unavailable, Throttled or Unauthorized."""

    async def page(self, company: str, after: Position) -> DocumentPage: ...

    async def lines(self, company: str, wanted: Sequence[Document]) -> Lines: ...


@dataclass(frozen=True, slots=True)
class OrderLine:
    reference: str
    ordered: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Order:
    """What a document does not tell of its order; `lines` by lot."""

    reference: str
    delivery_mode: str
    carrier: str
    service: str
    lines: Mapping[str, OrderLine]


GONE = Order("", "", "", "", {})
_FIELDS = "SalesOrderNumber,CustomersOrderReference,DeliveryModeCode,ShippingCarrierId,ShippingCarrierServiceId"


async def orders(connection: Connection, company: str, numbers: Sequence[str]) -> dict[str, Order]:
    """By number, 20 a call; an order that is not there (any more) is left out."""
    found: dict[str, Order] = {}
    for some in batches(numbers):
        where = reading.by_number(company, some)
        rows = await connection.read(HEADERS, filter=where, select=_FIELDS, expand="SalesOrderLines")
        found |= read(rows, _order, HEADERS)
    return found


def batches(values: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """Each value once, as many together as one filter takes."""
    distinct = tuple(dict.fromkeys(values))
    return tuple(distinct[start : start + MOST] for start in range(0, len(distinct), MOST))


def in_company(company: str, field: str, values: Sequence[str]) -> str:
    return f"dataAreaId eq {literal(data_area(company))} and {any_of(field, values)}"


def _order(row: Row) -> tuple[str, Order]:
    lines = {
        line["InventoryLotId"]: OrderLine(
            line["OrderLineReference"] or "", number(line["OrderedSalesQuantity"]), line["SalesUnitSymbol"] or ""
        )
        for line in row["SalesOrderLines"]
    }
    return row["SalesOrderNumber"], Order(
        row["CustomersOrderReference"] or "",
        row["DeliveryModeCode"] or "",
        row["ShippingCarrierId"] or "",
        row["ShippingCarrierServiceId"] or "",
        lines,
    )
