"""New orders: what makes one, what is refused with which codes, and that each `Data` stands for itself."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.sandboxes.prima.caller import DATA, Caller, codes, data, element, line, request

CHARGE = element("OrderChargeData", {"Charge": "RM24", "ChargeValue": "4.90"})
CASCADE = ["E:194", "E:194", "E:194"]


def payment(**changes: str) -> str:
    return element("OrderPaymentData", {"PayMethod": "CSH", "SubPayMethod": "MKPA", "TranAmount": "24.90", **changes})


@pytest.mark.parametrize("kind", ["MultiNewOrder", "NewOrder"])
def test_an_order_is_accepted_and_in_the_books(kind: str) -> None:
    caller = Caller()
    result = caller.result(request(kind, data(line(), CHARGE, payment())))
    (answer,) = result
    assert result.attrib == {"Company": "1", "RequestType": kind}
    assert answer.attrib == {
        "CustRef": DATA["CustomerRef"],
        "CustomerCode": "0000000001",
        "OrderNumber": DATA["OrderNumber"],
        "RequestStatus": "OK",
        "TPGUID": DATA["TPGUID"],
        "UniqueID": DATA["UniqueId"],
    }
    (order,) = caller.books()["orders"]
    assert (order["number"], order["reference"], order["currency"]) == ("20100001", "NO-N000001-A", "EUR")
    assert (order["status"], order["word"], order["held"]) == ("Backorder", "Received", False)
    assert [(one["reference"], one["item"], one["amount"]) for one in order["lines"]] == [
        ("N000001-A-1", "ITEM-001", Decimal("20.00")),
        ("", "RM24", Decimal("4.90")),
    ]
    assert order["totals"] == {"total": Decimal("24.90"), "tax": Decimal(0), "charges": Decimal("4.90")}
    assert order["consents"]["ReceiveEmail"] == "No"
    assert caller.books()["ignored_inputs"] == {}


@pytest.mark.parametrize(("price", "amount"), [("line", Decimal("20.00")), ("unit", Decimal("40.00"))])
def test_a_price_is_read_as_the_world_says(price: str, amount: Decimal) -> None:
    caller = Caller({"price": price})
    caller.order()
    assert caller.books()["orders"][0]["lines"][0]["amount"] == amount


@pytest.mark.parametrize("attribute", ["CustomerRef", "TPGUID"])
def test_the_reference_is_where_the_world_says(attribute: str) -> None:
    caller = Caller({"reference_in": attribute})
    caller.order()
    assert list(caller.books()["creations_per_reference"]) == [f"1|{DATA[attribute]}"]


def test_a_number_is_taken_once_in_a_company() -> None:
    caller = Caller()
    caller.order()
    again = caller.order(UniqueId="2", OrderNumber="20100001 ")
    assert (again.get("RequestStatus"), again.get("CustomerCode"), again.get("UniqueID")) == ("ERROR", "", "2")
    assert codes(again) == ["E:21", *CASCADE]
    assert caller.order(company="2").get("RequestStatus") == "OK"
    assert len(caller.books()["orders"]) == 2
    assert caller.books()["duplicates_refused"] == 1


def test_errors_stand_in_one_attribute_with_line_feeds_between_them() -> None:
    caller = Caller()
    caller.order()
    text = caller.text(request("MultiNewOrder", data()))
    assert text.count("\n") == 1 + 4
    assert '<RequestError Error="(E:21) Sales Order Header already exists with Order Number equal to 20100001\n' in text


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"header": {"Currency": "XXX"}}, ["E:904", "E:194"]),
        ({"header": {"Carrier": "NOBODY"}}, ["E:904", "E:194"]),
        ({"header": {"Carrier": "CARRIER-2", "CarrServ": "AIR"}}, ["E:904", "E:194"]),
        ({"header": {"OrderDate": "2026-03-02"}}, ["E:903", "E:194"]),
        ({"OrderNumber": ""}, ["E:901", "E:194"]),
        ({"UniqueId": ""}, ["E:901", "E:194"]),
        ({"VatInclusive": ""}, ["E:901", "E:194"]),
        ({"VatInclusive": "true"}, ["E:903", "E:194"]),
        ({"Country": "FRA"}, ["E:904", "E:194"]),
        ({"OrderChannel": "NOBODY"}, ["E:904", "E:194"]),
        ({"Customer": "NOBODY"}, ["E:904", "E:194"]),
        ({"Customer": "MKP-HOLD"}, ["E:905", "E:194"]),
        ({"CustomerSurname": ""}, ["E:901", "E:194"]),
        ({"AddrLine1": "x" * 41}, ["E:902", "E:194"]),
        ({"VatInclusive": "No"}, ["E:548", "E:194", "E:194"]),
    ],
)
def test_what_a_header_must_be(changes: dict[str, Any], expected: list[str]) -> None:
    caller = Caller()
    answer = caller.order(**changes)
    assert (answer.get("RequestStatus"), codes(answer)) == ("ERROR", expected)
    assert caller.books()["orders"] == []
    assert caller.books()["customers"] == []


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((CHARGE,), ["E:194"]),
        ((line(Product="NOBODY"),), ["E:194", "E:194"]),
        ((line(), line(Product="NOBODY")), ["E:194", "E:194"]),
        ((line(Product="SHIRT-01"),), ["E:194", "E:194"]),
        ((line(Product="SHIRT-01", MtrxCode1="RED", MtrxCode2="XL"),), ["E:194", "E:194"]),
        ((line(Quantity="0"),), ["E:903", "E:194"]),
        ((line(Quantity="two"),), ["E:903", "E:194"]),
        ((line(Price="1,50"),), ["E:903", "E:194"]),
        ((line(Price="-1"),), ["E:903", "E:194"]),
        ((line(Price="NaN"),), ["E:903", "E:194"]),
        ((line(Warehouse="99"),), ["E:904", "E:194"]),
        ((line(DueDate="2026-03-04"),), ["E:903", "E:194"]),
        ((line(LineReference="x" * 61),), ["E:902", "E:194"]),
        ((line(), element("OrderChargeData", {"Charge": "NONE", "ChargeValue": "1"})), ["E:904"]),
        ((line(), element("OrderChargeData", {"Charge": "RM24", "ChargeValue": ""})), ["E:903"]),
        ((line(), payment(PayMethod="CARD")), ["E:904"]),
        ((line(), payment(SubPayMethod="NONE")), ["E:904"]),
        ((line(), payment(TranAmount="")), ["E:903"]),
    ],
)
def test_what_its_parts_must_be(parts: tuple[str, ...], expected: list[str]) -> None:
    caller = Caller()
    assert codes(caller.order(*parts)) == expected
    assert caller.books()["orders"] == []


def test_codes_are_found_whatever_their_case() -> None:
    caller = Caller()
    answer = caller.order(line(Product="shirt-01", MtrxCode1="red", MtrxCode2="m "), Customer="mkp-fr-eur")
    assert answer.get("CustomerCode") == "MKP-FR-EUR"
    (one,) = caller.books()["orders"][0]["lines"]
    assert (one["item"], one["colour"], one["size"]) == ("SHIRT-01", "RED", "M")


def test_a_price_of_nothing_is_one() -> None:
    assert Caller().order(line(Price="0")).get("RequestStatus") == "OK"


def test_a_blocked_product_is_refused() -> None:
    caller = Caller()
    caller.control("add_item", item="ITEM-001", stopped=True)
    assert codes(caller.order()) == ["E:905", "E:194"]


def test_a_price_book_whose_flag_is_turned_refuses_every_order() -> None:
    caller = Caller()
    caller.control("price_book", vat_inclusive=False)
    assert codes(caller.order())[0] == "E:548"
    assert caller.order(VatInclusive="No").get("RequestStatus") == "OK"
    caller.control("price_book", vat_inclusive=True, currency="GBP")
    assert codes(caller.order(OrderNumber="2", VatInclusive="No", header={"Currency": "GBP"}))[0] == "E:548"


def test_a_batch_may_be_half_accepted() -> None:
    caller = Caller()
    refused = data(line(Product="NOBODY"), OrderNumber="2", UniqueId="2")
    result = caller.result(request("MultiNewOrder", data(), refused, data(OrderNumber="3", UniqueId="3")))
    assert [(one.get("UniqueID"), one.get("RequestStatus")) for one in result] == [
        ("12345678", "OK"),
        ("2", "ERROR"),
        ("3", "OK"),
    ]
    assert [one["number"] for one in caller.books()["orders"]] == ["20100001", "3"]


def test_the_same_number_twice_in_a_batch_is_a_duplicate() -> None:
    caller = Caller()
    result = caller.result(request("MultiNewOrder", data(), data()))
    assert [one.get("RequestStatus") for one in result] == ["OK", "ERROR"]
    assert len(caller.books()["orders"]) == 1


def test_a_blank_customer_is_a_new_one_and_its_code_can_be_used_again() -> None:
    caller = Caller()
    first = caller.order().get("CustomerCode", "")
    second = caller.order(OrderNumber="2").get("CustomerCode", "")
    third = caller.order(OrderNumber="3", Customer=first).get("CustomerCode", "")
    assert (first, second, third) == ("0000000001", "0000000002", "0000000001")
    assert [one["account"] for one in caller.books()["customers"]] == [first, second]


def test_what_nobody_takes_is_counted_and_does_nothing() -> None:
    caller = Caller()
    wrong = element("OrderLineData", {"Product": "ITEM-001", "Quantity": "1", "Price": "1", "price": "2"})
    sent = request("MultiNewOrder", data(wrong, "<Other/>", "text", Colour="red"), "<More/>").replace(
        "<Request ", '<Request Company="2" '
    )
    assert caller.result(sent)[0].get("RequestStatus") == "OK"
    assert set(caller.books()["ignored_inputs"]) == {
        "Request/@Company",
        "Request/More",
        "Data/@Colour",
        "Data/Other",
        "Data/text()",
        "OrderLineData/@price",
    }


def test_too_long_is_cut_where_the_world_says_so() -> None:
    caller = Caller({"too_long": "cut", "lengths": {"CustomerRef": 5}})
    caller.order(CustomerRef="NO-N000001-A")
    assert caller.books()["orders"][0]["reference"] == "NO-N0"


def test_dev_mode_says_where() -> None:
    caller = Caller({"dev_mode": True})
    caller.order()
    error = next(caller.order().iter("RequestError")).get("Error", "")
    assert "DEV MODE Stack Trace (Msg - E:Exist1): CheckOrders imp/procorders.p" in error


@pytest.mark.parametrize("kind", ["", "SalesOrderDespatch", "multineworder"])
def test_another_request_type_is_an_error(kind: str) -> None:
    caller = Caller()
    result = caller.result(request(kind, data()))
    assert (result.get("RequestStatus"), result.get("RequestType")) == ("ERROR", kind)
    assert caller.books()["calls"] == {"unknown": 1}
    assert caller.books()["orders"] == []


@pytest.mark.parametrize("sent", ["<Request/>", '<request RequestType="NewOrder"/>', request("NewOrder")])
def test_a_request_without_data_is_an_error(sent: str) -> None:
    assert Caller().result(sent).get("RequestStatus") == "ERROR"


def test_a_company_is_asked_for_by_the_operation_that_has_one() -> None:
    caller = Caller()
    caller.order(company="2")
    assert [one["company"] for one in caller.books()["orders"]] == ["2"]
    result = caller.result(request("MultiNewOrder", data()), company="9")
    assert (result.get("RequestStatus"), result.get("Company")) == ("ERROR", "9")
