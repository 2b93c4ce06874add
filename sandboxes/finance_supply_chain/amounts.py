"""The amount of a line: quantity by price, less discounts, rounded as the currency's sales orders are."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from sandboxes.finance_supply_chain.edm import Value


def line_amount(values: Mapping[str, Value], rounding: Decimal) -> Decimal:
    """`LineDiscountAmount` counts per unit of `SalesPriceQuantity`; `FixedPriceCharges` once per line."""
    price = _number(values, "SalesPrice") - _number(values, "LineDiscountAmount")
    gross = _number(values, "OrderedSalesQuantity") * price / (_number(values, "SalesPriceQuantity") or Decimal(1))
    net = gross * (Decimal(100) - _number(values, "LineDiscountPercentage")) / Decimal(100)
    return rounded(net + _number(values, "FixedPriceCharges"), rounding)


def rounded(amount: Decimal, rule: Decimal) -> Decimal:
    """To the nearest multiple of `rule` (0.01, 1 …), halves away from zero."""
    return (amount / rule).quantize(Decimal(1), ROUND_HALF_UP) * rule


def _number(values: Mapping[str, Value], name: str) -> Decimal:
    value = values[name]
    assert isinstance(value, Decimal)
    return value
