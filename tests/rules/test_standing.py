"""What of an order will still ship: lines, sets and the order itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from shared.model.sales_order import ErpLine, ErpOrder, ItemCode
from shared.rules import standing


def erp(*lines: str, cancelled: bool = False) -> ErpOrder:
    """`-A` is a cancelled line A, `` a line without a reference."""
    return ErpOrder(
        "SO-1",
        "NO-1",
        "C",
        "EUR",
        "Backorder",
        False,
        tuple(
            ErpLine(one.lstrip("-"), ItemCode("I"), Decimal(1), "PCS", Decimal(1), one.startswith("-")) for one in lines
        ),
        cancelled=cancelled,
    )


@pytest.mark.parametrize(
    ("order", "over"),
    [
        (None, True),
        (erp("A", cancelled=True), True),
        (erp("-A", "-B"), True),
        (erp("-A", "B"), False),
        (erp("A"), False),
        (erp(), False),
    ],
)
def test_an_order_that_is_over(order: ErpOrder | None, over: bool) -> None:
    assert standing.is_over(order) is over


WITHDRAWN: list[tuple[ErpOrder | None, Sequence[str], Sequence[str], bool]] = [
    (erp("A", "B"), ["A"], ["B"], False),
    (erp("-A", "B"), ["A"], ["B"], True),
    (erp("B"), ["A"], ["B"], True),
    (erp("A#1", "-A#2", "B"), ["A"], ["B"], False),
    (erp("-A#1", "-A#2", "B"), ["A"], ["B"], True),
    (erp("AA", "B"), ["A"], ["B"], True),
    (erp("-A", "A", "B"), ["A"], ["B"], False),
    (erp("shipping-1"), ["A"], [], False),
    (erp(), ["A"], [], False),
    (erp("-A", "-shipping-1"), ["A"], [], True),
    (None, ["A"], ["B"], True),
    (erp("A", cancelled=True), ["A"], ["B"], True),
]


@pytest.mark.parametrize(("order", "lines", "left", "expected"), WITHDRAWN)
def test_what_was_withdrawn(order: ErpOrder | None, lines: Sequence[str], left: Sequence[str], expected: bool) -> None:
    assert standing.is_withdrawn(order, lines, left=left) is expected


@pytest.mark.parametrize(
    ("order", "missing"),
    [
        (erp("A", "B"), ()),
        (erp("A"), ("B",)),
        (erp("-A", "B"), ("A",)),
        (erp("-A", "A", "B"), ()),
        (erp("A#1", "A#2", "B"), ()),
        (erp("A#1", "-A#2", "B"), ("A",)),
        (erp("BB", "A"), ("B",)),
        (erp("A", ""), ()),
        (erp("A", "-"), ("B",)),
    ],
)
def test_what_is_missing(order: ErpOrder, missing: Sequence[str]) -> None:
    assert standing.missing(order, ["A", "B"]) == missing


@pytest.mark.parametrize(
    ("order", "lines", "usual"),
    [
        (erp("A"), 1, True),
        (erp("A"), 0, True),
        (erp("A", "-B"), 1, False),
        (erp(), 0, False),
        (None, 0, False),
        (erp("A", cancelled=True), 1, False),
        (erp("A", "shipping-1"), 2, False),
        (erp("A#1", "A#2"), 2, False),
        (erp("A#1", "A#2", "B"), 2, True),
        (erp("A", ""), 2, True),
    ],
)
def test_what_is_usual(order: ErpOrder | None, lines: int, usual: bool) -> None:
    assert standing.is_usual(order, lines=lines) is usual
