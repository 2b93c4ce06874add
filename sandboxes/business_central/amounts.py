"""What a line and an order come to: quantity by price, less discounts, with or without the tax of its codes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandboxes.business_central.edm import Value


@dataclass(frozen=True, slots=True)
class Amount:
    """`net` and `tax` of a line after its share `allocated` of the order's discount."""

    before: Decimal
    net: Decimal
    tax: Decimal
    allocated: Decimal


def rounded(amount: Decimal, rule: Decimal) -> Decimal:
    """To the nearest multiple of `rule` (0.01, 1 …), halves away from zero."""
    return (amount / rule).quantize(Decimal(1), ROUND_HALF_UP) * rule


def discount_amount(values: Mapping[str, Value], rule: Decimal) -> Decimal:
    gross = rounded(number(values, "quantity") * number(values, "unitPrice"), rule)
    return rounded(gross * number(values, "discountPercent") / 100, rule)


def line_amount(values: Mapping[str, Value], rule: Decimal) -> Decimal:
    """In the order's own tax mode."""
    gross = rounded(number(values, "quantity") * number(values, "unitPrice"), rule)
    return gross - number(values, "discountAmount")


def amounts(lines: Sequence[Mapping[str, Value]], rule: Decimal, *, included: bool, discount: Decimal) -> list[Amount]:
    """Tax is rounded on the sum of the lines of one rate, as it grows line by line, so cents move between lines."""
    shares = _allocated([line_amount(line, rule) for line in lines], discount, rule)
    exact: dict[Decimal, Decimal] = defaultdict(Decimal)
    given: dict[Decimal, Decimal] = defaultdict(Decimal)
    found = []
    for line, share in zip(lines, shares, strict=True):
        rate, before = number(line, "taxPercent"), line_amount(line, rule)
        after = before - share
        exact[rate] += after * rate / (100 + rate) if included else after * rate / 100
        tax = rounded(exact[rate], rule) - given[rate]
        given[rate] += tax
        found.append(Amount(before, after - tax if included else after, tax, share))
    return found


def _allocated(before: Sequence[Decimal], discount: Decimal, rule: Decimal) -> list[Decimal]:
    total, seen, given = sum(before, Decimal(0)), Decimal(0), Decimal(0)
    shares = []
    for amount in before:
        seen += amount
        share = rounded(discount * seen / total, rule) - given if total else Decimal(0)
        given += share
        shares.append(share)
    return shares


def number(values: Mapping[str, Value], name: str) -> Decimal:
    value = values[name]
    assert isinstance(value, Decimal | int)
    return Decimal(value)
