from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import ErpLine, ErpOrder, ErpTotals, ItemCode, SalesOrderDraft
from shared.rules.comparing import differing_lines, differing_tax, differing_totals, expected_totals
from shared.rules.drafting import draft
from tests.builders import line, mappings, marketplace, order, shop

D = Decimal
TOLERANCE = D("0.02")


def drafted(given: Order, **at: Any) -> SalesOrderDraft:
    north = shop(marketplace=marketplace(**at))
    return draft(given, shop=north, rows=mappings(), policy=CreationPolicy(), client_numbers=True)


WANTED = drafted(order(lines=[line(id="1", index=1), line(id="2", index=2, sku="SKU-002", quantity=1)]))
"""1: 2 of ITEM-001 for 120.00; 2: 1 of ITEM-002 for 120.00; shipping-1: 12.00; all including tax."""


def shown(*lines: ErpLine) -> ErpOrder:
    return ErpOrder(WANTED.number, WANTED.reference, WANTED.customer, WANTED.currency, "Open", False, lines)


def as_drafted() -> list[ErpLine]:
    return [ErpLine(one.reference, one.item, one.quantity, one.unit, one.amount) for one in WANTED.lines]


def test_an_order_as_drafted_has_no_difference_whatever_the_order_of_its_lines() -> None:
    assert differing_lines(WANTED, shown(*as_drafted())) == ()
    assert differing_lines(WANTED, shown(*reversed(as_drafted()))) == ()


def test_an_order_that_is_shown_without_its_lines_has_no_difference() -> None:
    assert differing_lines(WANTED, replace(shown(), lines_shown=False)) == ()
    assert differing_lines(WANTED, shown()) != ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"amount": D("119.99")}, ["line 1: amount is 119.99 instead of 120.00"]),
        ({"amount": D("120.0000001")}, []),
        ({"amount": D(120)}, []),
        ({"quantity": D("2.000")}, []),
        ({"quantity": D(3)}, ["line 1: quantity is 3 instead of 2"]),
        ({"unit": "pcs"}, []),
        ({"unit": "BOX"}, ["line 1: unit is BOX instead of PCS"]),
        ({"item": ItemCode("item-001")}, []),
        ({"item": ItemCode("ITEM-009")}, ["line 1: item is ITEM-009 instead of ITEM-001"]),
        ({"item": ItemCode("ITEM-001", size="XL")}, ["line 1: item is ITEM-001/XL instead of ITEM-001"]),
        (
            {"amount": D(5), "quantity": D(1)},
            ["line 1: quantity is 1 instead of 2", "line 1: amount is 5.00 instead of 120.00"],
        ),
        (
            {"reference": ""},
            ["line 1 (ITEM-001, 120.00) is missing", "line without reference (ITEM-001, 120.00) is not ours"],
        ),
    ],
)
def test_a_line_that_differs(change: dict[str, Any], said: list[str]) -> None:
    first, *rest = as_drafted()
    assert list(differing_lines(WANTED, shown(replace(first, **change), *rest))) == said


def test_missing_and_foreign_and_doubled_lines() -> None:
    first, second, shipping = as_drafted()
    foreign = ErpLine("AUTO", ItemCode("CHARGE"), D(1), "PCS", D("3.50"))
    assert differing_lines(WANTED, shown(second, shipping, shipping, foreign)) == (
        "line 1 (ITEM-001, 120.00) is missing",
        "line shipping-1 (SHIPPING, 12.00) is not ours",
        "line AUTO (CHARGE, 3.50) is not ours",
    )
    assert differing_lines(WANTED, shown()) != ()
    assert first.reference == "1"


INCLUDED, EXCLUDED = order(), order(platform_tax_mode="TAX_EXCLUDED")
"""126.00 with 21.00 of tax in it; 105.00 and 21.00 of tax."""


@pytest.mark.parametrize(
    ("given", "at", "kept"),
    [
        (INCLUDED, {}, "TAX_INCLUDED 126.00 21.00"),
        (EXCLUDED, {}, "TAX_EXCLUDED 105.00 21.00"),
        (EXCLUDED, {"tax_source": "erp"}, "TAX_EXCLUDED 105.00 -"),
        (INCLUDED, {"tax_liability": {"*": "operator"}}, "TAX_INCLUDED 126.00 -"),
    ],
)
def test_what_totals_are_held_against_is_kept_as_text(given: Order, at: dict[str, Any], kept: str) -> None:
    assert expected_totals(drafted(given, **at)) == kept


@pytest.mark.parametrize(
    ("kept", "total", "tax", "said"),
    [
        ("TAX_INCLUDED 126.00 21.00", "126.00", "21.00", []),
        ("TAX_INCLUDED 126.00 21.00", "126.02", "21.00", []),
        ("TAX_INCLUDED 126.00 21.00", "125.98", None, []),
        ("TAX_INCLUDED 126.00 21.00", "126.03", "21.00", ["order total is 126.03 instead of 126.00 (+0.03)"]),
        ("TAX_INCLUDED 126.00 21.00", "105.00", "21.00", ["order total is 105.00 instead of 126.00 (-21.00)"]),
        ("TAX_INCLUDED 126.00 -", "126.00", None, []),
        ("TAX_EXCLUDED 105.00 21.00", "126.00", "21.00", []),
        ("TAX_EXCLUDED 105.00 21.00", "105.00", "0", ["order total is 105.00 instead of 126.00 (-21.00)"]),
        ("TAX_EXCLUDED 105.00 -", "126.00", "21.00", []),
        ("TAX_EXCLUDED 105.00 -", "105.00", None, []),
        ("TAX_EXCLUDED 105.00 -", "127", "21", ["order total without tax is 106 instead of 105.00 (+1.00)"]),
    ],
)
def test_totals(kept: str, total: str, tax: str | None, said: list[str]) -> None:
    totals = ErpTotals("NO-1", D(total), None if tax is None else D(tax))
    assert list(differing_totals(kept, totals, tolerance=TOLERANCE)) == said


def test_totals_that_are_not_there_yet_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="not calculated"):
        differing_totals("TAX_INCLUDED 1 -", ErpTotals("NO-1", None, None), tolerance=TOLERANCE)


@pytest.mark.parametrize(
    ("kept", "tax", "said"),
    [
        ("TAX_INCLUDED 126.00 21.00", "21.01", []),
        ("TAX_INCLUDED 126.00 21.00", "11.45", ["tax is 11.45 instead of 21.00 (-9.55)"]),
        ("TAX_INCLUDED 126.00 21.00", None, []),
        ("TAX_INCLUDED 126.00 -", "11.45", []),
    ],
)
def test_tax_is_compared_where_both_state_one(kept: str, tax: str | None, said: list[str]) -> None:
    totals = ErpTotals("NO-1", D("126.00"), None if tax is None else D(tax))
    assert list(differing_tax(kept, totals, tolerance=TOLERANCE)) == said
