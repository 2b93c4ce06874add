"""Stock: what is on hand less what orders hold, in the rows and spellings of the two requests."""

from __future__ import annotations

import pytest

from tests.sandboxes.prima.caller import Caller, element, line, request


def dump(caller: Caller, first: str = "", last: str = "") -> list[dict[str, str]]:
    sent = request("ProductAvailableToSell", element("Data", {"ProductFrom": first, "ProductTo": last}))
    result = caller.result(sent)
    assert result.get("RequestStatus") == "OK"
    return [dict(row.attrib) for row in result.iter("sku")]


def selected(caller: Caller, *wanted: dict[str, str]) -> list[dict[str, str]]:
    rows = "".join(element("sku", one) for one in wanted)
    result = caller.result(request("MultiAvailableToSell", element("Data", {}, rows)))
    assert result.get("RequestStatus") == "OK"
    return [dict(row.attrib) for row in result.iter("SKU")]


def left(caller: Caller, product: str = "ITEM-001") -> str:
    return selected(caller, {"Product": product})[0]["AvailableQuantity"]


def test_a_dump_holds_every_sku_once_in_order_without_services() -> None:
    rows = dump(Caller())
    keys = [(row["Product"], *(row[f"MtrxCode{number}"] for number in range(1, 5))) for row in rows]
    assert keys == sorted(set(keys))
    assert len(rows) == 60 + 6 + 6
    assert "SHIPPING" not in {row["Product"] for row in rows}
    assert set(rows[0]) == {
        "AvailableDate",
        "AvailableQuantity",
        "Product",
        *(f"MtrxCode{number}" for number in range(1, 5)),
    }


@pytest.mark.parametrize(
    ("first", "last", "count"),
    [("ITEM-002", "ITEM-004", 3), ("item-060", "", 13), ("", "ITEM-001", 1), ("X", "Y", 0)],
)
def test_a_range_takes_both_ends(first: str, last: str, count: int) -> None:
    assert len(dump(Caller(), first, last)) == count


def test_selected_rows_come_in_the_order_of_the_request() -> None:
    caller = Caller()
    shirt = {"Product": "shirt-01", "MtrxCode1": "red", "MtrxCode2": "M"}
    rows = selected(caller, {"Product": "ITEM-002"}, shirt, {"Product": "NOBODY"}, {"Product": "ITEM-001"})
    assert [(row["Product"], row["AvailableQuantity"]) for row in rows] == [
        ("ITEM-002", "500"),
        ("SHIRT-01", "500"),
        ("NOBODY", "0"),
        ("ITEM-001", "500"),
    ]


def test_orders_hold_what_they_want_until_it_is_cancelled_and_keep_what_left() -> None:
    caller = Caller()
    caller.order()
    caller.order(OrderNumber="2")
    assert left(caller) == "496"
    caller.control("cancel_order", number="2")
    assert left(caller) == "498"
    caller.control("ship", number="20100001")
    assert left(caller) == "498"


def test_a_deleted_order_holds_nothing_and_another_company_has_its_own() -> None:
    caller = Caller()
    caller.order()
    caller.order(company="2")
    caller.control("delete_order", number="20100001")
    assert left(caller) == "500"


def test_it_is_never_below_nothing_and_says_then_when_more_comes() -> None:
    caller = Caller()
    caller.control("add_item", item="ITEM-001", on_hand=3, inbound="2026-03-20")
    assert selected(caller, {"Product": "ITEM-001"})[0]["AvailableDate"] == ""
    caller.order(line(Quantity="4"))
    (row,) = selected(caller, {"Product": "ITEM-001"})
    assert (row["AvailableQuantity"], row["AvailableDate"]) == ("0", "20/03/2026")


def test_a_dump_can_have_the_size_of_a_real_one() -> None:
    caller = Caller({"styles": 600})
    assert len(dump(caller)) > 5400
    assert len(caller.text(request("ProductAvailableToSell", element("Data", {})))) > 600_000
