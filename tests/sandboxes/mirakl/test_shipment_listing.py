"""ST11: filters, and pages by token, which makes every other parameter void."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.sandboxes.mirakl.seller import Seller, parcel, place, seller, shippable, wanted

MINUTE = timedelta(minutes=1)


def orders(content: dict[str, Any]) -> list[str]:
    return [one["order_id"] for one in content["data"]]


def a_minute_apart(count: int) -> Seller:
    """Shipments of `N00`, `N01` … in that order; every second one is shipped."""
    shop = shippable(seller(multi_shipment=True), *(wanted(f"N{number:02d}") for number in range(count)))
    for number in range(count):
        shop.after(MINUTE).create(parcel(f"N{number:02d}", shipped=number % 2 == 1))
    return shop


def all_pages(of: Seller, query: str) -> list[list[str]]:
    content = of.shipments(query)
    pages = [orders(content)]
    while "next_page_token" in content:
        content = of.shipments(f"page_token={quote(content['next_page_token'])}")
        pages.append(orders(content))
    return pages


def test_pages_hold_ten_unless_asked() -> None:
    shop = a_minute_apart(12)

    assert [len(page) for page in all_pages(shop, "")] == [10, 2]
    assert [len(page) for page in all_pages(shop, "limit=100")] == [12]


@pytest.mark.parametrize("sort", ["dateCreated", "dateCreated,ASC", "dateCreated,DESC"])
def test_tokens_lead_through_the_whole_list_with_its_filters_and_back(sort: str) -> None:
    shop = a_minute_apart(5)
    shown = ["N00", "N01", "N02", "N04"]
    expected = shown[::-1] if sort.endswith("DESC") else shown
    query = f"limit=2&sort={sort}&" + "&".join(f"order_id={name}" for name in shown)

    assert all_pages(shop, query) == [expected[:2], expected[2:]]
    last = shop.shipments(f"page_token={quote(shop.shipments(query)['next_page_token'])}")
    back = shop.shipments(f"page_token={quote(last['previous_page_token'])}")
    assert orders(back) == expected[:2]
    assert "previous_page_token" not in back


def test_a_shipment_made_between_two_pages_moves_nothing() -> None:
    shop = a_minute_apart(3)
    first = shop.shipments("limit=2")
    shippable(shop, wanted("NEW")).create(parcel("NEW"))

    second = shop.shipments(f"page_token={quote(first['next_page_token'])}")

    assert (orders(first), orders(second)) == (["N00", "N01"], ["N02", "NEW"])


def test_beside_a_token_every_other_parameter_is_passed_over() -> None:
    shop = a_minute_apart(3)
    token = quote(shop.shipments("limit=1")["next_page_token"])

    content = shop.shipments(f"page_token={token}&limit=100&order_id=N00&shop_id=2001")

    assert orders(content) == ["N01"]
    assert shop.ignored() == ["query limit", "query order_id"]


@pytest.mark.parametrize("token", ["secret", "bGltaXQ9MQ==", "%FF", "x=y"])
def test_a_token_that_is_not_ours_is_refused(token: str) -> None:
    assert a_minute_apart(1).call("GET", f"/api/shipments?page_token={token}").status == 400


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("order_id=N00&order_id=N03", ["N00", "N03"]),
        ("order_id=N00,N03", []),
        ("shipment_state_code=SHIPPED", ["N01", "N03"]),
        ("shipment_state_code=SHIPPED&shipment_state_code=SHIPPING", ["N00", "N01", "N02", "N03"]),
        ("shipment_state_code=CANCELED", []),
        ("shipment_customer_debit_state_code=NO_DEBIT&order_id=N00", ["N00"]),
        ("shipment_customer_debit_state_code=DEBIT_OK", []),
        ("last_updated_from=2026-03-02T09:03:00Z", ["N02", "N03"]),
        ("last_updated_to=2026-03-02T09:01:00Z", ["N00"]),
        ("after=2&shop=north", ["N00", "N01", "N02", "N03"]),
    ],
)
def test_filters(query: str, found: list[str]) -> None:
    assert orders(a_minute_apart(4).shipments(query)) == found


def test_each_shop_sees_its_own() -> None:
    shop = a_minute_apart(1)
    place(shop, wanted("OTHER"), shop="north/2002")

    assert orders(shop.shipments("shop_id=2002")) == []
