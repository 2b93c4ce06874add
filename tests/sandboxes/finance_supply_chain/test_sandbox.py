"""What the journal, the books, the controls and the set-up file make of the sandbox."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandboxes.faults import Fault, FaultKind, FaultySandbox
from sandboxes.finance_supply_chain import worlds
from sandboxes.finance_supply_chain.controls import controls
from sandboxes.wire import Request, Response
from tests.sandboxes.finance_supply_chain.caller import BASE, Caller, header, line, operation, order_changeset, whole

SHOPPER = ("Example Shopper", "Example Street", "Exampleville", "69002")


def asked(method: str, url: str, content: Any = None, body: bytes = b"") -> Request:
    return Request.to(method, url, body=json.dumps(content).encode() if content else body)


@pytest.mark.parametrize(
    ("request_", "operation_", "subject"),
    [
        (asked("POST", "https://login.example.com/t/oauth2/v2.0/token"), "token", ""),
        (asked("GET", BASE + "$metadata"), "metadata", ""),
        (asked("GET", BASE + "CustomersV3"), "read", ""),
        (asked("GET", BASE + "SalesOrderHeadersV3?$filter=SalesOrderNumber eq 'A-1'"), "read", "A-1"),
        (asked("GET", BASE + "SalesOrderHeadersV3?$filter=CustomersOrderReference%20eq%20'R'"), "read", "R"),
        (asked("PATCH", BASE + "SalesOrderHeadersV3(dataAreaId='u',SalesOrderNumber='A-1')"), "update", "A-1"),
        (asked("DELETE", BASE + "SalesOrderHeadersV3(dataAreaId='u',SalesOrderNumber='A-1')"), "delete", "A-1"),
        (asked("POST", BASE + "SalesOrderHeadersV3", {"SalesOrderNumber": "A-1"}), "create", "A-1"),
        (asked("POST", BASE + "SalesOrderHeadersV3", {"CustomersOrderReference": "R"}), "create", "R"),
        (asked("POST", BASE + "$batch", body=order_changeset()), "batch", "MKA-0001-A"),
        (asked("POST", BASE + "$batch", body=b"\xff\x00"), "batch", ""),
        (asked("PUT", BASE + "X"), "unknown", ""),
        (asked("GET", "https://finance.example.com/"), "unknown", ""),
    ],
)
def test_every_call_has_an_operation_and_where_it_can_a_subject(
    request_: Request, operation_: str, subject: str
) -> None:
    sandbox = Caller().sandbox

    assert (sandbox.operation(request_), sandbox.subject(request_)) == (operation_, subject)


def test_the_books_hold_orders_and_counts_and_nobody() -> None:
    caller = Caller()
    caller.order(line(), line(ItemNumber="SHIPPING", ExternalItemNumber="", OrderLineReference="ship"))
    caller.get("CustomersV3")
    books = controls(caller.sandbox)["books"]({}, caller.now)

    (order,) = books["orders"]
    assert (order["number"], order["customer"], order["origin"]) == ("MKA-0001-A", "MKP-FR-EUR", "MIRAKL")
    assert (order["prices_include_tax"], order["held"], order["address_present"]) == (True, False, True)
    assert [one["reference"] for one in order["lines"]] == ["MKA-0001-A-1", "ship"]
    assert [(one["quantity"], one["price"]) for one in order["lines"]] == [(2, Decimal("19.9"))] * 2
    assert order["totals"] is None
    assert books["calls"] == {"token": 1, "create": 3, "read": 1}
    assert not any(part in json.dumps(books, default=str) for part in SHOPPER)


def test_the_books_show_totals_that_fell_due_without_a_call() -> None:
    caller = Caller()
    caller.order()
    caller.later(600)
    (order,) = controls(caller.sandbox)["books"]({}, caller.now)["orders"]

    assert order["totals"] == {"total": Decimal("39.80"), "tax": Decimal("6.63"), "charges": 0}


def test_items_come_and_go_by_control() -> None:
    caller = Caller()
    control = controls(caller.sandbox)
    assert control["remove_item"]({"item": "ITEM-001"}, caller.now) == {"removed": True}
    caller.create("SalesOrderHeadersV3", header())
    assert caller.call("POST", "SalesOrderLinesV3", line()).status == 400

    control["add_item"]({"item": "ITEM-001", "units": ["pcs"], "sales_unit": "pcs"}, caller.now)
    assert caller.call("POST", "SalesOrderLinesV3", line()).status == 201


def test_a_customer_is_put_on_hold_and_released_by_control() -> None:
    caller = Caller()
    control = controls(caller.sandbox)
    control["put_customer_on_hold"]({"customer": "MKP-FR-EUR"}, caller.now)
    assert caller.call("POST", "SalesOrderHeadersV3", header()).status == 400

    control["put_customer_on_hold"]({"customer": "MKP-FR-EUR", "on_hold": "No"}, caller.now)
    assert caller.call("POST", "SalesOrderHeadersV3", header()).status == 201


def test_an_order_is_deleted_by_hand_once() -> None:
    caller = Caller({"write_seconds": 60.0})
    caller.batch(order_changeset())
    delete = controls(caller.sandbox)["delete_order"]

    assert delete({"number": "MKA-0001-A"}, caller.now) == {"deleted": True}
    assert delete({"number": "MKA-0001-A"}, caller.now) == {"deleted": False}
    assert caller.books()["orders"][0]["deleted"] == caller.now


@pytest.mark.parametrize(
    ("kind", "status", "orders"), [("error_before", 503, 0), ("error_after", 500, 1), ("throttle", 429, 0)]
)
def test_faults_meet_the_order_they_are_about(kind: FaultKind, status: int, orders: int) -> None:
    caller = Caller()
    faulty = FaultySandbox(caller.sandbox, faults=[Fault(kind, "batch", "MKA-0001-A")])
    headers = caller.headers({"content-type": "multipart/mixed; boundary=batch_1"})
    answer = faulty.handle(Request.to("POST", BASE + "$batch", headers=headers, body=order_changeset()), caller.now)

    assert isinstance(answer, Response)
    assert answer.status == status
    assert len(caller.books()["orders"]) == orders
    assert [(one.operation, one.subject, one.fault) for one in faulty.journal] == [("batch", "MKA-0001-A", kind)]


def test_a_late_commit_lands_after_the_look_up_that_did_not_find_it() -> None:
    caller = Caller()
    fault = Fault("late_commit", "batch", delay=timedelta(seconds=60))
    faulty = FaultySandbox(caller.sandbox, faults=[fault])
    headers = caller.headers({"content-type": "multipart/mixed; boundary=batch_1"})
    faulty.handle(Request.to("POST", BASE + "$batch", headers=headers, body=order_changeset()), caller.now)

    assert caller.get("SalesOrderHeadersV3")["value"] == []
    caller.later(61)
    faulty.settle(caller.now)
    assert len(caller.get("SalesOrderHeadersV3")["value"]) == 1


def test_a_late_commit_was_let_in_when_it_came() -> None:
    """Its token may have ended by the time that it is carried out."""
    caller = Caller()
    faulty = FaultySandbox(caller.sandbox, faults=[Fault("late_commit", "batch", delay=timedelta(hours=2))])
    headers = caller.headers({"content-type": "multipart/mixed; boundary=batch_1"})
    faulty.handle(Request.to("POST", BASE + "$batch", headers=headers, body=order_changeset()), caller.now)
    caller.later(7200)
    faulty.settle(caller.now)
    assert len(caller.books()["orders"]) == 1


def test_refusals_inside_a_batch_count_in_the_books() -> None:
    caller = Caller()
    caller.order()
    caller.batch(whole(operation("POST", "SalesOrderHeadersV3", header()), operation("GET", "Nothing")))

    assert caller.books()["refusals"] == {"duplicate": 1, "not_found": 1}


def test_a_file_overrides_the_set_up(tmp_path: Path) -> None:
    path = tmp_path / "world.json"
    settings = {
        "number_sequence": "automatic",
        "totals_every_seconds": 60,
        "write_seconds": 0.5,
        "lengths": {"CustomersOrderReference": 35},
        "countries": {"NLD": "NL"},
        "companies": {
            "usmf": {"items": {"MUG": {"units": ["ea"], "sales_unit": "ea"}}, "trade_agreements": {"MUG": "5"}},
            "nlrt": {"customers": {"MKP-NL": {"name": "Marketplace NL", "currency": "EUR"}}},
        },
    }
    path.write_text(json.dumps(settings), encoding="utf-8")
    world = worlds.load(path)

    assert (world.number_sequence, world.totals_every_seconds, world.write_seconds) == ("automatic", 60, 0.5)
    assert (world.lengths["CustomersOrderReference"], world.lengths["SalesOrderNumber"]) == (35, 20)
    assert (world.countries["NLD"], world.countries["FRA"]) == ("NL", "FR")
    assert world.companies["usmf"].items["MUG"].units == ("ea",)
    assert world.companies["usmf"].trade_agreements == {"MUG": Decimal(5)}
    assert world.companies["nlrt"].customers["MKP-NL"].currency == "EUR"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"number_sequences": "manual"}, "number_sequences"),
        ({"token_seconds": "soon"}, "'soon'"),
        ({"companies": {"usmf": {"boats": {}}}}, "companies.usmf.boats"),
    ],
)
def test_a_mistake_in_the_file_is_named(settings: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        worlds.overridden(worlds.demo(), settings)


def test_the_demonstration_has_what_sixty_skus_and_three_charges_need() -> None:
    for company in worlds.demo().companies.values():
        assert {f"ITEM-{number:03}" for number in range(1, 61)} | set(worlds.SERVICE_ITEMS) <= set(company.items)
