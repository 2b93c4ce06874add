"""PC01 tells how an operator works, but not how long a shop may think."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandboxes.mirakl.seller import seller


def features(**platform: Any) -> dict[str, Any]:
    content: dict[str, Any] = seller(**platform).call("GET", "/api/platform/configuration").json()["features"]
    return content


@pytest.mark.parametrize("mode", ["TAX_INCLUDED", "TAX_EXCLUDED"])
def test_the_platforms_own_tax_mode(mode: str) -> None:
    assert features(order_tax_mode=mode)["order_tax_mode"] == mode


@pytest.mark.parametrize("acceptance", ["AUTOMATIC", "NOT_AUTOMATIC", "BOTH"])
def test_who_accepts_orders(acceptance: str) -> None:
    assert features(order_acceptance=acceptance)["order_workflows"]["order_acceptance"] == acceptance


@pytest.mark.parametrize("on", [True, False])
def test_flags(on: bool) -> None:
    found = features(details_before_acceptance=on, multi_shipment=on)

    assert found["order_workflows"]["shipping_and_billing_details_before_acceptance"] is on
    assert found["shipment"]["multi_shipment"] is on


@pytest.mark.parametrize("allowed", [True, False])
def test_whether_a_seller_may_name_other_carriers_is_told_the_other_way_round(allowed: bool) -> None:
    assert features(alternative_carriers=allowed)["disable_seller_alternative_carrier"] is not allowed


def test_the_acceptance_window_is_told_nowhere() -> None:
    body = seller().call("GET", "/api/platform/configuration").body

    assert b"window" not in body
    assert b"86400" not in body
