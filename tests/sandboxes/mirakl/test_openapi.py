"""What the sandbox answers fits Mirakl's own OpenAPI document, where MIRAKL_OPENAPI names it (it is not vendored)."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest

from sandboxes.mirakl.wishes import Mix, Placement
from tests.sandboxes.mirakl.openapi import OpenApi
from tests.sandboxes.mirakl.seller import Seller, seller

EXPORT = "/api/orders/async-export"


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
