"""Where nobody sees the ERP's shipping documents: all of an order, and no carrier or number of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.local.evidence import CLIENT, NOT_TOLD, Books, at, carriage, parcel, shipped_books, slip, spoiled, tell

BY_STATUS = replace(CLIENT, lists_shipments=False, by_status="LETTER")
Spoil = Callable[[Books], object]


def books(*, multi: bool = False) -> Books:
    """The same that left, told to Mirakl as what the client names for all, without a number."""
    found = shipped_books(multi=multi)
    found.client = BY_STATUS
    told = [{**parcel("NO-A", 55, 2, code="LTR"), "number": None}] if multi else []
    tell(found, 55, told, carriage("LTR", None))
    return found


def untold(found: Books) -> None:
    tell(found, None, [], NOT_TOLD)
    found.openwork["north-main", "A"] = {"due": at(600)}
    found.now = at(240)


def part_left(found: Books) -> None:
    untold(found)
    found.slips = [slip("PS1", 40, 1, tracked=50)]


def corrected(found: Books) -> None:
    found.slips.append({**slip("PS1", 70, 1, tracked=50), "id": "2"})


CASES: list[tuple[str, bool, Spoil, list[str]]] = [
    ("all told", False, lambda _: None, []),
    ("all told", True, lambda _: None, []),
    ("a part, of which nobody hears", False, part_left, []),
    ("a part, of which nobody hears", True, part_left, []),
    ("corrected, which nobody sees", False, corrected, []),
    ("never told", False, untold, ["lost"]),
    ("never told", True, untold, ["lost"]),
    ("another carrier", False, lambda found: tell(found, 55, [], carriage("CA1", None)), ["different"]),
    ("a number of no parcel", False, lambda found: tell(found, 55, [], carriage("LTR", "T-9")), ["different"]),
]


@pytest.mark.parametrize(("name", "multi", "spoil", "kinds"), CASES, ids=[f"{one[0]}, {one[1]}" for one in CASES])
def test_what_must_and_may_happen(name: str, multi: bool, spoil: Spoil, kinds: list[str]) -> None:
    assert [one.kind for one in spoiled(spoil, books(multi=multi)).verdict().findings] == kinds


def test_an_order_whose_creation_people_have_is_theirs_with_its_parcels() -> None:
    def judged(found: Books) -> None:
        untold(found)
        del found.rows["north-main|A", "step|confirm_shipment"]
        found.records("create_order", state="exception")
        found.stands("dead_letter")

    assert spoiled(judged, books()).verdict().findings == []


def test_an_order_that_people_entered_is_not_judged() -> None:
    found = books()
    found.sales_orders.append({**found.sales_orders[0], "reference": "", "number": "HAND-1"})
    assert found.verdict().findings == []
