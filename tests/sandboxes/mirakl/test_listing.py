"""OR11: filters, the margin off `start_update_date`, and pages that are not a snapshot."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.sandboxes.mirakl.seller import START, Seller, place, seller, wanted

MINUTE = timedelta(minutes=1)


def ids(of: Seller, **query: Any) -> list[str]:
    return [order["order_id"] for order in of.page(**query)["orders"]]


def a_minute_apart(count: int) -> Seller:
    """Orders `N00`, `N01` …, one a minute, the last one now."""
    shop = seller()
    for number in range(count):
        place(shop.after(MINUTE), wanted(f"N{number:02d}"))
    return shop


def link(of: Seller, url: str) -> dict[str, str]:
    """The `Link` header's URLs by relation."""
    header = of.call("GET", url).headers.get("link", "")
    parts = [part.partition(">; rel=") for part in header.split(", ") if part]
    return {relation.strip('"'): target.removeprefix("<") for target, _, relation in parts}


def test_pages_hold_ten_unless_asked_and_a_hundred_at_most() -> None:
    shop = a_minute_apart(12)

    assert len(ids(shop)) == 10
    assert len(ids(shop, max=100)) == 12
    assert ids(shop, offset=10) == ["N10", "N11"]
    assert shop.page(max=1)["total_count"] == 12


def test_orders_come_by_creation_and_then_by_id() -> None:
    shop = seller()
    place(shop, wanted("B"), wanted("A"))
    place(shop.after(MINUTE), wanted("0"))

    assert ids(shop) == ["A", "B", "0"]
    assert ids(shop, sort="dateCreated", order="desc") == ["0", "B", "A"]


def test_links_lead_through_the_whole_list_and_back() -> None:
    shop = a_minute_apart(5)
    url, seen = "/api/orders?max=2&order_state_codes=WAITING_ACCEPTANCE&order=asc", []
    while url:
        parts = urlsplit(url)
        seen += [order["order_id"] for order in shop.call("GET", f"{parts.path}?{parts.query}").json()["orders"]]
        url = link(shop, f"{parts.path}?{parts.query}").get("next", "")

    assert seen == ["N00", "N01", "N02", "N03", "N04"]
    middle = link(shop, "/api/orders?max=2&offset=1")
    assert middle["previous"] == "https://north.example.com/api/orders?max=2&offset=0"
    assert middle["next"] == "https://north.example.com/api/orders?max=2&offset=3"
    assert set(link(shop, "/api/orders?max=2&offset=3")) == {"previous"}, "a page that just ends has no next one"


def test_a_list_that_fits_has_no_links() -> None:
    shop = a_minute_apart(2)

    assert link(shop, "/api/orders") == {}
    assert link(shop, "/api/orders?offset=100") == {"previous": "https://north.example.com/api/orders?offset=90"}


def test_an_order_that_leaves_the_set_between_two_pages_makes_another_one_disappear() -> None:
    shop = a_minute_apart(4)
    first = ids(shop, order_state_codes="WAITING_ACCEPTANCE", max=2)
    assert shop.decide("N00", L1=True).status == 204

    second = ids(shop, order_state_codes="WAITING_ACCEPTANCE", max=2, offset=2)

    assert (first, second) == (["N00", "N01"], ["N03"]), "N02 is on neither page"


def test_start_update_date_reaches_back_by_mirakls_own_margin() -> None:
    shop = seller(update_delta=MINUTE)
    place(shop, wanted())
    stamp = START + MINUTE

    assert ids(shop, start_update_date=stamp.isoformat()) == ["X"]
    assert ids(shop, start_update_date=(stamp + timedelta(milliseconds=1)).isoformat(timespec="milliseconds")) == []
    assert ids(shop, start_date=stamp.isoformat()) == [], "no margin comes off a creation date"


def test_an_order_that_did_not_change_does_not_come_again() -> None:
    shop = seller()
    place(shop, wanted())
    shop.after(timedelta(hours=1))
    since = {"start_update_date": shop.now.isoformat()}
    assert ids(shop, **since) == []

    shop.control("touch", platform="north", order_id="X")

    assert ids(shop, **since) == ["X"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"order_ids": "A,C"}, "AC"),
        ({"order_ids": "a"}, ""),
        ({"order_ids": ""}, "ABC"),
        ({"order_references_for_customer": "N000002"}, "B"),
        ({"order_references_for_seller": "SO-1"}, ""),
        ({"order_state_codes": "SHIPPING"}, "B"),
        ({"order_state_codes": "SHIPPING,WAITING_ACCEPTANCE"}, "ABC"),
        ({"order_state_codes": "REFUSED"}, ""),
        ({"channel_codes": "WEB"}, "A"),
        ({"only_null_channel": "true"}, "BC"),
        ({"only_null_channel": "true", "channel_codes": "WEB"}, "BC"),
        ({"only_null_channel": "false"}, "ABC"),
        ({"customer_debited": "true"}, "B"),
        ({"customer_debited": "false"}, "AC"),
        ({"payment_workflow": "PAY_ON_SHIPMENT"}, "C"),
        ({"has_incident": "true"}, ""),
        ({"has_incident": "false"}, "ABC"),
        ({"fulfillment_center_code": "OPERATOR"}, "C"),
        ({"end_date": "2026-03-02T08:00:00Z"}, "ABC"),
        ({"end_date": "2026-03-02T08:59:59+01:00"}, ""),
        ({"end_update_date": "2026-03-02T08:00:00Z"}, "AC"),
        ({"start_update_date": "2026-03-02T08:02:00Z", "end_update_date": "2026-03-02T08:02:00Z"}, "B"),
    ],
    ids=str,
)
def test_filters(query: dict[str, str], found: str) -> None:
    shop = seller()
    place(
        shop,
        wanted("A", channel="WEB"),
        wanted("B"),
        wanted("C", payment_workflow="PAY_ON_SHIPMENT", fulfillment_center="OPERATOR"),
    )
    assert shop.decide("B", L1=True).status == 204
    shop.after(timedelta(hours=1))

    assert "".join(ids(shop, **query)) == found


def test_each_shop_shows_its_own_orders_and_the_first_is_the_default_one() -> None:
    shop = seller()
    place(shop, wanted("FIRST"))
    place(shop, wanted("SECOND"), shop="north/2002")

    assert ids(shop) == ids(shop, shop_id=2001) == ["FIRST"]
    assert ids(shop, shop_id=2002) == ["SECOND"]


def test_what_mirakl_passes_over_is_passed_over_and_written_down_by_name() -> None:
    shop = a_minute_apart(12)

    assert len(ids(shop, limit=100, page_token="secret", paginate="false", order_ids="")) == 10
    shop.call("GET", "/api/orders?max=1", {"surprise": 1})

    ignored = shop.control("books")["ignored_inputs"]
    assert [one["name"] for one in ignored] == [
        "query limit",
        "query page_token",
        "query paginate",
        "query order_ids",
        "body",
    ]
    assert {(one["operation"], one["shop"]) for one in ignored} == {("OR11", "north/2001")}
    assert "secret" not in str(ignored)


def test_the_books_know_since_when_a_seller_could_have_known() -> None:
    shop = seller()
    place(shop, wanted())
    assert shop.booked("X")["shown_waiting"] == {"first": None, "last": None, "count": 0}

    shop.after(MINUTE).page()
    shop.after(MINUTE).page(max=1, offset=1)
    shop.after(MINUTE).page()
    shop.decide("X", L1=True)
    shop.after(MINUTE).page()

    assert shop.booked("X")["shown_waiting"] == {"first": START + MINUTE, "last": START + 3 * MINUTE, "count": 2}
