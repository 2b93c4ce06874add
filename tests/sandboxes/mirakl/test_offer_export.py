"""OF52 to OF54, in full and since a date, and the listing of OF21 beside it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from sandboxes.mirakl.offer_terms import Terms, WantedOffer
from sandboxes.wire import Response
from tests.sandboxes.mirakl.seller import START, Seller, place, stocked, wanted

MINUTE = timedelta(minutes=1)
EXPORT = "/api/offers/export/async"
JSON = {"export_type": "application/json"}
LATER = Terms(available_from=START + timedelta(days=1))


def ask(of: Seller, **body: Any) -> str:
    answer = of.call("POST", EXPORT, body)
    assert answer.status == 200, answer.body
    tracking: str = answer.json()["tracking_id"]
    return tracking


def status(of: Seller, tracking: str) -> dict[str, Any]:
    content: dict[str, Any] = of.call("GET", f"{EXPORT}/status/{tracking}").json()
    return content


def fetch(of: Seller, url: str) -> Response:
    parts = urlsplit(url)
    return of.call("GET", f"{parts.path}?{parts.query}")


def files(of: Seller, **body: Any) -> list[list[dict[str, Any]]]:
    tracking = ask(of, **{**JSON, **body})
    return [fetch(of, url).json() for url in status(of.after(MINUTE), tracking)["urls"]]


def skus(of: Seller, **body: Any) -> list[str]:
    return [offer["shop_sku"] for file in files(of, **body) for offer in file]


def a_shop() -> Seller:
    """ON is active; OUT is sold out, OFF withdrawn, SOON not yet available, GONE deleted."""
    shop = stocked(
        WantedOffer(sku="ON"),
        WantedOffer(sku="OUT", quantity=0),
        WantedOffer(sku="OFF", withdrawn=True),
        WantedOffer(sku="SOON", terms=LATER),
        WantedOffer(sku="GONE"),
    )
    shop.after(MINUTE).control("set_offer", shop="north/2001", sku="GONE", deleted=True)
    return shop.after(MINUTE)


def test_an_export_in_full_has_active_offers_only_unless_asked() -> None:
    shop = a_shop()

    assert skus(shop) == ["ON"]
    assert skus(shop, include_inactive_offers=False) == ["ON"]
    assert skus(shop, include_inactive_offers=True) == ["ON", "OUT", "OFF", "SOON"]
    assert skus(shop.after(timedelta(days=2))) == ["ON", "SOON"]


def test_an_export_since_a_date_has_all_that_changed_deleted_ones_too() -> None:
    shop = a_shop()
    moments = ("2026-03-02T08:00:00Z", "2026-03-02T08:00:01Z", "2026-03-02T08:01:01Z")

    assert [len(skus(shop, last_request_date=moment)) for moment in moments] == [5, 1, 0]
    ((gone,),) = files(shop, last_request_date=moments[1])
    assert (gone["shop_sku"], gone["deleted"], gone["active"]) == ("GONE", True, False)


def test_an_offer_as_the_file_has_it() -> None:
    shop = stocked(WantedOffer(sku="A", warehouses={"MAIN": 4, "WEST": 1}, terms=Terms(price=Decimal("19.99"))))
    ((offer,),) = files(shop)

    assert (offer["quantity"], offer["active"], offer["shop_id"], offer["currency_iso_code"]) == (5, True, 2001, "EUR")
    assert offer["warehouses"] == [{"code": "MAIN", "quantity": 4}, {"code": "WEST", "quantity": 1}]
    assert offer["prices"][0]["origin_price"] == Decimal("19.99")
    assert offer["last_updated"] == offer["date_created"] == "2026-03-02T08:00:00Z"


def test_files_hold_the_offers_as_they_were_when_the_export_was_complete() -> None:
    shop = stocked(WantedOffer(sku="SKU-001"), export_delay=MINUTE)
    tracking = ask(shop, **JSON)
    assert status(shop, tracking) == {"status": "PENDING", "last_updated": "2026-03-02T08:00:00Z"}
    place(shop.after(MINUTE / 2), wanted("X"))
    place(shop.after(MINUTE), wanted("Y"))

    done = status(shop, tracking)
    assert (done["status"], done["last_updated"]) == ("COMPLETED", "2026-03-02T08:01:00Z")
    assert done["urls"][0].startswith(f"https://north.example.com{EXPORT}/file/{tracking}?file=")
    assert [offer["quantity"] for offer in fetch(shop, done["urls"][0]).json()] == [9]


def test_a_large_export_comes_in_several_files_and_an_empty_one_in_one() -> None:
    assert [len(file) for file in files(stocked(synthetic=10, export_items=4))] == [4, 4, 2]
    assert files(stocked()) == [[]]


def test_fields_may_be_chosen() -> None:
    assert files(stocked(WantedOffer(sku="A")), include_fields=["shop_sku", "quantity"]) == [
        [{"quantity": 10, "shop_sku": "A"}]
    ]


def test_without_a_type_the_files_are_csv() -> None:
    shop = stocked(WantedOffer(sku="A"))
    tracking = ask(shop, include_inactive_offers=True)
    (url,) = status(shop.after(MINUTE), tracking)["urls"]

    answer = shop.fetch(f"{urlsplit(url).path}?{urlsplit(url).query}")
    assert answer.headers["content-type"].startswith("text/csv")
    header, line = answer.body.decode().splitlines()
    assert ('"quantity"' in header.split(";"), '"10"' in line.split(";")) == (True, True)


def test_a_duplicate_request_is_the_export_that_is_pending() -> None:
    shop = stocked(WantedOffer(sku="A"))
    first = ask(shop, **JSON)

    assert ask(shop, **JSON) == first
    assert ask(shop, **JSON, include_inactive_offers=True) != first
    assert shop.call("POST", f"{EXPORT}?shop_id=2002", JSON).json()["tracking_id"] != first
    assert ask(shop.after(MINUTE), **JSON) != first


def test_an_export_may_fail_and_the_next_one_works() -> None:
    shop = stocked(WantedOffer(sku="A"))
    shop.control("fail_offer_exports", count=1)
    failed = ask(shop, **JSON)

    assert status(shop.after(MINUTE), failed) == {
        "error": {"code": "1", "detail": "Internal error"},
        "last_updated": "2026-03-02T08:01:00Z",
        "status": "FAILED",
    }
    assert skus(shop) == ["A"]


def test_an_export_belongs_to_its_shop() -> None:
    shop = stocked(WantedOffer(sku="A"))
    tracking = ask(shop, **JSON)
    (url,) = status(shop.after(MINUTE), tracking)["urls"]

    assert shop.call("GET", f"{EXPORT}/status/{tracking}?shop_id=2002").status == 404
    assert fetch(shop, url.replace("0.json", "1.json")).status == 404
    assert fetch(shop, url.replace("of52", "of13")).status == 404
    shop.key = "key-accepter"
    assert fetch(shop, url).status == 200, "any user of the shop"
    shop.key = "key-nobody"
    assert fetch(shop, url).status == 401


def test_what_is_not_simulated_is_written_down() -> None:
    shop = stocked(WantedOffer(sku="A"))
    ask(shop, **JSON, channel_codes=["WEB"], shop_ids=[2001])

    assert sorted(shop.ignored()) == ["body channel_codes", "body shop_ids"]


def test_an_export_that_ends_with_an_import_shows_what_that_did() -> None:
    shop = stocked(WantedOffer(sku="A"), import_queue=MINUTE / 2, import_run=MINUTE / 2)
    shop.send_stock("A;3")

    ((offer,),) = files(shop)
    assert offer["quantity"] == 3


def test_the_pages_of_a_shops_offers() -> None:
    shop = a_shop()
    page = shop.call("GET", "/api/offers?max=3")

    content = page.json()
    assert [(one["shop_sku"], one["active"]) for one in content["offers"]] == [
        ("ON", True),
        ("OUT", False),
        ("OFF", False),
    ]
    assert [one["inactivity_reasons"] for one in content["offers"]] == [[], ["ZERO_QUANTITY"], ["PRODUCT_DISABLED"]]
    assert content["total_count"] == 4
    assert page.headers["link"].endswith('/api/offers?max=3&offset=3>; rel="next"')
    assert "link" not in shop.call("GET", "/api/offers?max=3&offset=3").headers


@pytest.mark.parametrize(
    ("query", "found"),
    [("sku=ON", ["ON"]), ("sku=on", []), ("product_id=MKP-OUT", ["OUT"]), ("offer_state_codes=1,2", [])],
)
def test_filters_of_the_listing(query: str, found: list[str]) -> None:
    assert [one["shop_sku"] for one in a_shop().call("GET", f"/api/offers?{query}").json()["offers"]] == found


def test_one_offer_by_its_id() -> None:
    shop = a_shop()
    number = shop.offer("ON")["offer_id"]

    assert shop.call("GET", f"/api/offers/{number}").json()["shop_sku"] == "ON"
    assert shop.call("GET", f"/api/offers/{number}?shop_id=2002").status == 404
    assert shop.call("GET", "/api/offers/1").status == 404
