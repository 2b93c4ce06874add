"""Money to the minor unit of its currency: rounding, splitting without losing a cent, unit prices."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import floor

_MINOR_UNITS = {
    **dict.fromkeys(("BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG"), 0),
    **dict.fromkeys(("RWF", "UGX", "UYI", "VND", "VUV", "XAF", "XOF", "XPF"), 0),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
"""ISO 4217; every other currency has two."""


def minor_units(currency: str) -> int:
    """How many decimals amounts of this currency have (ISO 4217)."""
    return _MINOR_UNITS.get(currency, 2)


def round_to_minor(amount: Decimal, decimals: int) -> Decimal:
    """To `decimals` places, halves away from zero, as ERPs round a line amount."""
    return amount.quantize(_unit(decimals), ROUND_HALF_UP)


def is_whole(amount: Decimal, decimals: int) -> bool:
    """Whether the amount can be paid: it has no digits beyond the currency's minor unit."""
    return amount == round_to_minor(amount, decimals)


def largest_remainder(total: Decimal, shares: Sequence[Decimal], *, decimals: int) -> tuple[Decimal, ...]:
    """`total` in proportion to `shares`, each part rounded to `decimals`, the parts summing to it exactly.

    Parts are rounded down; the units left over go to the largest remainders, the first of equals first. Shares must
    not be negative; if all are zero they count as equal. What of `total` lies below the unit stays with one part.
    """
    unit = _unit(decimals)
    exact = [Fraction(total) / Fraction(unit) * weight for weight in _weights(shares)]
    whole = [floor(part) for part in exact]
    left = total - sum(whole) * unit
    parts = [count * unit for count in whole]
    for index in sorted(range(len(parts)), key=lambda index: whole[index] - exact[index]):
        piece = min(unit, left)
        parts[index] += piece
        left -= piece
    return tuple(parts)


def _weights(shares: Sequence[Decimal]) -> list[Fraction]:
    """Shares of one; Raises ValueError where there is none or one is negative."""
    if not shares or min(shares) < 0:
        raise ValueError("shares must be given and not be negative")
    whole = Fraction(sum(shares))
    return [Fraction(share) / whole if whole else Fraction(1, len(shares)) for share in shares]


def split_unit_price(amount: Decimal, quantity: Decimal, *, decimals: int, minor: int) -> tuple[Decimal, Decimal]:
    """The unit price rounded down to `decimals`, and what `amount` has over the line amount that it makes.

    The line amount is quantity x unit price rounded to `minor` decimals, as an ERP computes it. Rounding down keeps
    the remainder from being negative (a negative line would be a credit in the ERP).
    """
    unit_price = _floored(Fraction(amount) / Fraction(quantity), decimals)
    return unit_price, amount - line_amount(unit_price, quantity, minor=minor)


def line_amount(unit_price: Decimal, quantity: Decimal, *, minor: int) -> Decimal:
    return round_to_minor(unit_price * quantity, minor)


def _floored(value: Fraction, decimals: int) -> Decimal:
    return floor(value / Fraction(_unit(decimals))) * _unit(decimals)


def _unit(decimals: int) -> Decimal:
    return Decimal(1).scaleb(-decimals)
