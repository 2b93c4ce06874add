"""How the rules' properties are proved, and shown to fail for a wrong rule; and the orders they are tried on."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from shared.model.order import Fee, Order, OrderLine, Tax
from shared.rules.mapping_lookup import OrderMappings
from tests.builders import item_row, line, mappings, order, row

EXAMPLES = settings(deadline=None, database=None, max_examples=150)


def caught(check: Callable[..., None], wrong: Callable[..., Any], cases: st.SearchStrategy[tuple[Any, ...]]) -> None:
    """The property `check(rule, *case)` does not hold for this wrong rule: some case shows it."""

    @settings(
        derandomize=True, database=None, deadline=None, max_examples=500, phases=[Phase.generate], print_blob=False
    )
    @given(cases)
    def search(case: tuple[Any, ...]) -> None:
        check(wrong, *case)

    with pytest.raises(AssertionError):
        search()


def amounts(decimals: int = 2, *, least: int = 0, most: int = 50_000) -> st.SearchStrategy[Decimal]:
    return st.integers(least, most).map(lambda cents: Decimal(cents).scaleb(-decimals))


DECIMALS = {"EUR": 2, "JPY": 0, "KWD": 3}
SKUS = ("SKU-001", "SKU-002", "PAIR", "TRIO", "CASE")
"""PAIR and TRIO are sets of two and three items; CASE is ordered in eighths of a box."""

STATES = ("SHIPPING", "SHIPPING", "SHIPPING", "CANCELED", "REFUSED")


def any_mappings() -> OrderMappings:
    """Whatever the orders of `orders()` need: sets with odd shares, and any tax signature."""
    return mappings(
        add=(
            item_row("PAIR", item="ITEM-101", component="1", share="2", order_denominator="2"),
            item_row("PAIR", item="ITEM-102", component="2", share="1"),
            item_row("TRIO", item="ITEM-103", component="1", share="1"),
            item_row("TRIO", item="ITEM-104", component="2", share="1", order_denominator="3"),
            item_row("TRIO", item="ITEM-105", component="3", share="0"),
            item_row("CASE", item="ITEM-106", order_numerator="8", unit_decimals="3", order_unit="BOX"),
            row("taxes", "north", "*", "*", tax_group="DOM", item_tax_group="ANY"),
        )
    )


@st.composite
def taxes(draw: st.DrawFn, decimals: int) -> tuple[Tax, ...]:
    """None, one, or one code with two rates; amounts are whatever Mirakl says, not what a rate would give."""
    rates = draw(st.sampled_from([(), ("20.0000",), ("10",), ("10", "20.0000")]))
    return tuple(Tax("VAT", Decimal(rate), draw(amounts(decimals, most=9_999))) for rate in rates)


@st.composite
def lines(draw: st.DrawFn, decimals: int, index: int) -> OrderLine:
    fees = draw(st.dictionaries(st.sampled_from(["ECO", "GIFT"]), amounts(decimals, most=999), max_size=2))
    return OrderLine(
        id=f"N000001-A-{index}",
        index=index,
        state=draw(st.sampled_from(STATES)),
        sku=draw(st.sampled_from(SKUS)),
        quantity=Decimal(draw(st.integers(1, 12))),
        price=draw(amounts(decimals)),
        shipping_price=draw(amounts(decimals, most=2_000)),
        taxes=draw(taxes(decimals)),
        shipping_taxes=draw(taxes(decimals)),
        fees=tuple(Fee(code, amount) for code, amount in fees.items()),
    )


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Orders with at least one line in SHIPPING, and no line that waits for something."""
    currency = draw(st.sampled_from(sorted(DECIMALS)))
    decimals = DECIMALS[currency]
    some = [draw(lines(decimals, index)) for index in range(1, draw(st.integers(1, 4)) + 1)]
    eco = [Tax("LEVY", Decimal(5), draw(amounts(decimals, most=777)))] if draw(st.booleans()) else []
    return order(
        currency=currency,
        platform_tax_mode=draw(st.sampled_from(["TAX_INCLUDED", "TAX_EXCLUDED"])),
        lines=(*some, line(index=9, id="N000001-A-9", price="1", shipping_price="0", taxes=(), shipping_taxes=())),
        order_taxes=eco,
    )
