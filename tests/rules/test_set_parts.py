"""A reference with `#` and a number at its end is a set's component; any other `#` is the id's own."""

from __future__ import annotations

import pytest

from shared.rules.set_parts import line_of


@pytest.mark.parametrize(
    ("reference", "line"),
    [
        ("N000001-A-1", "N000001-A-1"),
        ("N000001-A-1#2", "N000001-A-1"),
        ("S000006 A#1-1", "S000006 A#1-1"),
        ("S000006 A#1-1#12", "S000006 A#1-1"),
        ("A#", "A#"),
        ("A#b", "A#b"),
        ("", ""),
    ],
)
def test_the_order_line_that_a_reference_is_about(reference: str, line: str) -> None:
    assert line_of(reference) == line
