from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.rules.money import round_to_minor
from shared.rules.units import OrderUnit, ordered_quantity
from tests.rules.properties import EXAMPLES, caught

D = Decimal


def unit(numerator: str = "1", denominator: str = "1", decimals: int = 0) -> OrderUnit:
    return OrderUnit("BOX", D(numerator), D(denominator), decimals)


@pytest.mark.parametrize(
    ("quantity", "unit", "ordered"),
    [
        ("3", unit(), "3"),
        ("12", unit(numerator="6"), "2"),
        ("2", unit(denominator="6"), "12"),
        ("3", unit(numerator="6", decimals=1), "0.5"),
        ("1", unit(numerator="8", decimals=3), "0.125"),
        ("2", unit(denominator="0.75", decimals=2), "1.5"),
        ("2", unit(numerator="0.5"), "4"),
    ],
)
def test_quantities(quantity: str, unit: OrderUnit, ordered: str) -> None:
    assert ordered_quantity(D(quantity), unit, sku="SKU-001") == D(ordered)


@pytest.mark.parametrize(
    ("quantity", "unit", "said"),
    [
        ("3", unit(numerator="6"), "3 would be 1/2 BOX, which has 0 decimals"),
        ("1", unit(numerator="3", decimals=3), "1 would be 1/3 BOX, which has 3 decimals"),
        ("1", unit(denominator="0.5"), "1 would be 1/2 BOX, which has 0 decimals"),
        ("0", unit(), "Mirakl's quantity is 0"),
        ("-1", unit(), "Mirakl's quantity is -1"),
    ],
)
def test_what_does_not_fit_is_rejected_and_never_rounded(quantity: str, unit: OrderUnit, said: str) -> None:
    with pytest.raises(Rejected) as refusal:
        ordered_quantity(D(quantity), unit, sku="SKU-001")
    assert (refusal.value.kind, refusal.value.subject) == ("quantity_not_representable", "SKU-001")
    assert refusal.value.reason == said


Converting = Callable[..., Decimal]
FACTORS = st.integers(1, 400).map(lambda n: D(n) / 4)
CASES = st.tuples(st.integers(1, 500).map(D), st.builds(OrderUnit, st.just("BOX"), FACTORS, FACTORS, st.integers(0, 3)))


def exact_or_rejected(rule: Converting, quantity: Decimal, unit: OrderUnit) -> None:
    """What is ordered, turned back, is what was bought; and it has no decimals that the unit does not have."""
    try:
        ordered = rule(quantity, unit, sku="SKU-001")
    except Rejected:
        return
    assert ordered * unit.numerator == quantity * unit.denominator
    assert ordered == round_to_minor(ordered, unit.decimals)


@EXAMPLES
@given(CASES)
def test_exact_or_rejected(case: tuple[Decimal, OrderUnit]) -> None:
    exact_or_rejected(ordered_quantity, *case)


@EXAMPLES
@given(CASES)
def test_whatever_the_unit_can_represent_is_ordered(case: tuple[Decimal, OrderUnit]) -> None:
    """Read backwards: a quantity made of whole steps of the ERP's unit is never rejected."""
    steps, unit = case
    ordered = steps.scaleb(-unit.decimals)
    bought = ordered * unit.numerator
    back = OrderUnit(unit.unit, unit.numerator, D(1), unit.decimals)
    assert ordered_quantity(bought, back, sku="SKU-001") == ordered


def to_the_nearest(quantity: Decimal, unit: OrderUnit, *, sku: str) -> Decimal:
    return round_to_minor(quantity * unit.denominator / unit.numerator, unit.decimals)


def upside_down(quantity: Decimal, unit: OrderUnit, *, sku: str) -> Decimal:
    return ordered_quantity(quantity, OrderUnit(unit.unit, unit.denominator, unit.numerator, unit.decimals), sku=sku)


@pytest.mark.parametrize("wrong", [to_the_nearest, upside_down])
def test_wrong_conversions_are_caught(wrong: Converting) -> None:
    caught(exact_or_rejected, wrong, CASES)
