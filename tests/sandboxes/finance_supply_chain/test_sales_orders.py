"""Sales orders as they are entered: numbers, defaults, places, amounts, partial orders, holds and deletions."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.finance_supply_chain.amounts import line_amount, rounded
from sandboxes.finance_supply_chain.controls import controls
from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.entities import LINES
from tests.sandboxes.finance_supply_chain.caller import START, Caller, header, line, order_changeset

ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')?cross-company=true"


def control(caller: Caller, name: str, **content: Any) -> Any:
    return controls(caller.sandbox)[name](content, caller.now)


def test_a_created_header_is_answered_in_full_with_what_was_filled_in() -> None:
    caller = Caller()
    given = header(CurrencyCode=..., InvoiceCustomerAccountNumber=..., DeliveryModeCode=...)
    answer = caller.call("POST", "SalesOrderHeadersV3?cross-company=true", given)
    content = answer.json()

    assert answer.status == 201
    assert answer.headers["location"].endswith(
        "/data/SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')"
    )
    assert content["@odata.etag"] == answer.headers["etag"]
    expected = {
        "CurrencyCode": "EUR",
        "InvoiceCustomerAccountNumber": "MKP-FR-EUR",
        "DeliveryModeCode": "STD",
        "SalesTaxGroupCode": "FR",
        "DeliveryAddressCountryRegionISOCode": "FR",
        "SalesOrderStatus": "Backorder",
        "IsSalesProcessingStopped": "No",
        "OrderCreationDateTime": "2026-03-02T08:00:30Z",
        "ConfirmedShippingDate": "1900-01-01T12:00:00Z",
        "RequestedShippingDate": "2026-03-04T12:00:00Z",
    }
    assert {name: content[name] for name in expected} == expected


def test_a_country_given_by_its_iso_code_is_completed() -> None:
    given = header(DeliveryAddressCountryRegionId=..., DeliveryAddressCountryRegionISOCode="DE")

    assert Caller().create("SalesOrderHeadersV3", given)["DeliveryAddressCountryRegionId"] == "DEU"


def test_an_address_that_is_not_order_specific_is_dropped_and_noted() -> None:
    caller = Caller()
    entered = caller.create("SalesOrderHeadersV3", header(IsDeliveryAddressOrderSpecific=...))

    assert entered["DeliveryAddressStreet"] == ""
    assert caller.books()["orders"][0]["address_present"] is False
    assert any("IsDeliveryAddressOrderSpecific" in one for one in caller.books()["ignored_inputs"])


def test_automatic_numbers_take_the_same_reference_twice() -> None:
    caller = Caller({"number_sequence": "automatic"})
    numbers = [caller.order(SalesOrderNumber=...) for _ in range(2)]

    assert len(set(numbers)) == 2
    assert caller.books()["creations_per_reference"] == {"usmf|MKA-0001-A": 2}
    found = caller.get("SalesOrderHeadersV3?$filter=CustomersOrderReference eq 'MKA-0001-A'")["value"]
    assert [one["SalesOrderNumber"] for one in found] == numbers


def test_manual_numbers_refuse_the_second_order_and_keep_the_first() -> None:
    caller = Caller()
    caller.order()
    before = caller.books()["orders"]
    caller.batch(order_changeset())

    assert caller.books()["orders"] == before
    assert caller.books()["duplicates_refused"] == 1


def test_the_same_number_in_another_company_is_another_order() -> None:
    caller = Caller()
    caller.order()
    caller.order(line(dataAreaId="frrt"), dataAreaId="frrt")

    assert [(one["company"], len(one["lines"])) for one in caller.books()["orders"]] == [("usmf", 1), ("frrt", 1)]


def test_a_duplicate_is_answered_with_the_status_that_is_set_up() -> None:
    caller = Caller({"duplicate_status": 500})
    caller.order()

    assert caller.call("POST", "SalesOrderHeadersV3", header()).status == 500


def test_manual_numbers_need_not_be_required() -> None:
    caller = Caller({"number_required": False})

    assert caller.order(SalesOrderNumber=...) == "000001"


def test_a_number_drawn_for_a_write_that_failed_is_gone() -> None:
    caller = Caller({"number_sequence": "automatic"})
    caller.batch(order_changeset(line(ItemNumber="ITEM-999"), SalesOrderNumber=...))

    assert caller.order(SalesOrderNumber=...) == "000002"


def test_a_partial_order_stays_visible() -> None:
    caller = Caller()
    caller.order(line(), line(ExternalItemNumber="2"))
    refused = caller.call("POST", "SalesOrderLinesV3?cross-company=true", line(ItemNumber="ITEM-999"))

    assert refused.status == 400
    (order,) = caller.get("SalesOrderHeadersV3?$expand=SalesOrderLines")["value"]
    assert [one["ExternalItemNumber"] for one in order["SalesOrderLines"]] == ["MKA-0001-A-1", "2"]


@pytest.mark.parametrize(
    ("given", "place"),
    [
        ({}, ("1", "11")),
        ({"ShippingWarehouseId": "21"}, ("2", "21")),
        ({"ShippingSiteId": "1", "ShippingWarehouseId": "12"}, ("1", "12")),
        ({"ShippingSiteId": "1"}, ("1", "11")),
    ],
)
def test_a_line_takes_its_place_from_itself_then_from_its_header(given: dict[str, str], place: tuple[str, str]) -> None:
    caller = Caller()
    caller.order(line(**given))
    (entered,) = caller.books()["orders"][0]["lines"]

    assert (entered["site"], entered["warehouse"]) == place


def test_a_line_fills_in_what_the_item_knows() -> None:
    caller = Caller()
    caller.order(line(ItemNumber="LOOSE-01", SalesUnitSymbol=..., SalesTaxItemGroupCode=..., OrderedSalesQuantity=...))
    (entered,) = caller.books()["orders"][0]["lines"]

    assert (entered["unit"], entered["item_tax_group"], entered["quantity"]) == ("kg", "RED", 1)


def test_a_variant_needs_its_dimensions() -> None:
    caller = Caller()
    caller.order(line(ItemNumber="SHIRT-01", ProductSizeId="M", ProductColorId="RED"))
    (entered,) = caller.books()["orders"][0]["lines"]

    assert (entered["size"], entered["colour"]) == ("M", "RED")


@pytest.mark.parametrize(
    ("changes", "amount"),
    [
        ({"OrderedSalesQuantity": 3, "SalesPrice": "3.335"}, "10.01"),
        ({"OrderedSalesQuantity": 3, "SalesPrice": "3.335", "SalesPriceQuantity": 10}, "1.00"),
        ({"OrderedSalesQuantity": 3, "SalesPrice": "10", "LineDiscountAmount": "1"}, "27.00"),
        ({"OrderedSalesQuantity": 3, "SalesPrice": "10", "LineDiscountPercentage": "10"}, "27.00"),
        ({"OrderedSalesQuantity": 3, "SalesPrice": "10", "FixedPriceCharges": "4.9"}, "34.90"),
        ({"OrderedSalesQuantity": 1, "SalesPrice": "-0.01"}, "-0.01"),
        ({"OrderedSalesQuantity": 7, "SalesPrice": "1.4285714285"}, "10.00"),
    ],
)
def test_a_line_amount_is_worked_out_to_the_cent(changes: dict[str, Any], amount: str) -> None:
    caller = Caller()
    numbers = {name: Decimal(value) for name, value in changes.items()}
    caller.order(line(**numbers))

    assert caller.books()["orders"][0]["lines"][0]["amount"] == Decimal(amount)


def test_yen_have_no_cents() -> None:
    caller = Caller()
    caller.order(line(SalesPrice=Decimal("1000.5"), OrderedSalesQuantity=1), CurrencyCode="JPY")

    assert caller.books()["orders"][0]["lines"][0]["amount"] == 1001


@given(
    quantity=st.integers(-1000, 1000),
    price=st.decimals(-(10**6), 10**6, places=4, allow_nan=False),
    per=st.sampled_from([1, 10, 100]),
)
def test_a_line_amount_is_never_a_cent_off(quantity: int, price: Decimal, per: int) -> None:
    values: dict[str, Value] = {
        **LINES.empty(),
        "OrderedSalesQuantity": Decimal(quantity),
        "SalesPrice": price,
        "SalesPriceQuantity": Decimal(per),
    }
    amount = line_amount(values, Decimal("0.01"))

    assert amount == rounded(amount, Decimal("0.01"))
    assert abs(amount - quantity * price / per) <= Decimal("0.005")


@pytest.mark.parametrize(("kept", "amount", "ignored"), [(False, "39.80", 1), (True, "41", 0)])
def test_an_amount_that_was_sent_is_kept_or_worked_out_again_as_set_up(kept: bool, amount: str, ignored: int) -> None:
    caller = Caller({"calculate_line_net_amount": not kept})
    caller.order(line(LineAmount=41))

    assert caller.books()["orders"][0]["lines"][0]["amount"] == Decimal(amount)
    assert len(caller.books()["ignored_inputs"]) == ignored


def test_a_trade_agreement_overrides_the_price_of_lines_created_from_then_on() -> None:
    caller = Caller()
    caller.order()
    control(caller, "trade_agreement", item="ITEM-001", price=18)
    caller.create("SalesOrderLinesV3", line())
    control(caller, "trade_agreement", item="ITEM-001", price=None)
    caller.create("SalesOrderLinesV3", line())

    assert [one["amount"] for one in caller.books()["orders"][0]["lines"]] == [Decimal("39.8"), 36, Decimal("39.8")]


def test_a_hold_is_set_and_lifted() -> None:
    caller = Caller()
    caller.order()
    assert caller.call("PATCH", ONE, {"IsSalesProcessingStopped": "Yes"}).status == 204
    assert caller.books()["orders"][0]["held"] is True
    assert caller.call("PATCH", ONE, {"IsSalesProcessingStopped": "No"}).status == 204
    assert caller.books()["orders"][0]["held"] is False


@pytest.mark.parametrize(("setting", "held"), [("kept", True), ("ignored", False)])
def test_a_hold_at_creation_counts_where_the_installation_keeps_it(setting: str, held: bool) -> None:
    caller = Caller({"stopped_on_create": setting})
    caller.order(IsSalesProcessingStopped="Yes")

    assert caller.books()["orders"][0]["held"] is held
    assert bool(caller.books()["ignored_inputs"]) is not held


def test_a_change_with_the_current_etag_is_taken_and_moves_it() -> None:
    caller = Caller()
    caller.order()
    etag = caller.get(ONE)["@odata.etag"]
    change = {"IsSalesProcessingStopped": "Yes"}

    assert caller.call("PATCH", ONE, change, headers={"if-match": etag}).status == 204
    assert caller.call("PATCH", ONE, change, headers={"if-match": etag}).status == 412


def test_a_changed_quantity_changes_the_amount() -> None:
    caller = Caller()
    caller.order()
    lot = caller.get("SalesOrderLinesV3")["value"][0]["InventoryLotId"]
    path = f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lot}')?cross-company=true"

    assert caller.call("PATCH", path, {"OrderedSalesQuantity": 3}).status == 204
    assert caller.get(path)["LineAmount"] == Decimal("59.7")
    assert caller.call("PATCH", path, {"ShippingWarehouseId": "21"}).status == 400
    assert caller.call("PATCH", path, {"ShippingSiteId": "2", "ShippingWarehouseId": "21"}).status == 204


def test_a_deleted_order_takes_its_lines_along_and_stays_in_the_books() -> None:
    caller = Caller()
    caller.order()
    caller.later(5)
    assert caller.call("DELETE", ONE).status == 204

    assert caller.get("SalesOrderHeadersV3")["value"] == []
    assert caller.get("SalesOrderLinesV3")["value"] == []
    (order,) = caller.books()["orders"]
    assert (order["created"], order["deleted"]) == (START, caller.now)
    assert [one["deleted"] for one in order["lines"]] == [caller.now]


def test_the_number_of_a_deleted_order_is_free_again() -> None:
    caller = Caller()
    caller.order()
    control(caller, "delete_order", number="MKA-0001-A")
    caller.later(5)
    caller.order()

    deleted, present = caller.books()["orders"]
    assert (len(deleted["lines"]), len(present["lines"])) == (1, 1)
    assert present["deleted"] is None
    assert caller.books()["creations_per_reference"] == {"usmf|MKA-0001-A": 2}


def test_a_deleted_line_leaves_the_others() -> None:
    caller = Caller()
    caller.order(line(), line(ExternalItemNumber="2"))
    lot = caller.get("SalesOrderLinesV3")["value"][0]["InventoryLotId"]

    assert caller.call("DELETE", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lot}')").status == 204
    assert [one["ExternalItemNumber"] for one in caller.get("SalesOrderLinesV3")["value"]] == ["2"]
    assert caller.create("SalesOrderLinesV3", line())["LineNumber"] == 3
