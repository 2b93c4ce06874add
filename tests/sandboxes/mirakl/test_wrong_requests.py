"""Every wrong request this sandbox refuses, with the documented answer and where Mirakl documents it.

`source` names the page of Mirakl's seller API documentation; `(chosen)` marks what no public page settles.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandboxes.mirakl.sandbox import MiraklSandbox
from tests.sandboxes.mirakl.seller import START, Seller, parcel, place, shippable, wanted, world_with
from tests.sandboxes.mirakl.wrong_request import Wrong, send

STATUSES = "General notes, HTTP status codes"
OFFSET = "General notes, offset pagination"
DATES = "General notes, date formats"
CODES = "OR21, error codes"
EXPORT = "/api/orders/async-export"
ACCEPT = "/api/orders/WAIT/accept"
DECISION = {"order_lines": [{"id": "WAIT-1", "accepted": True}, {"id": "WAIT-2", "accepted": True}]}
HALF_YEAR = {"start_update_date": "2025-01-01T00:00:00Z", "end_update_date": "2025-06-01T00:00:00Z"}
EARLIER, LATER = "2024-01-01T00:00:00Z", "2026-01-01T00:00:00Z"
MANY = ",".join(f"N{number}" for number in range(101))


def listing(query: str, about: str, source: str) -> Wrong:
    return Wrong(f"OR11 {query[:60]}", source, "GET", f"/api/orders?{query}", 400, about=about)


def export(name: str, about: str = "", source: str = "OR13", **body: Any) -> Wrong:
    return Wrong(f"OR13 {name}", source, "POST", EXPORT, 400, body=body, about=about)


def accept(
    name: str, order: str, code: str, *lines: Any, about: str = "", status: int = 400, shop: int = 2001
) -> Wrong:
    """`lines` are ids to accept, or whatever stands in their place."""
    body = {"order_lines": [{"id": line, "accepted": True} if isinstance(line, str) else line for line in lines]}
    url = f"/api/orders/{order}/accept?shop_id={shop}"
    return Wrong(f"OR21 {name}", CODES, "PUT", url, status, code, body, about=about)


READER: dict[str, Any] = {"key": "key-reader", "status": 403}
ACCEPTER: dict[str, Any] = {"key": "key-accepter", "status": 403}

ACCESS = (
    Wrong("no key", STATUSES, "GET", "/api/orders", 401, key=""),
    Wrong("unknown key", STATUSES, "GET", "/api/orders", 401, key="key-nobody"),
    Wrong("bearer", "General notes, authentication", "GET", "/api/orders", 401, key="Bearer key-admin"),
    Wrong("may only accept, lists", "OR11, roles", "GET", "/api/orders", **ACCEPTER),
    Wrong("may only accept, exports", "OR13, roles", "POST", EXPORT, body=HALF_YEAR, **ACCEPTER),
    Wrong("may only read, accepts", "OR21, roles", "PUT", ACCEPT, body=DECISION, **READER),
    Wrong("may only read, configuration", "PC01, roles", "GET", "/api/platform/configuration", **READER),
    Wrong("a shop of somebody else", STATUSES + " (chosen)", "GET", "/api/orders?shop_id=2002", **READER),
    Wrong("shop_id in words", "shop_id (int64)", "GET", "/api/orders?shop_id=north", 400, about="shop_id"),
    Wrong("unknown path", STATUSES, "GET", "/api/order", 404),
    Wrong("an order by its path", "OR12 is deprecated", "GET", "/api/orders/WAIT", 404),
    Wrong("a list is not posted", STATUSES, "POST", "/api/orders", 405, body={}),
    Wrong("a decision is not posted", STATUSES, "POST", ACCEPT, 405, body=DECISION),
    Wrong("an export is not read", STATUSES, "GET", EXPORT, 405),
    Wrong("only XML will do", STATUSES, "GET", "/api/orders", 406, headers={"accept": "text/xml"}),
    Wrong("OR21 as text", STATUSES, "PUT", ACCEPT, 415, body=DECISION, headers={"content-type": "text/plain"}),
    Wrong("OR13 as text", STATUSES, "POST", EXPORT, 415, body=HALF_YEAR, headers={"content-type": "text/plain"}),
)

LISTING = (
    listing("max=101", "max", OFFSET),
    listing("max=0", "max", OFFSET),
    listing("max=all", "max", OFFSET),
    listing("offset=-10", "offset", OFFSET),
    listing("offset=1.5", "offset", OFFSET),
    listing("sort=dateUpdated", "sort", "OR11, sort fields"),
    listing("order=up", "order", OFFSET),
    listing("start_update_date=2026-03-02", "start_update_date", DATES),
    listing("start_update_date=2026-03-02T08:00:00", "start_update_date", DATES),
    listing("start_update_date=2026-03-02T08:00:00+01:00", "start_update_date", DATES + " (`+` not encoded)"),
    listing("start_date=1772438400", "start_date", DATES),
    listing("end_date=2026-13-01T00:00:00Z", "end_date", DATES),
    listing("end_update_date=2026-03-02T08:00:00.123456Z", "end_update_date", DATES),
    listing("order_state_codes=WAITING", "order_state_codes", "OR11, order_state_codes"),
    listing("order_state_codes=SHIPPING,INCIDENT_OPEN", "order_state_codes", "OR11 (a line's state only)"),
    listing(f"order_ids={MANY}", "order_ids", "OR11, order_ids (maximum 100)"),
    listing(f"order_references_for_seller={MANY}", "order_references_for_seller", "OR11 (maximum 100)"),
    listing("customer_debited=yes", "customer_debited", "OR11, customer_debited (boolean)"),
    listing("has_incident=1", "has_incident", "OR11, has_incident (boolean)"),
    listing("payment_workflow=PAY_LATER", "payment_workflow", "OR11, payment_workflow"),
    listing("order_tax_mode=GROSS", "order_tax_mode", "OR11, order_tax_mode"),
    listing("locale=tlh", "locale", "General notes, localization"),
)

EXPORTING = (
    export("without a date range", order_state_codes=["SHIPPING"]),
    export("start without end", "end_update_date", start_update_date="2026-01-01T00:00:00Z"),
    export("end without start", "start_date", end_date="2026-01-01T00:00:00Z"),
    export("end before start", "end_date", "OR13 (chosen)", start_date=LATER, end_date=EARLIER),
    export("of two years", "end_date", "mirakl/sdk-php-shop issue 63", start_date=EARLIER, end_date=LATER),
    export("date without an offset", "start_date", DATES, start_date="2025-01-01T00:00:00", end_date=LATER),
    export("date as a number", "start_date", DATES, start_date=1735689600, end_date=LATER),
    export("few items a file", "items_per_chunk", "OR13 (minimum 10000)", **HALF_YEAR, items_per_chunk=500),
    export("items as true", "items_per_chunk", "OR13 (integer)", **HALF_YEAR, items_per_chunk=True),
    export("huge file", "megabytes_per_chunk", "OR13 (maximum 1024)", **HALF_YEAR, megabytes_per_chunk=4096),
    export("unknown state", "order_state_codes", **HALF_YEAR, order_state_codes=["NEW"]),
    export("unknown tax mode", "order_tax_mode", **HALF_YEAR, order_tax_mode="NET"),
    export("centres as a list", "fulfillment_center_codes", **HALF_YEAR, fulfillment_center_codes=["A"]),
    export("channels as a text", "channel_codes", "OR13 (an array)", **HALF_YEAR, channel_codes="WEB"),
    Wrong("OR13 with a list", "OR13", "POST", EXPORT, 400, body=[HALF_YEAR]),
    Wrong("OR13 while one runs (status chosen)", "OR13", "POST", f"{EXPORT}?shop_id=2002", 400, body=HALF_YEAR),
    Wrong("OR14 of an unknown export", STATUSES, "GET", f"{EXPORT}/status/0000", 404),
    Wrong("OR15 of an unknown export", STATUSES, "GET", f"{EXPORT}/files/0000?file=1", 404),
)

DECIDED, MISSING = "ORDER_INVALID_STATE", "ORDER_LINE_ACCEPTANCE_DECISION_MISSING"
SPLIT = ({"id": "OTHER-1", "accepted": True}, {"id": "OTHER-2", "accepted": False})

ACCEPTING = (
    accept("unknown order", "NOWHERE", "ORDER_NOT_FOUND", "WAIT-1", status=404),
    accept("order of another shop", "OTHER", "ORDER_NOT_FOUND", "OTHER-1", status=404),
    accept("id in other letters", "wait", "ORDER_NOT_FOUND", "WAIT-1", "WAIT-2", status=404),
    accept("order that the operator fulfils", "THEIRS", "ORDER_FULFILLED_UNAUTHORIZED", "THEIRS-1"),
    accept("order accepted before", "DONE", DECIDED, "DONE-1"),
    accept("order refused by the time-out", "LATE", DECIDED, "LATE-1"),
    accept("order cancelled by the shopper", "GONE", DECIDED, "GONE-1"),
    accept("order under fraud check", "STAGED", DECIDED, "STAGED-1"),
    accept("one line forgotten", "WAIT", MISSING, "WAIT-1"),
    accept("no line at all", "WAIT", MISSING),
    accept("a line twice", "WAIT", "ORDER_LINE_DUPLICATE_ID", "WAIT-1", "WAIT-2", "WAIT-1"),
    accept("unknown line", "WAIT", "ORDER_LINE_NOT_FOUND", "WAIT-1", "WAIT-9"),
    accept("line of another order", "WAIT", "ORDER_LINE_NOT_FOUND", "WAIT-1", "DONE-1"),
    accept("line cancelled meanwhile (code chosen)", "PART", "ORDER_LINE_NOT_FOUND", "PART-1", "PART-2"),
    accept("null among the lines", "WAIT", "ORDER_LINE_NULL_ELEMENT", "WAIT-1", None),
    accept("all or none", "OTHER", "ORDER_PARTIAL_ACCEPTANCE_DISABLED", *SPLIT, shop=2002),
    accept("a number for a line", "WAIT", "VALIDATION_ERROR", 1, about="order_lines[0]"),
    accept("no id", "WAIT", "VALIDATION_ERROR", {"accepted": True}, about="order_lines[0].id"),
    accept("id as a number", "WAIT", "VALIDATION_ERROR", {"id": 1, "accepted": True}, about="order_lines[0].id"),
    accept("no decision", "WAIT", "VALIDATION_ERROR", {"id": "WAIT-1"}, about="order_lines[0].accepted"),
    accept("decision as a text", "WAIT", "VALIDATION_ERROR", {"id": "WAIT-1", "accepted": "true"}, about="accepted"),
    Wrong("OR21 without lines", CODES, "PUT", ACCEPT, 400, "VALIDATION_ERROR", {"lines": []}, about="order_lines"),
    Wrong("OR21 with lines that are no list", CODES, "PUT", ACCEPT, 400, "VALIDATION_ERROR", {"order_lines": {}}),
    Wrong("OR21 with a list", CODES, "PUT", ACCEPT, 400, "VALIDATION_ERROR", ["WAIT-1"], about="order_lines"),
    Wrong("OR21 with what is no JSON", STATUSES, "PUT", ACCEPT, 400, body=b"{'order_lines': []}"),
    Wrong("OR21 without a body", STATUSES, "PUT", ACCEPT, 400),
)

INVALID = "VALIDATION_ERROR"
BY_ONE: dict[str, Any] = {"carrier_code": "CA1", "tracking_number": "1"}
ID = "00000000-0000-4000-8000-000000000000"
THOUSAND_AND_ONE = [{"id": ID, "tracking": BY_ONE}] * 1001


def update(name: str, body: Any, about: str = "", code: str = INVALID, source: str = "OR04") -> Wrong:
    return Wrong(f"OR04 {name}", source, "PUT", "/api/orders", 400, code, body, about=about)


def track(name: str, order: str, about: str = "", code: str = "", status: int = 400, **body: Any) -> Wrong:
    url = f"/api/orders/{order}/tracking"
    return Wrong(f"OR23 {name}", "OR23 (code chosen)", "PUT", url, status, code, body, about=about)


def ship(name: str, order: str, source: str = "OR24", status: int = 400, about: str = "", **more: Any) -> Wrong:
    return Wrong(f"OR24 {name}", source, "PUT", f"/api/orders/{order}/ship", status, about=about, **more)


def shipments(name: str, body: Any, about: str = "", code: str = INVALID, operation: str = "ST01") -> Wrong:
    method, url = {"ST01": ("POST", ""), "ST23": ("POST", "/tracking"), "ST24": ("PUT", "/ship")}[operation]
    return Wrong(f"{operation} {name}", operation, method, f"/api/shipments{url}", 400, code, body, about=about)


def parcel_with(**changes: Any) -> dict[str, Any]:
    return {"shipments": [{**parcel("READY"), **changes}]}


def parcel_of(**line: Any) -> dict[str, Any]:
    return parcel_with(shipment_lines=[{"order_line_id": "READY-1", "quantity": 1, **line}])


def list_shipments(query: str, about: str, source: str = "ST11") -> Wrong:
    return Wrong(f"ST11 {query}", source, "GET", f"/api/shipments?{query}", 400, about=about)


SEEK = "General notes, seek pagination"
REFERENCING = (
    Wrong("may only read, updates", "OR04, roles", "PUT", "/api/orders", body={"orders": []}, **READER),
    update("with a list", [{"order_id": "WAIT"}], "orders"),
    update("without orders", {}, "orders"),
    update("no order at all", {"orders": []}, "orders", source="OR04 (minItems 1)"),
    update("a text for an order", {"orders": ["WAIT"]}, "orders[0]"),
    update("an order without its id", {"orders": [{"references": {}}]}, "orders[0].order_id"),
    update("references as a text", {"orders": [{"order_id": "WAIT", "references": "SO-1"}]}, "references"),
    update("of 101 orders", {"orders": [{"order_id": "WAIT"}] * 101}, "Too many orders given", code=""),
)

SHIPPING = (
    Wrong("may only read, tracks", "OR23, roles", "PUT", "/api/orders/READY/tracking", body=BY_ONE, **READER),
    track("unknown order", "NOWHERE", status=404, **BY_ONE),
    track("order of another shop", "OTHER", status=404, **BY_ONE),
    track("order that waits (state inferred)", "WAIT", **BY_ONE),
    track("order cancelled by the shopper", "GONE", **BY_ONE),
    track("order that the operator fulfils", "THEIRS", **BY_ONE),
    track("order that has shipments (inferred)", "PACKED", **BY_ONE),
    track("unregistered carrier", "READY", "carrier_code", INVALID, carrier_code="CA9", tracking_number="1"),
    track("carrier in other letters", "READY", "carrier_code", INVALID, carrier_code="ca1", tracking_number="1"),
    track("no number", "READY", "tracking_number", INVALID, carrier_code="CA1"),
    track("no carrier", "READY", "carrier_code", INVALID, tracking_number="1"),
    track("a name where codes are a must", "READY", "carrier_name", INVALID, carrier_name="Bike courier"),
    track("number as a number", "READY", "tracking_number", INVALID, carrier_code="CA1", tracking_number=1),
    Wrong("OR23 with a list", "OR23", "PUT", "/api/orders/READY/tracking", 400, body=[BY_ONE]),
    Wrong("may only read, ships", "OR24, roles", "PUT", "/api/orders/READY/ship", **READER),
    Wrong("a shipment is not posted", STATUSES, "POST", "/api/orders/READY/ship", 405),
    ship("unknown order", "NOWHERE", status=404),
    ship("order of another shop", "OTHER", status=404),
    ship("order that waits", "WAIT", "mirakl/sdk-php-shop issue 56"),
    ship("order shipped before", "SENT", "mirakl/sdk-php-shop issue 56"),
    ship("order cancelled by the shopper", "GONE"),
    ship("order that the operator fulfils", "THEIRS"),
    ship("order that has shipments", "PACKED", "OR24 (inferred)"),
    ship("without tracking", "EXPRESS", "magento2-seller-connector issue 25", about="Tracking details are mandatory"),
    ship("without a length", "READY", "seen at a gateway", 411, length_told=False),
)

MULTI_SHIPPING = (
    Wrong("may only read, creates", "ST01, roles", "POST", "/api/shipments", body=parcel_with(), **READER),
    Wrong("may only accept, lists shipments", "ST11, roles", "GET", "/api/shipments", **ACCEPTER),
    Wrong("may only read, tracks shipments", "ST23, roles", "POST", "/api/shipments/tracking", body={}, **READER),
    Wrong("may only read, ships shipments", "ST24, roles", "PUT", "/api/shipments/ship", body={}, **READER),
    shipments("with a list", [parcel("READY")], "shipments"),
    shipments("without shipments", {"shipments": []}, "shipments"),
    shipments("of 1001", {"shipments": [parcel("READY")] * 1001}, "Too many", code=""),
    shipments("null among them", {"shipments": [parcel("READY"), None]}, "shipments[1]"),
    shipments("without an order", parcel_with(order_id=None), "shipments[0].order_id"),
    shipments("without lines", parcel_with(shipment_lines=[]), "shipment_lines"),
    shipments("a text for a line", parcel_with(shipment_lines=["READY-1"]), "shipment_lines[0]"),
    shipments("without a quantity", parcel_of(quantity=None), "shipment_lines[0].quantity"),
    shipments("nothing of a line", parcel_of(quantity=0), "quantity"),
    shipments("half of a line", parcel_of(quantity=0.5), "quantity"),
    shipments("quantity as true", parcel_of(quantity=True), "quantity"),
    shipments("shipped as a text", parcel_with(shipped="true"), "shipped"),
    shipments("tracking as a text", parcel_with(tracking="CA1"), "tracking"),
    shipments("number as a number", parcel_with(tracking={**BY_ONE, "tracking_number": 1}), "tracking_number"),
    shipments("invoice with a blank", parcel_with(invoice_reference="INV 1"), "invoice_reference"),
    shipments("of 1001", {"shipments": THOUSAND_AND_ONE}, code="", operation="ST23"),
    shipments("without tracking", {"shipments": [{"id": ID}]}, "tracking", operation="ST23"),
    shipments("without an id", {"shipments": [{"tracking": BY_ONE}]}, "id", operation="ST23"),
    shipments("of 1001", {"shipments": THOUSAND_AND_ONE}, code="", operation="ST24"),
    shipments("ids alone", {"shipments": [ID]}, "shipments[0]", operation="ST24"),
    shipments("id as a number", {"shipments": [{"id": 1}]}, "id", operation="ST24"),
    list_shipments("limit=101", "limit", SEEK),
    list_shipments("limit=0", "limit", SEEK),
    list_shipments("sort=order_id", "sort"),
    list_shipments("shipment_state_code=SENT", "shipment_state_code"),
    list_shipments("shipment_customer_debit_state_code=PAID", "shipment_customer_debit_state_code"),
    list_shipments("last_updated_from=2026-03-02", "last_updated_from", DATES),
    list_shipments("page_token=secret", "page token", SEEK),
)

LISTS = (
    Wrong("may only read, carriers", "SH21, roles", "GET", "/api/shipping/carriers", **READER),
    Wrong("may only read, reasons", "RE01, roles", "GET", "/api/reasons", **READER),
    Wrong("RE01 in an unknown language", "General notes, localization", "GET", "/api/reasons?locale=tlh", 400),
)

WRONG = ACCESS + LISTING + EXPORTING + ACCEPTING + REFERENCING + SHIPPING + MULTI_SHIPPING + LISTS


def a_busy_shop() -> Seller:
    """Orders in every situation that OR21 to OR24 meet, and an export that runs in shop 2002."""
    options: dict[str, Any] = {"alternative_carriers": False, "tracking_required_types": ("EXP",)}
    seller = Seller(MiraklSandbox(world_with(multi_shipment=True, **options), START))
    place(seller, wanted("LATE"))
    seller.after(timedelta(hours=24))
    shippable(seller, wanted("READY"), wanted("SENT"), wanted("PACKED"), wanted("EXPRESS", shipping_type="EXP"))
    seller.create(parcel("PACKED"))
    place(seller, wanted("WAIT", lines=2), wanted("DONE"), wanted("GONE"), wanted("PART", lines=2))
    place(seller, wanted("STAGED", staging=timedelta(hours=1)), wanted("THEIRS", fulfillment_center="OPERATOR"))
    place(seller, wanted("OTHER", lines=2), shop="north/2002")
    assert seller.decide("DONE", L1=True).status == seller.ship("SENT").status == 204
    seller.control("cancel", platform="north", order_id="GONE")
    seller.control("cancel", platform="north", order_id="PART", lines=["PART-2"])
    assert seller.call("POST", f"{EXPORT}?shop_id=2002", HALF_YEAR).status == 200
    return seller


def booked(seller: Seller) -> dict[str, Any]:
    """What any of these operations may change."""
    changing = ("state", "updated", "or21_effects", "or24_effects", "tracking", "seller_reference", "shipments")
    return {order["order_id"]: {name: order[name] for name in changing} for order in seller.control("books")["orders"]}


@pytest.mark.parametrize("wrong", WRONG, ids=lambda wrong: wrong.name)
def test_a_wrong_request_gets_the_documented_answer_and_changes_nothing(wrong: Wrong) -> None:
    seller = a_busy_shop()
    before = booked(seller)

    status, content = send(seller, wrong)

    assert (status, content.get("code", "")) == (wrong.status, wrong.code)
    assert content["status"] == status
    assert wrong.about in content["message"]
    assert booked(seller) == before


def test_the_table_is_long_enough_and_every_row_names_its_source() -> None:
    assert len({wrong.name for wrong in WRONG}) == len(WRONG) >= 40
    assert all(wrong.source for wrong in WRONG)


def test_every_documented_code_of_or21_is_in_the_table() -> None:
    assert {wrong.code for wrong in ACCEPTING} - {""} == {
        "ORDER_FULFILLED_UNAUTHORIZED",
        "ORDER_INVALID_STATE",
        "ORDER_LINE_ACCEPTANCE_DECISION_MISSING",
        "ORDER_LINE_DUPLICATE_ID",
        "ORDER_LINE_NOT_FOUND",
        "ORDER_LINE_NULL_ELEMENT",
        "ORDER_NOT_FOUND",
        "ORDER_PARTIAL_ACCEPTANCE_DISABLED",
        "VALIDATION_ERROR",
    }


def test_a_refusal_never_repeats_what_was_sent() -> None:
    seller = a_busy_shop()
    sent = ("key-", "2026-13-01", "WAITING,", "PAY_LATER", "WAIT-9", "tlh", "CA9", "ca1", "courier", "INV 1", "secret")

    for wrong in WRONG:
        _, content = send(seller, wrong)
        assert not [word for word in sent if word in json.dumps(content)]


def test_a_wrong_method_names_those_that_are_allowed() -> None:
    assert a_busy_shop().call("DELETE", EXPORT).headers["allow"] == "POST"
