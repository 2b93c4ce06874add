"""Checks an answer against Mirakl's OpenAPI document: types, enumerations and required fields, and nothing more.

Null is let through everywhere: the document has no `nullable` and requires fields that it says may be null.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

TYPES: Mapping[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "integer": (int,),
    "number": (int, Decimal),
}


def enumeration(schema: Mapping[str, Any]) -> set[str]:
    """The document tells known values in its descriptions only: Enum: `"A"`, `"B"` …"""
    _, _, told = schema.get("description", "").partition("Enum: ")
    return set(re.findall(r'`"([^"]+)"`', told))


class OpenApi:
    def __init__(self, document: Mapping[str, Any]) -> None:
        self._document = document

    def answer(self, method: str, path: str, status: str = "200") -> Mapping[str, Any]:
        """The schema of a JSON answer."""
        operation = self._document["paths"][path][method.lower()]
        schema: Mapping[str, Any] = operation["responses"][status]["content"]["application/json"]["schema"]
        return schema

    def faults(self, value: Any, schema: Mapping[str, Any], path: str = "$") -> Iterator[str]:
        """What does not fit, each with its path; fields that the document does not know are faults as well."""
        schema = self._resolved(schema)
        if value is None:
            return
        kind = schema.get("type", "object")
        if not _is(kind, value):
            yield f"{path} is no {kind}"
        elif kind == "object":
            yield from self._object_faults(value, schema, path)
        elif kind == "array":
            for position, item in enumerate(value):
                yield from self.faults(item, schema["items"], f"{path}[{position}]")
        elif kind == "string" and (words := enumeration(schema)) and value not in words:
            yield f"{path} is none of the known values"

    def _object_faults(self, value: Mapping[str, Any], schema: Mapping[str, Any], path: str) -> Iterator[str]:
        known = schema.get("properties", {})
        yield from (f"{path}.{name} is required" for name in schema.get("required", ()) if name not in value)
        for name, item in value.items():
            if name in known:
                yield from self.faults(item, known[name], f"{path}.{name}")
            elif known:
                yield f"{path}.{name} is not documented"

    def _resolved(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            found: Any = self._document
            for step in schema["$ref"].removeprefix("#/").split("/"):
                found = found[step]
            schema = found
        return schema


def _is(kind: str, value: Any) -> bool:
    """Python counts a bool as an int; JSON does not."""
    return isinstance(value, TYPES[kind]) and (kind == "boolean" or not isinstance(value, bool))
