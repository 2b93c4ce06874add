"""Orders as OR11 and OR15 list them, read as far as acceptance needs, and kept whole where they can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from shared.mirakl.snapshot import split
from shared.mirakl.wire import FieldError, identifier, instant
from shared.model.order import SightedLine, Sighting, Snapshot

T = TypeVar("T")


def sightings(records: Sequence[Any], *, seen: datetime) -> tuple[tuple[Sighting, ...], tuple[str, ...]]:
    """Every record that has an order id, and why each other one was skipped; one never hides the next."""
    read, skipped = [], []
    for position, record in enumerate(records):
        try:
            read.append(sighting(record, seen=seen))
        except FieldError as problem:
            skipped.append(f"orders[{position}].order_id {problem}")
    return tuple(read), tuple(skipped)


def sighting(record: Any, *, seen: datetime) -> Sighting:
    """A field that cannot be read is empty and named in `unreadable`; then there is no snapshot.

    An unreadable `created_date` counts as `seen`, because an order accepted too early is a smaller harm than a sale
    lost to the time-out. Raises FieldError where there is no order id.
    """
    fields = record if isinstance(record, Mapping) else {}
    order_id = identifier(fields.get("order_id"))
    flaws: list[str] = []
    state = _read(fields, "order_state", identifier, "", flaws)
    created = _read(fields, "created_date", instant, seen, flaws)
    lines = _lines(fields.get("order_lines"), flaws)
    updated = _read(fields, "last_updated_date", instant, seen, flaws)
    whole = None if flaws else Snapshot(updated, *split(fields))
    return Sighting(order_id, state, created, lines, seen, whole, flaws[0] if flaws else "")


def _lines(listed: Any, flaws: list[str]) -> tuple[SightedLine, ...]:
    if not isinstance(listed, list):
        flaws.append("order_lines is missing" if listed is None else "order_lines is not a list")
        return ()
    lines = [_line(one, f"order_lines[{position}].", flaws) for position, one in enumerate(listed)]
    return tuple(line for line in lines if line.id)


def _line(record: Any, path: str, flaws: list[str]) -> SightedLine:
    fields = record if isinstance(record, Mapping) else {}
    line_id = _read(fields, "order_line_id", identifier, "", flaws, path)
    return SightedLine(line_id, _read(fields, "order_line_state", identifier, "", flaws, path))


def _read(
    fields: Mapping[str, Any], name: str, read: Callable[[Any], T], otherwise: T, flaws: list[str], path: str = ""
) -> T:
    try:
        return read(fields.get(name))
    except FieldError as problem:
        flaws.append(f"{path}{name} {problem}")
        return otherwise
