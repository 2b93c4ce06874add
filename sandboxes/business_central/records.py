"""The tables: rows with what they ever were, so that a copy that lags can be read, and every write can be undone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandboxes.business_central.edm import Value, fold

Lookup = tuple[str, str]


@dataclass(slots=True, eq=False)
class Row:
    """Names that begin with `_` are the database's own and never shown. `versions` are oldest first.

    Readers see a row from `visible_from` on: some are committed later than they say they were changed.
    """

    values: dict[str, Value]
    number: int
    created: datetime
    changed: datetime
    versions: list[tuple[datetime, dict[str, Value]]] = field(default_factory=list)
    version: int = 1
    deleted: datetime | None = None
    visible_from: datetime | None = None

    @property
    def id(self) -> str:
        return self.text("id")

    def text(self, name: str) -> str:
        return str(self.values[name])

    def as_of(self, moment: datetime | None) -> dict[str, Value] | None:
        """What it was then (None: what it is), or None where it was not there or could not be read."""
        if moment is None:
            return self.values if self.deleted is None else None
        if self.deleted is not None and self.deleted <= moment:
            return None
        if self.visible_from is not None and self.visible_from > moment:
            return None
        return next((values for at, values in reversed(self.versions) if at <= moment), None)


@dataclass
class Table:
    """`undo` collects how each write is taken back, newest last; the transaction owns it."""

    indexed: tuple[str, ...]
    undo: list[Callable[[], None]]
    ever: list[Row] = field(default_factory=list)
    _by_id: dict[str, Row] = field(default_factory=dict)
    _last: int = 0
    _index: dict[Lookup, dict[int, Row]] = field(default_factory=lambda: defaultdict(dict))

    def get(self, row_id: str) -> Row | None:
        """The row under this id, also a deleted one."""
        return self._by_id.get(row_id)

    def rows(self) -> Iterator[Row]:
        return (row for row in self.ever if row.deleted is None)

    def found(self, lookups: Iterable[Lookup]) -> list[Row]:
        """Rows, deleted ones too, that have or had one of the indexed values, in the order of their creation."""
        rows = {row.number: row for name, value in lookups for row in self._index[name, fold(value)].values()}
        return [rows[number] for number in sorted(rows)]

    def insert(self, values: dict[str, Value], now: datetime) -> Row:
        values = _stamped(values, now)
        row = Row(values, self._last + 1, now, now, [(now, values)])
        self._last += 1
        self.ever.append(row)
        self._by_id[row.id] = row
        self._enter(row)
        self.undo.append(lambda: self._forget(row))
        return row

    def change(self, row: Row, values: Mapping[str, Value], now: datetime) -> None:
        before = (row.values, row.changed, row.version, list(row.versions))
        row.values = _stamped({**row.values, **values}, now)
        row.changed, row.version = now, row.version + 1
        row.versions = [*row.versions, (now, row.values)]
        self._enter(row)
        self.undo.append(lambda: _restore(row, *before))

    def delete(self, row: Row, now: datetime) -> None:
        row.deleted = now
        self.undo.append(lambda: setattr(row, "deleted", None))

    def _enter(self, row: Row) -> None:
        for name in self.indexed:
            self._index[name, fold(row.text(name))][row.number] = row

    def _forget(self, row: Row) -> None:
        self.ever.remove(row)
        del self._by_id[row.id]
        for rows in self._index.values():
            rows.pop(row.number, None)


def _stamped(values: dict[str, Value], now: datetime) -> dict[str, Value]:
    return {**values, "lastModifiedDateTime": now} if "lastModifiedDateTime" in values else values


def _restore(
    row: Row,
    values: dict[str, Value],
    changed: datetime,
    version: int,
    versions: list[tuple[datetime, dict[str, Value]]],
) -> None:
    row.values, row.changed, row.version, row.versions = values, changed, version, versions
