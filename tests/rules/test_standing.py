"""What of an order will still ship: lines, sets and the order itself."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from shared.model.sales_order import ErpLine, ErpOrder, ItemCode
from shared.rules import standing


def erp(*lines: str, cancelled: bool = False, shown: bool = True) -> ErpOrder:
    """`-A` is a cancelled line A, `` a line without a reference; not `shown` is an order without its lines."""
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
        lines_shown=shown,
    )


OPEN, OVER = erp(shown=False), erp(cancelled=True, shown=False)
"""Orders of which the ERP shows a status and no lines."""


@pytest.mark.parametrize(
    ("order", "over"),
    [
        (None, True),
        (erp("A", cancelled=True), True),
        (erp("-A", "-B"), True),
        (erp("-A", "B"), False),
        (erp("A"), False),
        (erp(), False),
        (OPEN, False),
        (OVER, True),
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
    (OPEN, ["A"], ["B"], False),
    (OPEN, ["A"], [], False),
    (OVER, ["A"], ["B"], True),
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
        (OPEN, ()),
        (OVER, ("A", "B")),
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
        (OPEN, 2, True),
        (OVER, 2, False),
    ],
)
def test_what_is_usual(order: ErpOrder | None, lines: int, usual: bool) -> None:
    assert standing.is_usual(order, lines=lines) is usual


@pytest.mark.parametrize(
    ("order", "sent", "held"),
    [
        (erp("A"), ["B"], ("A",)),
        (erp("-A", "B#1"), [], ("A", "B")),
        (erp(), ["A", "B"], ()),
        (OPEN, ["A", "C"], ("A",)),
        (OPEN, [], ()),
        (OVER, ["B"], ("B",)),
    ],
)
def test_what_an_order_holds_of_a_and_b(order: ErpOrder, sent: Sequence[str], held: Sequence[str]) -> None:
    assert standing.held(order, ["A", "B"], sent=sent) == held


@pytest.mark.parametrize(("order", "stands"), [(OPEN, True), (OVER, False), (erp("A"), True), (erp("-A"), False)])
def test_whether_a_line_stands(order: ErpOrder, stands: bool) -> None:
    assert standing.carries(order, "A")
    assert standing.stands(order, "A") is stands
