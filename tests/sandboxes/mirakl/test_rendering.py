"""What an order looks like on the wire: the documented fields, and which of them are null or left out."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from sandboxes.mirakl.wishes import Mix, Placement
from tests.sandboxes.mirakl.seller import Seller, place, seller, wanted


def words(text: str) -> set[str]:
    return set(text.split())


ORDER_FIELDS = words("""
order_id commercial_id order_state created_date last_updated_date acceptance_decision_date leadtime_to_ship
can_cancel can_shop_ship has_incident has_customer_message has_invoice fully_refunded currency_iso_code order_tax_mode
price shipping_price total_price total_commission paymentType fulfillment shipping_type_code shipping_type_label
shipping_zone_code shipping_zone_label customer order_lines
""")
LINE_FIELDS = words("""
order_line_id order_line_index order_line_state offer_id offer_sku offer_state_code product_sku product_title
category_code category_label description quantity price_unit price shipping_price total_price commission_fee
commission_vat commission_rate_vat total_commission cancelations refunds can_refund created_date last_updated_date
order_line_additional_fields product_medias
""")
CUSTOMER_FIELDS = words("customer_id firstname lastname billing_address shipping_address")
ADDRESS_FIELDS = words("city country country_iso_code lastname street_1")


def every_kind_of_order() -> Seller:
    """Drawn orders of every trait, in every state that the sandbox knows."""
    shop = seller()
    mix = Mix(
        two_rates=0.3, two_codes=0.3, no_taxes=0.1, fees=0.5, promotions=0.5, pickup=0.4, foreign=0.5, odd_ids=0.5
    )
    shop.sandbox.place(Placement(shop="north/2001", count=60, mix=mix, seed=7))
    place(
        shop, wanted("STAGED", staging=timedelta(days=9)), wanted("HELD", debit="held"), wanted("DONE"), wanted("GONE")
    )
    for name in ("HELD", "DONE"):
        assert shop.decide(name, L1=True).status == 204
    shop.control("cancel", platform="north", order_id="GONE")
    shop.after(timedelta(minutes=10))
    return shop


def test_required_fields_are_always_there() -> None:
    orders = every_kind_of_order().page(max=100)["orders"]

    assert len(orders) == 64
    for order in orders:
        assert not ORDER_FIELDS - set(order)
        assert not CUSTOMER_FIELDS - set(order["customer"])
        assert all(not LINE_FIELDS - set(line) for line in order["order_lines"])
        address = order["customer"]["shipping_address"]
        assert address is None or not ADDRESS_FIELDS - {name for name, value in address.items() if value}


@pytest.mark.parametrize(
    ("before_acceptance", "shown"),
    [
        (False, {"STAGED": False, "WAITING": False, "HELD": False, "DONE": True, "GONE": False}),
        (True, {"STAGED": False, "WAITING": True, "HELD": True, "DONE": True, "GONE": True}),
    ],
)
def test_addresses_appear_with_shipping_or_with_the_shops_turn(before_acceptance: bool, shown: dict[str, bool]) -> None:
    shop = seller(details_before_acceptance=before_acceptance)
    place(shop, wanted("STAGED", staging=timedelta(days=9)), wanted("WAITING"), wanted("HELD", debit="held"))
    place(shop, wanted("DONE"), wanted("GONE"))
    assert shop.decide("HELD", L1=True).status == shop.decide("DONE", L1=True).status == 204
    shop.control("cancel", platform="north", order_id="GONE")
    shop.after(timedelta(minutes=10))

    customers = {order["order_id"]: order["customer"] for order in shop.page()["orders"]}

    assert {name: customer["shipping_address"] is not None for name, customer in customers.items()} == shown
    assert {name: customer["billing_address"] is not None for name, customer in customers.items()} == shown


def shipping_orders(mix: Mix) -> list[dict[str, Any]]:
    shop = seller(details_before_acceptance=True)
    shop.sandbox.place(Placement(shop="north/2001", count=60, mix=mix, seed=3))
    orders: list[dict[str, Any]] = shop.page(max=100)["orders"]
    return orders


def test_optional_fields_are_sometimes_null_and_a_phone_is_sometimes_no_key_at_all() -> None:
    addresses = [order["customer"]["shipping_address"] for order in shipping_orders(Mix())]

    assert {address["company"] is None for address in addresses} == {True, False}
    assert {address["state"] is None for address in addresses} == {True, False}
    assert {address["additional_info"] is None for address in addresses} == {True, False}
    assert {"phone" in address for address in addresses} == {True, False}
    assert all("phone" not in address or address["phone"] for address in addresses)


def test_the_alias_is_the_orders_own_and_sometimes_empty() -> None:
    emails = [order["customer_notification_email"] for order in shipping_orders(Mix())]
    aliases = [email for email in emails if email]

    assert "" in emails
    assert len(set(aliases)) == len(aliases)
    assert all(email.startswith("notification+") and email.endswith("@notification.example.com") for email in aliases)


def test_names_in_other_scripts_and_texts_that_fit_nowhere() -> None:
    cities = {order["customer"]["shipping_address"]["city"] for order in shipping_orders(Mix(foreign=1.0))}
    long = shipping_orders(Mix(long_text=1.0))
    ordinary = shipping_orders(Mix())

    assert {"Köln", "Łódź", "東京テスト"} <= cities
    assert all(len(order["customer"]["shipping_address"]["street_1"]) > 100 for order in long)
    assert all(len(order["customer"]["shipping_address"]["street_1"]) < 40 for order in ordinary)


def test_a_pick_up_point_comes_with_its_shipping_type() -> None:
    for order in shipping_orders(Mix(pickup=0.5)):
        assert (order["shipping_pudo_id"] is not None) == (order["shipping_type_code"] == "PUDO")


def test_ids_of_every_kind_reach_the_order_when_they_are_escaped() -> None:
    shop = seller()
    placed = shop.sandbox.place(Placement(shop="north/2001", count=60, mix=Mix(odd_ids=1.0, max_lines=1), seed=5))
    ids = [order.id for order in placed]
    assert any(len(one) > 20 for one in ids)
    assert all(any(letter in one for one in ids) for letter in "/ #+%?nÄ")

    for order in placed:
        found = shop.order(order.id)
        line = {"id": found["order_lines"][0]["order_line_id"], "accepted": True}
        path = "".join(f"%{byte:02X}" for byte in order.id.encode())
        assert shop.call("PUT", f"/api/orders/{path}/accept", {"order_lines": [line]}).status == 204


def test_the_same_seed_places_the_same_orders() -> None:
    assert shipping_orders(Mix()) == shipping_orders(Mix())


def test_numbers_keep_every_digit_on_the_wire() -> None:
    shop = seller()
    place(shop, wanted())

    body = shop.call("GET", "/api/orders").body.decode()

    assert '"rate": 20.0000' in body
    assert '"price": 10.00' in body
    assert json.loads(body)["total_count"] == 1
