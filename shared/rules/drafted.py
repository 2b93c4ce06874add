"""The quantities that a sales order's lines were drafted with.

A shipping document tells what has left of a line as it stands now. Where a person has made the line smaller, all of it
would pass for the whole of what Mirakl sold.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from shared.model.sales_order import DraftLine
from shared.model.shipment import ErpShipment, ShippedLine


def kept(lines: Iterable[DraftLine]) -> str:
    """By the line's reference, as text for a step's `expected`."""
    return json.dumps({line.reference: str(line.quantity) for line in lines if line.purpose == "item"})


def as_drafted(shipment: ErpShipment, expected: str) -> ErpShipment:
    """`ordered` as drafted where less is shown. More is another unit's; an empty `expected` knows of no line."""
    drafted = json.loads(expected) if expected else {}
    return replace(shipment, lines=tuple(_line(line, drafted) for line in shipment.lines))


def _line(line: ShippedLine, drafted: Mapping[str, str]) -> ShippedLine:
    first = Decimal(drafted.get(line.reference, 0))
    return replace(line, ordered=first) if 0 < line.ordered < first else line
