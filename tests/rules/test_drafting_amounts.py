"""Whatever the amounts, quantities, sets and taxes: the sales order is worth exactly what the shopper pays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.order import Order, OrderLine
from shared.model.policy import CreationPolicy
from shared.model.sales_order import DraftLine, SalesOrderDraft
from shared.rules.drafting import draft
from shared.rules.money import is_whole, round_to_minor
from tests.builders import shop
from tests.rules.properties import DECIMALS, EXAMPLES, any_mappings, caught, orders

Drafting = Callable[..., SalesOrderDraft]
CASES = st.tuples(orders(), st.integers(0, 6))
ROWS = any_mappings()
ZERO = Decimal(0)


def drafted(rule: Drafting, order: Order, decimals: int) -> SalesOrderDraft:
    policy = CreationPolicy(unit_price_decimals=decimals)
    return rule(order, shop=shop(), rows=ROWS, policy=policy, client_numbers=True)


def shipping(order: Order) -> list[OrderLine]:
    return [line for line in order.lines if line.state == "SHIPPING"]


def taxes_of(order: Order) -> Decimal:
    stated = [tax for line in shipping(order) for tax in (*line.taxes, *line.shipping_taxes)]
    return sum((tax.amount for tax in (*stated, *order.order_taxes)), ZERO)


def paid_for(order: Order) -> Decimal:
    net = sum((line.price + line.shipping_price for line in shipping(order)), ZERO)
    fees = sum((fee.amount for line in shipping(order) for fee in line.fees), ZERO)
    return net + fees + (taxes_of(order) if order.platform_tax_mode == "TAX_INCLUDED" else ZERO)


def the_shopper_s_money(rule: Drafting, order: Order, decimals: int) -> None:
    one = drafted(rule, order, decimals)
    assert one.total == paid_for(order)
    assert one.total == sum((line.amount for line in one.lines), ZERO)


def mirakl_s_tax(rule: Drafting, order: Order, decimals: int) -> None:
    assert (drafted(rule, order, decimals).tax or ZERO) == taxes_of(order)


def lines_that_an_erp_computes_alike(rule: Drafting, order: Order, decimals: int) -> None:
    """Quantity by unit price to the minor unit is the amount; nothing is negative, and references tell lines apart."""
    one, minor = drafted(rule, order, decimals), DECIMALS[order.currency]
    for line in one.lines:
        assert round_to_minor(line.quantity * line.unit_price, minor) == line.amount >= 0
        assert is_whole(line.unit_price, max(minor, decimals))
    assert [line.number for line in one.lines] == [*range(1, len(one.lines) + 1)]
    assert len({line.reference for line in one.lines}) == len(one.lines)


@EXAMPLES
@given(CASES)
def test_the_draft_is_worth_what_is_paid(case: tuple[Order, int]) -> None:
    the_shopper_s_money(draft, *case)
    mirakl_s_tax(draft, *case)
    lines_that_an_erp_computes_alike(draft, *case)


@EXAMPLES
@given(CASES)
def test_the_same_order_gives_the_same_draft_however_its_lines_come(case: tuple[Order, int]) -> None:
    order, decimals = case
    turned = replace(order, lines=order.lines[::-1], order_taxes=order.order_taxes[::-1])
    one, other = drafted(draft, order, decimals), drafted(draft, turned, decimals)
    assert [(line.reference, line.item, line.quantity) for line in one.lines] == [
        (line.reference, line.item, line.quantity) for line in other.lines
    ]
    assert (one.total, one.tax) == (other.total, other.tax)


def _changed(change: Callable[[Order], Order]) -> Drafting:
    def wrong(order: Order, **others: Any) -> SalesOrderDraft:
        return draft(change(order), **others)

    return wrong


def _on_lines(change: Callable[[OrderLine], OrderLine]) -> Drafting:
    return _changed(lambda order: replace(order, lines=tuple(change(line) for line in order.lines)))


def _recomputed(line: OrderLine) -> OrderLine:
    """Tax computed from the rate, which Mirakl never promised to agree with its amounts."""
    taxes = tuple(
        replace(tax, amount=(line.price * (tax.rate or ZERO) / 100).quantize(Decimal(1))) for tax in line.taxes
    )
    return replace(line, taxes=taxes)


def _first_rate_of_a_code(line: OrderLine) -> OrderLine:
    return replace(line, taxes=line.taxes[:1], shipping_taxes=line.shipping_taxes[:1])


def _keeping(kept: Callable[[DraftLine], bool]) -> Drafting:
    """`draft`, with lines left out."""

    def wrong(order: Order, **others: Any) -> SalesOrderDraft:
        one = draft(order, **others)
        lines = tuple(line for line in one.lines if kept(line))
        return replace(one, lines=lines, total=sum((line.amount for line in lines), ZERO))

    return wrong


def _rounded_into_the_price(order: Order, **others: Any) -> SalesOrderDraft:
    """The usual shortcut: no rounding line, the last line's amount is adjusted."""
    one = draft(order, **others)
    rounding = sum((line.amount for line in one.lines if line.purpose == "rounding"), ZERO)
    first, *rest = (line for line in one.lines if line.purpose != "rounding")
    return replace(one, lines=(replace(first, amount=first.amount + rounding), *rest))


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (the_shopper_s_money, _on_lines(_recomputed)),
        (the_shopper_s_money, _on_lines(lambda line: replace(line, fees=()))),
        (the_shopper_s_money, _keeping(lambda line: line.purpose != "rounding")),
        (the_shopper_s_money, _changed(lambda order: replace(order, order_taxes=()))),
        (mirakl_s_tax, _on_lines(_first_rate_of_a_code)),
        (mirakl_s_tax, _changed(lambda order: replace(order, order_taxes=()))),
        (lines_that_an_erp_computes_alike, _rounded_into_the_price),
        (lines_that_an_erp_computes_alike, _keeping(lambda line: line.number != 1)),
    ],
)
def test_wrong_drafts_are_caught(check: Callable[..., None], wrong: Drafting) -> None:
    caught(check, wrong, CASES)
