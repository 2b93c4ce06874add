"""Marketplace units into the ERP's order unit, exactly or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from shared.errors import Rejected


@dataclass(frozen=True, slots=True)
class OrderUnit:
    """One marketplace unit orders `denominator / numerator` of `unit`, which carries `decimals` decimals."""

    unit: str
    numerator: Decimal
    denominator: Decimal
    decimals: int


def ordered_quantity(quantity: Decimal, unit: OrderUnit, *, sku: str) -> Decimal:
    """The ERP's quantity. Raises Rejected (`quantity_not_representable`) rather than round."""
    exact = Fraction(quantity) * Fraction(unit.denominator) / Fraction(unit.numerator)
    counted = exact * 10**unit.decimals
    if quantity <= 0:
        raise _not_representable(sku, f"Mirakl's quantity is {quantity}")
    if counted.denominator != 1:
        raise _not_representable(sku, f"{quantity} would be {exact} {unit.unit}, which has {unit.decimals} decimals")
    return Decimal(counted.numerator).scaleb(-unit.decimals)


def _not_representable(sku: str, reason: str) -> Rejected:
    return Rejected("quantity_not_representable", subject=sku, reason=reason)
