"""Offers and imports by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandboxes.mirakl.offer_terms import Catalogue, WantedOffer
from tests.sandboxes.mirakl.seller import START, place, stocked, wanted

A = WantedOffer(sku="A", quantity=10)


@pytest.mark.parametrize(
    ("content", "quantity", "warehouses", "deleted"),
    [
        ({"quantity": 3}, 3, {}, False),
        ({"warehouses": {"MAIN": 1, "WEST": 2}}, 3, {"MAIN": 1, "WEST": 2}, False),
        ({"deleted": True}, 0, {}, True),
        ({"withdrawn": True}, 10, {}, False),
    ],
)
def test_an_offer_is_set_by_hand(
    content: dict[str, Any], quantity: int, warehouses: dict[str, int], deleted: bool
) -> None:
    shop = stocked(A)
    shop.after(timedelta(hours=1)).control("set_offer", shop="north/2001", sku="A", **content)

    offer = shop.offer("A")
    assert (offer["quantity"], offer["warehouses"], offer["deleted"]) == (quantity, warehouses, deleted)
    assert (offer["changes"][-1]["cause"], offer["updated"]) == ("by_hand", START + timedelta(hours=1))


def test_an_offer_is_added_by_hand_and_can_be_bought() -> None:
    shop = stocked()
    assert place(shop, wanted("X")) == []
    shop.control("add_offer", shop="north/2001", sku="SKU-001", quantity=4)

    assert [order.id for order in place(shop, wanted("X"))] == ["X"]
    assert shop.offer("SKU-001")["quantity"] == 3


@pytest.mark.parametrize(
    ("control", "content", "text"),
    [
        ("set_offer", {"shop": "north/2001", "sku": "Z"}, "no such offer"),
        ("add_offer", {"shop": "north/2001", "sku": "A"}, "already"),
        ("add_offer", {"shop": "north/9", "sku": "B"}, "no shop"),
        ("add_offer", {"shop": "north/2001", "sku": "B", "qantity": 1}, "qantity"),
        ("refuse", {"platform": "north", "order_id": "NOWHERE"}, "that waits"),
        ("stick_imports", {"import_id": "none"}, "no import"),
    ],
)
def test_a_slip_of_the_hand_is_refused(control: str, content: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        stocked(A).control(control, **content)


@pytest.mark.parametrize("skus", [("A", "A"), ("A/B",), ("",), ("A" * 41,)])
def test_a_catalogue_of_skus_that_mirakl_would_not_have_is_refused(skus: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="catalogue of north/2001"):
        Catalogue(shop="north/2001", offers=tuple(WantedOffer(sku=sku) for sku in skus))
