"""By the clock: released, picked, shipped, tracked, invoiced; and that asking changes nothing."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from tests.sandboxes.business_central.caller import START, Caller, line, order

SHIPPING = {"releases_after_seconds": 60, "ships_after_seconds": 600}
SERVICE = line(lineObjectNumber="SHIPPING", description2="fee", quantity=1)


def shipped(slip: dict[str, Any]) -> dict[str, Decimal]:
    return {one["reference"]: one["shipped"] for one in slip["lines"]}


def test_nothing_happens_by_itself_where_the_clocks_are_off() -> None:
    caller = Caller()
    caller.create()
    caller.later(10**6)

    assert caller.books()["shipments"] == []
    assert (caller.only_order()["status"], caller.only_order()["released"]) == ("Backorder", False)


def test_the_clients_job_releases_and_the_warehouse_ships_with_the_services() -> None:
    caller = Caller(SHIPPING)
    caller.create(order(line(), SERVICE))
    caller.later(59)
    assert caller.only_order()["released"] is False
    caller.later(1)
    assert caller.only_order()["released"] is True
    caller.later(540)
    (slip,) = caller.books()["shipments"]

    assert (slip["created"], slip["carrier"]) == (START + timedelta(seconds=600), "CARRIER-1")
    assert shipped(slip) == {"MKA-0001-A-1": 2, "fee": 1}
    assert len(slip["tracking"]) == 1
    assert caller.only_order()["shipped_at"] == START + timedelta(seconds=600)


def test_what_nobody_releases_does_not_leave_unless_the_client_ships_drafts() -> None:
    caller = Caller({"ships_after_seconds": 600})
    caller.create()
    caller.later(10**5)
    assert caller.books()["shipments"] == []

    caller.control("release", number="101001")
    caller.later(600)
    assert len(caller.books()["shipments"]) == 1
    drafts = Caller({"ships_after_seconds": 600, "ships_unreleased": True})
    drafts.create()
    drafts.later(600)
    assert len(drafts.books()["shipments"]) == 1


def test_a_partial_order_leaves_twice() -> None:
    caller = Caller({**SHIPPING, "partial_share": 1.0, "rest_after_seconds": 300})
    caller.create(order(line(), line(description2="2", lineObjectNumber="ITEM-002"), SERVICE))
    caller.later(600)
    assert [shipped(one) for one in caller.books()["shipments"]] == [{"MKA-0001-A-1": 2, "fee": 1}]
    assert caller.only_order()["status"] == "Backorder"

    caller.later(300)
    assert [shipped(one) for one in caller.books()["shipments"]][1:] == [{"2": 2}]
    assert caller.only_order()["status"] == "Delivered"


def test_what_has_left_is_invoiced_and_vanishes() -> None:
    caller = Caller({**SHIPPING, "invoices_after_seconds": 3600})
    caller.create()
    caller.later(600 + 3599)
    assert len(caller.rows("salesOrders")) == 1

    caller.later(1)
    assert caller.rows("salesOrders") == []
    assert caller.books()["invoices"][0]["number"] == "101001"


def test_what_was_taken_back_is_not_invoiced() -> None:
    caller = Caller({**SHIPPING, "invoices_after_seconds": 3600})
    caller.create()
    caller.later(700)
    caller.control("correct_slip", slip="102001", lines={"MKA-0001-A-1": 0})
    caller.later(10**5)

    assert caller.books()["invoices"] == []
    assert len(caller.rows("salesOrders")) == 1


@pytest.mark.parametrize("step", [1, 7, 600])
def test_asking_changes_nothing(step: int) -> None:
    settings: dict[str, Any] = {**SHIPPING, "picked_seconds": 100, "partial_share": 0.5, "ships_spread_seconds": 200}
    settings |= {"tracking": {"with": 1.0, "after": 1.0, "changed": 1.0}, "invoices_after_seconds": 500}

    def day(*, asked: bool) -> Any:
        caller = Caller(settings)
        for number in range(5):
            caller.create(order(line(), line(description2="2"), externalDocumentNumber=f"A-{number}"))
            caller.later(30)
        for _ in range(4200 // step if asked else 1):
            caller.later(step if asked else 4200)
            caller.rows("salesOrders")
        books = caller.books()
        return [books[name] for name in ("orders", "shipments", "invoices")]

    assert day(asked=True) == day(asked=False)


def test_a_shipment_may_be_committed_later_than_it_says() -> None:
    caller = Caller({**SHIPPING, "visible_after_seconds": 120})
    caller.create()
    caller.later(719)
    assert caller.rows("salesShipments") == []
    caller.later(1)

    (found,) = caller.rows("salesShipments?$expand=salesShipmentLines")
    assert found["lastModifiedDateTime"].startswith("2026-03-02T08:10:30")
    assert len(found["salesShipmentLines"]) == 1
