"""OR23: which tracking is accepted, what of it OR11 shows, and when it may still be written."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.sandboxes.mirakl.seller import START, Seller, place, seller, shippable, wanted

HOUR = timedelta(hours=1)
REGISTERED = {"carrier_code": "CA1", "tracking_number": "T 1/2"}


def shown(of: Seller) -> dict[str, Any]:
    return {name: value for name, value in of.order("X").items() if name.startswith("shipping_")}


def test_a_registered_carrier_brings_its_name_and_its_link() -> None:
    shop = shippable(seller(), wanted())

    response = shop.track("X", **REGISTERED, carrier_name="whatever")

    assert (response.status, response.body) == (204, b"")
    found = shown(shop)
    assert (found["shipping_carrier_code"], found["shipping_company"]) == ("CA1", "Carrier One")
    assert found["shipping_tracking"] == "T 1/2"
    assert found["shipping_tracking_url"] == "https://carrier-one.example.com/track?number=T%201%2F2"
    assert shop.order("X")["order_state"] == "SHIPPING"
    assert shop.order("X")["last_updated_date"] == "2026-03-02T09:00:00Z"


def test_a_carrier_without_a_number_in_its_link_needs_none() -> None:
    shop = shippable(seller(), wanted())

    assert shop.track("X", carrier_code="LTR").status == 204
    assert shown(shop)["shipping_tracking"] is None
    assert shown(shop)["shipping_tracking_url"] == "https://letter-post.example.com/"


def test_any_other_carrier_comes_with_a_name_and_its_own_link_where_the_operator_allows_it() -> None:
    shop = shippable(seller(), wanted())

    assert shop.track("X", carrier_name="Bike courier", carrier_url="https://bike.example.com/7").status == 204
    found = shown(shop)
    assert (found["shipping_carrier_code"], found["shipping_company"]) == (None, "Bike courier")
    assert found["shipping_tracking_url"] == "https://bike.example.com/7"


@pytest.mark.parametrize(
    ("fields", "about"),
    [
        ({"carrier_code": "CA9", "tracking_number": "1"}, "carrier_code"),
        ({"carrier_code": "ca1", "tracking_number": "1"}, "carrier_code"),
        ({"carrier_code": "CA9", "carrier_name": "Bike courier"}, "carrier_code"),
        ({"carrier_code": "CA1"}, "tracking_number"),
        ({"carrier_code": "CA1", "tracking_number": " "}, "tracking_number"),
        ({"tracking_number": "1"}, "carrier_code"),
        ({"carrier_code": "", "carrier_name": None}, "carrier_code"),
        ({}, "carrier_code"),
        ({"carrier_code": 7}, "carrier_code"),
    ],
    ids=str,
)
def test_what_is_refused_names_the_field(fields: dict[str, Any], about: str) -> None:
    shop = shippable(seller(), wanted())

    response = shop.track("X", **fields)

    assert (response.status, response.json()["errors"][0]["field"]) == (400, about)
    assert shop.booked("X")["tracking"]["count"] == 0


def test_an_operator_may_insist_on_registered_carriers() -> None:
    shop = shippable(seller(alternative_carriers=False), wanted())

    assert shop.track("X", carrier_name="Bike courier").json()["errors"][0]["field"] == "carrier_name"
    assert shop.track("X", **REGISTERED).status == 204


def test_a_repetition_overwrites_even_after_shipping_and_no_longer_after_receipt() -> None:
    shop = shippable(seller(received_after=24 * HOUR), wanted())
    assert shop.track("X", **REGISTERED).status == 204
    assert shop.ship("X").status == 204

    assert shop.after(HOUR).track("X", carrier_code="CA2", tracking_number="T2").status == 204
    assert shop.after(24 * HOUR).track("X", **REGISTERED).status == 400

    booked = shop.booked("X")["tracking"]
    assert booked == {
        "carrier_code": "CA2",
        "carrier_name": "Carrier Two",
        "number": "T2",
        "url": "https://carrier-two.example.com/parcels/T2",
        "at": START + 2 * HOUR,
        "count": 2,
    }


def test_before_payment_nothing_can_be_tracked() -> None:
    shop = seller()
    place(shop, wanted())

    response = shop.track("X", **REGISTERED)

    assert (response.status, response.json()) == (400, {"message": "Bad Request", "status": 400})


def test_the_links_other_name_and_a_link_that_is_unused_are_passed_over() -> None:
    shop = shippable(seller(), wanted())
    link = "https://bike.example.com/7"

    assert shop.track("X", carrier_name="Bike courier", tracking_url=link).status == 204
    assert shown(shop)["shipping_tracking_url"] is None
    assert shop.track("X", **REGISTERED, carrier_url=link).status == 204

    assert shop.ignored() == ["body tracking_url", "body carrier_url"]


@pytest.mark.parametrize(("shape", "told"), [("code", True), ("errors", True), ("error_code", False), ("bare", False)])
def test_not_every_envelope_tells_the_field(shape: str, told: bool) -> None:
    shop = shippable(seller(error_shape=shape), wanted())

    content = shop.track("X", carrier_code="CA9").json()

    assert ("errors" in content) is told
    assert "CA9" not in str(content)
