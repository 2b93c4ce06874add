"""A line that a person made smaller after it was drafted does not pass for shipped whole."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from shared.model.order import Order
from shared.model.sales_order import DraftLine, ItemCode
from shared.model.shipment import ErpShipment, ShippedLine
from shared.rules.drafted import as_drafted, kept
from shared.rules.shipped import line_progress
from tests.builders import NOW, line, order


def drafted(reference: str, quantity: str) -> DraftLine:
    ten = Decimal(10)
    return DraftLine(1, reference, ItemCode("ITEM"), Decimal(quantity), "PCS", ten, ten, "", "", "", "")


def slip(reference: str, shipped: str, ordered: str) -> ErpShipment:
    lines = (ShippedLine(reference, Decimal(ordered), Decimal(shipped)),)
    return ErpShipment("1", "PS-1", "NO-A", "NO-A", NOW, "EXP", "", "", lines)


def bought(quantity: int, cancelled: int = 0) -> Order:
    return order(lines=[replace(line(id="L", quantity=quantity), cancelled_quantity=Decimal(cancelled))])


@pytest.mark.parametrize(
    ("sold", "first", "shipped", "ordered", "units"),
    [
        (bought(3), "3", "1", "1", 1),
        (bought(3), "3", "3", "3", 3),
        (bought(12), "2", "1", "1", 6),
        (bought(12), "2", "1", "2", 6),
        (bought(3, cancelled=2), "3", "1", "1", 1),
        (bought(5, cancelled=2), "5", "2", "3", 2),
        (bought(12), "2", "6", "12", 6),
        (bought(3), "3", "4", "4", 3),
    ],
    ids=[
        "made smaller", "as it was", "boxes made fewer", "boxes", "cancelled, then made smaller",
        "made smaller, a part has left", "in a smaller unit", "made larger",
    ],
)  # fmt: skip
def test_what_left_counts_against_what_was_drafted(
    sold: Order, first: str, shipped: str, ordered: str, units: int
) -> None:
    shown = as_drafted(slip("L", shipped, ordered), kept([drafted("L", first)]))
    [found] = line_progress(sold, [shown])
    assert found.shipped == units


def test_lines_that_nobody_drafted_stay_as_they_are() -> None:
    shown = slip("OTHER", "1", "1")
    assert as_drafted(shown, kept([drafted("L", "3")])) == shown
    assert as_drafted(shown, "") == shown


def test_charges_are_no_goods() -> None:
    assert kept([replace(drafted("shipping-1", "1"), purpose="shipping")]) == "{}"
