"""How much of an order has left: units by proportion, sets by their least component, cancelled rests left out."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.order import Order
from shared.model.shipment import ErpShipment, ShippedLine
from shared.rules.shipped import WITHOUT_REFERENCE, is_complete, line_progress, new_units, nobody_pays, unmatched
from tests.builders import NOW, line, order

Left = tuple[str, str]
"""Reference, and shipped/ordered as `2/5`."""


def slip(*lines: Left, document: str = "PS-1") -> ErpShipment:
    parts = ((reference, *share.split("/")) for reference, share in lines)
    shown = tuple(ShippedLine(reference, Decimal(whole), Decimal(some)) for reference, some, whole in parts)
    return ErpShipment(document, document, "NO-A", "NO-A", NOW, "EXP", "", "", shown)


def bought(quantity: str = "2", *, cancelled: str = "0", state: str = "SHIPPING", **others: str) -> Order:
    """Line L of this quantity; `others` are lines by id with their state."""
    wanted = replace(line(id="L", quantity=quantity, state=state), cancelled_quantity=Decimal(cancelled))
    return order(lines=[wanted, *(line(id=name, state=word) for name, word in others.items())])


@pytest.mark.parametrize(
    ("quantity", "cancelled", "slips", "wanted", "shipped"),
    [
        ("2", "0", [], 2, 0),
        ("2", "0", [[("L", "2/2")]], 2, 2),
        ("2", "0", [[("L", "1/2")]], 2, 1),
        ("2", "0", [[("L", "1/2")], [("L", "1/2")]], 2, 2),
        ("2", "0", [[("L", "1/2"), ("L", "1/2")]], 2, 2),
        ("12", "0", [[("L", "1/2")]], 12, 6),
        ("3", "0", [[("L", "0.25/0.375")]], 3, 2),
        ("3", "0", [[("L", "1/36")]], 3, 0),
        ("3", "0", [[("L", "1/9")], [("L", "1/9")], [("L", "1/9")]], 3, 1),
        ("7", "0", [[("L", "1/3")], [("L", "1/3")], [("L", "1/3")]], 7, 7),
        ("2", "0", [[("L", "3/2")]], 2, 2),
        ("2", "0", [[("L", "2/2")], [("L", "-1/2")]], 2, 1),
        ("2", "0", [[("L", "1/0")]], 2, 0),
        ("2", "0", [[("OTHER", "2/2")]], 2, 0),
        ("5", "2", [[("L", "3/5")]], 3, 3),
        ("5", "2", [[("L", "2/3")]], 3, 2),
        ("5", "2", [[("L", "2/5")], [("L", "1/3")]], 3, 3),
        ("5", "5", [], 0, 0),
    ],
    ids=[
        "nothing yet", "all at once", "half", "in two parcels", "twice on one slip", "boxes of six", "parts of a box",
        "less than one unit", "three thirds of a unit", "thirds are exact", "too much", "taken back", "a line of none",
        "another line", "a rest cancelled", "a rest taken out of the ERP's line", "taken out in between", "all cancelled",
    ],
)  # fmt: skip
def test_what_has_left_of_a_line(
    quantity: str, cancelled: str, slips: list[list[Left]], wanted: int, shipped: int
) -> None:
    [found] = line_progress(bought(quantity, cancelled=cancelled), [slip(*lines) for lines in slips])
    assert (int(found.wanted), int(found.shipped)) == (wanted, shipped)


@pytest.mark.parametrize(
    ("slips", "shipped"),
    [
        ([[("L#1", "2/2"), ("L#2", "2/2")]], 2),
        ([[("L#1", "2/2")], [("L#2", "2/2")]], 2),
        ([[("L#1", "2/2"), ("L#2", "1/2")]], 1),
        ([[("L#1", "4/4"), ("L#2", "3/6")]], 1),
        ([[("L#1", "2/2")]], 0),
        ([[("L#2", "2/2")]], 0),
        ([[("L#3", "2/2"), ("L#1", "2/2")]], 0),
        ([[("L#3", "2/2"), ("L#1", "2/2"), ("L#2", "2/2")]], 2),
        ([[("L#A", "2/2")]], 0),
        ([[("L#A", "2/2"), ("L#B", "2/2")]], 2),
        ([[("L#20260302", "2/2"), ("L#1", "2/2")]], 2),
    ],
    ids=[
        "whole", "in two parcels", "the least counts", "each in its own unit", "one alone: the rest is unknown",
        "a second proves a first", "a third proves a second", "all three", "a name alone", "two names", "no counted number",
    ],
)  # fmt: skip
def test_a_set_has_left_as_often_as_its_least_component(slips: list[list[Left]], shipped: int) -> None:
    [found] = line_progress(bought("2"), [slip(*lines) for lines in slips])
    assert found.shipped == shipped


def test_a_mark_in_the_order_line_s_own_id_makes_no_set() -> None:
    odd = order(lines=[line(id="L#1", quantity=2)])
    assert is_complete(odd, [slip(("L#1", "2/2"))])
    assert unmatched(odd, slip(("L#1", "2/2"))) == ()


@pytest.mark.parametrize(
    ("wanted", "left", "complete"),
    [
        (bought(M="SHIPPING"), [("L", "2/2")], False),
        (bought(M="SHIPPING"), [("L", "2/2"), ("M", "2/2")], True),
        (bought(M="CANCELED"), [("L", "2/2")], True),
        (bought(M="SHIPPED"), [("L", "2/2")], True),
        (bought("5", cancelled="2"), [("L", "3/5")], True),
        (bought("5", cancelled="5", M="SHIPPING"), [("M", "2/2")], True),
        (bought("5", cancelled="5"), [], False),
        (bought(state="SHIPPED"), [("L", "2/2")], False),
        (bought(state="CANCELED"), [("L", "2/2")], False),
    ],
    ids=[
        "a line is missing", "both", "the rest is cancelled", "the rest is shipped", "a rest of it is cancelled",
        "all of another is cancelled", "nothing is owed", "nothing is left to ship", "nothing is wanted",
    ],
)  # fmt: skip
def test_complete_is_when_everything_still_to_ship_has_left(wanted: Order, left: list[Left], complete: bool) -> None:
    assert is_complete(wanted, [slip(*left)] if left else []) is complete


def test_a_parcel_counts_for_the_whole_units_that_it_completes() -> None:
    wanted = order(lines=[line(id="L", quantity=2), line(id="M", quantity=3), line(id="N", quantity=1)])
    first = slip(("L", "1/4"), ("M", "2/3"))
    then = slip(("L", "3/4"), ("N", "1/1"), document="PS-2")
    assert new_units(wanted, first, []) == (("M", 2),)
    assert new_units(wanted, then, [first]) == (("L", 2), ("N", 1))
    assert new_units(wanted, slip(("M", "0/3")), [first, then]) == ()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=6), st.integers(1, 12), st.integers(1, 40))
def test_parcels_never_count_for_more_than_has_left_and_add_up(parcels: list[int], quantity: int, ordered: int) -> None:
    wanted = order(lines=[line(id="L", quantity=quantity)])
    slips = [slip(("L", f"{some}/{ordered}"), document=f"PS-{number}") for number, some in enumerate(parcels)]
    counted = sum(units for at, one in enumerate(slips) for _, units in new_units(wanted, one, slips[:at]))
    assert counted == min(Fraction(quantity * sum(parcels), ordered).__floor__(), quantity)
    assert is_complete(wanted, slips) is (counted == quantity)


def test_what_is_no_line_of_the_order_is_named_once_and_charges_are_ours() -> None:
    shipment = slip(("L", "1/2"), ("L#1", "1/1"), ("X", "1/1"), ("X", "1/1"), ("", "1/1"), ("shipping-1", "1/1"))
    assert unmatched(bought(), shipment) == ("X", WITHOUT_REFERENCE)


def test_goods_that_nobody_pays_for_are_those_that_left() -> None:
    wanted = bought(M="CANCELED", N="REFUSED", O="CANCELED")
    assert nobody_pays(wanted, slip(("L", "2/2"), ("M#2", "1/1"), ("N", "0/2"))) == ("M",)
