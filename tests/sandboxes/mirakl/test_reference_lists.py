"""SH21 and RE01: lists of the operator's own, and carriers that come and go."""

from __future__ import annotations

from typing import Any

import pytest

from sandboxes.mirakl.carriers import Carrier
from tests.sandboxes.mirakl.seller import Seller, seller, shippable, wanted


def carriers(of: Seller) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = of.call("GET", "/api/shipping/carriers").json()["carriers"]
    return listed


def test_carriers_come_by_label_with_their_link() -> None:
    listed = carriers(seller())

    assert [one["code"] for one in listed] == ["CA1", "CA2", "LTR"]
    assert ["{trackingId}" in one["tracking_url"] for one in listed] == [True, True, False]
    assert set(listed[0]) == {"code", "label", "standard_code", "tracking_url"}


def test_an_operator_may_have_none() -> None:
    assert carriers(seller(carriers=())) == []


def test_a_carrier_without_a_link_needs_no_number() -> None:
    shop = shippable(seller(carriers=(Carrier(code="VAN", label="Our van"),)), wanted())

    assert shop.track("X", carrier_code="VAN").status == 204
    assert shop.order("X")["shipping_tracking_url"] is None


def test_a_withdrawn_carrier_is_refused_and_what_was_sent_with_it_stays() -> None:
    shop = shippable(seller(), wanted("A"), wanted("B"))
    sent = {"carrier_code": "CA1", "tracking_number": "1"}
    assert shop.track("A", **sent).status == 204

    assert shop.control("withdraw_carrier", platform="north", code="CA1") == {"carriers": ["CA2", "LTR"]}

    assert shop.track("B", **sent).status == 400
    assert shop.order("A")["shipping_company"] == "Carrier One"


def test_an_added_carrier_is_accepted() -> None:
    shop = shippable(seller(), wanted())
    template = "https://new.example.com/{trackingId}"

    added = shop.control("add_carrier", platform="north", code="NEW", label="A new one", tracking_url=template)

    assert added == {"carriers": ["NEW", "CA1", "CA2", "LTR"]}
    assert shop.track("X", carrier_code="NEW").status == 400
    assert shop.track("X", carrier_code="NEW", tracking_number="1").status == 204
    assert shop.order("X")["shipping_tracking_url"] == "https://new.example.com/1"


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("add_carrier", {"platform": "north", "code": "CA1"}, "registered on 'north'"),
        ("add_carrier", {"platform": "east", "code": "NEW"}, "there is no platform 'east'"),
        ("add_carrier", {"platform": "north"}, "code"),
        ("add_carrier", {"platform": "north", "code": "NEW", "link": "x"}, "link"),
        ("withdraw_carrier", {"platform": "north", "code": "NEW"}, "there is no carrier 'NEW'"),
        ("withdraw_carrier", {"platform": "east", "code": "CA1"}, "there is no carrier 'CA1'"),
    ],
)
def test_a_change_of_carriers_that_makes_no_sense_says_why(name: str, content: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        seller().control(name, **content)


def test_the_books_know_the_carriers_of_now() -> None:
    shop = seller(multi_shipment=True, alternative_carriers=False)
    shop.control("withdraw_carrier", platform="north", code="CA2")

    north = shop.control("books")["platforms"]["north"]

    assert [(one["code"], one["needs_number"]) for one in north["carriers"]] == [("CA1", True), ("LTR", False)]
    assert (north["multi_shipment"], north["alternative_carriers"]) == (True, False)


def test_reasons_come_by_type_and_tell_who_may_use_them() -> None:
    content = seller().call("GET", "/api/reasons?locale=en").json()

    types = [reason["type"] for reason in content["reasons"]]
    assert types == sorted(types)
    assert content["total_count"] == len(types)
    cancelations = {one["code"]: one["is_shop_right"] for one in content["reasons"] if one["type"] == "CANCELATION"}
    assert set(cancelations.values()) == {True, False}
