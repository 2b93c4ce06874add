"""What the conductor of a day may do, and what the judge reads afterwards."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sandboxes.mirakl.seller import START, place, seller, wanted

HOUR = timedelta(hours=1)


def test_orders_are_placed_as_wanted_and_as_drawn() -> None:
    shop = seller()
    line = {"sku": "SKU-007", "quantity": 3, "unit_price": "19.99", "taxes": [{"code": "VAT", "rate": "5.5"}]}
    placed = shop.control("place", shop="north/2001", orders=[{"id": "mine", "lines": [line]}], count=2, seed=4)

    assert placed == {"order_ids": ["mine", "N000002-A", "N000003-A"]}
    (found,) = shop.order("mine")["order_lines"]
    assert (found["offer_sku"], found["quantity"], found["price"]) == ("SKU-007", 3, Decimal("59.97"))
    assert found["taxes"][0]["amount"] == Decimal("3.13")


def test_orders_of_earlier_days_have_lived_since() -> None:
    shop = seller(acceptance_window=24 * HOUR)
    shop.control("place", shop="north/2001", orders=[{"id": "OLD"}], at=(START - 30 * HOUR).isoformat())
    shop.control("place", shop="north/2001", orders=[{"id": "NEW"}], at=(START - HOUR).isoformat())

    assert [shop.order(name)["order_state"] for name in ("OLD", "NEW")] == ["REFUSED", "WAITING_ACCEPTANCE"]
    assert shop.order("OLD")["last_updated_date"] == "2026-03-02T02:00:00Z"
    assert shop.booked("NEW")["window_end"] == START + 23 * HOUR


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("place", {"shop": "north/2001", "count": 1, "at": "2026-03-02T08:00:01Z"}, "lies in the future"),
        ("place", {"shop": "north/2001", "count": 1, "at": "2026-03-02T08:00:00"}, "timezone"),
        ("place", {"shop": "north/9", "count": 1}, "there is no shop 'north/9'"),
        ("place", {"shop": "north/2001", "orders": [{"id": "X"}]}, "order id 'X' is taken"),
        ("cancel", {"platform": "north", "order_id": "Y"}, "there is no order 'Y'"),
        ("touch", {"order_id": "X"}, "name platform and order_id"),
        ("replace_key", {"key": "key-nobody", "by": "other"}, "name an existing key"),
    ],
)
def test_a_control_that_cannot_be_carried_out_says_why(name: str, content: dict[str, Any], text: str) -> None:
    shop = seller()
    place(shop, wanted())

    with pytest.raises(ValueError, match=text):
        shop.control(name, **content)


def test_a_replaced_key_is_refused_from_then_on() -> None:
    shop = seller()
    shop.control("replace_key", key="key-admin", by="key-new")

    assert shop.call("GET", "/api/orders").status == 401
    shop.key = "key-new"
    assert shop.call("GET", "/api/orders").status == 200


def test_cancelations_of_different_orders_have_ids_of_their_own() -> None:
    shop = seller()
    place(shop, wanted("A", lines=2), wanted("B"))
    for name in "AB":
        shop.control("cancel", platform="north", order_id=name)

    ids = [line["cancelations"][0]["id"] for order in shop.page()["orders"] for line in order["order_lines"]]

    assert len(set(ids)) == 3


def test_the_books_tell_the_whole_story_of_an_order() -> None:
    shop = seller(order_tax_mode="TAX_EXCLUDED", debit_delay=HOUR)
    place(shop, wanted(lines=2, shipping_type="PUDO", pudo_id="P0001", channel="WEB", instructions=True))
    shop.after(HOUR).page()
    assert shop.decide("X", L1=True, L2=False).status == 204
    entry = shop.after(2 * HOUR).booked("X")

    assert (entry["shop"], entry["state"], entry["or21_effects"]) == ("north/2001", "SHIPPING", 1)
    assert (entry["placed"], entry["window_end"]) == (START, START + 24 * HOUR)
    assert (entry["decided_at"], entry["decided_how"]) == (START + HOUR, "partly_accepted")
    assert (entry["shown_waiting"]["first"], entry["debited"]) == (START + HOUR, START + 2 * HOUR)
    assert (entry["net"], entry["tax"], entry["shopper_pays"]) == (20, 4, 24)
    assert entry["total_price"] == 20, "in the platform's own mode"
    assert (entry["shipping_pudo_id"], entry["channel"], entry["address_shown"]) == ("P0001", "WEB", True)
    assert entry["shipping_address"]["additional_info"].startswith("Ring twice")
    assert [line["state"] for line in entry["lines"]] == ["SHIPPING", "REFUSED"]
    assert entry["lines"][0]["price"] == {
        "net": 10,
        "taxes": [{"code": "VAT", "rate": 20, "amount": 2}],
        "gross": 12,
    }
    assert [step["state"] for step in entry["lines"][1]["history"]] == ["WAITING_ACCEPTANCE", "REFUSED"]


def test_the_books_tell_of_shipping_even_where_there_was_none() -> None:
    shop = seller()
    place(shop, wanted())
    entry = shop.booked("X")

    assert (entry["shipped_at"], entry["or24_effects"], entry["shipments"]) == (None, 0, [])
    assert (entry["tracking"]["carrier_code"], entry["tracking"]["count"]) == (None, 0)
    assert entry["seller_reference"] == {"value": None, "at": None, "count": 0}


def test_calls_are_counted_per_shop_and_operation_with_their_answers() -> None:
    shop = seller()
    place(shop, wanted())
    shop.page()
    shop.page(shop_id=2002)
    shop.call("GET", "/api/orders?max=0")
    shop.decide("X", L1=True)
    shop.decide("X", L1=True)
    shop.key = "key-nobody"
    shop.call("GET", "/api/orders")

    books = shop.control("books")

    assert books["calls"] == {
        "": {"OR11": 1},
        "north/2001": {"OR11": 2, "OR21": 2},
        "north/2002": {"OR11": 1},
    }
    assert {"shop": "north/2001", "operation": "OR21", "status": 400, "count": 1} in books["answers"]
    assert books["platforms"]["north"]["acceptance_window_seconds"] == 86400
