"""Orders and lines that people cancel: what a reader sees of it, and what cannot be cancelled any more."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import Caller, line

ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')?cross-company=true"


def control(caller: Caller, name: str, **content: Any) -> Any:
    return controls(caller.sandbox)[name]({"number": "MKA-0001-A", **content}, caller.now)


def ordered(**settings: Any) -> Caller:
    caller = Caller(settings)
    caller.order(line(), line(ExternalItemNumber="2"), line(ItemNumber="SHIPPING", ExternalItemNumber="fee"))
    return caller


def statuses(caller: Caller) -> tuple[Any, ...]:
    found = caller.get(f"{ONE}&$expand=SalesOrderLines($select=SalesOrderLineStatus)")
    lines = [one["SalesOrderLineStatus"] for one in found["SalesOrderLines"]]
    return found["SalesOrderStatus"], found["SalesOrderProcessingStatus"], lines


def test_a_cancelled_order_stays_with_every_line_cancelled() -> None:
    caller = ordered()

    assert control(caller, "cancel_order") == control(caller, "cancel_order") == {"cancelled": True}
    assert statuses(caller) == ("Canceled", "Canceled", ["Canceled"] * 3)
    assert control(caller, "books")["orders"][0]["status"] == "Canceled"


def test_an_order_without_lines_is_cancelled_too() -> None:
    caller = ordered()
    for one in caller.get("SalesOrderLinesV3")["value"]:
        caller.call("DELETE", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{one['InventoryLotId']}')")
    control(caller, "cancel_order")

    assert statuses(caller) == ("Canceled", "Canceled", [])


def test_a_cancelled_line_leaves_the_order_open_until_the_last_one_is() -> None:
    caller = ordered()
    for reference in ("2", "MKA-0001-A-1"):
        control(caller, "cancel_line", reference=reference)
    assert statuses(caller) == ("Backorder", "Active", ["Canceled", "Canceled", "Backorder"])

    control(caller, "cancel_line", reference="fee")
    assert statuses(caller)[0] == "Canceled"


def test_the_cancelled_rest_of_a_line_completes_the_order() -> None:
    caller = ordered()
    control(caller, "ship", lines={"MKA-0001-A-1": 1, "2": 2})
    assert statuses(caller) == ("Backorder", "PartiallyDelivered", ["Backorder", "Delivered", "Backorder"])

    control(caller, "cancel_line", reference="MKA-0001-A-1")
    assert statuses(caller) == ("Delivered", "Delivered", ["Delivered", "Delivered", "Backorder"])
    assert control(caller, "books")["orders"][0]["shipped_at"] == caller.now


def test_what_has_left_is_not_cancelled() -> None:
    caller = ordered()
    control(caller, "ship", lines={"2": 2})

    with pytest.raises(ValueError, match="cancel its lines"):
        control(caller, "cancel_order")
    with pytest.raises(ValueError, match="nothing of it can be cancelled"):
        control(caller, "cancel_line", reference="2")
    assert statuses(caller) == ("Backorder", "PartiallyDelivered", ["Backorder", "Delivered", "Backorder"])


def test_what_is_cancelled_is_put_back_and_can_be_deleted() -> None:
    caller = ordered()
    control(caller, "pick")
    assert statuses(caller)[1] == "Picked"
    assert caller.call("DELETE", ONE).status == 400

    control(caller, "cancel_order")
    assert caller.call("DELETE", ONE).status == 204


@pytest.mark.parametrize("name", ["cancel_order", "cancel_line"])
def test_an_order_that_is_not_there_is_not_cancelled(name: str) -> None:
    assert control(ordered(), name, number="X", reference="2") == {"cancelled": False}


def test_a_line_is_found_by_either_reference_and_by_no_other() -> None:
    caller = Caller()
    caller.order(line(ExternalItemNumber="", OrderLineReference="own"), line(ExternalItemNumber="other"))
    control(caller, "cancel_line", reference="own")
    with pytest.raises(ValueError, match="no line has the reference third"):
        control(caller, "cancel_line", reference="third")

    assert statuses(caller)[2] == ["Canceled", "Backorder"]


def test_a_line_that_a_person_changes_has_another_amount() -> None:
    caller = ordered()
    assert control(caller, "change_line", reference="2", quantity=3) == {"changed": True}
    (_, changed, _) = control(caller, "books")["orders"][0]["lines"]
    assert (changed["quantity"], changed["amount"]) == (3, Decimal("59.70"))
    assert control(caller, "change_line", number="none", reference="2", quantity=3) == {"changed": False}


def test_a_line_is_not_changed_to_less_than_has_left() -> None:
    caller = ordered()
    control(caller, "ship", lines={"2": 2})
    with pytest.raises(ValueError, match="cannot be changed"):
        control(caller, "change_line", reference="2", quantity=1)


def test_an_item_that_is_stopped_is_on_no_new_line() -> None:
    caller = Caller()
    controls(caller.sandbox)["add_item"]({"item": "OLD", "stopped": True}, caller.now)
    caller.order(line())
    answer = caller.call("POST", "SalesOrderLinesV3", line(SalesOrderNumber="MKA-0001-A", ItemNumber="OLD"))
    assert answer.status == 400
    assert "Item OLD is stopped for sales." in answer.json()["error"]["innererror"]["message"]
