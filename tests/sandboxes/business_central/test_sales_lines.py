"""An order's lines: the order of the JSON decides what a line costs, and what has no object is a comment."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandboxes.business_central.ids import guid
from tests.sandboxes.business_central.caller import Caller, line, order

ONE = ("lineType", "lineObjectNumber")
RED = {"FULL": "20", "RED": "5.5"}


def only_line(caller: Caller, content: dict[str, Any], **changes: Any) -> dict[str, Any]:
    (found,) = caller.create(order(content, **changes))["salesOrderLines"]
    return dict(found)


def moved(content: dict[str, Any], name: str, before: str) -> dict[str, Any]:
    """The same line with `name` standing right before another property."""
    rest = [(key, value) for key, value in content.items() if key != name]
    place = [key for key, _ in rest].index(before)
    return dict([*rest[:place], (name, content[name]), *rest[place:]])


def test_a_line_in_the_right_order_costs_what_was_sent() -> None:
    found = only_line(Caller(), line())

    assert (found["unitPrice"], found["discountPercent"], found["amountIncludingTax"]) == (
        Decimal("19.9"),
        0,
        Decimal("39.80"),
    )
    assert (found["sequence"], found["lineType"], found["taxPercent"]) == (10000, "Item", 20)


@pytest.mark.parametrize("before", ["lineObjectNumber", "quantity", "unitOfMeasureCode"])
def test_a_price_that_is_sent_too_early_is_replaced_by_the_cards(before: str) -> None:
    caller = Caller()
    found = only_line(caller, moved(line(taxCode=...), "unitPrice", before))

    assert found["unitPrice"] == Decimal("11.988")  # 9.99 and 20 % tax
    assert caller.books()["ignored_inputs"] == {"unitPrice of a line: sent too early": 1}


@pytest.mark.parametrize(("included", "price"), [(True, Decimal("17.49542")), (False, Decimal("19.9"))])
def test_a_tax_code_behind_the_price_rewrites_it_where_prices_include_tax(included: bool, price: Decimal) -> None:
    content = {**line(taxCode=...), "taxCode": "RED"}

    assert only_line(Caller(), content, pricesIncludeTax=included)["unitPrice"] == price


def test_a_price_list_gives_its_discount_unless_the_discount_is_sent_last() -> None:
    prices = {"companies": {"CRONUS": {"price_list": {"ITEM-001": {"price": "15", "discount": "10"}}}}}
    silent = only_line(Caller(prices), line(discountPercent=...))

    assert (silent["unitPrice"], silent["discountPercent"]) == (Decimal("19.9"), 10)
    assert silent["amountIncludingTax"] == Decimal("35.82")
    assert only_line(Caller(prices), line())["amountIncludingTax"] == Decimal("39.80")
    early = only_line(Caller(prices), moved(line(), "discountPercent", "quantity"))
    assert early["discountPercent"] == 10


def test_an_enforced_price_overrules_what_was_sent() -> None:
    caller = Caller()
    caller.control("trade_agreement", item="ITEM-001", price="15.00")

    assert only_line(caller, line())["amountIncludingTax"] == 30
    caller.control("trade_agreement", item="ITEM-001", price=None)
    assert caller.create()["salesOrderLines"][0]["unitPrice"] == Decimal("19.9")


@pytest.mark.parametrize(
    ("content", "ignored"),
    [
        ({"description": "A remark"}, []),
        ({"description": "A remark", "quantity": 2, "unitPrice": 5}, ["quantity", "unitPrice"]),
        ({"itemId": "00000000-0000-0000-0000-000000000000", "description": "A remark", "quantity": 1}, ["quantity"]),
        ({"lineType": "Comment", "description": "A remark"}, []),
    ],
)
def test_a_line_without_an_object_becomes_a_comment(content: dict[str, Any], ignored: list[str]) -> None:
    caller = Caller()
    found = only_line(caller, content)

    assert (found["lineType"], found["lineObjectNumber"], found["quantity"]) == ("Comment", "", 0)
    assert (found["description"], found["amountIncludingTax"]) == ("A remark", 0)
    assert list(caller.books()["ignored_inputs"]) == [f"{name} of a line: it is a comment" for name in ignored]


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"lineObjectNumber": "NOTHING"}, "Internal_InvalidTableRelation", "related table (Item)"),
        ({"lineType": "Account"}, "Internal_InvalidTableRelation", "related table (G/L Account)"),
        ({"lineType": ...}, "Internal_InvalidTableRelation", "related table (Standard Text)"),
        ({"lineObjectNumber": ...}, "Application_FieldValidationException", "No. must have a value"),
        ({"unitOfMeasureCode": "KG"}, "Internal_InvalidTableRelation", "related table (Item Unit of Measure)"),
        ({"taxCode": "NONE"}, "Internal_InvalidTableRelation", "related table (VAT Product Posting Group)"),
        ({"itemVariantId": guid("none")}, "Internal_RecordNotFound", "The Item Variant does not exist."),
        ({"locationId": guid("none")}, "Internal_RecordNotFound", "The Location does not exist."),
        ({"itemId": guid("none")}, "Application_DialogException", "Item does not exist."),
        ({"description2": "X" * 51}, "Application_StringExceededLength", "is 51"),
        ({"lineType": "Fruit"}, "BadRequest", "Cannot convert the literal 'Fruit'"),
        ({"itemNumber": "ITEM-001"}, "BadRequest", "The property 'itemNumber' does not exist"),
        ({"locationCode": "11"}, "BadRequest", "The property 'locationCode' does not exist"),
    ],
)
def test_a_refused_line_takes_the_order_with_it(changes: dict[str, Any], code: str, said: str) -> None:
    caller = Caller()
    status, found, text = caller.refused(order(line(), line(**changes)))

    assert (status, found) == (400, code)
    assert said in text
    assert caller.books()["orders"] == []


def test_a_blocked_item_is_refused() -> None:
    caller = Caller()
    caller.control("block_item", item="ITEM-001")

    assert caller.refused(order())[1:] == (
        "Application_FieldValidationException",
        "Blocked must be equal to 'No' in Item: No.=ITEM-001. Current value is 'Yes'.",
    )


def test_a_tax_code_needs_a_setup_with_the_customers_group() -> None:
    setup = {"companies": {"CRONUS": {"vat_posting_setup": {"ODD": {"FULL": "21"}}}}}
    caller = Caller(setup)
    caller.sandbox.world.companies["CRONUS"].customers["MKP-FR-EUR"].vat_group = "ODD"

    assert only_line(caller, line())["taxPercent"] == 21
    assert caller.refused(order(line(taxCode="RED")))[1] == "Internal_RecordNotFound"


def test_variants_locations_and_units_are_named_by_id() -> None:
    caller = Caller()
    (variant,) = [one for one in caller.rows("itemVariants") if one["code"] == "M-RED"]
    location = next(one["id"] for one in caller.rows("locations") if one["code"] == "11")
    unit = next(one["id"] for one in caller.rows("unitsOfMeasure") if one["code"] == "PCS")
    content = {"itemId": variant["itemId"], "itemVariantId": variant["id"], "locationId": location, "quantity": 1}
    only_line(caller, {**content, "unitOfMeasureId": unit, "unitPrice": 7})
    (found,) = caller.only_order()["lines"]

    assert (found["item"], found["variant"], found["warehouse"], found["unit"], found["amount"]) == (
        "SHIRT-01",
        "M-RED",
        "11",
        "PCS",
        7,
    )


def test_both_item_and_account_are_refused() -> None:
    caller = Caller()
    item, account = caller.rows("items")[0]["id"], caller.rows("accounts")[0]["id"]

    assert "Both" in caller.refused(order({"itemId": item, "accountId": account, "quantity": 1}))[2]
    assert only_line(caller, {"accountId": account, "quantity": 1, "unitPrice": 5})["lineType"] == "Account"


def test_a_price_of_zero_stays() -> None:
    found = only_line(Caller(), line(unitPrice=0))

    assert (found["unitPrice"], found["amountIncludingTax"], found["lineType"]) == (0, 0, "Item")
