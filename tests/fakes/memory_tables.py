"""Table Storage in memory: the same semantics, deterministic, and fast enough for thousands of simulated days."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Literal

from shared.errors import Conflict
from shared.store.tables import Delete, Insert, Operation, Range, Replace, Row, Tables, Upsert, Values, Where, check

Verb = Literal["get", "query", "commit"]
When = Literal["before", "after"]
Interruption = Callable[[When, Verb, str], None]
"""Called around every request with its verb and table; may raise (a fault, a death)."""


@dataclass
class _Partition:
    rows: dict[str, Row] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    def between(self, ranges: Sequence[Range]) -> Iterator[Row]:
        wanted = sorted({key for one in ranges or (Range(),) for key in self._keys(one)})
        return (self.rows[key] for key in wanted)

    def _keys(self, bounds: Range) -> list[str]:
        start = bisect_left(self.keys, bounds.start)
        end = bisect_left(self.keys, bounds.end) if bounds.end else len(self.keys)
        return self.keys[start:end]

    def put(self, row: Row) -> None:
        if row.row not in self.rows:
            insort(self.keys, row.row)
        self.rows[row.row] = row

    def drop(self, key: str) -> None:
        if self.rows.pop(key, None) is not None:
            del self.keys[bisect_left(self.keys, key)]


class MemoryTables:
    """`requests` counts by `verb table`; `interrupt` is called before and after the effect of every request."""

    def __init__(self) -> None:
        self._partitions: dict[tuple[str, str], _Partition] = {}
        self._writes = 0
        self.requests: Counter[str] = Counter()
        self.interrupt: Interruption | None = None

    async def get(self, table: str, partition: str, row: str) -> Row | None:
        self._meet("before", "get", table)
        found = self._partition(table, partition).rows.get(row)
        self._meet("after", "get", table)
        return found

    async def query(
        self,
        table: str,
        partition: str,
        *,
        ranges: Sequence[Range] = (),
        where: Sequence[Where] = (),
        limit: int | None = None,
        select: Sequence[str] = (),
    ) -> list[Row]:
        self._meet("before", "query", table)
        found: list[Row] = []
        for row in self._partition(table, partition).between(ranges):
            if all(_meets(row.values, one) for one in where):
                found.append(_selected(row, select))
                if len(found) == limit:
                    break
        self._meet("after", "query", table)
        return found

    async def commit(self, table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        check(operations)
        if not operations:
            return []
        self._meet("before", "commit", table)
        held = self._partition(table, partition)
        _refuse_conflicts(held, operations)
        versions = [self._apply(held, operation) for operation in operations]
        self._meet("after", "commit", table)
        return versions

    def everything(self, table: str) -> dict[tuple[str, str], Values]:
        """For judges: every row of a table by (partition, row); not counted as a request."""
        return {
            (partition, row.row): row.values
            for (name, partition), held in self._partitions.items()
            if name == table
            for row in held.rows.values()
        }

    def _partition(self, table: str, partition: str) -> _Partition:
        return self._partitions.setdefault((table, partition), _Partition())

    def _apply(self, held: _Partition, operation: Operation) -> str | None:
        if isinstance(operation, Delete):
            held.drop(operation.row)
            return None
        self._writes += 1
        version = f'W/"{self._writes}"'
        held.put(Row(operation.row, MappingProxyType(dict(operation.values)), version))
        return version

    def _meet(self, when: When, verb: Verb, table: str) -> None:
        if when == "before":
            self.requests[f"{verb} {table}"] += 1
        if self.interrupt is not None:
            self.interrupt(when, verb, table)


def _refuse_conflicts(held: _Partition, operations: Sequence[Operation]) -> None:
    named = {operation.row for operation in operations}
    if len(named) != len(operations):
        raise ValueError("the service refuses a transaction that names a row twice")
    for operation in operations:
        if not _fits(held.rows.get(operation.row), operation, alone=len(operations) == 1):
            raise Conflict(f"row {operation.row} changed since it was read")


def _fits(stored: Row | None, operation: Operation, *, alone: bool) -> bool:
    match operation:
        case Insert():
            return stored is None
        case Replace(version=version):
            return stored is not None and stored.version == version
        case Upsert():
            return True
        case Delete(version=version):
            return alone if stored is None else version in (None, stored.version)


def _meets(values: Values, where: Where) -> bool:
    value = values.get(where.column)
    if value is None or type(value) is not type(where.value):
        return False
    if where.operator == "eq":
        return value == where.value
    text, bound = str(value), str(where.value)
    return text <= bound if where.operator == "le" else text >= bound


def _selected(row: Row, select: Sequence[str]) -> Row:
    if not select:
        return row
    kept = {name: row.values[name] for name in select if name in row.values}
    return Row(row.row, MappingProxyType(kept), row.version)


_: type[Tables] = MemoryTables
