"""Which lines of the ERP's order a row of a despatch file is about, and how much of each has left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from shared.model.despatch import DespatchRow
from shared.model.mappings import MappingRow
from shared.model.order import Order
from shared.rules.set_parts import line_of


class Unclear(Exception):
    """A row that cannot be used; the text says why."""


Names = Mapping[str, Collection[tuple[str, ...]]]
"""A product's name, folded -> each place where it is on the order: the references of one line, or of one component."""


@dataclass(frozen=True, slots=True)
class Ordered:
    """What the ERP's order holds: `drafted` by line reference; `withdrawn` are Mirakl's lines that people took out."""

    drafted: Mapping[str, Decimal]
    withdrawn: frozenset[str]
    names: Names


def product_names(order: Order, items: Iterable[MappingRow], drafted: Collection[str]) -> Names:
    """By Mirakl's SKU and by the ERP's item (mapping `items`)."""
    named: dict[str, set[tuple[str, ...]]] = {}
    by_sku: dict[str, list[MappingRow]] = {}
    for row in items:
        by_sku.setdefault(row.key[1], []).append(row)
    for line in order.lines:
        whole = of_line(line.id, drafted)
        if whole:
            named.setdefault(line.sku.casefold(), set()).add(whole)
        for row in by_sku.get(line.sku, ()):
            part = whole if len(whole) == 1 else tuple(one for one in whole if one == f"{line.id}#{row.key[2]}")
            if part:
                named.setdefault(row.values.get("item", "").strip().casefold(), set()).add(part)
    return named


def of_line(line: str, references: Collection[str]) -> tuple[str, ...]:
    """Its own reference, or those of a set's components."""
    return tuple(one for one in references if one == line or one.startswith(f"{line}#"))


def claims(rows: Iterable[DespatchRow], ordered: Ordered) -> tuple[Mapping[str, Decimal | None], Mapping[str, str]]:
    """What left, by reference (None: all that is left of it), and the rows that cannot be used, by place.

    The rows of one consignment; a line that is named twice with the same quantity is named once.
    """
    claimed: dict[str, Decimal | None] = {}
    refused: dict[str, str] = {}
    for row in rows:
        try:
            claimed |= _in_accord(_claim(row, ordered), claimed)
        except Unclear as problem:
            refused[row.place] = str(problem)
    return claimed, refused


def _in_accord(
    new: Mapping[str, Decimal | None], claimed: Mapping[str, Decimal | None]
) -> Mapping[str, Decimal | None]:
    if any(one in claimed and claimed[one] != quantity for one, quantity in new.items()):
        raise Unclear("names a line again, with another quantity")
    return new


def _claim(row: DespatchRow, ordered: Ordered) -> Mapping[str, Decimal | None]:
    references = _references(row, ordered)
    if row.quantity is None:
        return dict.fromkeys(references)
    if len(references) > 1:
        raise Unclear("has a quantity and names no single line; name the line or its component")
    [reference] = references
    if row.quantity > ordered.drafted[reference]:
        raise Unclear(
            f"has a quantity of {row.quantity}, and {reference} was ordered {ordered.drafted[reference]} times"
        )
    return {reference: row.quantity}


def _references(row: DespatchRow, ordered: Ordered) -> tuple[str, ...]:
    if not ordered.drafted:
        raise Unclear("is of an order whose lines are not known")
    if row.line:
        found = of_line(row.line, ordered.drafted)
        if not found:
            raise Unclear(f"names line {row.line[:60]!r}, which the order does not have")
        return found
    if row.product:
        return _of_product(row.product, ordered)
    return tuple(one for one in ordered.drafted if line_of(one) not in ordered.withdrawn)


def _of_product(product: str, ordered: Ordered) -> tuple[str, ...]:
    places = ordered.names.get(product.casefold(), ())
    if not places:
        raise Unclear(f"names product {product[:60]!r}, which the order does not have")
    if len(places) > 1:
        raise Unclear(f"names product {product[:60]!r}, which is on several lines of the order; name the line")
    [references] = places
    return references
