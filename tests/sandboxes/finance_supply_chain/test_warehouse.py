"""The warehouse by the clock: when what leaves, who is held back, how tracking comes, and that asking changes nothing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import START, Caller, line

ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')?cross-company=true"
LASTING = {"token_seconds": 10**9}
SHIPPING = {**LASTING, "ships_after_seconds": 600}
SERVICE = line(ItemNumber="SHIPPING", ExternalItemNumber="fee")


def control(caller: Caller, name: str, **content: Any) -> Any:
    return controls(caller.sandbox)[name](content, caller.now)


def shipments(caller: Caller) -> list[dict[str, Any]]:
    return list(control(caller, "books")["shipments"])


def order(caller: Caller) -> dict[str, Any]:
    (one,) = control(caller, "books")["orders"]
    return dict(one)


def statuses(caller: Caller) -> tuple[Any, ...]:
    found = caller.get(f"{ONE}&$expand=SalesOrderLines($select=SalesOrderLineStatus)")
    lines = [one["SalesOrderLineStatus"] for one in found["SalesOrderLines"]]
    return found["SalesOrderStatus"], found["SalesOrderProcessingStatus"], lines


def shipped(slip: dict[str, Any]) -> dict[str, Decimal]:
    return {one["reference"]: one["shipped"] for one in slip["lines"]}


def test_nothing_leaves_by_itself_where_the_warehouse_is_off() -> None:
    caller = Caller(LASTING)
    caller.order()
    caller.later(10**6)

    assert shipments(caller) == []
    assert statuses(caller) == ("Backorder", "Active", ["Backorder"])


def test_an_order_leaves_when_it_is_due_and_its_services_stay() -> None:
    caller = Caller(SHIPPING)
    caller.order(line(), SERVICE)
    caller.later(599)
    assert shipments(caller) == []

    caller.later(1)
    (slip,) = shipments(caller)
    assert (slip["number"], slip["reference"]) == ("MKA-0001-A", "MKA-0001-A")
    assert (slip["carrier"], slip["delivery_mode"]) == ("CARRIER-1", "STD")
    assert slip["created"] == slip["visible_from"] == START + timedelta(seconds=600)
    assert shipped(slip) == {"MKA-0001-A-1": 2}
    assert statuses(caller) == ("Delivered", "Delivered", ["Delivered", "Backorder"])
    assert order(caller)["shipped_at"] == START + timedelta(seconds=600)


def test_a_partial_order_leaves_twice_and_the_last_part_counts() -> None:
    caller = Caller({**SHIPPING, "partial_share": 1.0, "rest_after_seconds": 300})
    caller.order(line(), line(ExternalItemNumber="2", ItemNumber="ITEM-002"))
    caller.later(600)

    assert shipped(shipments(caller)[0]) == {"MKA-0001-A-1": 2}
    assert statuses(caller) == ("Backorder", "PartiallyDelivered", ["Delivered", "Backorder"])
    assert order(caller)["shipped_at"] is None
    caller.later(300)
    assert [shipped(one) for one in shipments(caller)] == [{"MKA-0001-A-1": 2}, {"2": 2}]
    assert statuses(caller)[:2] == ("Delivered", "Delivered")
    assert order(caller)["shipped_at"] == START + timedelta(seconds=900)


def test_the_only_line_leaves_in_two_parts_and_says_what_remains() -> None:
    caller = Caller({**SHIPPING, "partial_share": 1.0})
    caller.order(line(OrderedSalesQuantity=3))
    caller.later(600)
    (first,) = caller.get("CustPackingSlipTransBiEntities")["value"]
    caller.later(7200)
    _, rest = caller.get("CustPackingSlipTransBiEntities")["value"]

    assert first["Qty"] + rest["Qty"] == first["Ordered"] == 3
    assert (first["Remain"], rest["Remain"]) == (rest["Qty"], 0)
    assert first["PackingSlipId"] != rest["PackingSlipId"]


def test_a_stopped_order_waits_and_leaves_at_the_next_look_after_its_release() -> None:
    caller = Caller({**SHIPPING, "looks_again_seconds": 60})
    caller.order(IsSalesProcessingStopped="Yes")
    caller.later(630)
    assert shipments(caller) == []

    caller.call("PATCH", ONE, {"IsSalesProcessingStopped": "No"})
    caller.later(300)
    assert [one["created"] for one in shipments(caller)] == [START + timedelta(seconds=660)]


@pytest.mark.parametrize("name", ["cancel_order", "delete_order"])
def test_an_order_that_people_take_away_never_leaves(name: str) -> None:
    caller = Caller(SHIPPING)
    caller.order()
    control(caller, name, number="MKA-0001-A")
    caller.later(10**5)

    assert shipments(caller) == []
    assert order(caller)["shipped_at"] is None


def test_lines_that_are_gone_cancelled_or_stopped_do_not_leave() -> None:
    caller = Caller(SHIPPING)
    caller.order(*(line(ExternalItemNumber=str(one)) for one in range(4)))
    lots = [one["InventoryLotId"] for one in caller.get("SalesOrderLinesV3")["value"]]
    caller.call("DELETE", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lots[0]}')")
    caller.call("PATCH", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lots[1]}')", {"IsLineStopped": "Yes"})
    control(caller, "cancel_line", number="MKA-0001-A", reference="2")
    caller.later(600)

    assert [shipped(one) for one in shipments(caller)] == [{"3": 2}]
    assert statuses(caller)[:2] == ("Backorder", "PartiallyDelivered")


def test_a_line_that_comes_later_leaves_later() -> None:
    caller = Caller(SHIPPING)
    caller.order()
    caller.later(700)
    caller.create("SalesOrderLinesV3", line(ExternalItemNumber="2"))
    assert statuses(caller)[0] == "Backorder"
    caller.later(600)

    assert [shipped(one) for one in shipments(caller)] == [{"MKA-0001-A-1": 2}, {"2": 2}]
    assert shipments(caller)[1]["created"] == START + timedelta(seconds=1300)


def test_a_number_that_was_used_anew_leaves_when_the_new_order_is_due() -> None:
    caller = Caller(SHIPPING)
    caller.order()
    caller.later(500)
    control(caller, "delete_order", number="MKA-0001-A")
    caller.order()
    caller.later(1000)

    assert [one["created"] for one in shipments(caller)] == [START + timedelta(seconds=1100)]


def test_an_order_of_the_time_before_leaves_when_it_is_turned_on_and_off_keeps_the_others() -> None:
    caller = Caller(LASTING)
    caller.order()
    caller.later(5000)
    control(caller, "warehouse", ships_after_seconds=60)
    caller.order(SalesOrderNumber="B")
    control(caller, "warehouse", ships_after_seconds=0)
    caller.later(1000)
    assert [(one["number"], one["created"]) for one in shipments(caller)] == [
        ("MKA-0001-A", START + timedelta(seconds=5000))
    ]

    control(caller, "warehouse", ships_after_seconds=60)
    caller.later(600)
    assert shipments(caller)[1]["number"] == "B"
    assert shipments(caller)[1]["created"] == START + timedelta(seconds=5060 + 2 * 600)


@pytest.mark.parametrize(
    ("kind", "seen"),
    [
        ("with", {0: 1, 10: 1, 100: 1, 10**6: 1}),
        ("after", {0: 0, 9: 0, 10: 1, 10**6: 1}),
        ("late", {0: 0, 10: 0, 99: 0, 100: 1}),
        ("never", {0: 0, 10**6: 0}),
    ],
)
def test_tracking_comes_with_the_slip_after_it_late_or_never(kind: str, seen: dict[int, int]) -> None:
    settings = {"tracking": weights(kind), "tracking_after_seconds": 10, "late_tracking_seconds": 100}
    caller = Caller({**SHIPPING, **settings})
    caller.order()

    for seconds, count in seen.items():
        caller.now = START + timedelta(seconds=600 + seconds)
        assert len(caller.get("PackingSlipTrackingInformation")["value"]) == count


def weights(kind: str) -> dict[str, int]:
    return {"with": 0, kind: 1}


def test_a_tracking_number_is_replaced_by_another() -> None:
    caller = Caller({**SHIPPING, "tracking": weights("changed"), "changed_after_seconds": 50, "two_numbers_share": 1})
    caller.order()
    caller.later(600)
    before = numbers(caller)
    caller.later(50)

    assert len(before) == len(numbers(caller)) == 2
    assert not before & numbers(caller)
    tracking = shipments(caller)[0]["tracking"]
    assert [one["until"] for one in tracking] == [caller.now, caller.now, None, None]
    assert {one["number"] for one in tracking} == before | numbers(caller)


def numbers(caller: Caller) -> set[str]:
    return {one["TrackingNumber"] for one in caller.get("PackingSlipTrackingInformation")["value"]}


@pytest.mark.parametrize(
    ("settings", "carrier", "tracked"),
    [
        ({"unknown_carrier_share": 1.0}, ("CARRIER-2", "GROUND"), 1),
        ({"letter_share": 1.0}, ("LETTER", "MAIL"), 0),
        ({"carrier": "CARRIER-2"}, ("CARRIER-2", "GROUND"), 1),
    ],
)
def test_the_carrier_is_the_warehouses_choice(settings: dict[str, Any], carrier: Any, tracked: int) -> None:
    caller = Caller({**SHIPPING, **settings})
    caller.order()
    caller.later(600)
    (document,) = caller.get("ShipmentPackingSlipJournalHeaders")["value"]

    assert (document["ShippingCarrierId"], document["ShippingCarrierServiceId"]) == carrier
    assert len(numbers(caller)) == tracked


def test_the_orders_own_carrier_comes_before_the_usual_one() -> None:
    caller = Caller(SHIPPING)
    caller.order(ShippingCarrierId="CARRIER-2", ShippingCarrierServiceId="AIR", DeliveryModeCode="EXP")
    caller.later(600)
    (document,) = caller.get("ShipmentPackingSlipJournalHeaders")["value"]

    assert (document["ShippingCarrierId"], document["ShippingCarrierServiceId"]) == ("CARRIER-2", "AIR")
    assert shipments(caller)[0]["delivery_mode"] == "EXP"


def test_a_slip_is_read_later_than_it_was_created() -> None:
    caller = Caller({**SHIPPING, "visible_after_seconds": 45})
    caller.order()
    seen = []
    for seconds in (600, 44, 1):
        caller.later(seconds)
        sets = ("CustPackingSlipJourBiEntities", "CustPackingSlipTransBiEntities", "PackingSlipTrackingInformation")
        seen.append([len(caller.get(name)["value"]) for name in sets])
        assert caller.call("GET", "ShipmentPackingSlipJournalLines/$count").body == str(seen[-1][0]).encode()

    assert seen == [[0, 0, 0], [0, 0, 0], [1, 1, 1]]
    (slip,) = shipments(caller)
    assert slip["visible_from"] - slip["created"] == timedelta(seconds=45)


def test_what_is_picked_cannot_be_deleted_any_more() -> None:
    caller = Caller({**SHIPPING, "picked_seconds": 100})
    caller.order()
    caller.later(500)

    assert statuses(caller)[:2] == ("Backorder", "Picked")
    assert caller.call("DELETE", ONE).status == 400
    caller.later(100)
    assert statuses(caller)[:2] == ("Delivered", "Delivered")


def day(seed: int, askings: list[float]) -> Any:
    """A day of forty orders, its books asked for at these seconds after the start as well as at its end."""
    settings = {
        **LASTING,
        "seed": seed,
        "ships_after_seconds": 300,
        "ships_spread_seconds": 900,
        "partial_share": 0.4,
        "rest_after_seconds": 400,
        "unknown_carrier_share": 0.2,
        "two_numbers_share": 0.3,
        "tracking": {"with": 1, "after": 1, "late": 1, "never": 1, "changed": 1},
        "tracking_after_seconds": 120,
        "late_tracking_seconds": 800,
        "picked_seconds": 60,
    }
    caller = Caller(settings)
    entries = [(20.0 * number, number) for number in range(40)]
    for seconds, number in sorted([*entries, *((one, -1) for one in askings)]):
        caller.now = START + timedelta(seconds=seconds)
        if number < 0:
            caller.get("CustPackingSlipJourBiEntities")
        else:
            caller.order(line(), line(ExternalItemNumber="2", ItemNumber="ITEM-002"), SalesOrderNumber=f"N-{number}")
    caller.now = START + timedelta(days=2)
    return shipments(caller)


def test_what_leaves_does_not_depend_on_when_somebody_asks() -> None:
    moments = random.Random(3)
    asked = day(7, [moments.uniform(0, 4000) for _ in range(60)])

    assert asked == day(7, [])
    assert asked != day(8, [])
    assert [one["created"] for one in asked] == sorted(one["created"] for one in asked)
    assert sum((one["shipped"] for slip in asked for one in slip["lines"]), Decimal(0)) == 160


def test_two_slips_of_one_second_are_told_apart_by_their_ids() -> None:
    caller = Caller({**SHIPPING, "ships_spread_seconds": 1})
    for number in range(5):
        caller.order(SalesOrderNumber=f"N-{number}")
    caller.later(700)
    found = caller.get("CustPackingSlipJourBiEntities?$orderby=CreatedOn,SourceDocumentHeader")["value"]

    assert len({one["CreatedOn"] for one in found}) == 1
    ids = [one["SourceDocumentHeader"] for one in found]
    assert ids == sorted(set(ids))
    assert all(isinstance(one, int) and one > 2**32 for one in ids)
    assert datetime.fromisoformat(found[0]["CreatedOn"]).microsecond == 0
