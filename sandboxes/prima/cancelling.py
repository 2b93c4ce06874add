"""What people do to an order that shall not leave, or not all of it; what has left cannot be cancelled."""

from __future__ import annotations

from datetime import datetime

from sandboxes.prima.installation import Installation
from sandboxes.prima.orders import Line, Order


def cancel_order(order: Order, now: datetime) -> None:
    """Raises ValueError where something of it has left."""
    if order.despatches:
        raise ValueError(f"order {order.number} has left, in part or whole: cancel its lines")
    for line in order.lines:
        _cancel(line, now)


def cancel_line(order: Order, reference: str, now: datetime) -> None:
    """What remains of the line will not leave. Raises ValueError where all of it has left."""
    line = referenced(order, reference)
    if line.is_cancelled:
        return
    if not line.remaining:
        raise ValueError(f"line {line.number} of order {order.number} has left: nothing of it can be cancelled")
    _cancel(line, now)


def delete_order(installation: Installation, order: Order, now: datetime) -> None:
    """Raises ValueError where something of it was picked or has left."""
    if order.despatches or any(line.picked for line in order.lines):
        raise ValueError(f"order {order.number} is picked or has left: it cannot be deleted")
    installation.delete(order, now)


def referenced(order: Order, reference: str) -> Line:
    """The line that carries a reference of the caller's. Raises ValueError where none does."""
    for line in order.lines:
        if reference and reference == line.reference:
            return line
    raise ValueError(f"no line has the reference {reference}")


def _cancel(line: Line, now: datetime) -> None:
    line.cancelled += line.remaining
    line.picked = False
    line.changed = now
