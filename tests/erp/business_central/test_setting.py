"""The setting `ERP` of Business Central: what is refused at start, and what its fields come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.erp.business_central.configuration import TrackingFields
from shared.erp.business_central.setting import BusinessCentralSetting
from shared.erp.registry import registration

SHOPS = frozenset({"north-de"})
SOURCE = {"path": "ODataV4/Company('{company_name}')/P", "order": "Order_No", "document": "No", "number": "Tracking"}


def given(**fields: Any) -> dict[str, Any]:
    return {
        "kind": "business_central",
        "url": "https://api.businesscentral.dynamics.com/v2.0/tenant/production",
        "token_url": "https://login.example.com/tenant/oauth2/v2.0/token",
        "client_id": "1",
        "client_secret": "bc-client-secret",
        "company": "CRONUS",
        "time_zone": "Europe/Paris",
        "channel_dimension": "shortcut_1",
    } | fields


def setting(**fields: Any) -> BusinessCentralSetting:
    return BusinessCentralSetting.model_validate(given(**fields))


def test_what_is_promised_without_a_word() -> None:
    found = setting()
    assert (found.settle, found.lanes, found.release) == (timedelta(minutes=20), 4, "client_job")
    can = registration("business_central").capabilities(found)
    assert (can.uniqueness, can.numbers, can.holds, can.cancels_lines) == ("looked_up", "drawn", False, True)
    assert not can.customer_groups
    assert (can.settle, can.lanes, can.releases, can.tracks, can.shoppers) == (found.settle, 4, True, False, "no")


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"channel_dimension": "shortcut_3"}, "channel_dimension"),
        ({"channel_dimension": None}, "channel_dimension"),
        ({"time_zone": "Paris"}, "time zone"),
        ({"lanes": 5}, "lanes"),
        ({"hold_until_compared": True}, "hold_until_compared"),
        ({"release": "action"}, "release_action"),
        ({"release_action": "Release"}, "release_action"),
        ({"release": "action", "release_action": "a b"}, "release_action"),
        ({"tracking_source": {**SOURCE, "number": ""}}, "number"),
        ({"tracking_source": {**SOURCE, "path": "/absolute"}}, "path"),
        ({"tracking_source": {**SOURCE, "order": "a eq 1"}}, "order"),
        ({"tracking_source": {**SOURCE, "path": "ODataV4/Company({company_name})/P"}}, "path"),
        ({"tracking_source": {**SOURCE, "path": "ODataV4/P?$top=1"}}, "path"),
        ({"url": "http://api.example.com"}, "url"),
        ({"unheard_of": 1}, "unheard_of"),
    ],
)
def test_refused_at_start(fields: dict[str, Any], named: str) -> None:
    with pytest.raises(ValidationError, match=named):
        setting(**fields)


@pytest.mark.parametrize("name", ["time_zone", "channel_dimension", "url", "company"])
def test_without_these_it_does_not_start(name: str) -> None:
    fields = given()
    del fields[name]
    with pytest.raises(ValidationError, match=name):
        BusinessCentralSetting.model_validate(fields)


@pytest.mark.parametrize(
    ("numbers", "template", "shoppers"),
    [("manual", True, "ensured"), ("manual", False, "no"), ("automatic", True, "no"), ("automatic", False, "no")],
)
def test_shoppers_need_both_confirmations(numbers: str, template: bool, shoppers: str) -> None:
    found = setting(customer_numbers=numbers, customer_template=template)
    assert registration("business_central").capabilities(found).shoppers == shoppers
    refused = found.refused(per_shopper=True, shops=SHOPS)
    assert bool(refused) == (shoppers == "no")
    assert found.refused(per_shopper=False, shops=SHOPS) == ()


def test_the_source_of_tracking_numbers() -> None:
    found = setting(tracking_source=SOURCE | {"url": None, "carrier": "Agent"})
    fields = TrackingFields(SOURCE["path"], "Order_No", "No", "Tracking", carrier="Agent")
    assert found.configuration(1).tracking == fields
    assert registration("business_central").capabilities(found).tracks


@pytest.mark.parametrize(("release", "releases"), [("client_job", True), ("none", False)])
def test_who_releases(release: str, releases: bool) -> None:
    assert registration("business_central").capabilities(setting(release=release)).releases == releases
