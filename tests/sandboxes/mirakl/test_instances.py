"""Several instances, shops and keys behind one face; what the journal calls a call; worlds as JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from sandboxes.faults import Fault, FaultySandbox
from sandboxes.mirakl.offer_terms import Catalogue
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.shops import ApiKey, Shop
from sandboxes.mirakl.world import World, read_placement, read_world, written_world
from sandboxes.mirakl.worlds import NORTH_KEY, NORTH_OUTLET_KEY, SOUTH_KEY, demo, small
from sandboxes.wire import Request, Response
from tests.sandboxes.mirakl.seller import START


def request(url: str, key: str = NORTH_KEY, host: str = "127.0.0.1:8000", method: str = "GET") -> Request:
    return Request.to(method, url, headers={"host": host, "authorization": key})


def test_an_instance_is_named_by_a_path_prefix_or_by_its_host() -> None:
    sandbox = MiraklSandbox(demo(START), START)

    def ids(asked: Request) -> set[str]:
        return {order["order_id"][0].upper() for order in sandbox.handle(asked, START).json()["orders"]}

    assert ids(request("/north/api/orders")) == {"N"}
    assert ids(request("/api/orders", SOUTH_KEY, "south.example.com")) == {"S"}
    assert sandbox.handle(request("/api/orders"), START).status == 404, "two instances, none named"


def test_the_demos_operators_differ_in_what_they_allow_to_ship() -> None:
    def told(**options: Any) -> list[tuple[str, bool, bool]]:
        platforms = demo(START, **options).platforms
        return [(one.code, one.alternative_carriers, one.multi_shipment) for one in platforms]

    assert told() == [("north", True, False), ("south", False, False)]
    assert told(multi_shipment=("south",)) == [("north", True, False), ("south", False, True)]
    assert [small(multi_shipment=on).platforms[0].multi_shipment for on in (False, True)] == [False, True]


ROLES = (
    ("ROLE_PARTNER_ORDER_EDIT", "PUT", "/api/orders"),
    ("ROLE_PARTNER_ORDER_TRACKING_WRITE", "PUT", "/api/orders/X/tracking"),
    ("ROLE_PARTNER_ORDER_SHIP", "PUT", "/api/orders/X/ship"),
    ("ROLE_PARTNER_SHIPPING_SETTINGS_READ", "GET", "/api/shipping/carriers"),
    ("ROLE_PARTNER_ORDER_SETTINGS_READ", "GET", "/api/reasons"),
    ("ROLE_PARTNER_ORDER_SHIP", "POST", "/api/shipments"),
    ("ROLE_PARTNER_ORDER_READ", "GET", "/api/shipments"),
    ("ROLE_PARTNER_ORDER_TRACKING_WRITE", "POST", "/api/shipments/tracking"),
    ("ROLE_PARTNER_ORDER_SHIP", "PUT", "/api/shipments/ship"),
    ("ROLE_PARTNER_OFFER_WRITE", "POST", "/api/offers/imports"),
    ("ROLE_PARTNER_OFFER_READ", "GET", "/api/offers"),
    ("ROLE_PARTNER_OFFER_STOCK_WRITE", "POST", "/api/offers/stock/imports"),
    ("ROLE_PARTNER_OFFER_STOCK_WRITE", "GET", "/api/offers/stock/imports/abc/status"),
)


@pytest.mark.parametrize(("role", "method", "url"), ROLES)
def test_one_fine_grained_role_opens_each_operation_and_no_other_one_does(role: str, method: str, url: str) -> None:
    every = {name for name, _, _ in ROLES}
    world = small(multi_shipment=True)
    one = ApiKey(platform="north", key="one", shops=(2001,), roles=(role,))
    keys = (one, replace(one, key="rest", roles=tuple(every - {role})))
    sandbox = MiraklSandbox(replace(world, keys=keys), START)

    def status(key: str) -> int:
        headers = {"authorization": key, "content-length": "0"}
        return sandbox.handle(Request.to(method, url, headers=headers), START).status

    assert status("one") != 403 == status("rest")


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("ROLE_PARTNER_OFFER_TRACKING_READ", {"OF02", "OF52"}),
        ("ROLE_PARTNER_OFFER_WRITE", {"OF01", "OF02", "OF52"}),
        ("ROLE_PARTNER_OFFER_STOCK_WRITE", {"OF52"}),
    ],
)
def test_following_an_import_may_be_given_alone_and_exports_ask_for_no_role(role: str, opens: set[str]) -> None:
    key = ApiKey(platform="north", key="one", shops=(2001,), roles=(role,))
    sandbox = MiraklSandbox(replace(small(), keys=(key,)), START)
    asked = {
        "OF01": ("POST", "/api/offers/imports"),
        "OF02": ("GET", "/api/offers/imports/2001"),
        "OF52": ("POST", "/api/offers/export/async"),
    }

    def status(method: str, url: str) -> int:
        return sandbox.handle(Request.to(method, url, headers={"authorization": "one"}), START).status

    assert {name for name, call in asked.items() if status(*call) != 403} == opens


def test_the_demo_sells_by_offers_where_asked() -> None:
    world = demo(START, offers=True, synthetic=2)
    offers = MiraklSandbox(world, START).assortment.offers

    assert demo(START).catalogues == ()
    assert {shop.label: len(offers.of_shop(shop.label)) for shop in world.shops} == {
        "north/2001": 22,
        "north/2002": 22,
        "south/2001": 22,
    }


def test_urls_lead_back_to_the_same_instance() -> None:
    sandbox = MiraklSandbox(demo(START), START)

    def link(asked: Request) -> str:
        return sandbox.handle(asked, START).headers["link"]

    assert link(request("/north/api/orders?max=1")).startswith("<http://127.0.0.1:8000/north/api/orders?max=1")
    host = "north.example.com"
    assert link(request("/api/orders?max=1", NORTH_OUTLET_KEY, host)).startswith(f"<https://{host}/api/orders?max=1")


@pytest.mark.parametrize(
    ("url", "key", "status"),
    [
        ("/north/api/orders", NORTH_KEY, 200),
        ("/north/api/orders", SOUTH_KEY, 401),
        ("/south/api/orders", NORTH_KEY, 401),
        ("/north/api/orders?shop_id=2002", NORTH_KEY, 403),
        ("/north/api/orders?shop_id=2002", NORTH_OUTLET_KEY, 200),
        ("/east/api/orders", NORTH_KEY, 404),
    ],
)
def test_a_key_opens_its_own_shops_on_its_own_instance(url: str, key: str, status: int) -> None:
    assert MiraklSandbox(demo(START), START).handle(request(url, key), START).status == status


@pytest.mark.parametrize(
    ("method", "url", "operation", "subject"),
    [
        ("GET", "/north/api/orders", "OR11", "north/2001"),
        ("GET", "/north/api/orders?shop_id=2001", "OR11", "north/2001"),
        ("GET", "/north/api/orders?order_ids=N000001-A", "OR11", "N000001-A"),
        ("POST", "/north/api/orders/async-export", "OR13", "north/2001"),
        ("GET", "/north/api/orders/async-export/status/abc", "OR14", "abc"),
        ("GET", "/north/api/orders/async-export/files/abc?file=1", "OR15", "abc"),
        ("PUT", "/north/api/orders/N%2F1%20%C3%84/accept", "OR21", "N/1 Ä"),
        ("GET", "/north/api/platform/configuration", "PC01", "north/2001"),
        ("PUT", "/north/api/orders", "OR04", "north/2001"),
        ("PUT", "/north/api/orders/N1%20/tracking", "OR23", "N1 "),
        ("PUT", "/north/api/orders/N1/ship", "OR24", "N1"),
        ("GET", "/north/api/shipping/carriers", "SH21", "north/2001"),
        ("GET", "/north/api/reasons", "RE01", "north/2001"),
        ("POST", "/north/api/shipments", "ST01", "north/2001"),
        ("GET", "/north/api/shipments?order_id=N1", "ST11", "N1"),
        ("POST", "/north/api/shipments/tracking", "ST23", "north/2001"),
        ("PUT", "/north/api/shipments/ship", "ST24", "north/2001"),
        ("GET", "/north/api/version", "V01", "north/2001"),
        ("POST", "/north/api/offers/imports", "OF01", "north/2001"),
        ("GET", "/north/api/offers/imports/2001", "OF02", "2001"),
        ("GET", "/north/api/offers/imports/2001/error_report", "OF03", "2001"),
        ("GET", "/north/api/offers?sku=A", "OF21", "north/2001"),
        ("GET", "/north/api/offers/5001", "OF22", "5001"),
        ("POST", "/north/api/offers/export/async", "OF52", "north/2001"),
        ("GET", "/north/api/offers/export/async/status/abc", "OF53", "abc"),
        ("GET", "/north/api/offers/export/async/file/abc?file=0", "OF54", "abc"),
        ("POST", "/north/api/offers/stock/imports", "STO01", "north/2001"),
        ("GET", "/north/api/offers/stock/imports/abc/status", "STO02", "abc"),
        ("GET", "/north/api/offers/stock/imports/abc/error_report", "STO03", "abc"),
        ("POST", "/north/api/offers", "unknown", ""),
        ("DELETE", "/north/api/orders", "unknown", ""),
        ("GET", "/east/api/orders", "unknown", ""),
        ("GET", "/north/api/orders?shop_id=9", "OR11", ""),
    ],
)
def test_what_the_journal_calls_a_call(method: str, url: str, operation: str, subject: str) -> None:
    sandbox = MiraklSandbox(demo(START), START)
    asked = request(url, method=method)

    assert (sandbox.operation(asked), sandbox.subject(asked)) == (operation, subject)


def test_the_health_check_asks_for_no_key() -> None:
    assert MiraklSandbox(demo(START), START).handle(request("/north/api/version", ""), START).status == 200


def test_a_fault_meets_one_shop_and_leaves_the_other_alone() -> None:
    faulty = FaultySandbox(MiraklSandbox(demo(START), START), faults=[Fault("throttle", "OR11", "north/2002")])

    for key, shop, status in ((NORTH_KEY, 2001, 200), (NORTH_OUTLET_KEY, 2002, 429)):
        answer = faulty.handle(request(f"/north/api/orders?shop_id={shop}", key), START)
        assert isinstance(answer, Response)
        assert answer.status == status


@pytest.mark.parametrize("world", [small(), demo(START), demo(START, offers=True)], ids=["small", "demo", "offers"])
def test_a_world_survives_being_written_and_read(world: World) -> None:
    text = json.dumps(written_world(world))

    assert read_world(json.loads(text, parse_float=Decimal)) == world


def test_a_world_by_hand_counts_durations_in_seconds() -> None:
    world = read_world(
        {
            "platforms": [{"code": "east", "acceptance_window": 3600, "limits": {"OR11": {"interval": 900}}}],
            "shops": [{"platform": "east", "id": 1}],
            "keys": [{"platform": "east", "key": "k", "shops": [1]}],
        }
    )

    assert world.platforms[0].acceptance_window.total_seconds() == 3600
    assert world.platforms[0].limits["OR11"].interval.total_seconds() == 900


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({"shops": (Shop(platform="east", id=1),)}, "no platform 'east'"),
        ({"keys": (ApiKey(platform="north", key="k", shops=(9,)),)}, "not in shops"),
        ({"keys": (ApiKey(platform="north", key="k", shops=()),)}, "names no shop"),
        ({"keys": (ApiKey(platform="north", key="k", shops=(2001,)),) * 2}, "two keys are the same"),
        ({"catalogues": (Catalogue(shop="north/9"),)}, "a catalogue names no shop"),
        ({"catalogues": (Catalogue(shop="north/2001"),) * 2}, "a catalogue already"),
    ],
)
def test_a_world_that_does_not_fit_says_where(changes: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        replace(small(), **changes)


@pytest.mark.parametrize(
    "content", [{"shop": "north/2001", "cuont": 1}, {"count": 1}, {"shop": "x", "mix": {"odd": 1}}]
)
def test_a_placement_with_a_slip_of_the_pen_is_refused(content: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"cuont|shop|odd"):
        read_placement(content)
