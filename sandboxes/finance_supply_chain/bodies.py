"""The body of a write: a JSON object whose properties all exist, are typed, and may be written."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any, Literal

from sandboxes.finance_supply_chain.edm import NAMESPACE, Property, Unreadable, Value
from sandboxes.finance_supply_chain.entity_set import EntitySet
from sandboxes.finance_supply_chain.errors import Refusal, body_invalid, write_failed
from sandboxes.wire import Request


def read(request: Request, entity_set: EntitySet, purpose: Literal["create", "update"]) -> dict[str, Value]:
    """The values given, by property. Raises Refusal (400 or 415) naming the property."""
    content = _content(request)
    given = {name: value for name, value in content.items() if "@" not in name}
    for name in given:
        if name not in entity_set.properties:
            raise _unknown(name, entity_set)
    fixed = [name for name in given if _fixed(entity_set.properties[name], purpose)]
    if fixed:
        warnings = [f"Field '{name}' does not allow editing." for name in fixed]
        raise write_failed(entity_set.entity, entity_set.source, warnings)
    return {name: _value(entity_set.properties[name], value) for name, value in given.items()}


def _content(request: Request) -> dict[str, Any]:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        text = "The request entity's media type is not supported for this resource: application/json was expected."
        raise Refusal(415, text, message=text, kind="body")
    try:
        content = json.loads(
            request.body, parse_float=Decimal, parse_constant=_no_constant, object_pairs_hook=_no_repetition
        )
    except (ValueError, RecursionError):
        raise body_invalid("The body is not well-formed JSON.") from None
    if not isinstance(content, dict):
        raise body_invalid("The body must be one JSON object.")
    return content


def _no_constant(name: str) -> Any:
    raise ValueError(name)


def _no_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise body_invalid(f"Multiple properties with the name '{twice}' were detected in the entity.")
    return content


def _unknown(name: str, entity_set: EntitySet) -> Refusal:
    type_name = f"{NAMESPACE}.{entity_set.type_name}"
    return body_invalid(
        f"The property '{name}' does not exist on type '{type_name}'. "
        "Make sure to only use property names that are defined by the type."
    )


def _fixed(one: Property, purpose: Literal["create", "update"]) -> bool:
    return one.editable == "never" or (one.editable == "create" and purpose == "update")


def _value(one: Property, content: Any) -> Value:
    try:
        return one.read(content)
    except Unreadable as reason:
        raise body_invalid(str(reason)) from None
