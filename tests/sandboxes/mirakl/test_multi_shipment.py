"""ST01, ST23 and ST24: parts of orders in shipments of their own, with errors inside successful answers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.mirakl.wishes import WantedLine, WantedOrder
from tests.sandboxes.mirakl.seller import START, Seller, parcel, place, seller, shippable, wanted

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BY_ONE = {"carrier_code": "CA1", "tracking_number": "T1"}
ABSENT = "00000000-0000-4000-8000-000000000000"


def pieces(*quantities: int, order_id: str = "X", **fields: Any) -> WantedOrder:
    return WantedOrder(id=order_id, lines=tuple(WantedLine(quantity=number) for number in quantities), **fields)


def several(*orders: WantedOrder, **platform: Any) -> Seller:
    """A shop whose operator allows several shipments of an order; the orders are in SHIPPING."""
    return shippable(seller(multi_shipment=True, **platform), *orders)


def messages(content: dict[str, Any]) -> list[str]:
    return [error["message"] for error in content["shipment_errors"]]


def states(of: Seller) -> tuple[str, list[str]]:
    order = of.order("X")
    return order["order_state"], [line["order_line_state"] for line in order["order_lines"]]


def made(of: Seller, *shipments: dict[str, Any]) -> list[str]:
    return [one["id"] for one in of.create(*shipments)["shipment_success"]]


def track(of: Seller, *shipments: Any) -> Any:
    return of.call("POST", "/api/shipments/tracking", {"shipments": shipments}).json()


def ship(of: Seller, *ids: str) -> Any:
    return of.call("PUT", "/api/shipments/ship", {"shipments": [{"id": one} for one in ids]}).json()


def test_one_call_creates_tracks_and_ships() -> None:
    shop = several(pieces(2))

    content = shop.create(parcel(quantity=2, shipped=True, tracking=BY_ONE, invoice_reference="INV-1"))

    (shipment,) = content["shipment_success"]
    assert content["shipment_errors"] == []
    assert (shipment["order_id"], shipment["status"], shipment["invoice_reference"]) == ("X", "SHIPPED", "INV-1")
    assert shipment["shipment_lines"] == [
        {"order_line_id": "X-1", "offer_sku": "SKU-001", "quantity": 2, "package_reference": "P2"}
    ]
    assert shipment["tracking"]["tracking_url"] == "https://carrier-one.example.com/track?number=T1"
    assert states(shop) == ("SHIPPED", ["SHIPPED"])
    assert shop.order("X")["order_lines"][0]["shipped_date"] == shipment["shipped_date"] == "2026-03-02T09:00:00Z"


def test_an_order_is_shipped_with_its_last_piece() -> None:
    shop = several(pieces(2, 1))

    shop.create(parcel(shipped=True))
    assert states(shop) == ("SHIPPING", ["SHIPPING", "SHIPPING"])
    shop.create(parcel(line=2, shipped=True))
    assert states(shop) == ("SHIPPING", ["SHIPPING", "SHIPPED"])
    shop.after(HOUR).create(parcel(shipped=True))

    assert states(shop) == ("SHIPPED", ["SHIPPED", "SHIPPED"])
    assert shop.booked("X")["shipped_at"] == START + 2 * HOUR
    assert shop.after(7 * DAY).order("X")["order_state"] == "RECEIVED"
    assert {one["status"] for one in shop.shipments()["data"]} == {"RECEIVED"}


def test_a_cancelled_remainder_completes_the_order() -> None:
    shop = several(pieces(2, 1))
    shop.create(parcel(quantity=2, shipped=True))

    cancelled = shop.control("cancel", platform="north", order_id="X")

    assert cancelled == {"lines": ["X-2"], "state": "SHIPPED"}, "what is in a shipment cannot be cancelled any more"


def test_a_shipment_that_is_not_shipped_yet_reserves_its_quantities() -> None:
    shop = several(pieces(3))
    shop.create(parcel(quantity=2))

    assert messages(shop.create(parcel(quantity=2))) == ["Shipment quantity is invalid."]
    assert messages(shop.create(parcel(quantity=1))) == []
    assert states(shop) == ("SHIPPING", ["SHIPPING"]), "nothing has left yet"


def test_packages_of_one_line_count_together() -> None:
    shop = several(pieces(3))
    lines = parcel(quantity=2)["shipment_lines"] * 2

    assert messages(shop.create({**parcel(), "shipment_lines": lines})) == ["Shipment quantity is invalid."]


def test_each_entry_succeeds_or_fails_for_itself() -> None:
    shop = several(*(pieces(1, order_id=name) for name in "ABCDE"))
    place(shop, wanted("NEW"))
    shop.create(parcel("A", shipped=True))
    foreign = parcel("B")["shipment_lines"]

    content = shop.create(
        parcel("A"),
        parcel("NEW"),
        parcel("NOWHERE"),
        parcel("B", quantity=2),
        {**parcel("C"), "shipment_lines": foreign},
        parcel("C", tracking={"carrier_code": "CA9", "tracking_number": "1"}),
        parcel("D", tracking={"carrier_code": "CA1"}),
        parcel("E", shipped=True),
    )

    assert [one["order_id"] for one in content["shipment_success"]] == ["E"]
    assert [one["order_id"] for one in content["shipment_errors"]] == ["A", "NEW", "NOWHERE", "B", "C", "C", "D"]
    assert messages(content)[:2] == [
        "The order status must be 'SHIPPING' but it is 'SHIPPED'.",
        "The order status must be 'SHIPPING' but it is 'WAITING_ACCEPTANCE'.",
    ]
    assert messages(content)[3] == "Shipment quantity is invalid."
    assert [word in text for word, text in zip(("carrier_code", "tracking_number"), messages(content)[5:], strict=True)]


def test_two_entries_of_one_order_are_both_carried_out_and_noted() -> None:
    shop = several(pieces(2))

    content = shop.create(parcel(), parcel(), parcel())

    assert len(content["shipment_success"]) == 2
    assert messages(content) == ["Shipment quantity is invalid."]
    assert shop.control("books")["doubled_shipments"] == [{"at": shop.now, "shop": "north/2001", "order_id": "X"}]


def test_a_line_may_be_named_by_a_sku_that_only_one_has() -> None:
    lines = (WantedLine(sku="ONE"), WantedLine(sku="TWICE"), WantedLine(sku="TWICE"))
    shop = several(WantedOrder(id="X", lines=lines))

    content = shop.create(
        *({**parcel(), "shipment_lines": [{"offer_sku": sku, "quantity": 1}]} for sku in ("ONE", "TWICE", "NONE")),
        {**parcel(), "shipment_lines": [{"quantity": 1}]},
    )

    (shipment,) = content["shipment_success"]
    assert shipment["shipment_lines"] == [{"order_line_id": "X-1", "offer_sku": "ONE", "quantity": 1}]
    assert len(content["shipment_errors"]) == 3


def test_tracking_may_follow_and_change_and_shipping_comes_once() -> None:
    shop = several(pieces(1))
    (one,) = made(shop, parcel())

    assert track(shop, {"id": one, "tracking": BY_ONE}) == {"shipment_success": [{"id": one}], "shipment_errors": []}
    assert ship(shop.after(HOUR), one)["shipment_success"] == [{"id": one}]
    again = ship(shop.after(HOUR), one)
    track(shop, {"id": one, "tracking": {"carrier_code": "LTR"}})

    assert again["shipment_errors"] == [
        {"id": one, "message": "The shipment status must be 'SHIPPING' but it is 'SHIPPED'."}
    ]
    (shown,) = shop.shipments()["data"]
    assert (shown["tracking"]["carrier_code"], shown["shipped_date"]) == ("LTR", "2026-03-02T10:00:00Z")
    assert states(shop) == ("SHIPPED", ["SHIPPED"])


def test_a_shipment_that_is_unknown_or_of_another_shop_is_an_error_of_its_own() -> None:
    shop = several(pieces(1))
    place(shop, wanted("OTHER"), shop="north/2002")
    (one,) = made(shop, parcel())

    content = track(shop, {"id": ABSENT, "tracking": BY_ONE}, {"id": one, "tracking": {"carrier_code": "CA9"}})
    elsewhere = shop.call("PUT", "/api/shipments/ship?shop_id=2002", {"shipments": [{"id": one}]}).json()

    assert content["shipment_errors"][0] == {"id": ABSENT, "message": f"No shipment with id '{ABSENT}'."}
    assert "carrier_code" in content["shipment_errors"][1]["message"]
    assert content["shipment_success"] == []
    assert elsewhere["shipment_errors"] == [{"id": one, "message": f"No shipment with id '{one}'."}]


def test_once_an_order_is_received_its_shipments_are_tracked_no_more() -> None:
    shop = several(pieces(1))
    (one,) = made(shop, parcel(shipped=True))

    content = track(shop.after(8 * DAY), {"id": one, "tracking": BY_ONE})

    assert "RECEIVED" in content["shipment_errors"][0]["message"]


def test_a_shipping_method_that_needs_tracking_needs_it_before_a_shipment_is_shipped() -> None:
    shop = several(pieces(2), tracking_required_types=("STD",))
    (later,) = made(shop, parcel())

    assert messages(shop.create(parcel(shipped=True))) == ["Tracking details are mandatory for this shipping method"]
    assert len(ship(shop, later)["shipment_errors"]) == 1
    track(shop, {"id": later, "tracking": BY_ONE})
    assert ship(shop, later)["shipment_errors"] == []


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "/api/shipments"),
        ("GET", "/api/shipments"),
        ("POST", "/api/shipments/tracking"),
        ("PUT", "/api/shipments/ship"),
    ],
)
def test_where_the_operator_has_no_multi_shipment_there_is_nothing(method: str, url: str) -> None:
    shop = shippable(seller(), pieces(1))
    body = None if method == "GET" else {"shipments": [parcel()]}

    assert shop.call(method, url, body).status == 404
    assert shop.booked("X")["shipments"] == []


def test_what_is_passed_over_is_written_down_by_name() -> None:
    shop = several(pieces(1))
    entry = parcel(
        shipping_from={"warehouse": {"code": "W1"}}, tracking={**BY_ONE, "carrier_url": "https://bike.example.com"}
    )

    shop.create(entry)

    assert shop.ignored() == ["body shipments[].shipping_from", "body shipments[].tracking.carrier_url"]


@given(st.lists(st.tuples(st.integers(1, 2), st.integers(1, 4), st.booleans()), max_size=12))
def test_never_more_than_was_ordered_and_shipped_when_all_of_it_is(entries: list[tuple[int, int, bool]]) -> None:
    shop = several(pieces(4, 3))
    for line, quantity, shipped in entries:
        shop.create(parcel(line=line, quantity=quantity, shipped=shipped))

    shipments = shop.booked("X")["shipments"]
    lines = [(line, one["shipped_at"] is not None) for one in shipments for line in one["lines"]]
    for name, ordered in (("X-1", 4), ("X-2", 3)):
        assert sum(line["quantity"] for line, _ in lines if line["id"] == name) <= ordered
    gone = sum(line["quantity"] for line, left in lines if left)
    assert states(shop)[0] == ("SHIPPED" if gone == 7 else "SHIPPING")


def test_the_books_know_every_shipment() -> None:
    shop = several(pieces(2, 1))
    (later, now) = made(shop, parcel(), {**parcel(tracking=BY_ONE, shipped=True)})

    shipments = shop.booked("X")["shipments"]

    assert [one["id"] for one in shipments] == [later, now]
    assert [one["shipped_at"] for one in shipments] == [None, START + HOUR]
    assert [one["number"] for one in shipments] == [None, "T1"]
    assert shipments[1]["packages"] == ["P1"]
    assert shipments[1]["lines"] == [{"id": "X-1", "quantity": 1, "package": "P1"}]
