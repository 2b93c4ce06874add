"""Our types as columns and back: times as fixed-width UTC text, so that they sort and compare as text everywhere."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from shared.errors import Unavailable
from shared.store.tables import SCOPE, Row, Value, Values

VERSION = 1
LONGEST = 8000


class UnreadableRow(Unavailable):
    """A row that a newer version of the bridge wrote, or that lacks a column; the text names what, never a value.

    Its order is unavailable until that version is deployed, as if the store failed for it, and no other order is.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text, scope=SCOPE)


def columns(**given: Value | datetime | Sequence[str] | None) -> dict[str, Value]:
    """What is None is left out; lists of texts become JSON; every row says its schema version."""
    return {"v": VERSION, **{name: _column(value) for name, value in given.items() if value is not None}}


def _column(value: Value | datetime | Sequence[str]) -> Value:
    if isinstance(value, datetime):
        return moment(value)
    if isinstance(value, str | bytes | int):
        return value
    return json.dumps(list(value), separators=(",", ":"))


def moment(at: datetime) -> str:
    """`2026-01-31T23:59:59.000001Z`."""
    if at.tzinfo is None:
        raise ValueError("a time without a zone cannot be stored; pass UTC")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def short(text: str, longest: int = LONGEST) -> str:
    """A free text that came from elsewhere, cut visibly where it would not fit a column."""
    return text if len(text) <= longest else f"{text[:longest]} [cut: {len(text)} characters]"


def read(row: Row) -> Values:
    """The columns of a row whose schema version this code knows. Raises UnreadableRow."""
    version = row.values.get("v")
    if version != VERSION:
        raise UnreadableRow(f"a row has schema version {version!r}; this bridge reads {VERSION}: deploy the newer one")
    return row.values


def text(values: Values, name: str) -> str:
    return str(values.get(name, ""))


def number(values: Values, name: str, otherwise: int = 0) -> int:
    return int(values.get(name, otherwise))


def flag(values: Values, name: str) -> bool:
    return bool(values.get(name, False))


def texts(values: Values, name: str) -> tuple[str, ...]:
    return tuple(json.loads(text(values, name) or "[]"))


def time(values: Values, name: str) -> datetime | None:
    given = text(values, name)
    return datetime.fromisoformat(given) if given else None


def needed_time(values: Values, name: str) -> datetime:
    found = time(values, name)
    if found is None:
        raise UnreadableRow(f"a row lacks its column {name}")
    return found


def stamp(*parts: str | int) -> str:
    """Several values as one opaque version, so that they travel with the record that they belong to."""
    return json.dumps(parts, separators=(",", ":"))


def unstamp(version: str) -> tuple[Any, ...]:
    return tuple(json.loads(version))
