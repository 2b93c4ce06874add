"""What a new shipment may hold: at most what no other shipment of the order holds already, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from sandboxes.mirakl.orders import Order, OrderLine
from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.shipment_bodies import WantedLine
from sandboxes.mirakl.shipments import ShipmentLine


def packed(order: Order, wanted: Sequence[WantedLine]) -> tuple[ShipmentLine, ...]:
    """One line may be in several packages. Raises Refusal where it is unknown, or less of it is left."""
    lines = tuple(_line(order, one) for one in wanted)
    taken: Counter[str] = Counter()
    for line in lines:
        taken[line.line_id] += line.quantity
    left = {line.id: line.quantity - order.packed(line.id) for line in order.lines_in("SHIPPING")}
    if any(quantity > left.get(line_id, 0) for line_id, quantity in taken.items()):
        raise Refusal(400, "Shipment quantity is invalid.")
    return lines


def _line(order: Order, wanted: WantedLine) -> ShipmentLine:
    line = _find(order, wanted)
    return ShipmentLine(line.id, line.sku, wanted.quantity, wanted.package)


def _find(order: Order, wanted: WantedLine) -> OrderLine:
    """By id, or by the deprecated SKU where only one line has it."""
    found = [line for line in order.lines if wanted.line_id in (line.id, None) and wanted.sku in (line.sku, None)]
    if len(found) != 1 or (wanted.line_id is None and wanted.sku is None):
        raise Refusal(400, "The order line does not exist or is not associated with the order.")
    return found[0]
