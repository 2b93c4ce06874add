"""Invoicing by hand: what has left and was not invoiced yet; services and charges go with the first invoice.

All invented: no request of the service shows an invoice. The sum of an order's invoices is what its lines come to.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from sandboxes.prima.installation import Installation
from sandboxes.prima.orders import NOTHING, Invoice, Line, Order

_CENT, _WHOLE = Decimal("0.01"), Decimal(1)
_WITHOUT_CENTS = ("JPY",)


def invoice(installation: Installation, order: Order, now: datetime) -> Invoice:
    """The new invoice. Raises ValueError where nothing of the order is to be invoiced."""
    due = [(line, whole - line.invoiced) for line in order.lines if (whole := _whole(line)) > line.invoiced]
    if not due:
        raise ValueError(f"nothing of order {order.number} is to be invoiced")
    charges = NOTHING if order.invoices else sum((value for _, value in order.charges), NOTHING)
    made = Invoice(f"IN{installation.next_number('invoice'):06}", charges + _amount(order, due), now)
    for line, quantity in due:
        line.invoiced += quantity
        line.changed = now
    order.invoices.append(made)
    return made


def _whole(line: Line) -> Decimal:
    return line.despatched if line.stocked else line.quantity - line.cancelled


def _amount(order: Order, due: Sequence[tuple[Line, Decimal]]) -> Decimal:
    unit = _WHOLE if order.currency in _WITHOUT_CENTS else _CENT
    shares = (_share(line, line.invoiced + more, unit) - _share(line, line.invoiced, unit) for line, more in due)
    return sum(shares, NOTHING)


def _share(line: Line, quantity: Decimal, unit: Decimal) -> Decimal:
    """Of the line's amount, for the first so many pieces."""
    if quantity == line.quantity:
        return line.amount
    return (line.amount * quantity / line.quantity).quantize(unit, ROUND_HALF_UP)
