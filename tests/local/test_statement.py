"""The statement says what the books hold, and no more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from local.day.conductor import Ended
from local.day.evidence import Evidence
from local.statement import Day, answer_to_acceptance, clean, statement
from tests.local.evidence import OPENING, Books, at, carriage, erp_order, shipped_books, spoiled

DAY = Day(seed=7, wall=120.4, trading=4 * 3600, accelerate=120)
OR21 = {"operation": "OR21", "subject": "A", "at": at(4), "status": 204, "fault": ""}


def ended(books: Books, *, unsettled: tuple[str, ...] = (), **over: Any) -> Ended:
    given: dict[str, Any] = {
        "mirakl": books.mirakl(),
        "erp": books.erp(),
        "tables": books.tables(),
        "mirakl_journal": [{**OR21, "operation": "OR11"}, OR21],
        "erp_journal": books.journal,
        "mirakl_survived": {},
        "erp_survived": {},
        "bus": {"create-order": {"lock_lost": 0, "duplicates": 0}},
        "operations": {"sends": 3, "receives": 4},
        "verdict": books.verdict(),
        "live_from": OPENING,
    }
    return Ended(Evidence(**{**given, **over}), unsettled)


def line(text: str, label: str) -> str:
    return next(one for one in text.splitlines() if one.startswith(label)).removeprefix(label).strip()


def test_a_good_day() -> None:
    day = ended(Books())
    text = statement(DAY, day)
    assert clean(day)
    assert text.splitlines()[0].startswith("The day of seed 7: 4.0 h of trading in 120 s, 1 orders on 1 marketplaces")
    assert line(text, "Accepted in time").startswith("1 of 1   slowest 2% of its window, median 1.7%")
    assert line(text, "In the ERP once") == "1 of 1   amounts equal to the cent; the ERP has totalled 1"
    assert line(text, "Waits") == line(text, "Needs a person") == "nothing"
    assert line(text, "Survived") == "nothing happened"
    assert line(text, "Calls per order") == "Mirakl 2.00 (OR11 1.00, OR21 1.00)"
    assert "Service Bus 7.00 (receives 4.00, sends 3.00)" in text
    assert text.endswith("Nothing late, nothing twice, nothing lost, nothing different.")


def test_what_went_back_to_mirakl() -> None:
    text = statement(DAY, ended(shipped_books()))
    assert line(text, "Shipped back") == "1 of 1   carrier codes: CA1 1"
    assert line(text, "Lag").startswith("ERP shipment to Mirakl: median 15 min, worst 15 min; from tracking number:")
    assert "median 5 min, worst 5 min" in text
    assert line(text, "Order numbers") == "1 of 1 in Mirakl"


def test_a_carrier_that_is_named_is_told_as_such() -> None:
    def named(books: Books) -> None:
        books.slips[0].update(carrier="CARRIER-2")
        books.order.update(tracking=carriage(None, name="Carrier Two"))

    text = statement(DAY, ended(spoiled(named, shipped_books())))
    assert line(text, "Shipped back") == "1 of 1   carrier codes: Carrier Two (named) 1"


def test_a_day_without_parcels() -> None:
    text = statement(DAY, ended(Books()))
    assert line(text, "Shipped back") == "0 of 0   carrier codes: none"
    assert line(text, "Lag") == "nothing has shipped"


SPOILS: list[tuple[Callable[[Books], object], str]] = [
    (lambda books: books.order.update(or21_effects=2), "NOT AS IT MUST BE: 1 twice"),
    (lambda books: books.sales_orders[0].update(currency="GBP"), "1 different"),
    (lambda books: books.sales_orders.append({**erp_order(), "reference": "NO-X"}), "1 unwanted"),
    (lambda books: books.records("compare_totals", state="waiting"), "1 forgotten"),
]


@pytest.mark.parametrize(("spoil", "told"), SPOILS, ids=[told for _, told in SPOILS])
def test_a_finding_is_told_and_spoils_the_day(spoil: Callable[[Books], object], told: str) -> None:
    day = ended(spoiled(spoil))
    assert not clean(day)
    assert told in statement(DAY, day)


def test_what_does_not_come_to_rest_spoils_the_day() -> None:
    day = ended(Books(), unsettled=("3 wait for creation in the ERP",))
    assert not clean(day)
    assert "not everything came to rest\n  not at rest: 3 wait for creation in the ERP" in statement(DAY, day)


def test_many_findings_are_counted_and_not_all_listed() -> None:
    def many(books: Books) -> None:
        books.sales_orders += [{**erp_order(), "reference": f"NO-X{number}"} for number in range(30)]

    text = statement(DAY, ended(spoiled(many)))
    assert "30 unwanted" in text
    assert "… and 18 more" in text


def test_who_has_to_do_what_and_what_was_survived() -> None:
    books = Books()
    books.exceptions["open", "x"] = {"kind": "totals_differ", "owner": "finance"}
    bus = {"create-order": {"lock_lost": 2, "duplicates": 5}}
    text = statement(DAY, ended(books, erp_survived={"late_commit": 1, "throttle": 3}, bus=bus))
    assert line(text, "Needs a person") == "1  finance: The ERP's order total differs from what the shopper pays"
    assert line(text, "Survived") == "ERP: 1 late commit, 3 throttle"
    assert "Service Bus: 2 locks expired, 5 messages delivered twice" in text


def test_from_the_answer_that_showed_it_to_its_acceptance() -> None:
    books, again = Books(), {**OR21, "at": at(9)}
    assert answer_to_acceptance([books.order], [OR21, again]) == [120.0]
    assert answer_to_acceptance([books.order], []) == []
    text = statement(Day(7, 120, 14400, accelerate=120, faults=False), ended(books))
    assert line(text, "Acceptance") == "OR11 answer to OR21 sent: 99th percentile 1.00 s on the wall, of 1 orders"
