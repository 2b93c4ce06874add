"""Prices and taxes of a new order line: the platform's own mode is exact, the other one follows from the taxes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sandboxes.mirakl.orders import Tax, TaxedAmount
from sandboxes.mirakl.platform import TaxMode

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class TaxRule:
    """`rate` percent on `share` of the amount. Two rules may carry one code (a set of books with a toy).

    `told` False: the operator sends the tax's amount without its rate.
    """

    code: str
    rate: Decimal
    share: Decimal = Decimal(1)
    told: bool = True


def rounded(amount: Decimal, decimals: int) -> Decimal:
    return amount.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def taxed(amount: Decimal, rules: Sequence[TaxRule], mode: TaxMode, decimals: int) -> TaxedAmount:
    """`amount` is in the platform's own mode; each tax is rounded to the minor unit, the rest is the net price."""
    burden = sum((rule.share * rule.rate / HUNDRED for rule in rules), Decimal(0))
    net = amount / (1 + burden) if mode == "TAX_INCLUDED" else amount
    taxes = tuple(
        Tax(rule.code, rule.rate if rule.told else None, rounded(net * rule.share * rule.rate / HUNDRED, decimals))
        for rule in rules
    )
    whole = rounded(amount, decimals)
    return TaxedAmount(whole - sum(tax.amount for tax in taxes) if mode == "TAX_INCLUDED" else whole, taxes)
