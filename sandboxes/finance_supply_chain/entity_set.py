"""What an entity set is: its key, its typed properties, and where its records are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from typing import Literal

from sandboxes.finance_supply_chain.edm import Kind, Property, Value

TableName = Literal[
    "headers",
    "lines",
    "customers",
    "origins",
    "slips",
    "slip_lines",
    "tracking",
    "shipments",
    "shipment_lines",
    "invoices",
]
Editable = Literal["always", "create", "never"]


@dataclass(frozen=True, slots=True)
class EntitySet:
    """`entity` and `source` are the names that the infolog uses, empty for a set that is only read.

    `navigation` maps a property to an entity set.
    """

    name: str
    type_name: str
    table: TableName
    key: tuple[str, ...]
    properties: Mapping[str, Property]
    entity: str = ""
    source: str = ""
    navigation: Mapping[str, str] = field(default_factory=dict)

    @property
    def writable(self) -> bool:
        return bool(self.entity)

    def empty(self) -> dict[str, Value]:
        return {name: one.empty() for name, one in self.properties.items()}


def some(names: str, kind: Kind = "String", *, editable: Editable = "always", enum: str = "") -> Iterator[Property]:
    return (Property(name, kind, enum, editable) for name in names.split())


def shown(names: str, kind: Kind = "String", *, enum: str = "") -> Iterator[Property]:
    """Properties that only the system fills."""
    return some(names, kind, editable="never", enum=enum)


def properties(*groups: Iterator[Property]) -> dict[str, Property]:
    return {one.name: one for one in chain(*groups)}
