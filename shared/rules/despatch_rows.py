"""A despatch file's text as rows; what of it cannot be read is named by line."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation

from shared.model.despatch import DespatchRow, DespatchSetting

_COLUMNS = ("order", "consignment", "line", "product", "quantity", "carrier", "service", "tracking", "date")
_NEEDED = ("order", "consignment")


class Unreadable(Exception):
    """The file as a whole; the text says why and holds nothing of its content but names of columns."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that cannot be used; `order` is what it names, as far as that can be read."""

    place: str
    reason: str
    order: str = ""


@dataclass(frozen=True, slots=True)
class Rows:
    good: tuple[DespatchRow, ...]
    refused: tuple[Refused, ...]


def read(content: bytes, setting: DespatchSetting, *, name: str, changed: datetime) -> Rows:
    """`changed` is when a row left that names no date. Raises Unreadable."""
    lines = csv.reader(io.StringIO(_text(content, setting), newline=""), delimiter=setting.delimiter, strict=True)
    good: list[DespatchRow] = []
    refused: list[Refused] = []
    places: Mapping[str, int] | None = None
    try:
        for cells in lines:
            if not any(cell.strip() for cell in cells):
                continue
            if places is None:
                places = _places(cells, setting)
                continue
            row = _row(cells, places, f"{name} line {lines.line_num}", changed)
            good.append(row) if isinstance(row, DespatchRow) else refused.append(row)
    except csv.Error as problem:
        # A quotation mark that is never closed takes the rest of the file with it.
        refused.append(Refused(f"{name} line {lines.line_num}", f"is no CSV: {problem}"))
    if places is None:
        raise Unreadable("it has no line of column names")
    return Rows(tuple(good), tuple(refused))


def _text(content: bytes, setting: DespatchSetting) -> str:
    try:
        return content.decode(setting.encoding)
    except UnicodeDecodeError as problem:
        raise Unreadable(f"it is not written in {setting.encoding} (byte {problem.start})") from None


def _places(cells: list[str], setting: DespatchSetting) -> Mapping[str, int]:
    """Where each of our columns stands. Raises Unreadable."""
    found = {cell.strip(): place for place, cell in enumerate(cells)}
    wanted = {one: name for one in _COLUMNS if (name := getattr(setting.columns, one))}
    missing = [name for name in wanted.values() if name not in found]
    if missing:
        raise Unreadable(f"it has no column {', '.join(map(repr, missing))}; DESPATCH_FILES names its columns")
    return {one: found[name] for one, name in wanted.items()}


def _row(cells: list[str], places: Mapping[str, int], place: str, changed: datetime) -> DespatchRow | Refused:
    if len(cells) <= max(places.values()):
        return Refused(place, "has too few cells")
    values = {one: cells[at].strip() for one, at in places.items()}
    empty = [one for one in _NEEDED if not values[one]]
    if empty:
        return Refused(place, f"has no {' and no '.join(empty)}", order=values["order"])
    try:
        quantity, left = _quantity(values.pop("quantity", "")), _left(values.pop("date", ""), changed)
    except ValueError as problem:
        return Refused(place, str(problem), order=values["order"])
    return DespatchRow(place=place, quantity=quantity, left=left, **values)


def _quantity(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        quantity = Decimal(text)
    except InvalidOperation:
        raise ValueError("has a quantity that is no number; write 2 or 2.5") from None
    if not quantity.is_finite() or quantity <= 0:
        raise ValueError("has a quantity that is not above zero")
    return quantity


def _left(text: str, changed: datetime) -> datetime:
    """ISO 8601, in UTC where it names no offset. Nothing leaves after its file was written."""
    if not text:
        return changed
    try:
        left = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("has a date that is not written as 2026-01-31 or 2026-01-31T23:59:00+01:00") from None
    return min(left if left.tzinfo else left.replace(tzinfo=UTC), changed)
