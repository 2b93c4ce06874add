"""Business Central's sales orders, and what is left of them once they are posted, read as ours."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from shared.erp.business_central.odata import decoded, id_or_none, text, time
from shared.erp.business_central.references import full_reference
from shared.erp.microsoft.odata import Row, number
from shared.model.sales_order import ErpLine, ErpOrder, ErpTotals, ItemCode

ORDERS, LINES, INVOICES, SHIPMENTS = "salesOrders", "salesOrderLines", "salesInvoices", "salesShipments"
ORDER = (
    "id,number,externalDocumentNumber,customerNumber,currencyCode,pricesIncludeTax,status,fullyShipped,"
    "totalTaxAmount,totalAmountIncludingTax"
)
"""No address is asked for, so none is in memory."""
INVOICE = "number,externalDocumentNumber,orderNumber,customerNumber,currencyCode,status"
SHIPMENT = "number,externalDocumentNumber,orderNumber,customerNumber,currencyCode"
COMMENTS = frozenset({"Comment", ""})
"""A line's type, as orders say it and as shipments do."""
POSTED = "Posted"
"""Our word for an order whose row is gone because all of it was shipped and invoiced."""
DRAFT, RELEASED = "Draft", "Open"
"""What Business Central's own pages call Open and Released."""
_UNRELEASED = frozenset({DRAFT, "In Review"})
_KNOWN = _UNRELEASED | {RELEASED}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of an order, with what no other ERP's line has. `variant` is its id."""

    id: str
    etag: str
    sequence: int
    type: str
    item: str
    variant: str | None
    reference: str
    description: str
    quantity: Decimal
    shipped: Decimal
    unit: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Order:
    """A sales order's row with its lines. `total` is with tax."""

    id: str
    number: str
    document_number: str
    customer: str
    currency: str
    status: str
    fully_shipped: bool
    total: Decimal
    tax: Decimal
    lines: tuple[Line, ...]

    @property
    def reference(self) -> str:
        return full_reference(self.document_number, (line.description for line in self.lines if line.type in COMMENTS))

    @property
    def released(self) -> bool:
        return self.status not in _UNRELEASED

    @property
    def totals(self) -> ErpTotals:
        return ErpTotals(self.number, self.total, self.tax)


@dataclass(frozen=True, slots=True)
class Posted:
    """An invoice or shipment; `order` is the number of the order it was posted from, empty for none."""

    number: str
    order: str
    document_number: str
    customer: str
    currency: str


def order(row: Row) -> Order:
    """With `salesOrderLines` expanded. Raises KeyError, TypeError, ValueError or AttributeError."""
    if not text(row, "number"):
        raise ValueError("no number")
    return Order(
        id=row["id"].lower(),
        number=row["number"],
        document_number=text(row, "externalDocumentNumber"),
        customer=text(row, "customerNumber"),
        currency=text(row, "currencyCode"),
        status=decoded(row["status"]),
        fully_shipped=bool(row["fullyShipped"]),
        total=number(row["totalAmountIncludingTax"]),
        tax=number(row["totalTaxAmount"]),
        lines=tuple(_line(line, with_tax=row["pricesIncludeTax"] is True) for line in row[LINES]),
    )


def posted(row: Row) -> Posted:
    """Raises KeyError."""
    return Posted(
        number=text(row, "number"),
        order=text(row, "orderNumber"),
        document_number=text(row, "externalDocumentNumber"),
        customer=text(row, "customerNumber"),
        currency=text(row, "currencyCode"),
    )


def as_ours(found: Order, variants: Mapping[str, str], *, releases: bool) -> ErpOrder:
    """`variants` are codes by id. `releases` False: nobody waits for a release."""
    lines = tuple(line for line in found.lines if not _is_comment(line))
    return ErpOrder(
        number=found.number,
        reference=found.reference,
        customer=found.customer,
        currency=found.currency,
        status=found.status,
        on_hold=False,
        lines=tuple(_as_our_line(line, variants) for line in lines),
        shipped=found.fully_shipped or any(line.shipped for line in lines),
        released=found.released or not releases,
        status_known=found.status in _KNOWN,
    )


def vanished(documents: Iterable[Posted]) -> ErpOrder:
    """What invoices and shipments tell of an order whose row is gone. Raises StopIteration without any."""
    first = next(iter(documents))
    return ErpOrder(
        number=first.order or first.number,
        reference=first.document_number,
        customer=first.customer,
        currency=first.currency,
        status=POSTED,
        on_hold=False,
        lines=(),
        shipped=True,
        lines_shown=False,
    )


def changed(row: Row) -> datetime:
    """Raises KeyError, TypeError or ValueError."""
    return time(row["lastModifiedDateTime"])


def _is_comment(line: Line) -> bool:
    """A line of ours that Business Central took for a comment carries our reference: that one is shown."""
    return line.type in COMMENTS and not line.reference


def _as_our_line(line: Line, variants: Mapping[str, str]) -> ErpLine:
    variant = "" if line.variant is None else variants.get(line.variant, line.variant)
    item = ItemCode(line.item, configuration=variant)
    return ErpLine(line.reference, item, line.quantity, line.unit, line.amount)


def _line(row: Row, *, with_tax: bool) -> Line:
    """The amount after every discount, in the order's tax mode."""
    return Line(
        id=row["id"].lower(),
        etag=str(row.get("@odata.etag") or "*"),
        sequence=int(row["sequence"]),
        type=decoded(row["lineType"]),
        item=text(row, "lineObjectNumber"),
        variant=id_or_none(row["itemVariantId"]),
        reference=text(row, "description2"),
        description=text(row, "description"),
        quantity=number(row["quantity"]),
        shipped=number(row["shippedQuantity"]),
        unit=text(row, "unitOfMeasureCode"),
        amount=number(row["netAmountIncludingTax" if with_tax else "netAmount"]),
    )
