"""The tables of sales orders: rows under unique keys, with what was ever created, and everything can be undone."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandboxes.finance_supply_chain.edm import Value, fold

Key = tuple[str, ...]
Lookup = tuple[str, str]


@dataclass(slots=True, eq=False)
class Row:
    """`changed` and `version` move with every write; a deleted row stays in the books.

    Readers see a row from `visible_from` on: some are committed later than they say they were created.
    """

    values: dict[str, Value]
    number: int
    created: datetime
    changed: datetime
    version: int = 1
    deleted: datetime | None = None
    visible_from: datetime | None = None

    def text(self, name: str) -> str:
        return str(self.values[name])


@dataclass
class Table:
    """`undo` collects how each write is taken back, newest last; the transaction owns it."""

    key: tuple[str, ...]
    indexed: tuple[str, ...]
    undo: list[Callable[[], None]]
    ever: list[Row] = field(default_factory=list)
    _by_key: dict[Key, Row] = field(default_factory=dict)
    _index: dict[Lookup, dict[int, Row]] = field(default_factory=lambda: defaultdict(dict))

    def key_of(self, values: Mapping[str, Value]) -> Key:
        return tuple(fold(str(values[name])) for name in self.key)

    def get(self, values: Mapping[str, Value]) -> Row | None:
        return self._by_key.get(self.key_of(values))

    def rows(self) -> Iterator[Row]:
        return (row for row in self.ever if row.deleted is None)

    def since(self, moment: datetime) -> Iterator[Row]:
        """Rows that were created then or later; rows are entered in the order of their creation."""
        start = bisect_left(self.ever, moment, key=lambda row: row.created)
        return (row for row in self.ever[start:] if row.deleted is None)

    def found(self, lookups: Iterable[Lookup]) -> list[Row]:
        """Rows that have one of the indexed values, in the order of their creation."""
        rows = {row.number: row for name, value in lookups for row in self._index[name, fold(value)].values()}
        return [rows[number] for number in sorted(rows)]

    def insert(self, values: dict[str, Value], now: datetime) -> Row | None:
        """The new row, or None where the key is taken."""
        key = self.key_of(values)
        if key in self._by_key:
            return None
        row = Row(values, len(self.ever) + 1, now, now)
        self.ever.append(row)
        self._put(key, row)
        self.undo.append(lambda: self._forget(key, row))
        return row

    def change(self, row: Row, values: Mapping[str, Value], now: datetime) -> None:
        before = (row.values, row.changed, row.version)
        self._become(row, {**row.values, **values}, now, row.version + 1)
        self.undo.append(lambda: self._become(row, *before))

    def delete(self, row: Row, now: datetime) -> None:
        key = self.key_of(row.values)
        self._take(key, row)
        row.deleted = now
        self.undo.append(lambda: self._restore(key, row))

    def _become(self, row: Row, values: dict[str, Value], changed: datetime, version: int) -> None:
        self._take(self.key_of(row.values), row)
        row.values, row.changed, row.version = values, changed, version
        self._put(self.key_of(values), row)

    def _forget(self, key: Key, row: Row) -> None:
        self._take(key, row)
        self.ever.remove(row)

    def _restore(self, key: Key, row: Row) -> None:
        row.deleted = None
        self._put(key, row)

    def _put(self, key: Key, row: Row) -> None:
        self._by_key[key] = row
        for name in self.indexed:
            self._index[name, fold(row.text(name))][row.number] = row

    def _take(self, key: Key, row: Row) -> None:
        del self._by_key[key]
        for name in self.indexed:
            del self._index[name, fold(row.text(name))][row.number]
