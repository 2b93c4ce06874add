"""Mapping tables as CSV: read and checked before anything is written, with the difference said first."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from zoneinfo import ZoneInfo

from shared.model.mappings import ANY, TABLES, Column, MappingRow, MappingTable, TableName

_MAY_BE_NOTHING = {"share"}
"""A component may be free as long as the set's others are not."""
_MOST_DECIMALS = 9
_MAY_BE_EMPTY = {"delivery_mode", "carrier", "service"}
"""Key columns that match an ERP's shipment that says nothing there."""


@dataclass(frozen=True, slots=True)
class Difference:
    """Rows by what an import would do to them; `changed` holds the row before and after."""

    added: tuple[MappingRow, ...] = ()
    changed: tuple[tuple[MappingRow, MappingRow], ...] = ()
    removed: tuple[MappingRow, ...] = ()
    equal: int = 0

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file holds; `problems` name line, column and remedy, and with any of them nothing is imported."""

    rows: tuple[MappingRow, ...] = ()
    problems: tuple[str, ...] = field(default=())


def read(table: TableName, text: str) -> Reading:
    """Columns are the table's key and value columns by name; value columns with a default may be left out."""
    spec = TABLES[table]
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    if problems := _header(spec, reader.fieldnames or []):
        return Reading(problems=tuple(problems))
    rows: dict[tuple[str, ...], MappingRow] = {}
    complaints: list[str] = []
    for number, cells in enumerate(reader, start=2):
        if None in cells:
            complaints.append(f"line {number}: more cells than columns; quote cells that hold a comma")
            continue
        row = _row(spec, {name: (value or "").strip() for name, value in cells.items()})
        complaints += [f"line {number}: {complaint}" for complaint in invalid(row)]
        if row.key in rows:
            complaints.append(f"line {number}: {' | '.join(row.key)} stands twice; keep one of the rows")
        rows[row.key] = row
    return Reading(tuple(rows.values()), tuple(complaints))


def write(table: TableName, rows: Iterable[MappingRow]) -> str:
    spec = TABLES[table]
    out = io.StringIO(newline="")
    names = (*spec.key, *(column.name for column in spec.values))
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(names)
    for row in sorted(rows, key=lambda one: one.key):
        writer.writerow([*row.key, *(row.values.get(column.name, "") for column in spec.values)])
    return out.getvalue()


def invalid(row: MappingRow) -> Sequence[str]:
    """Why the row cannot be used, naming the column and the remedy."""
    spec = TABLES[row.table]
    empty = [name for name, value in zip(spec.key, row.key, strict=True) if not value and name not in _MAY_BE_EMPTY]
    complaints = [f"{name} is empty; fill it{' or write *' if spec.wildcards else ''}" for name in empty]
    if not spec.wildcards and ANY in row.key:
        complaints.append(f"* is not allowed in {', '.join(spec.key)} of {row.table}")
    for column in spec.values:
        complaints += _invalid_value(column, row.values.get(column.name, "").strip())
    if row.table == "warehouses" and not _is_time_zone(row.values.get("time_zone", "")):
        complaints.append("time_zone is not a time zone; write one like Europe/Paris")
    return [*complaints, *_invalid_carrier(row)]


def difference(before: Iterable[MappingRow], after: Iterable[MappingRow]) -> Difference:
    old = {row.key: row for row in before}
    new = {row.key: row for row in after}
    changed = tuple(
        (old[key], new[key]) for key in new if key in old and dict(old[key].values) != dict(new[key].values)
    )
    return Difference(
        added=tuple(row for key, row in new.items() if key not in old),
        changed=changed,
        removed=tuple(row for key, row in old.items() if key not in new),
        equal=len(new.keys() & old.keys()) - len(changed),
    )


def in_words(row: MappingRow) -> str:
    """What a row of `items` or `carriers` does; empty for other tables."""
    match row.table:
        case "items":
            return _item_in_words(row)
        case "carriers":
            return _carrier_in_words(row)
    return ""


def _carrier_in_words(row: MappingRow) -> str:
    """As Mirakl is told: "goes as CA1, with its tracking number"."""
    values = {name: value.strip() for name, value in row.values.items()}
    code, name, url = (values.get(column, "") for column in ("carrier_code", "carrier_name", "carrier_url"))
    named = f"named {name} ({url})" if url else f"named {name}"
    tracked = "at once, tracked or not" if values.get("tracking") == "none" else "with its tracking number"
    return f"goes {f'as {code}' if code else named}, {tracked}"


def _item_in_words(row: MappingRow) -> str:
    """What one marketplace unit orders and takes from stock: "orders 1 BOX, takes 6 PCS"."""
    values = row.values
    orders = _ratio(values, "order")
    takes = _ratio(values, "stock")
    stock_unit = values.get("stock_unit") or values.get("order_unit", "")
    return f"orders {orders} {values.get('order_unit', '')}, takes {takes} {stock_unit}"


def _ratio(values: Mapping[str, str], kind: str) -> str:
    ratio = Decimal(values.get(f"{kind}_denominator") or "1") / Decimal(values.get(f"{kind}_numerator") or "1")
    return f"{ratio.normalize():f}"


def _header(spec: MappingTable, names: Sequence[str]) -> list[str]:
    known = {*spec.key, *(column.name for column in spec.values)}
    needed = {*spec.key, *(column.name for column in spec.values if column.default is None)}
    problems = [
        f"column {name!r} is not one of {spec.name}: {', '.join(sorted(known))}" for name in names if name not in known
    ]
    return problems + [f"column {name!r} is missing" for name in sorted(needed - set(names))]


def _row(spec: MappingTable, cells: Mapping[str, str]) -> MappingRow:
    values = {column.name: cells.get(column.name, "") or column.default or "" for column in spec.values}
    return MappingRow(spec.name, tuple(cells[name] for name in spec.key), values)


def _invalid_value(column: Column, value: str) -> Sequence[str]:
    if not value:
        return [f"{column.name} is empty; fill it"] if column.default is None else []
    if column.choices and value not in column.choices:
        return [f"{column.name} must be one of {', '.join(column.choices)}"]
    if column.kind == "text":
        return []
    try:
        number = Decimal(value)
    except InvalidOperation:
        return [f"{column.name} must be a number with a decimal point"]
    return _invalid_number(column, number)


def _invalid_carrier(row: MappingRow) -> Sequence[str]:
    """As `rules/carriers` reads it: a registered code, or another carrier's name with its URL."""
    if row.table != "carriers":
        return []
    code, name, url = (row.values.get(column, "").strip() for column in ("carrier_code", "carrier_name", "carrier_url"))
    complaints = [] if bool(code) != bool(name) else ["fill either carrier_code or carrier_name, not both"]
    if url and not name:
        complaints.append("carrier_url goes with carrier_name; a registered carrier has its own")
    if url and not url.startswith(("https://", "http://")):
        complaints.append("carrier_url must start with https://")
    return complaints


def _invalid_number(column: Column, number: Decimal) -> Sequence[str]:
    """As drafting reads it (`mapping_lookup`): factors divide, and counts of decimals have one digit."""
    if not number.is_finite() or number < 0:
        return [f"{column.name} must be a number that is not negative"]
    if column.kind == "integer":
        whole = number == number.to_integral_value() and number <= _MOST_DECIMALS
        return [] if whole else [f"{column.name} must be a whole number from 0 to {_MOST_DECIMALS}"]
    if number == 0 and column.name not in _MAY_BE_NOTHING:
        return [f"{column.name} must be greater than 0"]
    return []


def _is_time_zone(name: str) -> bool:
    try:
        ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return False
    return True
