"""Draws orders by chance: quantities, prices that do not divide, taxes, fees, promotions, and ids of every kind."""

from __future__ import annotations

import random
from decimal import Decimal

from sandboxes.mirakl.orders import Debit
from sandboxes.mirakl.pricing import TaxRule
from sandboxes.mirakl.wishes import Mix, WantedLine, WantedOrder

SHIPPING_PRICES = (Decimal("0.00"), Decimal("4.90"), Decimal("7.90"))
ODD_IDS = ("{}-2026-THE-LONG-WAY-ROUND-A", "{}-a", "{}/A", "{} A#1", "{}+Ä%41?", "{}_A.b")


def draw_order(mix: Mix, chance: random.Random, number: str) -> WantedOrder:
    """`number` is the basket's (`N000123`); the order id is made from it."""
    pickup = chance.random() < mix.pickup
    express = chance.random() < mix.express
    return WantedOrder(
        id=_order_id(mix, chance, number),
        lines=tuple(_draw_line(mix, chance) for _ in range(chance.randint(1, mix.max_lines))),
        shipping_type="PUDO" if pickup else "EXP" if express else "STD",
        pudo_id=f"P{chance.randrange(10000):04d}" if pickup else None,
        channel=mix.channel,
        debit=_debit(mix, chance),
        instructions=chance.random() < mix.instructions,
        foreign=chance.random() < mix.foreign,
        long_text=chance.random() < mix.long_text,
        numeric_lines=chance.random() < mix.numeric_lines,
    )


def _order_id(mix: Mix, chance: random.Random, number: str) -> str:
    if chance.random() >= mix.odd_ids:
        return f"{number}-A"
    pattern = chance.choice(ODD_IDS)
    return pattern.format(number.lower() if pattern.endswith("-a") else number)


def _debit(mix: Mix, chance: random.Random) -> Debit:
    drawn = chance.random()
    if drawn < mix.debit_refused:
        return "refused"
    return "held" if drawn < mix.debit_refused + mix.debit_held else "settles"


def _draw_line(mix: Mix, chance: random.Random) -> WantedLine:
    quantity = chance.randint(1, 4)
    unit = Decimal(chance.randrange(199, 14999)) / 100
    promoted = chance.random() < mix.promotions
    return WantedLine(
        sku=chance.choice(mix.skus),
        quantity=quantity,
        unit_price=unit,
        taxes=_draw_taxes(mix, chance),
        shipping_price=chance.choice(SHIPPING_PRICES),
        fees={"HANDLING": Decimal(chance.randrange(10, 200)) / 100} if chance.random() < mix.fees else {},
        promotion=Decimal(chance.randrange(1, 100)) / 100 if promoted else None,
    )


def _draw_taxes(mix: Mix, chance: random.Random) -> tuple[TaxRule, ...]:
    told = chance.random() >= mix.untold_rates
    drawn = chance.random()
    for share, rules in (
        (mix.no_taxes, ()),
        (mix.two_rates, _two_rates(mix, told=told)),
        (mix.two_codes, (TaxRule("GST", Decimal("5.0000"), told=told), TaxRule("PST", Decimal("7.0000"), told=told))),
    ):
        if drawn < share:
            return rules
        drawn -= share
    return (TaxRule(mix.tax_code, mix.rate, told=told),)


def _two_rates(mix: Mix, *, told: bool) -> tuple[TaxRule, ...]:
    return (
        TaxRule(mix.tax_code, mix.reduced_rate, Decimal("0.4"), told=told),
        TaxRule(mix.tax_code, mix.rate, Decimal("0.6"), told=told),
    )
