"""The books of an order's lines, and of its charges, which stand behind them and belong to none."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sandboxes.prima.orders import Line, Order


def line_books(order: Order) -> list[dict[str, Any]]:
    return [*(_line(order, one) for one in order.lines), *_charges(order)]


def line_status(line: Line) -> str:
    if line.is_cancelled:
        return "Canceled"
    left = line.despatched > 0 and not line.remaining
    if line.invoiced and line.invoiced >= (line.despatched or line.quantity) and (left or not line.stocked):
        return "Invoiced"
    return "Delivered" if left else "Backorder"


def _line(order: Order, line: Line) -> dict[str, Any]:
    colour, size, style, configuration = line.codes
    return {
        **_blank(order, line.number),
        "item": line.product,
        "quantity": line.quantity,
        "price": line.price,
        "amount": line.amount,
        "order_line_reference": line.reference,
        "reference": line.reference,
        "warehouse": line.warehouse,
        "colour": colour,
        "size": size,
        "style": style,
        "configuration": configuration,
        "status": line_status(line),
        "changed": line.changed,
    }


def _charges(order: Order) -> Sequence[dict[str, Any]]:
    """Charges stand behind the lines, and belong to none of them."""
    return [
        {
            **_blank(order, len(order.lines) + position),
            "item": code,
            "quantity": Decimal(1),
            "price": value,
            "amount": value,
            "status": "Canceled" if order.is_cancelled else "Backorder",
            "charge": True,
        }
        for position, (code, value) in enumerate(order.charges, 1)
    ]


def _blank(order: Order, position: int) -> dict[str, Any]:
    names = ("reference", "unit", "tax_group", "item_tax_group", "external_item_number", "order_line_reference", "site")
    codes = ("warehouse", "configuration", "size", "colour", "style", "version")
    return {
        **dict.fromkeys((*names, *codes), ""),
        "price_quantity": Decimal(1),
        "customers_line_number": position,
        "line_number": position,
        "lot": f"{order.number}-{position}",
        "charge": False,
        "created": order.created,
        "changed": order.created,
        "deleted": order.deleted,
    }
