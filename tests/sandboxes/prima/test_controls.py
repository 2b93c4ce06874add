"""What people do by hand: ship, track, correct, cancel, delete, enter; and what the books show of it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandboxes.finance_supply_chain import worlds as other_worlds
from sandboxes.finance_supply_chain.controls import controls as other_controls
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from sandboxes.prima.controls import controls
from tests.sandboxes.finance_supply_chain.caller import Caller as OtherCaller
from tests.sandboxes.prima.caller import Caller, codes, element, line

NUMBER, GOODS = "20100001", "N000001-A-1"
TWO = (line(LineReference="A-1"), line(LineReference="A-2", Product="ITEM-002"))


def test_every_control_that_another_erp_s_sandbox_has_is_there() -> None:
    assert set(other_controls(FinanceSupplyChain(other_worlds.demo()))) <= set(controls(Caller().sandbox))


def test_the_books_have_every_key_that_another_erp_s_books_have() -> None:
    """Whoever judges reads them without knowing the ERP."""
    other = OtherCaller()
    other.order()
    number = other_controls(other.sandbox)["books"]({}, other.now)["orders"][0]["number"]
    other_controls(other.sandbox)["ship"]({"number": number, "tracking": "T-1"}, other.now)
    other_controls(other.sandbox)["invoice"]({"number": number}, other.now)
    caller = Caller()
    caller.order()
    caller.control("ship", number=NUMBER, tracking="T-1")
    caller.control("invoice", number=NUMBER)
    theirs, ours = other_controls(other.sandbox)["books"]({}, other.now), caller.books()
    assert _lacking(theirs, ours) == []


def _lacking(theirs: Any, ours: Any, path: str = "") -> list[str]:
    if isinstance(theirs, list):
        return _lacking(theirs[0], ours[0], path) if theirs else []
    if not isinstance(theirs, dict) or path in (".calls", ".refusals", ".ignored_inputs", ".creations_per_reference"):
        return []
    missing = [f"{path}.{name}" for name in theirs if name not in ours]
    return missing + [
        each for name in theirs if name in ours for each in _lacking(theirs[name], ours[name], f"{path}.{name}")
    ]


def test_parts_are_consignments_of_their_own() -> None:
    caller = Caller()
    caller.order()
    for part in (1, 2):
        caller.control("ship", number=NUMBER, lines={GOODS: 1}, tracking=f"T-{part}")
    first, second = caller.books()["shipments"]
    assert first["slip"] != second["slip"]
    assert [one["tracking"][0]["number"] for one in (first, second)] == ["T-1", "T-2"]
    assert [one["lines"][0]["ordered"] for one in (first, second)] == [Decimal(2), Decimal(2)]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ({"number": "0"}, "no order"),
        ({"lines": {GOODS: 3}}, "is open"),
        ({"lines": {GOODS: 0}}, "is open"),
        ({"lines": {"other": 1}}, "reference"),
        ({"carrier": "NOBODY"}, "no carrier"),
    ],
)
def test_what_cannot_be_shipped_is_refused(content: dict[str, Any], reason: str) -> None:
    caller = Caller()
    caller.order()
    with pytest.raises(ValueError, match=reason):
        caller.control("ship", **{"number": NUMBER, **content})
    assert caller.books()["shipments"] == []


def test_a_held_order_and_one_that_has_left_are_not_shipped() -> None:
    caller = Caller()
    caller.order(HoldOrder="Yes")
    with pytest.raises(ValueError, match="held"):
        caller.control("ship", number=NUMBER)
    caller.control("hold_order", number=NUMBER, held=False)
    caller.control("ship", number=NUMBER)
    with pytest.raises(ValueError, match="nothing"):
        caller.control("ship", number=NUMBER)


def test_tracking_can_be_added_and_replaced() -> None:
    caller = Caller()
    caller.order()
    caller.control("ship", number=NUMBER, tracking="T-1")
    caller.control("track", number=NUMBER, tracking=["T-1", "T-2"])
    caller.later(1)
    caller.control("track", number=NUMBER, tracking="T-3", anew=True)
    (slip,) = caller.books()["shipments"]
    assert [(one["number"], one["until"] is None) for one in slip["tracking"]] == [
        ("T-1", False),
        ("T-2", False),
        ("T-3", True),
    ]


def test_a_correction_is_a_version_and_opens_what_had_not_left() -> None:
    caller = Caller()
    caller.order()
    slip = caller.control("ship", number=NUMBER)
    with pytest.raises(ValueError, match="after"):
        caller.control("correct_slip", slip=slip["slip"], lines={GOODS: 1})
    caller.later(1)
    version = caller.control("correct_slip", slip=slip["slip"], lines={GOODS: 1})
    assert version["slip"] == slip["slip"]
    assert version["id"] != slip["id"]
    assert [one["lines"][0]["shipped"] for one in caller.books()["shipments"]] == [Decimal(2), Decimal(1)]
    assert (caller.status(), caller.books()["orders"][0]["shipped_at"]) == ("Part Despatched", None)
    caller.later(1)
    with pytest.raises(ValueError, match="cannot have left"):
        caller.control("correct_slip", slip=slip["slip"], lines={GOODS: 3})


def test_what_has_left_is_not_cancelled() -> None:
    caller = Caller()
    caller.order(*TWO)
    caller.control("ship", number=NUMBER, lines={"A-1": 1})
    with pytest.raises(ValueError, match="has left"):
        caller.control("cancel_order", number=NUMBER)
    with pytest.raises(ValueError, match="picked or has left"):
        caller.control("delete_order", number=NUMBER)
    caller.control("cancel_line", number=NUMBER, reference="A-1")
    with pytest.raises(ValueError, match="has left"):
        caller.control("cancel_line", number=NUMBER, reference="A-1")
    lines = caller.books()["orders"][0]["lines"]
    assert [one["status"] for one in lines] == ["Delivered", "Backorder"]


def test_a_cancelled_line_stays_behind_alone() -> None:
    caller = Caller()
    caller.order(*TWO)
    caller.control("cancel_line", number=NUMBER, reference="A-1")
    caller.control("ship", number=NUMBER)
    (slip,) = caller.books()["shipments"]
    assert [one["reference"] for one in slip["lines"]] == ["A-2"]
    order = caller.books()["orders"][0]
    assert (order["status"], [one["status"] for one in order["lines"]]) == ("Delivered", ["Canceled", "Delivered"])


def test_invoices_come_to_what_the_lines_and_charges_come_to() -> None:
    caller = Caller()
    charge = element("OrderChargeData", {"Charge": "RM24", "ChargeValue": "4.90"})
    caller.order(line(Quantity="3", Price="10.00"), line(Product="FEE", Quantity="1", Price="2.00"), charge)
    with pytest.raises(ValueError, match="no order"):
        caller.control("invoice", number="0")
    totals = []
    for part in (1, 2):
        caller.control("ship", number=NUMBER, lines={GOODS: part})
        caller.control("invoice", number=NUMBER)
        totals.append(caller.books()["invoices"][-1]["total"])
    assert totals == [Decimal("10.23"), Decimal("6.67")]
    assert sum(totals) == caller.books()["orders"][0]["totals"]["total"]
    assert (caller.books()["orders"][0]["status"], caller.status()) == ("Invoiced", "Despatched")
    with pytest.raises(ValueError, match="nothing"):
        caller.control("invoice", number=NUMBER)


def test_a_person_changes_a_quantity_and_the_amount_with_it() -> None:
    caller = Caller()
    caller.order()
    assert caller.control("change_line", number=NUMBER, reference=GOODS, quantity=3) == {"changed": True}
    caller.control("ship", number=NUMBER, lines={GOODS: 2})
    with pytest.raises(ValueError, match="cannot be 1"):
        caller.control("change_line", number=NUMBER, reference=GOODS, quantity=1)
    line = caller.books()["orders"][0]["lines"][0]
    assert (line["quantity"], line["amount"], line["status"]) == (Decimal(3), Decimal("30.00"), "Backorder")
    assert caller.control("change_line", number="0", reference=GOODS, quantity=3) == {"changed": False}


@pytest.mark.parametrize(
    ("control", "answer"),
    [("delete_order", {"deleted": False}), ("cancel_order", {"cancelled": False}), ("hold_order", {"found": False})],
)
def test_of_an_order_that_is_not_there_it_is_said(control: str, answer: dict[str, bool]) -> None:
    assert Caller().control(control, number="0") == answer


def test_an_order_entered_by_hand_takes_its_number() -> None:
    caller = Caller()
    caller.control("enter_order", number=NUMBER, reference="by hand", lines={"ITEM-002": 3})
    assert codes(caller.order())[0] == "E:21"
    assert [one["reference"] for one in caller.books()["orders"]] == ["by hand"]
    with pytest.raises(ValueError, match="already"):
        caller.control("enter_order", number=NUMBER)


def test_products_and_customers_come_and_go() -> None:
    caller = Caller()
    caller.control("add_item", item="NEW", matrix=[["RED", "M", "", ""]])
    assert caller.order(line(Product="NEW", MtrxCode1="RED", MtrxCode2="M")).get("RequestStatus") == "OK"
    assert caller.control("remove_item", item="NEW") == {"removed": True}
    assert codes(caller.order(line(Product="NEW"), OrderNumber="2")) == ["E:194", "E:194"]
    caller.control("put_customer_on_hold", customer="MKP-FR-EUR")
    assert codes(caller.order(OrderNumber="2", Customer="MKP-FR-EUR"))[0] == "E:905"
    caller.control("put_customer_on_hold", customer="MKP-FR-EUR", on_hold="No")
    assert caller.order(OrderNumber="2", Customer="MKP-FR-EUR").get("RequestStatus") == "OK"


def test_a_throttled_caller_is_told_how_long() -> None:
    caller = Caller()
    caller.control("throttle", seconds=30)
    answer = caller.post(b"")
    assert (answer.status, answer.headers["retry-after"]) == (429, "30")
    caller.later(30)
    assert caller.status("1") == ""
    assert caller.books()["throttled"] == 1


def test_the_books_tell_nothing_of_persons() -> None:
    caller = Caller()
    caller.order()
    told = repr(caller.books())
    for word in ("Shopper", "Example", "shopper@"):
        assert word not in told


def test_a_setting_of_something_else_is_refused() -> None:
    with pytest.raises(ValueError, match="world_peace"):
        Caller().control("warehouse", world_peace=1)
