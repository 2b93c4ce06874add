"""The warehouse by the clock: when what leaves, who is held back, how tracking comes, and that asking changes nothing."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sandboxes.prima.caller import START, Caller, element, line

SHIPPING = {"ships_after_seconds": 600}
TWO = (line(LineReference="A-1"), line(LineReference="A-2", Product="ITEM-002"))
SERVICE = line(Product="FEE", LineReference="fee")
CHARGE = element("OrderChargeData", {"Charge": "RM24", "ChargeValue": "4.90"})
ALL = {"with": 0.2, "after": 0.2, "late": 0.2, "never": 0.2, "changed": 0.2}


def shipments(caller: Caller) -> list[dict[str, Any]]:
    return list(caller.books()["shipments"])


def order(caller: Caller) -> dict[str, Any]:
    return dict(caller.books()["orders"][0])


def shipped(slip: dict[str, Any]) -> dict[str, Decimal]:
    return {one["reference"]: one["shipped"] for one in slip["lines"]}


def numbers(slip: dict[str, Any]) -> list[tuple[datetime, datetime | None]]:
    return [(one["from"], one["until"]) for one in slip["tracking"]]


def test_nothing_leaves_by_itself_where_the_warehouse_is_off() -> None:
    caller = Caller()
    caller.order()
    caller.later(10**6)
    assert shipments(caller) == []
    assert order(caller)["status"] == "Backorder"


def test_an_order_leaves_when_it_is_due_and_its_services_and_charges_stay() -> None:
    caller = Caller(SHIPPING)
    caller.order(line(), SERVICE, CHARGE)
    caller.later(599)
    assert shipments(caller) == []
    caller.later(1)
    (slip,) = shipments(caller)
    assert (slip["number"], slip["reference"], slip["carrier"]) == ("20100001", "NO-N000001-A", "CARRIER-1")
    assert shipped(slip) == {"N000001-A-1": Decimal(2)}
    assert (order(caller)["status"], order(caller)["shipped_at"]) == ("Delivered", START + timedelta(seconds=600))
    assert [one["status"] for one in order(caller)["lines"]] == ["Delivered", "Backorder", "Backorder"]


def test_a_part_leaves_first_and_the_rest_later() -> None:
    caller = Caller({**SHIPPING, "partial_share": 1.0, "rest_after_seconds": 300})
    caller.order(*TWO)
    caller.later(600)
    assert (len(shipments(caller)), order(caller)["status"], caller.status()) == (1, "Backorder", "Part Despatched")
    caller.later(300)
    first, second = shipments(caller)
    assert {**shipped(first), **shipped(second)} == {"A-1": Decimal(2), "A-2": Decimal(2)}
    assert first["slip"] != second["slip"]


def test_a_held_order_waits_until_somebody_lets_it_go() -> None:
    caller = Caller({**SHIPPING, "looks_again_seconds": 100})
    caller.order(HoldOrder="Yes")
    caller.later(5000)
    assert shipments(caller) == []
    caller.control("hold_order", number="20100001", held=False)
    caller.later(100)
    assert len(shipments(caller)) == 1


def test_what_is_picked_cannot_be_deleted() -> None:
    caller = Caller({**SHIPPING, "picked_seconds": 60})
    caller.order()
    caller.later(540)
    with pytest.raises(ValueError, match="picked"):
        caller.control("delete_order", number="20100001")


@pytest.mark.parametrize("control", ["delete_order", "cancel_order"])
def test_what_is_gone_does_not_leave(control: str) -> None:
    caller = Caller(SHIPPING)
    caller.order()
    caller.control(control, number="20100001")
    caller.later(10**5)
    assert shipments(caller) == []


def test_orders_that_came_while_it_was_off_leave_when_it_is_on() -> None:
    caller = Caller()
    caller.order()
    caller.later(5000)
    caller.control("warehouse", **SHIPPING)
    (slip,) = shipments(caller)
    assert slip["created"] >= START + timedelta(seconds=600)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("with", [(600, None)]),
        ("after", [(610, None)]),
        ("late", [(700, None)]),
        ("never", []),
        ("changed", [(600, 620), (620, None)]),
    ],
)
def test_tracking_comes_with_it_after_it_late_never_or_anew(kind: str, expected: list[tuple[int, int | None]]) -> None:
    weights = {**dict.fromkeys(ALL, 0.0), kind: 1.0}
    times = {"tracking_after_seconds": 10, "late_tracking_seconds": 100, "changed_after_seconds": 20}
    caller = Caller({**SHIPPING, **times, "tracking": weights})
    caller.order()
    caller.later(1000)
    (slip,) = shipments(caller)
    at = {seconds: START + timedelta(seconds=seconds) for pair in expected for seconds in pair if seconds}
    assert numbers(slip) == [(at[since], at[until] if until else None) for since, until in expected]


def test_letters_are_never_tracked_and_some_go_with_another_carrier() -> None:
    for share, carrier in (("letter_share", "LETTER"), ("unknown_carrier_share", "CARRIER-2")):
        caller = Caller({**SHIPPING, share: 1.0})
        caller.order()
        caller.later(600)
        (slip,) = shipments(caller)
        assert (slip["carrier"], bool(slip["tracking"])) == (carrier, carrier != "LETTER")


def test_the_order_s_own_carrier_is_taken() -> None:
    caller = Caller(SHIPPING)
    caller.order(header={"Carrier": "CARRIER-1", "CarrServ": "AIR"})
    caller.later(600)
    (slip,) = shipments(caller)
    assert (slip["carrier"], slip["service"]) == ("CARRIER-1", "AIR")


@pytest.mark.parametrize("seed", range(5))
def test_asking_changes_nothing(seed: int) -> None:
    """Whoever is asked every few seconds tells the same in the end as whoever is asked once."""
    settings = {
        **SHIPPING,
        "seed": seed,
        "ships_spread_seconds": 900,
        "partial_share": 0.5,
        "rest_after_seconds": 400,
        "tracking": ALL,
        "late_tracking_seconds": 2000,
    }
    chance = random.Random(seed)
    rare, often = Caller(settings), Caller(settings)
    for caller in (rare, often):
        for number in range(8):
            caller.order(*TWO, OrderNumber=f"{number}")
    while often.now < START + timedelta(seconds=9000):
        often.later(chance.randrange(1, 400))
        often.books()
    rare.now = often.now
    assert rare.books()["shipments"] == often.books()["shipments"]
    assert rare.control("despatch_file") == often.control("despatch_file")
