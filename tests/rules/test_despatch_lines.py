"""Which lines of an order a despatch row is about, and what cannot be told."""

from __future__ import annotations

from decimal import Decimal

import pytest

from shared.model.despatch import DespatchRow
from shared.rules.despatch_lines import Ordered, claims, product_names
from tests.builders import NOW, line, order, row

DRAFTED = {"L-1": Decimal(3), "L-2": Decimal(1), "S-1#1": Decimal(2), "S-1#2": Decimal(4)}
ORDER = order(
    lines=[line(id="L-1", sku="SKU-1"), line(id="L-2", index=2, sku="SKU-2"), line(id="S-1", index=3, sku="SET")]
)
ITEMS = [
    row("items", "north", "SKU-1", "1", item="SHIRT"),
    row("items", "north", "SKU-2", "1", item="SHIRT"),
    row("items", "north", "SET", "1", item="CUP"),
    row("items", "north", "SET", "2", item="SAUCER"),
]
ORDERED = Ordered(DRAFTED, frozenset({"L-2"}), product_names(ORDER, ITEMS, DRAFTED))


def despatched(line: str = "", product: str = "", quantity: int | None = None, place: str = "1") -> DespatchRow:
    given = None if quantity is None else Decimal(quantity)
    return DespatchRow(place, "P001", "C-1", NOW, line, product, given)


@pytest.mark.parametrize(
    ("shown", "claimed"),
    [
        (despatched("L-1", quantity=2), {"L-1": 2}),
        (despatched("L-1"), {"L-1": None}),
        (despatched("S-1"), {"S-1#1": None, "S-1#2": None}),
        (despatched("S-1#2", quantity=4), {"S-1#2": 4}),
        (despatched(product="sku-1", quantity=1), {"L-1": 1}),
        (despatched(product="SET"), {"S-1#1": None, "S-1#2": None}),
        (despatched(product="saucer", quantity=4), {"S-1#2": 4}),
        (despatched(), {"L-1": None, "S-1#1": None, "S-1#2": None}),
        (despatched("L-2", quantity=1), {"L-2": 1}),
    ],
)
def test_a_row_names_lines(shown: DespatchRow, claimed: dict[str, int | None]) -> None:
    assert claims([shown], ORDERED) == (claimed, {})


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (despatched("L-9", quantity=1), "line 'L-9', which the order does not have"),
        (despatched(product="HAT"), "product 'HAT', which the order does not have"),
        (despatched(product="SHIRT", quantity=1), "on several lines"),
        (despatched("S-1", quantity=1), "names no single line"),
        (despatched(quantity=1), "names no single line"),
        (despatched("L-1", quantity=4), "was ordered 3 times"),
    ],
)
def test_what_is_unclear_is_refused(shown: DespatchRow, said: str) -> None:
    claimed, refused = claims([shown], ORDERED)
    assert claimed == {}
    assert said in refused["1"]


@pytest.mark.parametrize(("second", "refused"), [(2, []), (1, ["2"]), (None, ["2"])])
def test_a_line_that_is_named_twice_counts_once_or_is_refused(second: int | None, refused: list[str]) -> None:
    claimed, why = claims([despatched("L-1", quantity=2), despatched("L-1", quantity=second, place="2")], ORDERED)
    assert (claimed, list(why)) == ({"L-1": Decimal(2)}, refused)


def test_of_an_order_of_one_line_a_quantity_needs_no_name() -> None:
    alone = Ordered({"L-1": Decimal(3)}, frozenset(), {})
    assert claims([despatched(quantity=2)], alone) == ({"L-1": Decimal(2)}, {})


def test_an_order_of_unknown_lines_takes_no_row() -> None:
    _, refused = claims([despatched()], Ordered({}, frozenset(), {}))
    assert "lines are not known" in refused["1"]
