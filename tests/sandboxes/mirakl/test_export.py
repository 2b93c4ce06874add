"""OR13, OR14 and OR15: one export per shop, pending for a while, then files of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

from sandboxes.mirakl.wishes import Placement
from sandboxes.wire import Response
from tests.sandboxes.mirakl.seller import START, Seller, place, seller, wanted

MINUTE = timedelta(minutes=1)
EXPORT = "/api/orders/async-export"
RANGE = {"start_update_date": "2026-03-01T00:00:00Z", "end_update_date": "2026-03-31T00:00:00Z"}


def ask(of: Seller, **body: Any) -> str:
    answer = of.call("POST", EXPORT, {**RANGE, **body})
    assert answer.status == 200
    tracking: str = answer.json()["tracking_id"]
    return tracking


def status(of: Seller, tracking: str) -> dict[str, Any]:
    content: dict[str, Any] = of.call("GET", f"{EXPORT}/status/{tracking}").json()
    return content


def fetch(of: Seller, url: str) -> Response:
    parts = urlsplit(url)
    return of.call("GET", f"{parts.path}?{parts.query}")


def exported(of: Seller, **body: Any) -> list[list[str]]:
    """The ids in each file of an export that is complete."""
    tracking = ask(of, **body)
    urls = status(of.after(MINUTE), tracking)["urls"]
    return [[order["order_id"] for order in fetch(of, url).json()["orders"]] for url in urls]


def test_an_export_is_pending_for_a_while_and_then_has_urls() -> None:
    shop = seller(export_delay=MINUTE)
    place(shop, wanted())
    tracking = ask(shop)

    assert status(shop, tracking) == {"status": "PENDING", "last_updated": "2026-03-02T08:00:00Z"}
    done = status(shop.after(5 * MINUTE), tracking)

    assert (done["status"], done["last_updated"]) == ("COMPLETED", "2026-03-02T08:01:00Z")
    (url,) = done["urls"]
    assert url.startswith("https://north.example.com/api/")
    assert fetch(shop, url).json() == {"orders": [shop.order("X")]}


def test_files_hold_the_orders_as_they_were_when_the_export_was_complete() -> None:
    shop = seller(export_delay=MINUTE, debit_delay=MINUTE / 2)
    place(shop, wanted("A"), wanted("B"))
    tracking = ask(shop)
    assert shop.decide("A", L1=True).status == 204
    shop.after(30 * MINUTE)
    assert shop.decide("B", L1=True).status == 204

    (url,) = status(shop, tracking)["urls"]
    states = {order["order_id"]: order["order_state"] for order in fetch(shop, url).json()["orders"]}

    assert states == {"A": "SHIPPING", "B": "WAITING_ACCEPTANCE"}


def test_a_large_export_comes_in_several_files() -> None:
    shop = seller(export_items=4)
    shop.sandbox.place(Placement(shop="north/2001", count=10))

    files = exported(shop)

    assert [len(file) for file in files] == [4, 4, 2]
    assert len({order for file in files for order in file}) == 10


def test_filters_of_an_export() -> None:
    shop = seller()
    place(shop, wanted("A", channel="WEB"), wanted("B"))
    assert shop.decide("B", L1=True).status == 204
    shop.after(timedelta(hours=1))

    assert exported(shop, order_state_codes=["WAITING_ACCEPTANCE"]) == [["A"]]
    assert exported(shop, channel_codes=["WEB"]) == [["A"]]
    assert exported(shop, only_null_channel=True) == [["B"]]
    assert exported(shop, start_update_date="2026-03-02T08:03:00Z") == [["B"]], "the margin comes off here as well"
    assert exported(shop, start_update_date="2026-03-02T08:03:01Z") == [[]]
    assert exported(shop, start_date="2026-03-02T08:00:00Z", end_date="2026-03-02T08:00:00Z") == [["A", "B"]]
    assert exported(shop, fulfillment_center_codes="OPERATOR") == [[]]


def test_the_tax_mode_of_an_export() -> None:
    shop = seller(order_tax_mode="TAX_INCLUDED")
    place(shop, wanted())
    tracking = ask(shop, order_tax_mode="TAX_EXCLUDED")
    (url,) = status(shop.after(MINUTE), tracking)["urls"]

    assert fetch(shop, url).json() == {"orders": [shop.order("X", order_tax_mode="TAX_EXCLUDED")]}


def test_one_export_at_a_time_in_a_shop() -> None:
    shop = seller()
    ask(shop)

    assert shop.call("POST", EXPORT, RANGE).status == 400
    assert shop.call("POST", f"{EXPORT}?shop_id=2002", RANGE).status == 200
    assert shop.after(MINUTE).call("POST", EXPORT, RANGE).status == 200


def test_an_export_belongs_to_its_shop() -> None:
    shop = seller()
    tracking = shop.call("POST", f"{EXPORT}?shop_id=2002", RANGE).json()["tracking_id"]
    shop.after(MINUTE)
    url = shop.call("GET", f"{EXPORT}/status/{tracking}?shop_id=2002").json()["urls"][0]

    assert shop.call("GET", f"{EXPORT}/status/{tracking}").status == 404
    assert fetch(shop, url).status == 200, "its URL is called as it stands"
    shop.key = "key-reader"
    assert fetch(shop, url).status == 404
    shop.key = "key-nobody"
    assert fetch(shop, url).status == 401


def test_files_are_not_there_before_their_time() -> None:
    shop = seller()
    tracking = ask(shop)

    assert shop.call("GET", f"{EXPORT}/files/{tracking}?file=1").status == 404
    assert shop.after(MINUTE).call("GET", f"{EXPORT}/files/{tracking}?file=2").status == 404


def test_an_export_may_fail_and_the_next_one_works() -> None:
    shop = seller()
    shop.control("fail_exports", count=1)

    assert status(shop.after(0 * MINUTE), failed := ask(shop))["status"] == "PENDING"
    assert status(shop.after(MINUTE), failed) == {"status": "FAILED", "last_updated": "2026-03-02T08:01:00Z"}
    assert exported(shop) == [[]]


def test_unknown_fields_are_passed_over_and_written_down() -> None:
    shop = seller()
    ask(shop, shop_ids=[2001])

    (ignored,) = shop.control("books")["ignored_inputs"]
    assert (ignored["operation"], ignored["name"], ignored["at"]) == ("OR13", "body shop_ids", START)
