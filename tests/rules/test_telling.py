"""Who speaks for an order, and which units each shipment adds."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from shared.model.shipment import ErpShipment, Shipment
from shared.rules.telling import missing, number_of, speaking, units
from tests.builders import NOW
from tests.flows.shipping_desk import ORDER, slip

FIRST = slip("PS-1", ("L-1", 2, 1), number="A")
SECOND = slip("PS-2", ("L-1", 2, 1), ("L-2", 1, 1), number="B")
BARE = slip("PS-3", ("L-2", 1, 1), number="")


@pytest.mark.parametrize(
    ("slips", "number"),
    [((FIRST,), "A"), ((FIRST, SECOND), "B"), ((FIRST, BARE), "A"), ((BARE, FIRST), "A"), ((BARE,), "")],
)
def test_the_last_shipment_with_tracking_speaks_for_the_order(slips: tuple[ErpShipment, ...], number: str) -> None:
    assert number_of(speaking([Shipment(one) for one in slips])) == number


def test_each_shipment_adds_what_the_ones_before_it_left() -> None:
    both = [Shipment(FIRST), Shipment(SECOND)]
    assert [units(ORDER, one, both) for one in both] == [(("L-1", 1),), (("L-1", 1), ("L-2", 1))]


def test_what_mirakl_was_told_of_counts_as_before_whatever_its_date() -> None:
    half = slip("PS-0", ("L-1", 4, 1), shipped=NOW - timedelta(hours=1))
    other = slip("PS-1", ("L-1", 4, 1))
    late = [Shipment(half), Shipment(other)]
    told = [Shipment(half), Shipment(other, told=NOW)]
    assert (units(ORDER, late[0], late), units(ORDER, late[1], late)) == ((), (("L-1", 1),))
    assert units(ORDER, told[0], told) == (("L-1", 1),)


PART = slip("PS-1", ("L-1#1", 2, 2))
REST = slip("PS-2", ("L-1#2", 2, 2), shipped=NOW + timedelta(hours=1))


@pytest.mark.parametrize("shipped", [False, True])
def test_what_was_told_with_the_one_that_made_it_whole_is_not_told_again(shipped: bool) -> None:
    """The first holds half of a set and adds nothing by itself; the second was told with the whole set in it."""
    rest = Shipment(REST, told=NOW, marketplace_id="S-2", told_lines=(("L-1", Decimal(2)),) if shipped else ())
    shipments = [Shipment(PART), rest]
    assert units(ORDER, shipments[0], shipments) == ()
    assert units(ORDER, shipments[1], shipments) == (("L-1", 2),)


def test_what_an_erp_commits_late_is_told_with_the_units_that_are_left() -> None:
    shipments = [Shipment(FIRST), Shipment(SECOND, told=NOW, marketplace_id="S-2")]
    assert units(ORDER, shipments[0], shipments) == (("L-1", 1),)


def test_what_is_missing_is_said_line_by_line() -> None:
    assert missing(ORDER, [FIRST]) == "L-1 (1 of 2), L-2 (0 of 1)"
    assert missing(replace(ORDER, lines=()), [FIRST]) == "Mirakl shows no line in SHIPPING"
