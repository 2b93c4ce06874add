"""Finding the row of the client's mapping tables that applies, and reading its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from shared.errors import Rejected
from shared.model.mappings import ANY, TABLES, MappingRow, TableName

ORDER_TABLES: tuple[TableName, ...] = tuple(name for name in TABLES if name not in {"items", "customers", "carriers"})
"""The small tables that an order's draft needs, besides the `items` rows of its SKUs and its shopper's row."""

_COLUMNS = {name: {column.name: column for column in table.values} for name, table in TABLES.items()}
_NOT_A_NUMBER = "must be a number with a decimal point, such as 1 or 1.5, and not negative"


@dataclass(frozen=True, slots=True)
class OrderMappings:
    """What one order's draft may look up: the item rows of its SKUs, and the small tables of its marketplace."""

    items: tuple[MappingRow, ...]
    tables: Mapping[TableName, tuple[MappingRow, ...]]

    def row(self, table: TableName, *wanted: str) -> MappingRow:
        """The row of a small table for these key values. Raises Rejected (`mapping_missing`)."""
        return most_specific(table, self.tables.get(table, ()), wanted)

    def components(self, marketplace: str, sku: str) -> tuple[MappingRow, ...]:
        """The item rows of a SKU, one per component, in the components' order. Raises Rejected (`mapping_missing`)."""
        found = [row for row in self.items if row.key[:2] == (marketplace, sku)]
        if not found:
            raise missing("items", (marketplace, sku, "1"))
        return tuple(sorted(found, key=lambda row: (len(row.key[2]), row.key[2])))


def subject(table: TableName, key: Sequence[str]) -> str:
    return f"{table}:{'|'.join(key)}"


def most_specific(table: TableName, rows: Iterable[MappingRow], wanted: Sequence[str]) -> MappingRow:
    """Of the rows that match, the one whose columns are exact furthest to the left.

    Two matching rows that are exact in the same columns would have the same key, so there is never a tie.
    Raises Rejected (`mapping_missing`).
    """
    matching = [row for row in rows if matches(row.key, wanted)]
    if not matching:
        raise missing(table, wanted)
    return max(matching, key=lambda row: [column != ANY for column in row.key])


def matches(key: Sequence[str], wanted: Sequence[str]) -> bool:
    return len(key) == len(wanted) and all(column in (ANY, value) for column, value in zip(key, wanted, strict=True))


def missing(table: TableName, wanted: Sequence[str]) -> Rejected:
    named = ", ".join(f"{column}={value}" for column, value in zip(TABLES[table].key, wanted, strict=True))
    return Rejected(
        "mapping_missing",
        subject=subject(table, wanted),
        reason=f"mapping table '{table}' has no row for {named}; add it",
    )


def invalid(row: MappingRow, column: str, fault: str) -> Rejected:
    return Rejected(
        "mapping_invalid",
        subject=subject(row.table, row.key),
        reason=f"column '{column}' of this row of mapping table '{row.table}' {fault}",
    )


def text(row: MappingRow, column: str) -> str:
    """The column's text, or its default. Raises Rejected (`mapping_invalid`)."""
    known = _COLUMNS[row.table][column]
    value = row.values.get(column, "").strip() or known.default
    if value is None:
        raise invalid(row, column, "is empty; fill it")
    if known.choices and value not in known.choices:
        raise invalid(row, column, f"must be one of {', '.join(known.choices)}")
    return value


def decimal(row: MappingRow, column: str) -> Decimal:
    """A number that is not negative, as `1.5`. Raises Rejected (`mapping_invalid`)."""
    try:
        value = Decimal(text(row, column))
    except InvalidOperation:
        raise invalid(row, column, _NOT_A_NUMBER) from None
    if not value.is_finite() or value < 0:
        raise invalid(row, column, _NOT_A_NUMBER)
    return value


def factor(row: MappingRow, column: str) -> Decimal:
    """A number above zero. Raises Rejected (`mapping_invalid`)."""
    value = decimal(row, column)
    if value == 0:
        raise invalid(row, column, "must be above zero")
    return value


def integer(row: MappingRow, column: str) -> int:
    """A whole number of one digit, as counts of decimals are. Raises Rejected (`mapping_invalid`)."""
    value = decimal(row, column)
    if value != value.to_integral_value() or value > 9:
        raise invalid(row, column, "must be a whole number from 0 to 9")
    return int(value)


def time_zone(row: MappingRow, column: str) -> ZoneInfo:
    """A time zone of the tz database, as `Europe/Berlin`. Raises Rejected (`mapping_invalid`)."""
    try:
        return ZoneInfo(text(row, column))
    except (KeyError, ValueError, OSError):
        raise invalid(row, column, "must be a time zone such as Europe/Berlin or UTC") from None
