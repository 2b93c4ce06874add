from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.rules.money import (
    is_whole,
    largest_remainder,
    line_amount,
    minor_units,
    round_to_minor,
    split_unit_price,
)
from tests.rules.properties import EXAMPLES, amounts, caught

D = Decimal


@pytest.mark.parametrize(
    ("currency", "decimals"),
    [("EUR", 2), ("JPY", 0), ("KWD", 3), ("TND", 3), ("CLP", 0), ("CLF", 4), ("SEK", 2), ("XXX", 2)],
)
def test_minor_units(currency: str, decimals: int) -> None:
    assert minor_units(currency) == decimals


@pytest.mark.parametrize(
    ("amount", "decimals", "rounded"),
    [("1.005", 2, "1.01"), ("1.004", 2, "1.00"), ("-1.005", 2, "-1.01"), ("2.5", 0, "3"), ("1.0005", 3, "1.001")],
)
def test_rounding_is_half_away_from_zero(amount: str, decimals: int, rounded: str) -> None:
    assert str(round_to_minor(D(amount), decimals)) == rounded


@pytest.mark.parametrize(
    ("amount", "decimals", "whole"),
    [("1.00", 2, True), ("1.001", 2, False), ("1.0000", 2, True), ("1.5", 0, False)],
)
def test_whole_amounts(amount: str, decimals: int, whole: bool) -> None:
    assert is_whole(D(amount), decimals) is whole


@pytest.mark.parametrize(
    ("total", "shares", "decimals", "parts"),
    [
        ("10.00", ("1", "1", "1"), 2, ("3.34", "3.33", "3.33")),
        ("10.00", ("1", "2"), 2, ("3.33", "6.67")),
        ("0.01", ("1", "1"), 2, ("0.01", "0.00")),
        ("100", ("1", "1", "1"), 0, ("34", "33", "33")),
        ("5.00", ("0", "0"), 2, ("2.50", "2.50")),
        ("5.00", ("0", "3"), 2, ("0.00", "5.00")),
        ("-1.00", ("1", "1", "1"), 2, ("-0.33", "-0.33", "-0.34")),
        ("1.005", ("1", "1"), 2, ("0.505", "0.50")),
        ("0.00", ("7",), 2, ("0.00",)),
    ],
)
def test_largest_remainder(total: str, shares: tuple[str, ...], decimals: int, parts: tuple[str, ...]) -> None:
    assert largest_remainder(D(total), [D(share) for share in shares], decimals=decimals) == tuple(map(D, parts))


@pytest.mark.parametrize("shares", [(), ("1", "-1")])
def test_no_share_or_a_negative_one_is_a_mistake(shares: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="shares"):
        largest_remainder(D(1), [D(share) for share in shares], decimals=2)


Splitting = Callable[..., Sequence[Decimal]]
SPLITS = st.tuples(amounts(least=-10_000), st.lists(amounts(least=0, most=999), min_size=1, max_size=7))


def parts_sum_exactly(rule: Splitting, total: Decimal, shares: list[Decimal]) -> None:
    assert sum(rule(total, shares, decimals=2)) == total


def parts_are_fair(rule: Splitting, total: Decimal, shares: list[Decimal]) -> None:
    """No part is a whole cent away from its exact share."""
    if not sum(shares):
        return
    for part, share in zip(rule(total, shares, decimals=2), shares, strict=True):
        assert abs(part - total * share / sum(shares)) < D("0.01")


@EXAMPLES
@given(SPLITS)
def test_parts_sum_exactly_and_are_fair(case: tuple[Decimal, list[Decimal]]) -> None:
    parts_sum_exactly(largest_remainder, *case)
    parts_are_fair(largest_remainder, *case)


def each_rounded(total: Decimal, shares: Sequence[Decimal], *, decimals: int) -> Sequence[Decimal]:
    whole = sum(shares) or D(1)
    return [round_to_minor(total * share / whole, decimals) for share in shares]


def rest_to_the_last(total: Decimal, shares: Sequence[Decimal], *, decimals: int) -> Sequence[Decimal]:
    *parts, _ = each_rounded(total, shares, decimals=decimals)
    return [*parts, total - sum(parts, D(0))]


def all_to_the_first(total: Decimal, shares: Sequence[Decimal], *, decimals: int) -> Sequence[Decimal]:
    return [total, *(D(0) for _ in shares[1:])]


def nothing_for_the_last(total: Decimal, shares: Sequence[Decimal], *, decimals: int) -> Sequence[Decimal]:
    return [*largest_remainder(total, shares, decimals=decimals)[:-1], D(0)]


@pytest.mark.parametrize(
    ("check", "wrong"),
    [
        (parts_sum_exactly, each_rounded),
        (parts_sum_exactly, nothing_for_the_last),
        (parts_are_fair, rest_to_the_last),
        (parts_are_fair, all_to_the_first),
    ],
)
def test_wrong_splits_are_caught(check: Callable[..., None], wrong: Splitting) -> None:
    caught(check, wrong, SPLITS)


@pytest.mark.parametrize(
    ("amount", "quantity", "decimals", "minor", "split"),
    [
        ("100.00", "2", 2, 2, ("50.00", "0.00")),
        ("10.00", "3", 2, 2, ("3.33", "0.01")),
        ("10.00", "3", 4, 2, ("3.3333", "0.00")),
        ("0.02", "3", 2, 2, ("0.00", "0.02")),
        ("1000", "3", 0, 0, ("333", "1")),
        ("10.000", "3", 3, 3, ("3.333", "0.001")),
        ("10.00", "0.75", 2, 2, ("13.33", "0.00")),
        ("0.00", "5", 2, 2, ("0.00", "0.00")),
    ],
)
def test_unit_price_is_rounded_down(
    amount: str, quantity: str, decimals: int, minor: int, split: tuple[str, str]
) -> None:
    assert split_unit_price(D(amount), D(quantity), decimals=decimals, minor=minor) == tuple(map(D, split))


Pricing = Callable[..., tuple[Decimal, Decimal]]
PRICES = st.tuples(amounts(), st.integers(1, 5_000).map(lambda n: D(n).scaleb(-2)), st.integers(2, 6))


def nothing_is_lost(rule: Pricing, amount: Decimal, quantity: Decimal, decimals: int) -> None:
    unit_price, remainder = rule(amount, quantity, decimals=decimals, minor=2)
    assert is_whole(unit_price, decimals)
    assert remainder >= 0
    assert line_amount(unit_price, quantity, minor=2) + remainder == amount


@EXAMPLES
@given(PRICES)
def test_nothing_is_lost_between_unit_price_and_amount(case: tuple[Decimal, Decimal, int]) -> None:
    nothing_is_lost(split_unit_price, *case)


def rounded_half_up(amount: Decimal, quantity: Decimal, *, decimals: int, minor: int) -> tuple[Decimal, Decimal]:
    unit_price = round_to_minor(amount / quantity, decimals)
    return unit_price, amount - line_amount(unit_price, quantity, minor=minor)


def remainder_forgotten(amount: Decimal, quantity: Decimal, *, decimals: int, minor: int) -> tuple[Decimal, Decimal]:
    return split_unit_price(amount, quantity, decimals=decimals, minor=minor)[0], D(0)


@pytest.mark.parametrize("wrong", [rounded_half_up, remainder_forgotten])
def test_wrong_unit_prices_are_caught(wrong: Pricing) -> None:
    caught(nothing_is_lost, wrong, PRICES)
