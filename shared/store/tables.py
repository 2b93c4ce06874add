"""The little that the stores ask of Table Storage: rows by key, bounded queries, entity-group transactions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from shared.errors import Rejected

SCOPE = "tables"
NAMES = ("orders", "openwork", "lookup", "exceptions", "mappings", "control", "lists", "audit", "stock")

MAXIMUM_OPERATIONS = 100
MAXIMUM_ROW = 900 * 1024
"""Bytes; the service refuses above 1 MiB, and Azurite does not, so the limit is ours."""
MAXIMUM_TEXT = 32 * 1024
"""UTF-16 units of one text column."""
MAXIMUM_BINARY = 64 * 1024

Value = str | int | bool | bytes
Values = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Row:
    """A stored row; `version` is its ETag. Absent columns are absent, never None."""

    row: str
    values: Values
    version: str


@dataclass(frozen=True, slots=True)
class Insert:
    """The row must not exist."""

    row: str
    values: Values


@dataclass(frozen=True, slots=True)
class Replace:
    """The whole row, if it still has this version."""

    row: str
    values: Values
    version: str


@dataclass(frozen=True, slots=True)
class Upsert:
    """The whole row, whatever was there."""

    row: str
    values: Values


@dataclass(frozen=True, slots=True)
class Delete:
    """With a version, only that one. Alone, a row that is gone already is no error; in a transaction it is."""

    row: str
    version: str | None = None


Operation = Insert | Replace | Upsert | Delete


@dataclass(frozen=True, slots=True)
class Range:
    """Row keys from `start` up to, not including, `end`; an empty bound is open."""

    start: str = ""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on a column; a row without the column does not meet it. Texts compare by code unit."""

    column: str
    operator: Literal["eq", "le", "ge"]
    value: str | bool


class Tables(Protocol):
    """Every method raises Unavailable or Unauthorized (scope `tables`) when the service cannot be used."""

    async def get(self, table: str, partition: str, row: str) -> Row | None: ...

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
        """Rows of one partition in row-key order: in any of `ranges` (none: all), meeting all of `where`.

        The service takes at most 15 comparisons, and answers several ranges by reading the whole partition: ask for
        several only where the partition is small.
        """
        ...

    async def commit(self, table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        """All together or not at all; returns each row's new version (None for a deleted one).

        Raises Conflict (a row exists, is gone, or has another version) and Rejected (`snapshot_too_large`). The
        client repeats a request whose answer was lost, so a Conflict may be about one's own success: read again.
        """
        ...


def check(operations: Sequence[Operation]) -> None:
    """The service's limits, checked here because Azurite does not; raises Rejected (`snapshot_too_large`)."""
    if len(operations) > MAXIMUM_OPERATIONS:
        raise _too_large("rows", f"{len(operations)} rows change together and {MAXIMUM_OPERATIONS} may")
    for operation in operations:
        if not isinstance(operation, Delete):
            _check_row(operation.row, operation.values)


def _check_row(row: str, values: Values) -> None:
    total = 0
    for name, value in values.items():
        size = _size(value)
        if isinstance(value, str) and size > 2 * MAXIMUM_TEXT:
            raise _too_large(_kind(row), f"column {name} has {size // 2} characters and {MAXIMUM_TEXT} may")
        if isinstance(value, bytes) and size > MAXIMUM_BINARY:
            raise _too_large(_kind(row), f"column {name} has {size} bytes and {MAXIMUM_BINARY} may")
        total += size + 2 * len(name)
    if total > MAXIMUM_ROW:
        raise _too_large(_kind(row), f"it has {total} bytes and {MAXIMUM_ROW} may be stored")


def _size(value: Value) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-16-le", "surrogatepass"))
    return len(value) if isinstance(value, bytes) else 8


def _kind(row: str) -> str:
    return row.partition("|")[0]


def _too_large(subject: str, reason: str) -> Rejected:
    return Rejected("snapshot_too_large", subject=subject, reason=reason)
