"""The quantities that a sales order's lines were drafted with.

A shipping document tells what has left of a line as it stands now. Where a person has made the line smaller, all of it
would pass for the whole of what Mirakl sold.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from shared.model.order import Order
from shared.model.sales_order import DraftLine
from shared.model.shipment import ErpShipment, ShippedLine
from shared.rules.set_parts import line_of


def kept(lines: Iterable[DraftLine]) -> str:
    """By the line's reference, as text for a step's `expected`."""
    return json.dumps({line.reference: str(line.quantity) for line in lines if line.purpose == "item"})


def quantities(expected: str, order: Order | None = None) -> Mapping[str, Decimal]:
    """By the line's reference what the ERP's order was drafted with, in the sales unit of its line.

    `expected` as `kept` wrote it; where that knows of no line, Mirakl's own lines and units stand for it.
    """
    known = json.loads(expected) if expected else {}
    if known or order is None:
        return {str(reference): Decimal(quantity) for reference, quantity in known.items()}
    return {line.id: line.quantity for line in order.lines}


def rest(
    drafted: Mapping[str, Decimal], others: Iterable[ErpShipment], *, without: Collection[str] = ()
) -> Mapping[str, Decimal]:
    """What of the drafted lines is in none of these shipments, never below 0; `without` these of Mirakl's lines."""
    gone: dict[str, Decimal] = {}
    for line in (line for shipment in others for line in shipment.lines):
        gone[line.reference] = gone.get(line.reference, Decimal(0)) + line.shipped
    return {
        reference: max(quantity - gone.get(reference, Decimal(0)), Decimal(0))
        for reference, quantity in drafted.items()
        if line_of(reference) not in without
    }


def as_drafted(shipment: ErpShipment, expected: str) -> ErpShipment:
    """`ordered` as drafted where less is shown. More is another unit's; an empty `expected` knows of no line."""
    drafted = json.loads(expected) if expected else {}
    return replace(shipment, lines=tuple(_line(line, drafted) for line in shipment.lines))


def _line(line: ShippedLine, drafted: Mapping[str, str]) -> ShippedLine:
    first = Decimal(drafted.get(line.reference, 0))
    return replace(line, ordered=first) if 0 < line.ordered < first else line
