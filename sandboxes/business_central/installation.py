"""One environment: what is set up, what was entered, and the transaction that keeps or undoes a write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sandboxes.business_central.errors import Refusal, entity_changed
from sandboxes.business_central.ids import guid
from sandboxes.business_central.records import Row, Table
from sandboxes.business_central.tally import Tally
from sandboxes.business_central.world import Company, World

TableName = Literal["orders", "lines", "shipments", "shipment_lines", "invoices", "invoice_lines", "customers"]
_INDEXED: Mapping[TableName, tuple[str, ...]] = {
    "orders": ("number", "externalDocumentNumber"),
    "lines": ("documentId",),
    "shipments": ("number", "orderNumber", "externalDocumentNumber"),
    "shipment_lines": ("documentId", "documentNo"),
    "invoices": ("number", "orderNumber", "orderId", "externalDocumentNumber"),
    "invoice_lines": ("documentId",),
    "customers": ("number",),
}
_FIRST = {"orders": 101_001, "shipments": 102_001, "invoices": 103_001, "customers": 1}


@dataclass
class Installation:
    """`writes` says until when an order is being written, `picked` which lines the warehouse has taken."""

    world: World
    tally: Tally = field(default_factory=Tally)
    writes: dict[str, datetime] = field(default_factory=dict)
    picked: set[str] = field(default_factory=set)
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _touched: set[str] = field(default_factory=set)
    _open: bool = False
    _numbers: Counter[tuple[str, str]] = field(default_factory=Counter)
    _ids: int = 0

    def __post_init__(self) -> None:
        self.tables = {name: Table(indexed, self._undo) for name, indexed in _INDEXED.items()}
        self.orders, self.lines = self.tables["orders"], self.tables["lines"]
        self.shipments, self.shipment_lines = self.tables["shipments"], self.tables["shipment_lines"]
        self.invoices, self.invoice_lines = self.tables["invoices"], self.tables["invoice_lines"]
        self.customers = self.tables["customers"]

    @contextmanager
    def transaction(self, now: datetime) -> Iterator[None]:
        """All or nothing; inside an open transaction (a snapshot batch) it is part of that one."""
        if self._open:
            yield
            return
        self._open = True
        try:
            yield
            self._occupy(now)
        except Refusal:
            self.tally.rolled_back += bool(self._undo)
            for step in reversed(self._undo):
                step()
            raise
        finally:
            self._open = False
            self._undo.clear()
            self._touched.clear()

    def _occupy(self, now: datetime) -> None:
        if self.world.write_seconds > 0:
            until = now + timedelta(seconds=self.world.write_seconds)
            self.writes.update(dict.fromkeys(self._touched, until))

    def begin_write(self, order_id: str, now: datetime) -> None:
        """Raises Refusal (409) where another write of this order is not over yet."""
        if order_id not in self._touched and now < self.writes.get(order_id, now):
            raise entity_changed()
        self._touched.add(order_id)

    def next_number(self, company: Company, series: str) -> str:
        """Numbers have gaps: one that was drawn for a write that failed is gone."""
        self._numbers[company.id, series] += 1
        number = _FIRST[series] + self._numbers[company.id, series] - 1
        return f"C{number:05}" if series == "customers" else str(number)

    def next_id(self) -> str:
        self._ids += 1
        return guid("row", self._ids)

    def company_of(self, row: Row) -> Company:
        return self.world.companies[row.text("_company")]

    def order(self, company: Company, number: str) -> Row | None:
        """The order that stands under this number."""
        rows = self.orders.found([("number", number)])
        return next((row for row in rows if row.text("_company") == company.name and row.deleted is None), None)

    def lines_of(self, document: Row, table: TableName = "lines") -> list[Row]:
        """The document's lines as they stand, by sequence."""
        rows = (row for row in self.tables[table].found([("documentId", document.id)]) if row.deleted is None)
        return sorted(rows, key=lambda row: (row.values["sequence"], row.number))

    def shipments_of(self, order: Row) -> list[Row]:
        rows = self.shipments.found([("orderNumber", order.text("number"))])
        return [row for row in rows if row.text("_company") == order.text("_company")]
