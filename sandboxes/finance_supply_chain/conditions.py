"""Conditions on a record, as `$filter` builds them: comparisons joined by `and` and `or`."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from sandboxes.finance_supply_chain.edm import Value, fold

Operator = Literal["eq", "ne", "gt", "ge", "lt", "le"]
OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    name: getattr(operator, name) for name in ("eq", "ne", "gt", "ge", "lt", "le")
}


@dataclass(frozen=True, slots=True)
class EnumMember:
    type_name: str
    member: str


Literals = str | Decimal | datetime | EnumMember


@dataclass(frozen=True, slots=True)
class Compare:
    """One comparison; texts compare without case, and `*` in a text of `eq` or `ne` stands for anything."""

    property: str
    operator: Operator
    value: Literals

    def matches(self, row: Mapping[str, Value]) -> bool:
        found = row[self.property]
        match self.value:
            case EnumMember(member=member):
                return OPERATORS[self.operator](found, member)
            case str(text) if "*" in text and self.operator in ("eq", "ne"):
                return bool(_pattern(text).fullmatch(fold(str(found)))) == (self.operator == "eq")
            case str(text):
                return OPERATORS[self.operator](fold(str(found)), fold(text))
        return OPERATORS[self.operator](found, self.value)


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


Node = Compare | And | Or


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(part) for part in fold(text).split("*")), re.DOTALL)


def earliest(node: Node, name: str) -> datetime | None:
    """No row matches whose property `name` is before this; None where the condition does not say."""
    match node:
        case Compare(property=found, operator="eq" | "gt" | "ge", value=datetime() as moment) if found == name:
            return moment
        case And(left=left, right=right):
            bounds = [one for one in (earliest(left, name), earliest(right, name)) if one is not None]
            return max(bounds, default=None)
        case Or(left=left, right=right):
            one, other = earliest(left, name), earliest(right, name)
            return None if one is None or other is None else min(one, other)
    return None


def lookups(node: Node, indexed: Sequence[str]) -> list[tuple[str, str]] | None:
    """The indexed values of which a matching row must have one; None where every row must be looked at."""
    match node:
        case Compare(property=name, operator="eq", value=str(text)) if name in indexed and "*" not in text:
            return [(name, text)]
        case And(left=left, right=right):
            return lookups(left, indexed) or lookups(right, indexed)
        case Or(left=left, right=right):
            one, other = lookups(left, indexed), lookups(right, indexed)
            return None if one is None or other is None else one + other
    return None
