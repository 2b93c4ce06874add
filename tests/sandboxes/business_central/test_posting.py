"""Posting: shipments in parts, with zeros and comments; undoing; the invoice with which an order vanishes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sandboxes.business_central.caller import Caller, error, line, matching, order

TWO = (line(), line(description2="2", lineObjectNumber="ITEM-002", quantity=1), {"description": "A remark"})


def entered(*lines: dict[str, Any]) -> Caller:
    caller = Caller()
    caller.create(order(*lines))
    caller.later(60)
    return caller


def on(caller: Caller, slip: str) -> list[tuple[int, Any, str]]:
    """Sequence, quantity and reference of a shipment's lines, as the API shows them."""
    condition = matching("salesShipments", f"number eq '{slip}'", "&$expand=salesShipmentLines")
    (found,) = caller.rows(condition)
    return [(one["sequence"], one["quantity"], one["description2"]) for one in found["salesShipmentLines"]]


def test_a_shipment_in_part_shows_every_line() -> None:
    caller = entered(*TWO)
    slip = caller.control("ship", number="101001", lines={"MKA-0001-A-1": 1})["slip"]
    (found,) = caller.rows("salesOrders?$expand=salesOrderLines")

    assert on(caller, slip) == [(10000, 1, "MKA-0001-A-1"), (20000, 0, "2"), (30000, 0, "")]
    assert [one["shippedQuantity"] for one in found["salesOrderLines"]] == [1, 0, 0]
    assert (found["fullyShipped"], found["status"]) == (False, "Draft")
    rest = caller.control("ship", number="101001")["slip"]
    assert on(caller, rest) == [(10000, 1, "MKA-0001-A-1"), (20000, 1, "2"), (30000, 0, "")]
    assert caller.rows("salesOrders")[0]["fullyShipped"] is True
    assert caller.only_order()["status"] == "Delivered"


def test_a_shipment_names_the_order_and_its_reference() -> None:
    caller = entered()
    caller.control("ship", number="101001", delivery_mode="EXP")
    (found,) = caller.rows(matching("salesShipments", "externalDocumentNumber eq 'MKA-0001-A'"))

    assert (found["orderNumber"], found["shipmentMethodCode"], found["number"]) == ("101001", "EXP", "102001")
    assert found["lastModifiedDateTime"] == "2026-03-02T08:01:30.000Z"
    assert "packageTrackingNumber" not in found


@pytest.mark.parametrize(
    "content",
    [
        {"lines": {"MKA-0001-A-1": 3}},
        {"lines": {"unknown": 1}},
        {"carrier": "CARRIER-9"},
        {"delivery_mode": "XXX"},
        {"tracking": ["A", "B"]},
    ],
)
def test_what_cannot_be_shipped(content: dict[str, Any]) -> None:
    caller = entered()
    with pytest.raises(ValueError, match=r"."):
        caller.control("ship", number="101001", **content)
    assert caller.books()["shipments"] == []


def test_an_undone_line_stands_negative_and_what_should_have_been_is_posted_anew() -> None:
    caller = entered()
    slip = caller.control("ship", number="101001", tracking="T-1")["slip"]
    caller.later(60)
    caller.control("correct_slip", slip=slip, lines={"MKA-0001-A-1": 1})

    assert on(caller, slip) == [(10000, 2, "MKA-0001-A-1"), (15000, -2, "MKA-0001-A-1")]
    first, undone, anew = caller.books()["shipments"]
    assert (first["slip"], undone["slip"], anew["slip"]) == (slip, slip, "102002")
    assert [one["lines"][0]["shipped"] for one in (first, undone, anew)] == [2, 0, 1]
    assert anew["tracking"][0]["number"] == "T-1"
    assert first["id"] != undone["id"]
    assert caller.rows(matching("salesShipments", f"number eq '{slip}'"))[0]["lastModifiedDateTime"].startswith(
        "2026-03-02T08:02:30"
    )


def test_an_undoing_may_leave_the_shipment_as_it_was() -> None:
    caller = Caller({"undo_touches_shipment": False})
    caller.create()
    slip = caller.control("ship", number="101001")["slip"]
    before = caller.rows("salesShipments")[0]["lastModifiedDateTime"]
    caller.later(60)
    caller.control("correct_slip", slip=slip, lines={"MKA-0001-A-1": 0})

    assert caller.rows("salesShipments")[0]["lastModifiedDateTime"] == before
    assert len(on(caller, slip)) == 2
    assert caller.only_order()["status"] == "Backorder"


def test_an_order_vanishes_with_its_invoice_and_stays_in_the_books() -> None:
    caller = entered(*TWO)
    with pytest.raises(ValueError, match="nothing to post"):
        caller.control("invoice", number="101001")
    caller.control("ship", number="101001")
    number = caller.control("invoice", number="101001")["invoice"]
    (found,) = caller.rows(matching("salesInvoices", "orderNumber eq '101001'", "&$expand=salesInvoiceLines"))

    assert caller.rows("salesOrders") == []
    assert (found["number"], found["externalDocumentNumber"]) == (number, "MKA-0001-A")
    assert found["totalAmountIncludingTax"] == Decimal("59.70")
    assert [one["sequence"] for one in found["salesInvoiceLines"]] == [10000, 20000, 30000]
    assert len(caller.rows("salesShipments")) == 1
    one = caller.only_order()
    assert (one["status"], one["deleted"], one["invoice"]) == ("Invoiced", None, number)
    assert {each["status"] for each in one["lines"]} == {"Invoiced"}
    assert all(each["deleted"] is None for each in one["lines"])
    assert one["shipped_at"] == caller.now


def test_what_was_invoiced_cannot_be_undone() -> None:
    caller = entered()
    slip = caller.control("ship", number="101001")["slip"]
    caller.control("invoice", number="101001")
    caller.later(60)

    with pytest.raises(ValueError, match="invoiced"):
        caller.control("correct_slip", slip=slip, lines={"MKA-0001-A-1": 1})
    assert len(on(caller, slip)) == 1


def test_the_standard_action_ships_and_invoices_at_once() -> None:
    caller = Caller()
    found = caller.create()
    address = f"salesOrders({found['id']})"

    assert caller.call("POST", f"{address}/Microsoft.NAV.shipAndInvoice").status == 204
    assert caller.call("GET", address).status == 404
    assert [len(caller.rows(one)) for one in ("salesShipments", "salesInvoices")] == [1, 1]


def test_posted_documents_are_never_written() -> None:
    caller = entered()
    caller.control("ship", number="101001")
    (found,) = caller.rows("salesShipments")
    address = f"salesShipments({found['id']})"

    assert error(caller.call("PATCH", address, {}, headers={"if-match": "*"}))[:2] == (
        405,
        "BadRequest_MethodNotAllowed",
    )
    assert caller.call("POST", "salesShipments", {}).status == 405
