"""Amounts are exact in both tax modes, and the platform's own mode is the one that adds up from unit prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.mirakl.platform import TaxMode
from sandboxes.mirakl.pricing import TaxRule, taxed
from sandboxes.mirakl.wishes import UNTAXED, Mix, Placement, WantedLine, WantedOrder
from tests.sandboxes.mirakl.seller import Seller, place, seller

RULES = st.lists(
    st.builds(
        TaxRule,
        code=st.sampled_from(["VAT", "GST"]),
        rate=st.decimals(0, 30, places=4),
        share=st.sampled_from([Decimal("0.4"), Decimal("0.6"), Decimal(1)]),
    ),
    max_size=3,
)
MODES: tuple[TaxMode, ...] = ("TAX_INCLUDED", "TAX_EXCLUDED")


@given(st.decimals(0, 100000, places=2), RULES, st.sampled_from(MODES), st.sampled_from([0, 2, 3]))
def test_a_price_is_exact_in_its_own_mode_and_the_taxes_are_the_difference_to_the_other(
    amount: Decimal, rules: list[TaxRule], mode: TaxMode, decimals: int
) -> None:
    price = taxed(amount, rules, mode, decimals)

    assert price.shown(mode) == round(price.shown(mode), decimals)
    assert abs(price.shown(mode) - amount) <= Decimal("0.5") / 10**decimals
    assert price.shown("TAX_INCLUDED") - price.shown("TAX_EXCLUDED") == sum(tax.amount for tax in price.taxes)
    assert all(tax.amount == round(tax.amount, decimals) for tax in price.taxes)


@given(st.decimals(1, 1000, places=2), RULES)
def test_a_tax_inside_a_price_is_the_rate_of_its_share_to_half_a_cent(amount: Decimal, rules: list[TaxRule]) -> None:
    price = taxed(amount, rules, "TAX_INCLUDED", 2)
    net = amount / (1 + sum((rule.rate * rule.share / 100 for rule in rules), Decimal(0)))

    for rule, tax in zip(rules, price.taxes, strict=True):
        assert abs(tax.amount - net * rule.rate * rule.share / 100) <= Decimal("0.005")


def drawn(platform_mode: TaxMode, mix: Mix, seed: int, **platform: Any) -> Seller:
    shop = seller(order_tax_mode=platform_mode, **platform)
    shop.sandbox.place(Placement(shop="north/2001", count=5, mix=mix, seed=seed))
    return shop


def taxes(amounts: list[dict[str, Any]]) -> Decimal:
    return sum((tax["amount"] for tax in amounts), Decimal(0))


@given(st.integers(0, 10_000), st.sampled_from(MODES))
def test_both_modes_of_every_answer_differ_by_the_taxes_alone(seed: int, platform_mode: TaxMode) -> None:
    shop = drawn(platform_mode, Mix(two_rates=0.4, two_codes=0.3, no_taxes=0.1, fees=0.5, promotions=0.5), seed)
    gross, net = (shop.page(order_tax_mode=mode)["orders"] for mode in MODES)

    for included, excluded in zip(gross, net, strict=True):
        assert (included["order_tax_mode"], excluded["order_tax_mode"]) == MODES
        for with_tax, without in zip(included["order_lines"], excluded["order_lines"], strict=True):
            assert with_tax["price"] == without["price"] + taxes(without["taxes"])
            assert with_tax["shipping_price"] == without["shipping_price"] + taxes(without["shipping_taxes"])
            assert (with_tax["taxes"], with_tax["fees"]) == (without["taxes"], without["fees"])


@given(st.integers(0, 10_000), st.sampled_from(MODES))
def test_an_order_is_the_sum_of_its_lines(seed: int, mode: TaxMode) -> None:
    shop = drawn("TAX_INCLUDED", Mix(), seed)

    for order in shop.page(order_tax_mode=mode)["orders"]:
        lines = order["order_lines"]
        for name in ("price", "shipping_price", "total_price", "total_commission"):
            assert order[name] == sum(line[name] for line in lines), name
        fees = sum((fee["amount"] for line in lines for fee in line["fees"]), Decimal(0))
        assert order["total_price"] == order["price"] + order["shipping_price"] + fees


@given(st.integers(0, 10_000), st.sampled_from(MODES))
def test_the_books_agree_with_what_was_shown(seed: int, mode: TaxMode) -> None:
    shop = drawn(mode, Mix(no_taxes=0.2), seed)
    shown = {order["order_id"]: order for order in shop.page()["orders"]}
    paid = {order["order_id"]: order for order in shop.page(order_tax_mode="TAX_INCLUDED")["orders"]}

    for entry in shop.control("books")["orders"]:
        assert entry["total_price"] == shown[entry["order_id"]]["total_price"]
        assert entry["shopper_pays"] == paid[entry["order_id"]]["total_price"] == entry["net"] + entry["tax"]
        assert entry["shopper_pays"] == sum(line["shopper_pays"] for line in entry["lines"])


@given(st.integers(0, 10_000), st.sampled_from(MODES))
def test_without_taxes_both_modes_give_the_same_amounts(seed: int, platform_mode: TaxMode) -> None:
    shop = drawn(platform_mode, UNTAXED, seed)

    for included, excluded in zip(*(shop.page(order_tax_mode=mode)["orders"] for mode in MODES), strict=True):
        assert {**included, "order_tax_mode": ""} == {**excluded, "order_tax_mode": ""}


def test_a_promotion_is_off_the_price_already_and_the_unit_price_does_not_know() -> None:
    shop = seller(order_tax_mode="TAX_INCLUDED")
    line = WantedLine(quantity=3, unit_price=Decimal("9.99"), promotion=Decimal("1.00"))
    place(shop, WantedOrder(id="X", lines=(line,)))

    order = shop.order("X")

    assert (order["price"], order["order_lines"][0]["price_unit"]) == (Decimal("28.97"), Decimal("9.99"))
    assert order["promotions"]["total_deduced_amount"] == Decimal("1.00")
    assert order["order_lines"][0]["promotions"][0]["deduced_amount"] == Decimal("1.00")


@pytest.mark.parametrize(("quantity", "net"), [(1, Decimal("8.32")), (3, Decimal("8.32")), (4, Decimal("8.33"))])
def test_a_unit_price_is_a_rounded_quotient_in_the_mode_that_is_not_the_platforms_own(
    quantity: int, net: Decimal
) -> None:
    shop = seller(order_tax_mode="TAX_INCLUDED")
    place(shop, WantedOrder(id="X", lines=(WantedLine(quantity=quantity, unit_price=Decimal("9.99")),)))

    assert shop.order("X")["order_lines"][0]["price_unit"] == Decimal("9.99")
    assert shop.order("X", order_tax_mode="TAX_EXCLUDED")["order_lines"][0]["price_unit"] == net


def test_one_code_with_two_rates_is_two_taxes() -> None:
    shop = seller(order_tax_mode="TAX_EXCLUDED", order_taxes="aggregated")
    rules = (TaxRule("VAT", Decimal("5.5"), Decimal("0.5")), TaxRule("VAT", Decimal(20), Decimal("0.5")))
    line = WantedLine(unit_price=Decimal(100), shipping_price=Decimal(10), taxes=rules)
    place(shop, WantedOrder(id="X", lines=(line, line)))

    order = shop.order("X")

    assert [(tax["rate"], tax["amount"]) for tax in order["order_lines"][0]["taxes"]] == [
        (Decimal("5.5"), Decimal("2.75")),
        (20, 10),
    ]
    assert order["order_taxes"] == [
        {"code": "VAT", "rate": Decimal("5.5"), "total_amount": Decimal("6.06")},
        {"code": "VAT", "rate": 20, "total_amount": 22},
    ]


@pytest.mark.parametrize(
    ("setting", "on_lines", "on_order"), [("absent", True, False), ("aggregated", True, True), ("only", False, True)]
)
def test_where_an_operator_shows_taxes(setting: str, on_lines: bool, on_order: bool) -> None:
    shop = seller(order_taxes=setting, order_tax_mode="TAX_EXCLUDED")
    place(shop, WantedOrder(id="X"))

    order = shop.order("X")

    assert bool(order["order_lines"][0]["taxes"]) is on_lines
    assert ("order_taxes" in order) is on_order
    assert shop.booked("X")["tax"] == Decimal("2.00")


@pytest.mark.parametrize(("counted", "total"), [(True, 20), (False, 10)])
def test_whether_refused_lines_count_is_the_operators_choice(counted: bool, total: int) -> None:
    shop = seller(refused_lines_in_totals=counted)
    place(shop, WantedOrder(id="X", lines=(WantedLine(), WantedLine())))
    assert shop.decide("X", L1=True, L2=False).status == 204

    assert shop.order("X")["total_price"] == total


def test_a_rate_that_is_not_told_is_a_key_that_is_not_there() -> None:
    shop = seller()
    place(shop, WantedOrder(id="X", lines=(WantedLine(taxes=(TaxRule("VAT", Decimal(20), told=False),)),)))

    assert set(shop.order("X")["order_lines"][0]["taxes"][0]) == {"code", "amount", "tax_calculation_rule"}


@pytest.mark.parametrize(("decimals", "price", "tax"), [(0, 1000, 200), (3, Decimal("999.999"), Decimal("200.000"))])
def test_currencies_without_cents_and_with_thousandths(decimals: int, price: Decimal, tax: Decimal) -> None:
    value = taxed(Decimal("999.999"), (TaxRule("VAT", Decimal(20)),), "TAX_EXCLUDED", decimals)

    assert (value.net, value.taxes[0].amount) == (price, tax)
