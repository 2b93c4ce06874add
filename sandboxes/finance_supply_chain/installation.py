"""One installation: what is set up, what was entered, and the transaction that keeps or undoes a write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from sandboxes.finance_supply_chain.concurrency import OrderName, Writes, order_name
from sandboxes.finance_supply_chain.entities import ENTITY_SETS
from sandboxes.finance_supply_chain.entity_set import EntitySet, TableName
from sandboxes.finance_supply_chain.errors import Refusal, update_conflict
from sandboxes.finance_supply_chain.records import Row, Table
from sandboxes.finance_supply_chain.tally import Tally
from sandboxes.finance_supply_chain.world import World

_INDEXED: Mapping[TableName, tuple[str, ...]] = {
    "headers": ("SalesOrderNumber", "CustomersOrderReference"),
    "lines": ("SalesOrderNumber", "InventoryLotId", "OrderLineReference"),
    "customers": ("CustomerAccount",),
    "slips": ("SalesId", "PackingSlipId"),
    "slip_lines": ("SalesId", "PackingSlipId", "InventTransId"),
    "tracking": ("SalesOrderNumber", "PackingSlipNumber"),
    "shipments": ("ShipmentPackingSlipVersionNumber", "ShipmentPackingSlipNumber", "ShipmentId"),
    "shipment_lines": ("ShipmentPackingSlipVersionNumber", "ConsignerOrderNumber", "InventoryLotId"),
    "invoices": ("SalesOrderNumber", "InvoiceNumber"),
}
_FIRST_RECORD = 5_637_144_576  # where the record ids of every installation begin


@dataclass
class Installation:
    world: World
    tally: Tally = field(default_factory=Tally)
    writes: Writes = field(default_factory=Writes)
    picked: set[tuple[str, str]] = field(default_factory=set)
    _invoiced: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _touched: set[OrderName] = field(default_factory=set)
    _open: bool = False
    _numbers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        keys = {one.table: one.key for one in ENTITY_SETS.values()}
        self.tables = {name: Table(keys[name], indexed, self._undo) for name, indexed in _INDEXED.items()}
        self.headers, self.lines = self.tables["headers"], self.tables["lines"]
        self.customers = self.tables["customers"]

    @contextmanager
    def transaction(self, now: datetime) -> Iterator[None]:
        """All or nothing; inside an open transaction (a changeset) it is part of that one."""
        if self._open:
            yield
            return
        self._open = True
        try:
            yield
            self.writes.occupy(self._touched, now, self.world.write_seconds)
        except Refusal:
            self._roll_back()
            raise
        finally:
            self._open = False
            self._undo.clear()
            self._touched.clear()

    def _roll_back(self) -> None:
        self.tally.rolled_back += bool(self._undo)
        for step in reversed(self._undo):
            step()

    def begin_write(self, company: str, number: str, now: datetime, entity_set: EntitySet) -> None:
        """Raises the update conflict where another write of this order is not over yet."""
        order = order_name(company, number)
        if order not in self._touched and self.writes.overlaps(order, now):
            raise update_conflict(entity_set.entity, entity_set.source, status=self.world.conflict_status)
        self.touch(company, number)

    def touch(self, company: str, number: str) -> None:
        self._touched.add(order_name(company, number))

    def next_number(self, sequence: str) -> str:
        """Numbers are not continuous: one that was drawn for a write that failed is gone."""
        self._numbers[sequence] += 1
        return f"{self._numbers[sequence]:06}"

    def next_record(self) -> int:
        """The record id (RecId) of a new record: an Int64, unique in the whole installation."""
        self._numbers["RecId"] += 1
        return _FIRST_RECORD + self._numbers["RecId"]

    def undoing(self, step: Callable[[], None]) -> None:
        """`step` takes back what the transaction did outside the tables."""
        self._undo.append(step)

    def header(self, company: str, number: str) -> Row | None:
        return self.headers.get({"dataAreaId": company, "SalesOrderNumber": number})

    def is_picked(self, line: Row) -> bool:
        """Whether the warehouse has taken the line's goods from their place."""
        return (line.text("dataAreaId"), line.text("InventoryLotId")) in self.picked

    def pick(self, line: Row) -> None:
        self.picked.add((line.text("dataAreaId"), line.text("InventoryLotId")))

    def unpick(self, line: Row) -> None:
        self.picked.discard((line.text("dataAreaId"), line.text("InventoryLotId")))

    def invoiced_of(self, line: Row) -> Decimal:
        """How much of the line stands on invoices."""
        return self._invoiced.get((line.text("dataAreaId"), line.text("InventoryLotId")), Decimal(0))

    def enter_invoiced(self, line: Row, quantity: Decimal) -> None:
        lot, before = (line.text("dataAreaId"), line.text("InventoryLotId")), self.invoiced_of(line)
        self._invoiced[lot] = before + quantity
        self.undoing(lambda: self._invoiced.update({lot: before}))

    def lines_of(self, header: Row) -> list[Row]:
        """The order's lines as they stand, in the order of their creation."""
        return self.found("lines", header, "SalesOrderNumber", header.text("SalesOrderNumber"))

    def found(self, table: TableName, of: Row, name: str, value: str) -> list[Row]:
        """The rows of `of`'s company that have `value` in an indexed property."""
        rows = self.tables[table].found([(name, value)])
        return [row for row in rows if row.text("dataAreaId") == of.text("dataAreaId")]
