"""What became of each entry of ST01, ST23 or ST24: errors stand inside a success."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from shared.mirakl.tracking import masked
from shared.mirakl.wire import FieldError, text
from shared.model.shipment import ShipmentAnswer


def shipment_answers(content: Any, asked: Mapping[str, str], *, key: str) -> tuple[ShipmentAnswer, ...]:
    """The entries of `asked` (key to tracking number) that have one clear answer, done or refused.

    Left out: an entry that is in neither list or in both, and a success without the shipment's id.
    """
    done = {name: _text(entry, "id") for name, entry in _entries(content, "shipment_success", key)}
    refused = {name: entry.get("message") for name, entry in _entries(content, "shipment_errors", key)}
    clear = (name for name in asked if (name in done) != (name in refused) and done.get(name) != "")
    return tuple(
        ShipmentAnswer(name, refused=masked(refused[name], asked[name]))
        if name in refused
        else ShipmentAnswer(name, id=done[name])
        for name in clear
    )


def _entries(content: Any, listed: str, key: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    entries = content.get(listed) if isinstance(content, dict) else None
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and (name := _text(entry, key)):
            yield name, entry


def _text(entry: Mapping[str, Any], name: str) -> str:
    try:
        return text(entry.get(name))
    except FieldError:
        return ""
