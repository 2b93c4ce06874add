"""What people do behind the API: enter, edit, cancel and delete orders; and settings that are unknown."""

from __future__ import annotations

from typing import Any

import pytest

from sandboxes.business_central import worlds
from sandboxes.finance_supply_chain import worlds as other_worlds
from sandboxes.finance_supply_chain.books import books as other_books
from sandboxes.finance_supply_chain.controls import controls as other_controls
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from tests.sandboxes.business_central.caller import Caller, line, order
from tests.sandboxes.finance_supply_chain.caller import Caller as OtherCaller

TWO = (line(), line(description2="2", lineObjectNumber="ITEM-002"))


def test_every_control_of_the_other_erp_is_there() -> None:
    others = other_controls(FinanceSupplyChain(other_worlds.demo()))

    assert set(others) <= set(Caller().controls)


def test_the_books_have_the_same_shape_as_the_other_erps() -> None:
    other = OtherCaller({"ships_after_seconds": 1})
    other.order()
    other.later(2)
    other.get("SalesOrderHeadersV3")
    theirs = other_books(other.sandbox.installation)
    caller = Caller()
    caller.create()
    caller.control("ship", number="101001", tracking="T-1")
    ours = caller.books()

    assert set(theirs) <= set(ours)
    for name in ("orders", "shipments"):
        assert set(theirs[name][0]) <= set(ours[name][0])
        assert set(theirs[name][0]["lines"][0]) <= set(ours[name][0]["lines"][0])
    assert set(theirs["shipments"][0]["tracking"][0]) == set(ours["shipments"][0]["tracking"][0])


def test_an_order_that_is_cancelled_is_deleted() -> None:
    caller = Caller()
    caller.create()
    caller.control("release", number="101001")

    assert caller.control("cancel_order", number="101001") == {"cancelled": True}
    assert caller.rows("salesOrders") == []
    assert (caller.only_order()["status"], caller.only_order()["deleted"]) == ("Canceled", caller.now)
    assert caller.control("cancel_order", number="101001") == {"cancelled": False}
    assert caller.control("delete_order", number="1") == {"deleted": False}


def test_a_cancelled_line_is_gone_and_the_order_is_released_again() -> None:
    caller = Caller()
    caller.create(order(*TWO))
    caller.control("release", number="101001")
    caller.later(5)
    caller.control("cancel_line", number="101001", reference="2")
    (found,) = caller.rows("salesOrders?$expand=salesOrderLines")

    assert [one["description2"] for one in found["salesOrderLines"]] == ["MKA-0001-A-1"]
    assert found["status"] == "Open"
    one, other = caller.only_order()["lines"]
    assert (one["status"], other["status"], other["deleted"]) == ("Backorder", "Canceled", None)
    assert other["changed"] == caller.now


def test_a_line_that_has_left_in_part_is_cut() -> None:
    caller = Caller()
    caller.create()
    caller.control("ship", number="101001", lines={"MKA-0001-A-1": 1})
    caller.control("cancel_line", number="101001", reference="MKA-0001-A-1")
    (found,) = caller.only_order()["lines"]

    assert (found["quantity"], found["status"], str(found["amount"])) == (1, "Delivered", "19.90")
    with pytest.raises(ValueError, match="has left"):
        caller.control("cancel_line", number="101001", reference="MKA-0001-A-1")


def test_a_person_enters_and_edits_orders() -> None:
    caller = Caller()
    wanted = [{"item": "ITEM-002", "quantity": 3, "reference": "own"}]
    number = caller.control("enter_order", customer="MKP-FR-EUR", reference="by hand", lines=wanted)["number"]
    caller.control("change_line", number=number, reference="own", quantity=2, price="5.00")
    found = caller.only_order()

    assert (found["reference"], found["lines"][0]["quantity"], found["lines"][0]["price"]) == ("BY HAND", 2, 5)
    with pytest.raises(ValueError, match="cannot be found"):
        caller.control("enter_order", customer="NOBODY", lines=wanted)


def test_items_come_and_go() -> None:
    caller = Caller()
    caller.control("add_item", item="NEW-01", units=["PCS"], item_tax_group="RED")
    caller.create(order(line(lineObjectNumber="NEW-01", taxCode=...)))

    assert caller.only_order()["lines"][0]["item_tax_group"] == "RED"
    assert caller.control("remove_item", item="NEW-01") == {"removed": True}
    assert caller.refused(order(line(lineObjectNumber="NEW-01")))[1] == "Internal_InvalidTableRelation"


@pytest.mark.parametrize(
    "settings",
    [
        {"unknown": 1},
        {"clients": {}},
        {"page_size": "many"},
        {"tracking": {"sometimes": 1.0}},
        {"companies": {"CRONUS": {"id": "x"}}},
    ],
)
def test_settings_that_are_unknown(settings: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        worlds.overridden(worlds.demo(), settings)


def test_the_warehouse_takes_its_own_settings_only() -> None:
    caller = Caller()
    caller.control("warehouse", ships_after_seconds=60, releases_after_seconds=30)
    caller.create()
    caller.later(90)

    assert len(caller.books()["shipments"]) == 1
    with pytest.raises(ValueError, match="page_size"):
        caller.control("warehouse", page_size=1)
