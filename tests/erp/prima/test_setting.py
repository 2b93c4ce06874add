"""The setting `ERP` of a client on Prima: what must be chosen, what cannot be used, and why."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from shared.erp.prima.endpoint import Basic
from shared.erp.prima.registration import REGISTRATION
from shared.erp.prima.setting import PrimaSetting

GIVEN: dict[str, Any] = {
    "kind": "prima",
    "company": "1",
    "url": "https://prima.example.com/wsalive/wsalive",
    "price": "unit",
    "vat_inclusive": True,
    "order_numbers": {"north-fr": {"prefix": "201", "digits": 6}},
}


def setting(**changes: Any) -> PrimaSetting:
    return PrimaSetting.model_validate({**GIVEN, **changes})


def complaint(given: dict[str, Any]) -> str:
    with pytest.raises(ValidationError) as problem:
        PrimaSetting.model_validate(given)
    return "; ".join(error["msg"] for error in problem.value.errors())


@pytest.mark.parametrize("name", ["price", "vat_inclusive"])
def test_what_has_no_safe_default_must_be_chosen_and_the_app_says_why(name: str) -> None:
    text = complaint({one: value for one, value in GIVEN.items() if one != name})
    assert f"{name} is missing: say" in text
    assert {"price": "multiplies or divides", "vat_inclusive": "E:548"}[name] in text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"url": "http://prima.example.com:8080/wsalive/wsalive"}, "plain http by name"),
        (
            {"url": "http://prima.example.com:8080/wsalive", "plain_http_host": "other.example.com"},
            "plain http by name",
        ),
        ({"url": "https://bridge:synthetic@prima.example.com/wsalive"}, "holds a password"),
        ({"user": "bridge"}, "user and password"),
        ({"password": "prima-secret"}, "user and password"),
        ({"password": "not a name!", "user": "bridge"}, "name of a secret"),
        ({"matrix": ["size", "size"]}, "a dimension twice"),
        ({"matrix": ["size", "weight"]}, "Input should be"),
        ({"matrix": ["size", "colour", "style", "version", "configuration"]}, "at most 4"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"lanes": 3}, "less than or equal to 2"),
        ({"order_numbers": {}}, "at least 1"),
        ({"order_numbers": {"north-fr": {"digits": 3, "first": 999}}}, "leaves no number of 3 digits"),
        ({"order_numbers": {"north-fr": {"digits": 6}, "south": {"prefix": "20", "digits": 4}}}, "numbers in common"),
        ({"status_words": {"Gone": "left"}}, "Input should be"),
        ({"minimum_interval": "PT11S"}, "less than or equal to"),
        ({"quiet_hours": [{"begins": "22:00", "ends": "22:00"}]}, "same time"),
        ({"letters": "drop"}, "Input should be"),
        ({"surprise": 1}, "Extra inputs"),
    ],
)
def test_what_cannot_be_used_is_refused(changes: dict[str, Any], says: str) -> None:
    assert says in complaint({**GIVEN, **changes})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"url": "http://127.0.0.1:8080/wsalive/wsalive"},
        {"url": "http://prima.example.com:8080/wsalive/wsalive", "plain_http_host": "Prima.example.com"},
        {"order_numbers": {"north-fr": {"prefix": "201", "digits": 6}, "south": {"prefix": "202", "digits": 6}}},
    ],
)
def test_what_can_be_used(changes: dict[str, Any]) -> None:
    assert setting(**changes).refused(per_shopper=True, shops=frozenset({"north-fr"})) == ()


def test_every_shop_has_a_range_of_its_own() -> None:
    (text,) = setting().refused(per_shopper=False, shops=frozenset({"north-fr", "south-uk"}))
    assert "south-uk" in text


def test_an_order_that_waits_for_its_totals_would_wait_for_ever() -> None:
    (text,) = setting(hold_until_compared=True).refused(per_shopper=False, shops=frozenset({"north-fr"}))
    assert text.startswith("hold_until_compared")


def test_everything_reaches_the_adapter() -> None:
    known = setting(
        user="bridge",
        password="prima-secret",
        wsdl="/wsdl.xml",
        operation="wsom",
        payment={"pay_method": "CSH"},
        status_words={"Picked": "received"},
        quiet_hours=[{"begins": "22:00", "ends": "05:30"}],
        status_carrier="CARRIER-1",
    ).configuration(timeout_seconds=60)
    assert known.endpoint.authorization == Basic("bridge", "prima-secret")
    assert (known.endpoint.pinned_wsdl, known.endpoint.names.operation) == ("/wsdl.xml", "wsom")
    assert (known.endpoint.company, known.endpoint.timeout_seconds) == ("", 60)
    assert known.payment is not None
    assert known.payment.pay_method == "CSH"
    assert (known.words["Picked"], known.words["Despatched"]) == ("received", "despatched")
    assert known.quiet_hours[0].begins.hour == 22
    assert known.despatch is not None
    assert known.despatch.carrier == "CARRIER-1"
    assert (known.settle, known.nobodys_number) == (timedelta(minutes=30), "201999999")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "on, the whole order without a carrier"),
        ({"status_carrier": "CARRIER-1"}, "on, the whole order as CARRIER-1"),
        ({"despatch_by_status": False}, "off"),
    ],
)
def test_each_rung_of_the_despatch_ladder_is_told(changes: dict[str, Any], says: str) -> None:
    can = REGISTRATION.capabilities(setting(**changes))
    (how,) = (one.how for one in can.offers if one.what == "shipments")
    assert [rung for rung in ("(a)", "(b)", "(c)", "(d)") if rung in how] == ["(a)", "(b)", "(c)", "(d)"]
    assert says in how


def test_what_prima_offers() -> None:
    can = REGISTRATION.capabilities(setting(lanes=2, settle="PT45M"))
    assert (can.numbers, can.uniqueness, can.shoppers, can.shipments) == ("allocated", "enforced", "returned", "status")
    assert not any((can.holds, can.cancels_lines, can.shows_lines, can.shows_totals, can.tracks))
    assert (can.lanes, can.settle) == (2, timedelta(minutes=45))
    assert can.ranges["north-fr"].number(17) == "201000017"
    assert all(one.instead for one in can.offers if not one.offered)


def test_reading_the_settings_loads_neither_zeep_nor_lxml() -> None:
    """Only where Prima is the ERP, and only once it is opened."""
    look = "import sys, shared.settings; from shared.erp.registry import registration as r; r('prima'); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout.split()  # noqa: S603 -- our own words
    assert "shared.erp.prima.setting" in loaded
    assert not {"zeep", "lxml"} & {*loaded}
