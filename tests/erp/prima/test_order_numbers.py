"""Ranges of order numbers that never meet, and a number that nobody has."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.prima.order_numbers import impossible, overlapping
from shared.model.sales_order import NumberFormat

RANGES = st.builds(NumberFormat, st.text("aA01", max_size=3), st.integers(1, 3))


@given(RANGES, RANGES)
def test_ranges_overlap_where_they_have_a_number_in_common(one: NumberFormat, other: NumberFormat) -> None:
    numbers = [{form.number(count).casefold() for count in range(10**form.digits - 1)} for form in (one, other)]
    assert bool(list(overlapping({"a": one, "b": other}))) == bool(numbers[0] & numbers[1])


@pytest.mark.parametrize(("prefix", "digits"), [("", 3), ("201", 6), ("MK", 3)])
def test_the_impossible_number_has_the_form_of_the_range_and_no_order_gets_it(prefix: str, digits: int) -> None:
    form = NumberFormat(prefix, digits)
    nobodys = impossible({"a": form, "b": NumberFormat("9", 9)})
    assert nobodys == prefix + "9" * digits
    assert form.number(10**digits - 2) < nobodys
    with pytest.raises(ValueError, match="used up"):
        form.number(10**digits - 1)


def test_each_pair_is_named() -> None:
    (text,) = overlapping(
        {"north-fr": NumberFormat("201", 6), "south": NumberFormat("20", 7), "x": NumberFormat("3", 6)}
    )
    assert "north-fr" in text
    assert "south" in text
