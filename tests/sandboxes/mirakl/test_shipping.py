"""OR24: an order is shipped once and as a whole, and then goes its way to the shopper by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest

from sandboxes.wire import Request
from tests.sandboxes.mirakl.seller import HOST, START, Seller, parcel, place, seller, shippable, wanted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def test_every_line_that_is_left_is_shipped_with_the_order() -> None:
    shop = shippable(seller(), wanted(lines=2))
    shop.control("cancel", platform="north", order_id="X", lines=["X-2"])

    response = shop.ship("X")
    order = shop.order("X")

    assert (response.status, response.body) == (204, b"")
    assert (order["order_state"], order["can_shop_ship"]) == ("SHIPPED", False)
    assert [line["order_line_state"] for line in order["order_lines"]] == ["SHIPPED", "CANCELED"]
    assert [line["shipped_date"] for line in order["order_lines"]] == ["2026-03-02T09:00:00Z", None]
    assert order["last_updated_date"] == "2026-03-02T09:00:00Z"


def test_a_repetition_is_a_bare_400_and_changes_nothing() -> None:
    shop = shippable(seller(), wanted())
    assert shop.ship("X").status == 204

    again = shop.after(HOUR).ship("X")

    assert (again.status, again.json()) == (400, {"message": "Bad Request", "status": 400})
    assert (shop.booked("X")["or24_effects"], shop.booked("X")["shipped_at"]) == (1, START + HOUR)


@pytest.mark.parametrize("state", ["WAITING_ACCEPTANCE", "WAITING_DEBIT_PAYMENT", "CANCELED"])
def test_only_what_may_be_shipped_is(state: str) -> None:
    shop = seller()
    place(shop, wanted(debit="held"))
    if state != "WAITING_ACCEPTANCE":
        shop.decide("X", L1=True)
    if state == "CANCELED":
        shop.control("cancel", platform="north", order_id="X")

    assert shop.ship("X").status == 400
    assert shop.order("X")["order_state"] == state


def test_a_shipping_method_may_need_tracking() -> None:
    shop = shippable(seller(tracking_required_types=("EXP",)), wanted("A", shipping_type="EXP"), wanted("B"))

    refused = shop.ship("A")

    assert (refused.status, refused.json()["message"]) == (
        400,
        "Tracking details are mandatory for this shipping method",
    )
    assert shop.track("A", carrier_code="CA1", tracking_number="1").status == 204
    assert [shop.ship(name).status for name in "AB"] == [204, 204]


def without_a_length(of: Seller) -> int:
    headers = {"host": HOST, "authorization": of.key}
    return of.sandbox.handle(Request.to("PUT", "/api/orders/X/ship", headers=headers), of.now).status


def test_a_gateway_may_want_the_length_of_a_body_that_is_not_there() -> None:
    strict, lax = (shippable(seller(length_required=on), wanted()) for on in (True, False))

    assert [without_a_length(strict), without_a_length(lax)] == [411, 204]
    assert strict.order("X")["order_state"] == "SHIPPING"


def test_a_body_is_passed_over() -> None:
    shop = shippable(seller(), wanted())

    assert shop.call("PUT", "/api/orders/X/ship", {"force": True}).status == 204
    assert shop.ignored() == ["body"]


def test_a_shipped_order_is_received_and_closed_in_time() -> None:
    shop = shippable(seller(received_after=7 * DAY, closed_after=30 * DAY), wanted())
    assert shop.ship("X").status == 204

    received = shop.after(7 * DAY).order("X")
    closed = shop.after(30 * DAY).order("X")

    assert (received["order_state"], closed["order_state"]) == ("RECEIVED", "CLOSED")
    assert received["order_lines"][0]["received_date"] == "2026-03-09T09:00:00Z"
    assert closed["last_updated_date"] == "2026-04-08T09:00:00Z"
    assert shop.control("cancel", platform="north", order_id="X")["lines"] == []


def test_with_multi_shipment_an_order_is_shipped_as_a_whole_until_it_has_a_shipment() -> None:
    shop = shippable(seller(multi_shipment=True), wanted("A"), wanted("B"))
    shop.create(parcel("B"))

    assert shop.track("A", carrier_code="LTR").status == shop.ship("A").status == 204
    assert shop.track("B", carrier_code="LTR").status == shop.ship("B").status == 400
    assert [shop.order(name)["order_state"] for name in "AB"] == ["SHIPPED", "SHIPPING"]
