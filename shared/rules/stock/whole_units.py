"""Between the ERP's stock unit and whole marketplace units."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal

from shared.model.stock import StockUnit

DUST = Decimal("0.001")
"""What an ERP's rounded decimals may lack of a whole unit: 0.83333 of a case of 6 are 5."""


def whole_units(stock: Decimal, unit: StockUnit, *, share: Decimal = Decimal(1)) -> int:
    """Marketplace units that can be made of so much stock, at least 0."""
    exact = stock * share * unit.numerator / unit.denominator
    return max(0, int((exact + DUST).to_integral_value(ROUND_FLOOR)))


def taken(units: Decimal, unit: StockUnit) -> Decimal:
    """Stock units that so many marketplace units take."""
    return units * unit.denominator / unit.numerator
