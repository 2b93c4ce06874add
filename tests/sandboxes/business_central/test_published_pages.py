"""Tracking numbers: on the page that somebody published, on the client's own API page, or nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandboxes.business_central import worlds
from tests.sandboxes.business_central.caller import ENVIRONMENT, START, Caller, error, matching

PAGE = f"{ENVIRONMENT}ODataV4/Company('CRONUS')/PostedSalesShipments"
OWN = "example/bridge/v1.0/postedShipments"
OWN_PAGE = f"{ENVIRONMENT}api/example/bridge/v1.0/companies({worlds.COMPANY_ID})/postedShipments"
SHIPPING = {"ships_after_seconds": 600, "ships_unreleased": True, "tracking_api": OWN}


def numbers(caller: Caller) -> list[Any]:
    return [one["Package_Tracking_No"] for one in caller.rows(PAGE)]


def test_the_page_and_the_own_api_page_show_the_same() -> None:
    caller = Caller(SHIPPING)
    caller.create()
    caller.later(600)
    (found,) = caller.rows(matching(PAGE, "Order_No eq '101001' or Order_No eq '101002'"))
    (own,) = caller.rows(matching(OWN_PAGE, "orderNumber eq '101001'", "&$select=packageTrackingNumber"))

    assert (found["External_Document_No"], found["Shipping_Agent_Code"]) == ("MKA-0001-A", "CARRIER-1")
    assert (found["Shipping_Agent_Service_Code"], found["Shipment_Method_Code"]) == ("GROUND", "STD")
    assert found["Package_Tracking_No"] == own["packageTrackingNumber"] != ""
    assert caller.books()["calls"]["tracking"] == 2


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("with", {600: True, 700: True}),
        ("after", {600: False, 700: True}),
        ("late", {700: False, 5000: True}),
        ("never", {600: False, 10**6: False}),
        ("changed", {600: True, 700: True}),
    ],
)
def test_when_a_number_is_there(kind: str, seen: dict[int, bool]) -> None:
    clocks = {"tracking_after_seconds": 60, "late_tracking_seconds": 4000, "changed_after_seconds": 80}
    weights = {**dict.fromkeys(("with", "after", "late", "never", "changed"), 0.0), kind: 1.0}
    caller = Caller({**SHIPPING, **clocks, "tracking": weights})
    caller.create()
    for at, there in seen.items():
        caller.now = START + timedelta(seconds=at)
        assert [bool(one) for one in numbers(caller)] == [there]
    history = caller.books()["shipments"][0]["tracking"]
    assert len(history) == {"changed": 2, "never": 0}.get(kind, 1)


def test_letters_are_never_tracked() -> None:
    caller = Caller({**SHIPPING, "letter_share": 1.0})
    caller.create()
    caller.later(10**5)

    assert numbers(caller) == [""]
    assert caller.books()["shipments"][0]["carrier"] == "LETTER"


def test_a_number_replaces_the_one_before_and_the_shipment_counts_as_changed() -> None:
    caller = Caller()
    caller.create()
    caller.control("ship", number="101001", tracking="T-1")
    caller.later(60)
    caller.control("track", number="101001", tracking=["T-2"])

    assert numbers(caller) == ["T-2"]
    assert caller.rows("salesShipments")[0]["lastModifiedDateTime"].startswith("2026-03-02T08:01:30")
    stood = [(one["number"], one["until"]) for one in caller.books()["shipments"][0]["tracking"]]
    assert stood == [("T-1", caller.now), ("T-2", None)]
    with pytest.raises(ValueError, match="one field"):
        caller.control("track", number="101001", tracking=["T-3", "T-4"])


@pytest.mark.parametrize(
    ("settings", "url", "code"),
    [
        ({"tracking_page": ""}, PAGE, "BadRequest_ResourceNotFound"),
        ({}, PAGE.replace("CRONUS", "NOBODY"), "Internal_CompanyNotFound"),
        ({}, OWN_PAGE, "BadRequest_ResourceNotFound"),
        ({"tracking_api": OWN}, OWN_PAGE.replace("0001", "0009"), "Internal_CompanyNotFound"),
    ],
)
def test_what_nobody_published_is_not_there(settings: dict[str, Any], url: str, code: str) -> None:
    assert error(Caller(settings).call("GET", url))[:2] == (404, code)


def test_the_page_is_read_only_and_comes_in_pages() -> None:
    caller = Caller()
    for _ in range(3):
        caller.control("ship", number=caller.create()["number"])
    page = caller.get(PAGE, prefer="odata.maxpagesize=2")
    rest = caller.get(page["@odata.nextLink"], prefer="odata.maxpagesize=2")

    assert [len(one["value"]) for one in (page, rest)] == [2, 1]
    assert caller.call("POST", PAGE, {}).status == 405
