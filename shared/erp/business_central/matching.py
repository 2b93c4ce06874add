"""Which order line each line of a shipment is of: by our reference where it shows it, else by its place in the order.

A posted line normally keeps the order line's number (`sequence`); the same item proves it. An undone shipment stands in
the same document as a negative line behind the one that it takes back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from shared.erp.business_central.reading import Line, Order
from shared.erp.business_central.shipping_documents import DocumentLine
from shared.model.shipment import ShippedLine

ITEM = "Item"


def shipped(lines: Sequence[DocumentLine], order: Order | None) -> tuple[ShippedLine, ...]:
    """One for each order line, undone quantities taken off, and a set's components that stayed behind with 0.

    A line that matches none keeps an empty reference, so that somebody sees it. Where the order's row is gone,
    `ordered` is what this document says.
    """
    known = _by_reference(order.lines) if order else {}
    units: dict[str, str] = {}
    quantities: dict[str, Decimal] = {}
    for reference, line in _matched(lines, order):
        units.setdefault(reference, line.unit)
        quantities[reference] = quantities.get(reference, Decimal(0)) + line.quantity
    on_it = tuple(_line(one, quantity, units[one], known.get(one)) for one, quantity in quantities.items())
    return (*on_it, *_rest_of_sets(quantities, known))


def _by_reference(lines: Sequence[Line]) -> Mapping[str, Line]:
    """A line that people have split keeps its reference in both parts, which together are the line."""
    found: dict[str, Line] = {}
    for line in lines:
        before = found.get(line.reference)
        same = before is not None and before.unit.casefold() == line.unit.casefold()
        found[line.reference] = replace(line, quantity=line.quantity + before.quantity) if before and same else line
    return {reference: line for reference, line in found.items() if reference}


def is_goods(line: DocumentLine) -> bool:
    """Comments and charges on accounts are copied to shipments, and so is what stayed behind, with 0."""
    return line.type == ITEM and line.quantity != 0


def version(lines: Sequence[DocumentLine], *, changed: datetime) -> str:
    """Another one whenever quantities change, or the document: its carrier may have been entered late.

    Undoing adds a line, so that at the same moment a later version is the greater text.
    """
    goods = [line for line in lines if is_goods(line)]
    told = "|".join([changed.isoformat(), *(f"{line.sequence} {line.quantity.normalize():f}" for line in goods)])
    return f"{len(goods):04}-{hashlib.sha256(told.encode()).hexdigest()[:8]}"


def _matched(lines: Sequence[DocumentLine], order: Order | None) -> Iterator[tuple[str, DocumentLine]]:
    before: list[tuple[str, DocumentLine]] = []
    for line in lines:
        if not is_goods(line):
            continue
        reference = _reference(line, order) or _taken_back(line, before)
        before.append((reference, line))
        yield reference, line


def _reference(line: DocumentLine, order: Order | None) -> str:
    if order is None:
        return line.reference
    if any(one.reference == line.reference for one in order.lines if line.reference):
        return line.reference
    same = (one for one in order.lines if one.sequence == line.sequence and _is_same_item(one, line))
    return next((one.reference for one in same), "")


def _taken_back(line: DocumentLine, before: Sequence[tuple[str, DocumentLine]]) -> str:
    """The reference of the line that a negative one undoes."""
    if line.quantity > 0:
        return ""
    undone = (
        reference
        for reference, one in reversed(before)
        if one.item == line.item and one.unit == line.unit and one.quantity == -line.quantity
    )
    return next(undone, "")


def _is_same_item(one: Line, line: DocumentLine) -> bool:
    return one.item.casefold() == line.item.casefold()


def _line(reference: str, quantity: Decimal, unit: str, known: Line | None) -> ShippedLine:
    """In another unit than the order's, only the document's own quantity can be said."""
    same_unit = known is not None and unit.casefold() == known.unit.casefold()
    return ShippedLine(reference, known.quantity if known and same_unit else quantity, quantity)


def _rest_of_sets(on_it: Mapping[str, Decimal], known: Mapping[str, Line]) -> Iterator[ShippedLine]:
    """Without them nobody could tell that the set has not left."""
    sets = {_set_of(reference) for reference in on_it} - {""}
    for reference, line in known.items():
        if reference not in on_it and _set_of(reference) in sets:
            yield ShippedLine(reference, line.quantity, Decimal(0))


def _set_of(reference: str) -> str:
    """The order line that a component belongs to; empty for a line that is no component."""
    return reference.rpartition("#")[0]
