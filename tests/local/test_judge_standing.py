"""What became of an order in the ERP: while it is made, after people changed it there, and lines that are out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from local.judge import judge
from tests.local.evidence import CLIENT, Books, at, spoiled


def line_of(books: Books) -> dict[str, Any]:
    line: dict[str, Any] = books.sales_orders[0]["lines"][0]
    return line


def grows(books: Books, minute: float, state: str = "unknown") -> None:
    """The header stands since then, and no line of it."""
    books.sales_orders[0].update(lines=[], created=at(minute))
    books.records("create_order", state=state)
    books.openwork["north-main", "A"] = {"due": at(121)}


def cancelled_there(books: Books, minute: float) -> None:
    line_of(books).update(status="Canceled", changed=at(minute))


def held(books: Books) -> None:
    books.sales_orders[0]["held"] = True


def line_twice(books: Books) -> None:
    half = {**line_of(books), "amount": "6.85"}
    books.sales_orders[0]["lines"] = [half, dict(half)]


def cancelled_in_mirakl(books: Books, **sales_order: Any) -> None:
    books.order.update(state="CANCELED", updated=at(20))
    books.line.update(state="CANCELED", cancelled_at=at(20))
    books.rows["north-main|A", "facts"] = {"updated": at(21)}
    books.sales_orders[0].update(sales_order)


FINDINGS: list[tuple[str, str, Callable[[Books], object]]] = [
    ("never completed", "different", lambda books: grows(books, 70)),
    ("on record as done without a line", "different", lambda books: grows(books, 110, "done")),
    ("a line twice", "twice", line_twice),
    ("cancelled by people", "forgotten", lambda books: cancelled_there(books, 40)),
    ("on hold for ever", "forgotten", held),
    ("only charges are left", "forgotten", lambda books: cancelled_in_mirakl(books, lines=[], status="Backorder")),
]


@pytest.mark.parametrize(("kind", "spoil"), [one[1:] for one in FINDINGS], ids=[one[0] for one in FINDINGS])
def test_what_became_of_it_is_found(kind: str, spoil: Callable[[Books], object]) -> None:
    assert kind in {finding.kind for finding in spoiled(spoil).verdict().findings}


def a_person_knows(books: Books) -> None:
    cancelled_there(books, 40)
    books.stands("cancelled_in_erp")


def held_until_compared(books: Books) -> None:
    held(books)
    books.records("compare_totals", state="waiting")
    books.openwork["north-main", "A"] = {"due": at(121)}


BENIGN: list[tuple[str, Callable[[Books], object]]] = [
    ("it is being made", lambda books: grows(books, 110)),
    ("cancelled just now", lambda books: cancelled_there(books, 100)),
    ("a person knows of it", a_person_knows),
    ("held until its totals are compared", held_until_compared),
    ("cancelled on both sides", lambda books: cancelled_in_mirakl(books, lines=[], status="Canceled")),
    ("out of it and held", lambda books: cancelled_in_mirakl(books, lines=[], held=True, status="Backorder")),
]


@pytest.mark.parametrize("spoil", [one[1] for one in BENIGN], ids=[one[0] for one in BENIGN])
def test_what_is_nobody_s_fault_is_none(spoil: Callable[[Books], object]) -> None:
    assert spoiled(spoil).verdict().findings == []


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"refused_carriers": {"north/2001": 2}}, "refused carrier"),
        ({"doubled_shipments": [{"order_id": "A"}]}, "twice"),
    ],
)
def test_what_mirakl_had_to_refuse_is_found(more: dict[str, Any], kind: str) -> None:
    books = Books()
    verdict = judge({**books.mirakl(), **more}, books.erp(), books.tables(), CLIENT)
    assert [finding.kind for finding in verdict.findings] == [kind]
