"""Sales, refusals and cancelations on offers, and shoppers who see what is left."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.mirakl.offer_terms import WantedOffer
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.wishes import Placement, WantedLine, WantedOrder
from tests.sandboxes.mirakl.seller import START, Seller, place, seller, stocked

HOUR = timedelta(hours=1)
TEN = WantedOffer(sku="A", quantity=10)


def order(order_id: str, pieces: int, sku: str = "A", **fields: Any) -> WantedOrder:
    return WantedOrder(id=order_id, lines=(WantedLine(sku=sku, quantity=pieces),), **fields)


def told(of: Seller, sku: str = "A") -> list[tuple[str, str, int]]:
    return [(one["cause"], one["about"], one["quantity"]) for one in of.offer(sku)["changes"]]


def test_a_shop_without_a_catalogue_sells_anything_to_anybody() -> None:
    shop = seller()
    (placed,) = place(shop, order("X", 1000, "NOWHERE"))

    assert (placed.lines[0].quantity, placed.lines[0].shown) == (1000, None)
    assert shop.stock() == {"offers": [], "imports": [], "sold": [], "missed": []}


def test_an_order_takes_its_pieces_when_it_is_placed() -> None:
    shop = stocked(TEN)
    place(shop.after(HOUR), order("X", 4))

    assert shop.offer("A")["quantity"] == 6
    assert told(shop) == [("opened", "", 10), ("sold", "X", 6)]
    assert shop.offer("A")["changes"][-1]["at"] == START + HOUR
    (sold,) = shop.stock()["sold"]
    assert (sold["sku"], sold["quantity"], sold["shown"], sold["at"]) == ("A", 4, 10, START + HOUR)
    assert shop.order("X")["order_lines"][0]["offer_id"] == shop.offer("A")["offer_id"]


def test_a_shopper_buys_what_is_left_and_what_was_missed_is_written_down() -> None:
    shop = stocked(TEN)
    placed = place(shop, order("X", 8), order("Y", 5), order("Z", 1), order("W", 1, "NOWHERE"))

    assert [(one.id, one.lines[0].quantity) for one in placed] == [("X", 8), ("Y", 2)]
    assert shop.offer("A")["quantity"] == 0
    missed = [(one["sku"], one["wanted"], one["bought"]) for one in shop.stock()["missed"]]
    assert missed == [("A", 5, 2), ("A", 1, 0), ("NOWHERE", 1, 0)]


def test_two_lines_of_one_sku_share_what_is_left() -> None:
    shop = stocked(TEN)
    lines = tuple(WantedLine(sku="A", quantity=pieces) for pieces in (7, 7))
    (placed,) = place(shop, WantedOrder(id="X", lines=lines))

    assert [line.quantity for line in placed.lines] == [7, 3]


@pytest.mark.parametrize(
    ("offer", "can"),
    [
        (WantedOffer(sku="A", withdrawn=True), 0),
        (WantedOffer(sku="A", quantity=0), 0),
        (WantedOffer(sku="A", quantity=3), 3),
    ],
)
def test_an_inactive_offer_sells_nothing(offer: WantedOffer, can: int) -> None:
    placed = place(stocked(offer), order("X", 5))

    assert sum(line.quantity for one in placed for line in one.lines) == can


def test_shoppers_may_overlap_two_at_once() -> None:
    shop = stocked(TEN, checkout_overlap=timedelta(seconds=5))
    place(shop, order("1", 10))
    place(shop.after(timedelta(seconds=4)), order("2", 10), order("3", 10))

    assert [(one["order_id"], one["quantity"], one["shown"]) for one in shop.stock()["sold"]] == [
        ("1", 10, 10),
        ("2", 10, 10),
    ]
    assert shop.offer("A")["quantity"] == 0


def test_shoppers_who_come_later_do_not_overlap() -> None:
    shop = stocked(TEN, checkout_overlap=timedelta(seconds=5))
    place(shop, order("1", 10))

    assert place(shop.after(timedelta(seconds=5)), order("2", 1)) == []


def test_regardless_of_the_offer_by_hand() -> None:
    shop = stocked(TEN)
    shop.sandbox.place(Placement(shop="north/2001", orders=(order("X", 12),), regardless=True))

    assert shop.offer("A")["quantity"] == 0
    assert shop.stock()["sold"][0]["shown"] == 10


@pytest.mark.parametrize(
    ("fulfilled_by", "at"), [("OPERATOR", START), ("DEFAULT", START - HOUR)], ids=["by the operator", "before"]
)
def test_what_takes_nothing_from_the_offer(fulfilled_by: str, at: Any) -> None:
    shop = stocked(TEN)
    place(shop, order("X", 20, fulfillment_center=fulfilled_by), at=at)

    assert told(shop) == [("opened", "", 10)]


def refused_by_call(of: Seller) -> None:
    assert of.decide("X", L1=False).status == 204


def refused_by_a_person(of: Seller) -> None:
    of.control("refuse", platform="north", order_id="X")


def refused_by_time_out(of: Seller) -> None:
    of.after(24 * HOUR).sandbox.advance(of.now)


@pytest.mark.parametrize("refuse", [refused_by_call, refused_by_a_person, refused_by_time_out])
@pytest.mark.parametrize(("empties", "left"), [(True, 0), (False, 6)])
def test_a_refusal_empties_the_offer_once(refuse: Any, empties: bool, left: int) -> None:
    shop = stocked(TEN, refusal_empties_offers=empties)
    place(shop, order("X", 4))
    refuse(shop)
    assert shop.offer("A")["quantity"] == left

    shop.control("set_offer", shop="north/2001", sku="A", quantity=7)
    shop.control("touch", platform="north", order_id="X")
    assert shop.offer("A")["quantity"] == 7


def test_a_refusal_by_time_out_stands_at_its_own_time() -> None:
    shop = stocked(TEN)
    place(shop, order("X", 4))
    shop.after(30 * HOUR)

    assert shop.offer("A")["changes"][-1] == {
        "at": START + 24 * HOUR,
        "cause": "refused",
        "about": "X",
        "quantity": 0,
    }


@pytest.mark.parametrize(("restocks", "left"), [(True, 10), (False, 6)])
def test_a_cancelation_puts_back_only_where_the_operator_says_so(restocks: bool, left: int) -> None:
    shop = stocked(TEN, cancelation_restocks=restocks)
    place(shop, order("X", 4))
    shop.control("cancel", platform="north", order_id="X")

    assert shop.offer("A")["quantity"] == left


def test_a_person_refuses_one_line_and_accepts_the_other() -> None:
    shop = stocked(TEN, WantedOffer(sku="B", quantity=10))
    place(shop, WantedOrder(id="X", lines=(WantedLine(sku="A"), WantedLine(sku="B"))))
    shop.control("refuse", platform="north", order_id="X", lines=["X-1"])

    assert (shop.offer("A")["quantity"], shop.offer("B")["quantity"]) == (0, 9)
    booked = shop.booked("X")
    assert (booked["decided_how"], booked["or21_effects"]) == ("partly_accepted", 0)
    with pytest.raises(ValueError, match="that waits"):
        shop.control("refuse", platform="north", order_id="X")


def test_the_fullest_warehouse_gives_first() -> None:
    shop = stocked(WantedOffer(sku="A", warehouses={"MAIN": 3, "WEST": 5}))
    place(shop, order("X", 6))

    assert (shop.offer("A")["warehouses"], shop.offer("A")["quantity"]) == ({"MAIN": 2, "WEST": 0}, 2)


@given(st.lists(st.integers(1, 6), max_size=12), st.integers(0, 20), st.booleans())
def test_without_overlap_nothing_is_sold_that_was_not_shown(wishes: list[int], stock: int, split: bool) -> None:
    offer = WantedOffer(sku="A", quantity=stock, warehouses={"MAIN": stock} if split else {})
    shop = stocked(offer)
    placed: list[Order] = place(shop, *(order(str(number), pieces) for number, pieces in enumerate(wishes)))

    sold = sum(line.quantity for one in placed for line in one.lines)
    assert sold == min(stock, sum(wishes))
    assert shop.offer("A")["quantity"] == stock - sold
    assert all(one["quantity"] <= one["shown"] for one in shop.stock()["sold"])
