"""What Mirakl is told of an order's shipments: which units each adds, by whom it is carried, and what is still owed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from shared.model.order import Order
from shared.model.shipment import ErpShipment, Shipment
from shared.rules.shipped import line_progress, new_units


def speaking(shipments: Sequence[Shipment]) -> Shipment:
    """The shipment that speaks for its order where Mirakl takes one tracking number: the last one that has any."""
    tracked = [one for one in shipments if one.erp.tracking]
    return (tracked or shipments)[-1]


def number_of(shipment: Shipment) -> str:
    """The first tracking number, empty where there is none; Mirakl takes one a shipment."""
    return shipment.erp.tracking[0].number if shipment.erp.tracking else ""


def units(order: Order, one: Shipment, shipments: Sequence[Shipment]) -> tuple[tuple[str, int], ...]:
    """Whole units by order line that this shipment adds to what left before it.

    What Mirakl was told of counts as before, whatever its date: an ERP may commit an older document late. What was
    told with a later shipment, because that one made it whole, is not told again.
    """
    place = shipments.index(one)
    before = [
        other.erp
        for at, other in enumerate(shipments)
        if at < place or (at > place and one.told is None and other.told is not None)
    ]
    added = new_units(order, one.erp, before)
    return added if one.told is not None else _untold(added, order, [*before, one.erp], shipments)


def _untold(
    added: Iterable[tuple[str, int]], order: Order, left: Iterable[ErpShipment], shipments: Sequence[Shipment]
) -> tuple[tuple[str, int], ...]:
    """No more of a line than has left and is in no shipment that Mirakl has."""
    free = {one.line: int(one.shipped) for one in line_progress(order, left)}
    for line, told in (each for one in shipments if one.told is not None for each in _told(order, one, shipments)):
        free[line] = free.get(line, 0) - told
    capped = ((line, min(number, free.get(line, 0))) for line, number in added)
    return tuple((line, number) for line, number in capped if number > 0)


def _told(order: Order, one: Shipment, shipments: Sequence[Shipment]) -> Iterable[tuple[str, int]]:
    """Of one that Mirakl has and that was not told shipped yet, nothing is on record."""
    if one.told_lines or not one.marketplace_id:
        return [(line, int(number)) for line, number in one.told_lines]
    return units(order, one, shipments)


def as_told(lines: Iterable[tuple[str, int]]) -> tuple[tuple[str, Decimal], ...]:
    """As a shipment on record has them."""
    return tuple((line, Decimal(quantity)) for line, quantity in lines)


def missing(order: Order, shipments: Sequence[ErpShipment]) -> str:
    """What has not left yet, in words: `L-1 (1 of 3)` has one of three units on its way."""
    owed = [one for one in line_progress(order, shipments) if one.shipped < one.wanted]
    named = ", ".join(f"{one.line} ({one.shipped} of {one.wanted})" for one in owed)
    return named or "Mirakl shows no line in SHIPPING"
