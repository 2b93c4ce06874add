"""What the API shows of a record: its properties, their types, and where one can go from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sandboxes.business_central.edm import Kind, Property, Value

_KINDS: Mapping[str, Kind] = {
    "guid": "Guid",
    "code": "Code",
    "text": "Text",
    "decimal": "Decimal",
    "integer": "Integer",
    "boolean": "Boolean",
    "date": "Date",
    "datetime": "DateTime",
    "enum": "Enum",
}


@dataclass(frozen=True, slots=True)
class EntitySet:
    """`navigation` maps a property to the set that it leads to; `parent` is the property by which one comes back.

    `insert`, `modify`, `delete`: what a caller may do beside reading. `parent_required`: rows can only be read through
    their parent or by id.
    """

    name: str
    entity: str
    properties: Mapping[str, Property]
    navigation: Mapping[str, str] = field(default_factory=dict)
    parent: str = ""
    parent_required: bool = False
    insert: bool = False
    modify: bool = False
    delete: bool = False
    actions: tuple[str, ...] = ()

    @property
    def type_name(self) -> str:
        return f"Microsoft.NAV.{self.entity}"

    def blank(self) -> dict[str, Value]:
        return {name: one.blank() for name, one in self.properties.items()}


def properties(table: str) -> dict[str, Property]:
    """One property a line: `name kind [length]`, with a star behind what a caller may write."""
    rows = (line.split() for line in table.strip().splitlines())
    return {row[0]: _property(*row) for row in rows}


def _property(name: str, kind: str, *more: str) -> Property:
    length = next((int(one) for one in more if one.isdigit()), 0)
    return Property(name, _KINDS[kind], length, "*" in more)
