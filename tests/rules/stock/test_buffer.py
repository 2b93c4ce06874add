"""What is never offered, by whom it is set, and that velocity alone never empties an offer."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.offers import Buffer
from shared.model.stock import Buffers
from shared.rules.stock.buffer import buffer, capped
from shared.rules.stock.published import published
from shared.rules.stock.whole_units import taken, whole_units
from tests.rules.properties import EXAMPLES, caught
from tests.rules.stock.builders import ITEM, known, offer, read, reading, terms, unit

D = Decimal
SET = Buffers(everywhere=D(1), shops={"north-de": D(2)}, skus={("north-de", "SKU-001"): D(0)})
FAST = Buffers(everywhere=D(1), velocity=True)


@pytest.mark.parametrize(
    ("buffers", "shop", "sku", "velocity", "expected"),
    [
        (SET, "north-de", "SKU-001", 5, Buffer(D(0), "sku")),
        (SET, "north-de", "SKU-002", 5, Buffer(D(2), "shop")),
        (SET, "south-fr", "SKU-001", 5, Buffer(D(1), "all")),
        (FAST, "north-de", "SKU-001", 0, Buffer(D(1), "all")),
        (FAST, "north-de", "SKU-001", 3, Buffer(D(3), "velocity")),
        (FAST, "north-de", "SKU-001", 30, Buffer(D(10), "velocity")),
    ],
)
def test_where_it_is_set(buffers: Buffers, shop: str, sku: str, velocity: int, expected: Buffer) -> None:
    found = buffer(buffers, shop=shop, sku=sku, velocity=D(velocity), free=D(40), left=D(40), one=D(1))
    assert found == expected


@pytest.mark.parametrize(
    ("velocity", "free", "left", "one", "units"),
    [
        (9, 40, 40, 1, "9"),
        (30, 40, 40, 1, "10"),
        (30, 40, 5, 1, "4"),
        (30, 1, 1, 1, "0"),
        (30, 8, 8, 6, "2"),
        (30, 7, 7, 6, "1"),
        (30, 4, 4, 6, "0"),
        (30, -4, -4, 1, "0"),
        (0, 40, 40, 1, "0"),
    ],
)
def test_the_cap(velocity: int, free: int, left: int, one: int, units: str) -> None:
    assert capped(D(velocity), cap=D("0.25"), free=D(free), left=D(left), one=D(one)) == D(units)


def test_it_is_taken_once_from_what_is_left() -> None:
    found = published(offer(), known=known(reading(8), velocity={ITEM: D(5)}), terms=terms(buffers=FAST))
    assert (read(found).number, read(found).terms[0].buffer) == (6, Buffer(D(2), "velocity"))


Capping = Callable[..., Decimal]
CASES = st.tuples(
    st.integers(0, 500), st.integers(-20, 500), st.integers(0, 60), st.sampled_from(["1", "4", "6", "0.5"])
)


def never_the_last_unit(rule: Capping, velocity: int, free: int, sold: int, one: str) -> None:
    """What could be offered without it, if only one unit, is still offered with it; it never adds to what is there."""
    left, per = D(free - sold), unit("1", one)
    kept = rule(D(velocity), cap=D("0.25"), free=D(free), left=left, one=taken(D(1), per))
    assert 0 <= kept <= max(D(velocity), D(0))
    assert kept <= max(D(free) / 4, D(0))
    assert (whole_units(left, per) > 0) == (whole_units(left - kept, per) > 0)


@EXAMPLES
@given(CASES)
def test_velocity_alone_never_empties_an_offer(case: tuple[int, int, int, str]) -> None:
    never_the_last_unit(capped, *case)


def uncapped(velocity: Decimal, *, cap: Decimal, free: Decimal, left: Decimal, one: Decimal) -> Decimal:
    return velocity


def only_a_quarter(velocity: Decimal, *, cap: Decimal, free: Decimal, left: Decimal, one: Decimal) -> Decimal:
    return max(min(velocity, free * cap), D(0))


@pytest.mark.parametrize("wrong", [uncapped, only_a_quarter])
def test_wrong_caps_are_caught(wrong: Capping) -> None:
    caught(never_the_last_unit, wrong, CASES)
