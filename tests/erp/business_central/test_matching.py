"""Which order line a shipped line is of, what was undone, and which version of a document it is."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.erp.business_central.matching import shipped, version
from shared.erp.business_central.reading import Line, Order
from shared.erp.business_central.shipping_documents import DocumentLine

Shown = list[tuple[str, int, int]]


def ordered(reference: str, sequence: int, *, item: str = "ITEM-001", quantity: int = 2, unit: str = "PCS") -> Line:
    amounts = (Decimal(quantity), Decimal(0))
    return Line(str(sequence), "", sequence, "Item", item, None, reference, "", *amounts, unit, Decimal(1))


def order(*lines: Line) -> Order:
    return Order("1", "101001", "NO-1", "C", "EUR", "Open", False, Decimal(1), Decimal(0), lines)


def left(
    reference: str, sequence: int, quantity: int, *, item: str = "ITEM-001", unit: str = "PCS", kind: str = "Item"
) -> DocumentLine:
    return DocumentLine(sequence, kind, item, unit, Decimal(quantity), reference, "")


TWO = order(ordered("L-1", 10000), ordered("L-2", 20000, item="ITEM-002"))
CASES: dict[str, tuple[list[DocumentLine], Order | None, Shown]] = {
    "by our reference": ([left("L-2", 10000, 1, item="ITEM-002")], TWO, [("L-2", 2, 1)]),
    "by its place and item": ([left("", 20000, 1, item="item-002")], TWO, [("L-2", 2, 1)]),
    "a text of somebody's in its place": ([left("blue", 20000, 1, item="ITEM-002")], TWO, [("L-2", 2, 1)]),
    "another item in its place": ([left("", 20000, 1)], TWO, [("", 1, 1)]),
    "no such place": ([left("", 30000, 1)], TWO, [("", 1, 1)]),
    "the order is gone": ([left("L-1", 10000, 2)], None, [("L-1", 2, 2)]),
    "the order is gone and so is our reference": ([left("", 10000, 2)], None, [("", 2, 2)]),
    "a quantity of 0": ([left("L-1", 10000, 0), left("L-2", 20000, 1, item="ITEM-002")], TWO, [("L-2", 2, 1)]),
    "comments and accounts": (
        [left("", 10000, 0, kind="Comment"), left("", 20000, 1, kind="G/L Account"), left("L-1", 10000, 1)],
        TWO,
        [("L-1", 2, 1)],
    ),
    "undone as a whole": ([left("L-1", 10000, 2), left("L-1", 15000, -2)], TWO, [("L-1", 2, 0)]),
    "undone without reference": ([left("", 10000, 2), left("", 15000, -2)], TWO, [("L-1", 2, 0)]),
    "another line of the same number without reference": (
        [left("L-1", 10000, -2), left("", 15000, 2)],
        None,
        [("L-1", -2, -2), ("", 2, 2)],
    ),
    "undone when the order is gone": ([left("L-1", 10000, 2), left("", 15000, -2)], None, [("L-1", 0, 0)]),
    "a line that people have split": (
        [left("L-1", 10000, 1)],
        order(ordered("L-1", 10000, quantity=1), ordered("L-1", 15000, quantity=1)),
        [("L-1", 2, 1)],
    ),
    "in another unit than the order's": ([left("L-1", 10000, 12, unit="BOX")], TWO, [("L-1", 12, 12)]),
}


@pytest.mark.parametrize(("lines", "row", "expected"), CASES.values(), ids=CASES)
def test_lines_of_a_shipment(lines: list[DocumentLine], row: Order | None, expected: Shown) -> None:
    found = [(one.reference, int(one.ordered), int(one.shipped)) for one in shipped(lines, row)]
    assert found == expected


def test_a_set_s_components_that_stayed_behind_are_listed() -> None:
    row = order(ordered("L-1#1", 10000), ordered("L-1#2", 20000), ordered("L-2", 30000))
    found = {one.reference: one.shipped for one in shipped([left("L-1#1", 10000, 2)], row)}
    assert found == {"L-1#1": Decimal(2), "L-1#2": Decimal(0)}


def at(lines: list[DocumentLine], minute: int = 0) -> str:
    return version(lines, changed=datetime(2026, 3, 2, 8, minute, tzinfo=UTC))


def test_a_version_changes_with_its_quantities_and_when_the_document_does() -> None:
    before = [left("L-1", 10000, 2), left("", 20000, 0, kind="Comment")]
    assert at(before) == at([left("", 10000, 2)])
    undone = [*before, left("L-1", 15000, -2)]
    assert at(undone) > at(before)
    assert at([left("L-1", 10000, 3)]) != at(before)
    assert at(before, minute=1) != at(before)
    assert len(at(before)) == len(at(undone))


@given(st.lists(st.integers(min_value=1, max_value=9), min_size=1, max_size=5))
def test_what_is_undone_has_not_left_however_much_there_is(quantities: list[int]) -> None:
    lines = [left(f"L-{at}", at * 10000, quantity) for at, quantity in enumerate(quantities)]
    undone = [left(f"L-{at}", at * 10000 + 5000, -quantity) for at, quantity in enumerate(quantities)]
    assert not any(one.shipped for one in shipped([*lines, *undone], None))
    assert sum(one.shipped for one in shipped(lines, None)) == sum(quantities)
