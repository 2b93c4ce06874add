"""OrderStatus: one word for an order, and an error for a number that does not exist.

Known: where a client looks for it (Result/@RequestStatus and Data/@OrderStatus) and three of the words. Invented: the
other words, the text for an unknown number, and that the number comes back (`status_echoes_number`).
"""

from __future__ import annotations

from datetime import datetime

from sandboxes.prima.installation import Installation
from sandboxes.prima.markup import Node
from sandboxes.prima.orders import Order
from sandboxes.prima.world import Company

BROKEN = "(E:999) Sales Order Header is not available"


def word(installation: Installation, order: Order, now: datetime) -> str:
    return installation.world.words[_state(order, now)]


def _state(order: Order, now: datetime) -> str:
    """Consignments that cannot be seen yet do not count."""
    seen = [one for one in order.newest() if one.visible_from <= now]
    if order.is_cancelled:
        return "cancelled"
    if seen and order.is_despatched and len(seen) == len(order.newest()):
        return "despatched"
    if any(quantity > 0 for one in seen for _, quantity in one.lines):
        return "part"
    return "held" if order.held else "received"


def found(installation: Installation, company: Company, number: str, now: datetime, *, status: str = "") -> Node | None:
    """The reply's `Data`, None where the order does not exist; `status` instead of the order's own word."""
    order = installation.order(company.id, number)
    if order is None:
        return None
    echo = {"OrderNumber": order.number} if installation.world.status_echoes_number else {}
    return Node("Data", {**echo, "OrderStatus": status or word(installation, order, now)})
