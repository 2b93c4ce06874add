"""The judge finds each thing that must be impossible, and nothing in a day that went well."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.local.evidence import Books, at, erp_order, spoiled


def nobody_accepted(books: Books) -> None:
    books.order.update(state="REFUSED", or21_effects=0, decided_how="auto_refused", decided_at=at(181))
    books.line.update(state="REFUSED", history=[{"at": at(1), "state": "WAITING_ACCEPTANCE"}])
    books.sales_orders.clear()


def cancelled(books: Books, minute: float) -> None:
    books.order.update(state="CANCELED", updated=at(minute))
    books.line.update(state="CANCELED", cancelled_at=at(minute))
    books.line["history"].append({"at": at(minute), "state": "CANCELED"})
    books.rows["north-main|A", "facts"] = {"updated": at(minute)}


def never_due(books: Books) -> None:
    books.line.update(history=[{"at": at(1), "state": "WAITING_ACCEPTANCE"}], state="WAITING_DEBIT_PAYMENT")


def lost(books: Books, **record: str) -> None:
    books.sales_orders.clear()
    books.records("create_order", **record)


def placed_twice(books: Books, fault: str, minutes: float) -> None:
    books.places(10, fault=fault, status=0 if fault else 200)
    books.places(10 + minutes)


FINDINGS: list[tuple[str, str, Callable[[Books], object]]] = [
    ("nobody accepted it", "late", nobody_accepted),
    ("OR21 twice", "twice", lambda books: books.order.update(or21_effects=2)),
    ("two sales orders", "twice", lambda books: books.sales_orders.append(erp_order("NO-A-2"))),
    ("two placings at once", "twice", lambda books: placed_twice(books, "", 0.2)),
    ("a placing while another hangs", "twice", lambda books: placed_twice(books, "hang_before", 3.9)),
    ("nowhere", "lost", lambda books: lost(books, state="done")),
    ("unknown to the open work", "lost", lambda books: lost(books, state="outstanding")),
    ("due and waiting for payment", "lost", lambda books: lost(books, state="waiting", waiting_for="payment")),
    ("another amount", "different", lambda books: books.sales_orders[0]["lines"][0].update(amount="13.69")),
    ("another currency", "different", lambda books: books.sales_orders[0].update(currency="GBP")),
    ("a line is missing", "different", lambda books: books.sales_orders[0].update(lines=[])),
    ("never due", "unwanted", never_due),
    ("not Mirakl's", "unwanted", lambda books: books.sales_orders.append({**erp_order(), "reference": "NO-X"})),
    ("before go-live", "unwanted", lambda books: books.order.update(placed=at(-1))),
    ("cancelled afterwards", "forgotten", lambda books: cancelled(books, 20)),
    ("cancelled before a late commit", "forgotten", lambda books: cancelled(books, 9)),
    ("no record", "forgotten", lambda books: books.rows.clear()),
    ("open without work", "forgotten", lambda books: books.records("compare_totals", state="waiting")),
    ("overdue work", "forgotten", lambda books: books.openwork.update({("north-main", "A"): {"due": at(60)}})),
    ("ignored", "ignored input", lambda books: books.ignored.append({"operation": "OR11", "name": "query x"})),
]


def test_a_day_that_went_well() -> None:
    verdict = Books().verdict()
    assert verdict.clean
    assert (verdict.asked["north"], verdict.accepted["north"]) == (1, 1)
    assert (verdict.due_in_erp["north"], verdict.in_erp["north"]) == (1, 1)
    assert verdict.shares == [pytest.approx(3 / 180)]


@pytest.mark.parametrize(("name", "kind", "spoil"), FINDINGS, ids=[name for name, _, _ in FINDINGS])
def test_what_must_be_impossible_is_found(name: str, kind: str, spoil: Callable[[Books], object]) -> None:
    assert kind in [finding.kind for finding in spoiled(spoil).verdict().findings]


def placed_after_throttling(books: Books) -> None:
    books.places(10, status=429)
    books.places(10.1)


def cancelled_and_held(books: Books) -> None:
    cancelled(books, 20)
    books.sales_orders[0].update(held=True)


def cancelled_and_told(books: Books) -> None:
    cancelled(books, 20)
    books.stands("cancelled_after_creation")


def different_and_told(books: Books) -> None:
    books.sales_orders[0]["lines"][0].update(amount="13.69")
    books.stands("amounts_differ")


ALLOWED: list[tuple[str, Callable[[Books], object]]] = [
    ("placed again after the back-off", lambda books: placed_twice(books, "reset_after", 0.5)),
    ("placed again after the time-out", lambda books: placed_twice(books, "hang_before", 4.4)),
    ("placed again after a 429", placed_after_throttling),
    ("cancelled afterwards and held", cancelled_and_held),
    ("cancelled afterwards and told", cancelled_and_told),
    ("an amount that finance knows of", different_and_told),
]


@pytest.mark.parametrize(("name", "happen"), ALLOWED, ids=[name for name, _ in ALLOWED])
def test_what_may_happen_is_no_finding(name: str, happen: Callable[[Books], object]) -> None:
    assert spoiled(happen).verdict().findings == []


def test_what_waits_is_counted_by_what_it_waits_for() -> None:
    def waits(books: Books) -> None:
        lost(books, state="unknown")
        books.openwork["north-main", "A"] = {"due": at(119)}

    def asks(books: Books) -> None:
        lost(books, state="exception")
        books.stands("mapping_missing")
        books.exceptions["open", "ecommerce|north-main|A"] = {"kind": "mapping_missing", "owner": "ecommerce"}

    assert spoiled(waits).verdict().waiting == {"creation in the ERP": 1}
    verdict = spoiled(asks).verdict()
    assert verdict.waiting == {"a person (mapping_missing)": 1}
    assert verdict.people == {("mapping_missing", "ecommerce"): 1}
