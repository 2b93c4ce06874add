"""Shoppers who come back, and shoppers who buy for a company."""

from __future__ import annotations

from typing import Any

from tests.sandboxes.mirakl.seller import Seller, place, seller, wanted


def customers(of: Seller) -> list[dict[str, Any]]:
    return [order["customer"] for order in of.page(max=100)["orders"]]


def test_one_shopper_orders_under_many_aliases() -> None:
    shop = seller(details_before_acceptance=True)
    place(shop, *(wanted(f"N{number}", customer="anna") for number in range(9)))
    place(shop, wanted("N9", customer="anna"))

    orders = shop.page(max=100)["orders"]

    assert all(order["customer"] == orders[0]["customer"] for order in orders)
    assert len({order["customer_notification_email"] for order in orders} - {""}) == 10
    assert {shop.booked(f"N{number}")["customer_id"] for number in range(10)} == {orders[0]["customer"]["customer_id"]}


def test_different_keys_and_different_platforms_are_different_shoppers() -> None:
    shop = seller()
    place(shop, wanted("A", customer="anna"), wanted("B", customer="bert"), wanted("C"))

    assert len({customer["customer_id"] for customer in customers(shop)}) == 3


def test_the_same_shopper_whatever_else_is_placed() -> None:
    alone, crowd = seller(), seller()
    place(alone, wanted("A", customer="anna"))
    place(crowd, wanted("B"), wanted("C", customer="bert"), wanted("A", customer="anna"))

    assert alone.order("A")["customer"] == crowd.order("A")["customer"]


def test_an_organization_tells_its_name_first_and_its_numbers_with_the_addresses() -> None:
    hidden, open_book = seller(), seller(details_before_acceptance=True)
    for shop in (hidden, open_book):
        place(shop, wanted("A", customer="anna", organization=True), wanted("B"))

    early, late = (shop.order("A")["customer"]["organization"] for shop in (hidden, open_book))

    assert early["name"] == late["name"]
    assert early["identification_number"] is early["tax_identification_number"] is None
    assert late["identification_number"]
    assert late["tax_identification_number"].startswith("FR")
    assert hidden.order("B")["customer"]["organization"] is None
