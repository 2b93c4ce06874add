"""Mirakl's taxes: their signature, what they add, and order-level taxes brought down to the lines.

Amounts are Mirakl's and are never computed from a rate. Promotions do not appear here: Mirakl's prices are after them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from shared.model.order import Order, OrderLine, Tax
from shared.rules.money import largest_remainder, minor_units
from shared.rules.order_states import kept_lines

NO_TAX = "-"


def signature(taxes: Iterable[Tax]) -> str:
    """The key by which the `taxes` mapping knows a line: `VAT@10+VAT@20`, or `-` where Mirakl states no tax.

    Codes with their rates, sorted as text, each pair once: the same code may come with two rates. A tax without a
    rate is its code alone.
    """
    return "+".join(sorted({_named(tax) for tax in taxes})) or NO_TAX


def total(taxes: Iterable[Tax]) -> Decimal:
    return sum((tax.amount for tax in taxes), Decimal(0))


def taxed_lines(order: Order) -> tuple[OrderLine, ...]:
    """The order's lines that somebody pays for, with their share of `order_taxes` among their taxes.

    OR11 states an order tax as the order's total of one code and rate: where the lines state that code and rate
    themselves it is their sum and adds nothing; otherwise it belongs to the lines' prices and shipping prices in
    proportion.
    """
    lines = kept_lines(order.lines)
    stated = {_named(tax) for line in lines for tax in (*line.taxes, *line.shipping_taxes)}
    for tax in order.order_taxes:
        if lines and _named(tax) not in stated:
            lines = _apportioned(tax, lines, decimals=minor_units(order.currency))
    return lines


def _apportioned(tax: Tax, lines: Sequence[OrderLine], *, decimals: int) -> tuple[OrderLine, ...]:
    shares = [share for line in lines for share in (line.price, line.shipping_price)]
    amounts = iter(largest_remainder(tax.amount, shares, decimals=decimals))
    return tuple(
        replace(
            line,
            taxes=(*line.taxes, replace(tax, amount=next(amounts))),
            shipping_taxes=(*line.shipping_taxes, replace(tax, amount=next(amounts))),
        )
        for line in lines
    )


def _named(tax: Tax) -> str:
    return tax.code if tax.rate is None else f"{tax.code}@{_plain(tax.rate)}"


def _plain(rate: Decimal) -> str:
    """20.0000 is 20."""
    return f"{(rate + 0).normalize():f}"
