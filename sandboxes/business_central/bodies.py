"""The body of a write: a JSON object whose properties all exist, are typed, and may be written, in the order sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sandboxes.business_central.edm import Value
from sandboxes.business_central.entities import ENTITY_SETS
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import Refusal, bad_request
from sandboxes.wire import Request

Given = Mapping[str, Value]
"""Values by property, in the order in which they are validated: that of the JSON."""


def content(request: Request) -> dict[str, Any]:
    """The JSON object of a body. Raises Refusal (400 or 415)."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        text = "The request entity's media type is not supported: application/json was expected."
        raise Refusal(415, "BadRequest_MethodNotAllowed", text, kind="body")
    try:
        found = json.loads(
            request.body, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_repetition
        )
    except (ValueError, RecursionError):
        raise bad_request("The request payload is not well-formed JSON.", "BadRequest_InvalidRequestBody") from None
    if not isinstance(found, dict):
        raise bad_request("The request payload must be one JSON object.", "BadRequest_InvalidRequestBody")
    return found


def read(given: Mapping[str, Any], entity_set: EntitySet) -> Given:
    """Values of the entity itself; nested collections are left out. Raises Refusal naming the property."""
    names = [name for name in given if "@" not in name and name not in entity_set.navigation]
    for name in names:
        if name not in entity_set.properties:
            raise bad_request(
                f"The property '{name}' does not exist on type '{entity_set.type_name}'. "
                "Make sure to only use property names that are defined by the type."
            )
        if not entity_set.properties[name].writable:
            raise bad_request(f"Control '{name}' is read-only.")
    return {name: entity_set.properties[name].read(given[name]) for name in names}


def nested(given: Mapping[str, Any], entity_set: EntitySet, navigation: str) -> Sequence[Given]:
    """The rows of a deep insert."""
    rows = given.get(navigation) or []
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise bad_request(f"The property '{navigation}' must be a collection of objects.")
    return [read(row, ENTITY_SETS[entity_set.navigation[navigation]]) for row in rows]


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name is repeated")
    return found
