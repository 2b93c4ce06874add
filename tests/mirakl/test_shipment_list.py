"""ST11: every page, every order, and no shipment passed over."""

from __future__ import annotations

import json
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.mirakl.dialect import Answer
from shared.mirakl.shipment_list import MiraklShipmentList
from shared.model.shipment import ShownShipment, ShownState
from tests.mirakl.far_end import FarEnd, client_of


def answers(*contents: Any) -> FarEnd:
    return FarEnd([Answer(200, json.dumps(content).encode()) for content in contents])


def raw(number: int = 1, **changes: Any) -> dict[str, Any]:
    lines = [
        {"order_line_id": f"N{number}-A-1", "package_reference": "SLIP-1", "quantity": 1},
        {"order_line_id": f"N{number}-A-2", "package_reference": "SLIP-2", "quantity": 2},
    ]
    tracking = {"carrier_code": "CA1", "tracking_number": "T1", "validity_status": "A_NEW_VALUE"}
    shipment = {"id": f"s{number}", "order_id": f"N{number}-A", "status": "SHIPPED"}
    return {**shipment, "shipment_lines": lines, "tracking": tracking, "new_field": 1} | changes


def shown(number: int = 1, state: ShownState = "shipped") -> ShownShipment:
    return ShownShipment(f"s{number}", f"N{number}-A", frozenset({"SLIP-1", "SLIP-2"}), state, "T1")


async def read(far_end: FarEnd, *order_ids: str) -> tuple[ShownShipment, ...]:
    return await MiraklShipmentList(client_of(far_end)).of(order_ids)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SHIPPING", "open"),
        ("READY_FOR_PICK_UP", "open"),
        ("SHIPMENT_PREPARED", "open"),
        ("SHIPPED", "shipped"),
        ("TO_COLLECT", "shipped"),
        ("RECEIVED", "shipped"),
        ("CLOSED", "shipped"),
        ("CANCELED", "cancelled"),
        ("A_NEW_STATE", "open"),
        (None, "open"),
    ],
)
async def test_the_state_of_a_shipment(status: Any, state: ShownState) -> None:
    assert await read(answers({"data": [raw(status=status)]}), "N1-A") == (shown(state=state),)


@pytest.mark.parametrize(
    ("changes", "packages", "tracking"),
    [
        ({"tracking": None}, {"SLIP-1", "SLIP-2"}, ""),
        ({"tracking": {"tracking_number": None}}, {"SLIP-1", "SLIP-2"}, ""),
        ({"shipment_lines": None}, set(), "T1"),
        ({"shipment_lines": [None, {"package_reference": None}, {"package_reference": 7}]}, {"7"}, "T1"),
    ],
)
async def test_absent_and_null_are_normal(changes: dict[str, Any], packages: set[str], tracking: str) -> None:
    (one,) = await read(answers({"data": [raw(**changes)]}), "N1-A")
    assert (one.packages, one.tracking) == (frozenset(packages), tracking)


async def test_every_page_is_read() -> None:
    far_end = answers(
        {"data": [raw(1)], "next_page_token": "p2"},
        {"data": [], "next_page_token": "p3", "previous_page_token": "p1"},
        {"data": [raw(2)], "next_page_token": None},
    )
    assert await read(far_end, "N1-A", "N2-A", "N1-A") == (shown(1), shown(2))
    first, *others = [request.url.params.multi_items() for request in far_end.received]
    assert first == [("order_id", "N1-A"), ("order_id", "N2-A"), ("limit", "100"), ("shop_id", "2001")]
    assert others == [[("page_token", token), ("shop_id", "2001")] for token in ("p2", "p3")]


async def test_many_orders_are_asked_by_the_hundred() -> None:
    far_end = answers({"data": [raw(1)]}, {"data": [raw(2)]}, {"data": [raw(3)]})
    assert await read(far_end, *(f"N{number}-A" for number in range(250))) == (shown(1), shown(2), shown(3))
    asked = [request.url.params.get_list("order_id") for request in far_end.received]
    assert [len(one) for one in asked] == [100, 100, 50]


@pytest.mark.parametrize(
    "content",
    [
        {},
        [],
        None,
        {"data": None},
        {"data": {"id": "s1"}},
        {"data": [raw(), None]},
        {"data": [raw(id=None)]},
        {"data": [raw(order_id="")]},
        {"data": [raw(shipment_lines=[{"package_reference": ["SLIP-1"]}])]},
        {"data": [], "next_page_token": 7},
        {"data": [], "next_page_token": "the same"},
    ],
)
async def test_an_answer_that_may_hide_a_shipment_is_none(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await read(answers(content), "N1-A")
    assert raised.value.scope == "shop:north-de:ST11"
