"""Conditions on a record, as `$filter` builds them: comparisons joined by `and` and `or`."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from sandboxes.business_central.edm import Property, Value, fold

Operator = Literal["eq", "ne", "gt", "ge", "lt", "le", "startswith", "endswith", "contains"]
COMPARISONS: tuple[Operator, ...] = ("eq", "ne", "gt", "ge", "lt", "le")
FUNCTIONS: tuple[Operator, ...] = ("startswith", "endswith", "contains")
_MEANING: Mapping[Operator, Callable[[Any, Any], bool]] = {
    **{name: getattr(operator, name) for name in COMPARISONS},
    "startswith": lambda found, wanted: str(found).startswith(wanted),
    "endswith": lambda found, wanted: str(found).endswith(wanted),
    "contains": lambda found, wanted: wanted in str(found),
}


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; a Code compares in capitals, any other text as it is written."""

    property: Property
    operator: Operator
    value: Value

    def matches(self, row: Mapping[str, Value]) -> bool:
        found, wanted = row[self.property.name], self.value
        if self.property.kind == "Code":
            found, wanted = fold(str(found)), fold(str(wanted))
        return _MEANING[self.operator](found, wanted)


@dataclass(frozen=True, slots=True)
class And:
    left: Node
    right: Node

    def matches(self, row: Mapping[str, Value]) -> bool:
        return self.left.matches(row) and self.right.matches(row)


@dataclass(frozen=True, slots=True)
class Or:
    left: Node
    right: Node

    def matches(self, row: Mapping[str, Value]) -> bool:
        return self.left.matches(row) or self.right.matches(row)


Node: TypeAlias = Compare | And | Or


def fields_of(node: Node) -> set[str]:
    match node:
        case Compare(property=one):
            return {one.name}
        case And(left=left, right=right) | Or(left=left, right=right):
            return fields_of(left) | fields_of(right)


def lookups(node: Node, indexed: Sequence[str]) -> list[tuple[str, str]] | None:
    """The indexed values of which a matching row must have one; None where every row must be looked at."""
    match node:
        case Compare(property=one, operator="eq", value=str(text)) if one.name in indexed:
            return [(one.name, text)]
        case And(left=left, right=right):
            return lookups(left, indexed) or lookups(right, indexed)
        case Or(left=left, right=right):
            one_side, other = lookups(left, indexed), lookups(right, indexed)
            return None if one_side is None or other is None else one_side + other
    return None


def required(node: Node | None, names: Sequence[str]) -> bool:
    """Whether every matching row has a given value in one of these properties."""
    return node is not None and lookups(node, names) is not None
