"""What the sandbox answers fits Mirakl's own OpenAPI document, where MIRAKL_OPENAPI names it (it is not vendored)."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sandboxes.mirakl.offer_terms import WantedOffer
from sandboxes.mirakl.wishes import Mix, Placement
from tests.sandboxes.mirakl.openapi import OpenApi
from tests.sandboxes.mirakl.seller import IMPORTS, STOCK_IMPORTS, Seller, parcel, seller, shippable, stocked, wanted

EXPORT, SHIPMENTS = "/api/orders/async-export", "/api/shipments"
REFERENCE = "order_reference_for_seller"


@pytest.fixture(scope="module")
def document() -> OpenApi:
    path = os.environ.get("MIRAKL_OPENAPI")
    if not path:
        pytest.skip("MIRAKL_OPENAPI does not name Mirakl's seller OpenAPI document")
    return OpenApi(json.loads(Path(path).read_text("utf-8")))


def a_day() -> Seller:
    """Orders of every trait, some accepted, refused, cancelled, paid."""
    shop = seller(order_taxes="aggregated", error_shape="code")
    mix = Mix(
        two_rates=0.3, fees=0.5, promotions=0.5, pickup=0.4, foreign=0.5, no_taxes=0.1, untold_rates=0.1, odd_ids=0
    )
    placed = shop.sandbox.place(Placement(shop="north/2001", count=40, mix=mix, seed=11))
    for number, order in enumerate(placed):
        decided = {"order_lines": [{"id": line.id, "accepted": number % 3 > 0} for line in order.lines]}
        if number % 2:
            assert shop.call("PUT", f"/api/orders/{order.id}/accept", decided).status == 204
        if number % 5 == 0:
            shop.control("cancel", platform="north", order_id=order.id, lines=[order.lines[0].id])
    return shop.after(timedelta(hours=1))


@pytest.mark.parametrize("mode", ["TAX_INCLUDED", "TAX_EXCLUDED"])
def test_orders_fit_the_document(document: OpenApi, mode: str) -> None:
    page = a_day().page(max=100, order_tax_mode=mode)

    assert {order["order_state"] for order in page["orders"]} == {
        "WAITING_ACCEPTANCE",
        "SHIPPING",
        "REFUSED",
        "CANCELED",
    }
    assert list(document.faults(page, document.answer("GET", "/api/orders"))) == []


def test_exports_fit_the_document(document: OpenApi) -> None:
    shop = a_day()
    body = {"start_date": "2026-03-01T00:00:00Z", "end_date": "2026-03-31T00:00:00Z"}
    asked = shop.call("POST", EXPORT, body).json()
    status_path = f"{EXPORT}/status/{asked['tracking_id']}"
    statuses = [shop.call("GET", status_path).json(), shop.after(timedelta(hours=1)).call("GET", status_path).json()]

    assert list(document.faults(asked, document.answer("POST", EXPORT))) == []
    for status in statuses:
        assert list(document.faults(status, document.answer("GET", f"{EXPORT}/status/{{tracking_id}}"))) == []


def test_shipments_and_references_fit_the_document(document: OpenApi) -> None:
    shop = shippable(seller(multi_shipment=True), *(wanted(name) for name in "ABC"))
    tracking = {"carrier_code": "CA1", "tracking_number": "1"}
    made = shop.create(parcel("A", shipped=True, tracking=tracking), parcel("B"), parcel("C", quantity=2))
    (shipped, open_one) = (one["id"] for one in made["shipment_success"])
    tracked = [{"id": one, "tracking": tracking} for one in (open_one, "unknown")]
    references = {"orders": [{"order_id": name, "references": {REFERENCE: "SO-1"}} for name in ("A", "NOWHERE")]}
    answers = (
        ("POST", "/api/shipments", "201", made),
        ("GET", "/api/shipments", "200", shop.shipments("limit=1")),
        ("POST", "/api/shipments/tracking", "200", shop.call("POST", f"{SHIPMENTS}/tracking", {"shipments": tracked})),
        ("PUT", "/api/shipments/ship", "200", shop.call("PUT", f"{SHIPMENTS}/ship", {"shipments": [{"id": shipped}]})),
        ("PUT", "/api/orders", "200", shop.call("PUT", "/api/orders", references)),
        ("GET", "/api/orders", "200", shop.page()),
    )

    assert made["shipment_errors"]
    for method, path, status, answer in answers:
        content = answer if isinstance(answer, dict) else answer.json()
        assert list(document.faults(content, document.answer(method, path, status))) == []


def an_import(shop: Seller, url: str, content: str, **fields: str) -> tuple[dict[str, Any], str]:
    """What 201 says, and the import's id."""
    asked: dict[str, Any] = shop.upload(url, content, **fields).json()
    return asked, str(asked["import_id"])


def test_imports_of_stock_and_offers_fit_the_document(document: OpenApi) -> None:
    shop = stocked(WantedOffer(sku="A"))
    stock, stock_id = an_import(shop, STOCK_IMPORTS, "offer-sku;quantity\nA;1\nZ;1\n")
    offers, offers_id = an_import(shop, IMPORTS, "sku;quantity\nA;1\nZ;1\n", import_mode="NORMAL")
    stock_path, offers_path = f"{STOCK_IMPORTS}/{{import_id}}/status", f"{IMPORTS}/{{import}}"

    assert list(document.faults(stock, document.answer("POST", STOCK_IMPORTS, "201"))) == []
    assert list(document.faults(offers, document.answer("POST", IMPORTS, "201"))) == []
    for wait in (timedelta(0), timedelta(hours=1)):
        shop.after(wait)
        followed = shop.call("GET", f"{IMPORTS}/{offers_id}").json()
        assert list(document.faults(shop.stock_status(stock_id), document.answer("GET", stock_path))) == []
        assert list(document.faults(followed, document.answer("GET", offers_path))) == []


def test_offers_fit_the_document(document: OpenApi) -> None:
    shop = stocked(WantedOffer(sku="A", warehouses={"MAIN": 1}), WantedOffer(sku="B", quantity=0))
    export = "/api/offers/export/async"
    asked = shop.call("POST", export, {"export_type": "application/json", "include_inactive_offers": True}).json()
    told = shop.after(timedelta(hours=1)).call("GET", f"{export}/status/{asked['tracking_id']}").json()
    file = shop.fetch(told["urls"][0].partition(".com")[2]).json()
    listed = shop.call("GET", "/api/offers").json()
    dynamic = "/dynamic-url/The+URL+is+retrieved+from+OF53+output/OF54"

    assert (len(file), len(listed["offers"])) == (2, 2)
    assert list(document.faults(asked, document.answer("POST", export))) == []
    assert list(document.faults(told, document.answer("GET", f"{export}/status/{{tracking_id}}"))) == []
    assert list(document.faults(listed, document.answer("GET", "/api/offers"))) == []
    assert list(document.faults(listed["offers"][0], document.answer("GET", "/api/offers/{offer}"))) == []
    assert [list(document.faults(offer, document.answer("GET", dynamic))) for offer in file] == [[], []]


@pytest.mark.parametrize("path", ["/api/shipping/carriers", "/api/reasons"])
def test_lists_fit_the_document(document: OpenApi, path: str) -> None:
    answer = seller().call("GET", path)

    assert answer.status == 200
    assert list(document.faults(answer.json(), document.answer("GET", path))) == []


def test_a_tracked_order_of_an_organization_fits_the_document(document: OpenApi) -> None:
    shop = shippable(seller(), wanted(organization=True))
    assert shop.track("X", carrier_code="CA1", tracking_number="1").status == shop.ship("X").status == 204

    assert shop.order("X")["order_state"] == "SHIPPED"
    assert list(document.faults(shop.page(), document.answer("GET", "/api/orders"))) == []


def test_the_configuration_fits_the_document(document: OpenApi) -> None:
    configuration = seller().call("GET", "/api/platform/configuration").json()

    assert list(document.faults(configuration, document.answer("GET", "/api/platform/configuration"))) == []


def test_the_check_finds_what_does_not_fit(document: OpenApi) -> None:
    page = a_day().page()
    order = page["orders"][0]
    del order["order_id"]
    order.update(price="10.00", currency_iso_code="LOST", invented=1)

    assert sorted(document.faults(page, document.answer("GET", "/api/orders"))) == [
        "$.orders[0].currency_iso_code is none of the known values",
        "$.orders[0].invented is not documented",
        "$.orders[0].order_id is required",
        "$.orders[0].price is no number",
    ]
