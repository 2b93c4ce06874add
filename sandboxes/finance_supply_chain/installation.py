"""One installation: what is set up, what was entered, and the transaction that keeps or undoes a write."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from sandboxes.finance_supply_chain.concurrency import OrderName, Writes, order_name
from sandboxes.finance_supply_chain.entities import HEADERS, LINES, EntitySet
from sandboxes.finance_supply_chain.errors import Refusal, update_conflict
from sandboxes.finance_supply_chain.records import Row, Table
from sandboxes.finance_supply_chain.tally import Tally
from sandboxes.finance_supply_chain.world import World


@dataclass
class Installation:
    world: World
    tally: Tally = field(default_factory=Tally)
    writes: Writes = field(default_factory=Writes)
    _undo: list[Callable[[], None]] = field(default_factory=list)
    _touched: set[OrderName] = field(default_factory=set)
    _open: bool = False
    _numbers: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.headers = Table(HEADERS.key, ("SalesOrderNumber", "CustomersOrderReference"), self._undo)
        self.lines = Table(LINES.key, ("SalesOrderNumber",), self._undo)

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

    def header(self, company: str, number: str) -> Row | None:
        return self.headers.get({"dataAreaId": company, "SalesOrderNumber": number})

    def lines_of(self, header: Row) -> list[Row]:
        """The order's lines as they stand, in the order of their creation."""
        found = self.lines.found([("SalesOrderNumber", header.text("SalesOrderNumber"))])
        return [line for line in found if line.text("dataAreaId") == header.text("dataAreaId")]
