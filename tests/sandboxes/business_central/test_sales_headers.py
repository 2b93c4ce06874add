"""An order's header: what comes from the customer, what the API refuses, and with which code."""

from __future__ import annotations

from typing import Any

import pytest

from sandboxes.business_central.ids import guid
from tests.sandboxes.business_central.caller import BLANK, Caller, header, order

DIALOG = "Application_DialogException"
FIELD = "Application_FieldValidationException"
RELATION = "Internal_InvalidTableRelation"
LENGTH = "Application_StringExceededLength"


def test_the_customer_brings_currency_tax_dimensions_and_shipment_method() -> None:
    card = {"currency": "GBP", "name": "Marketplace C", "vat_group": "GB", "prices_include_tax": True}
    card |= {"dimensions": ["MKPB", ""], "shipment_method": "EXP", "location": "21"}
    caller = Caller({"companies": {"CRONUS": {"customers": {"MKP-C": card}}}})
    found = caller.create(order(customerNumber="MKP-C", currencyCode=..., pricesIncludeTax=...))

    assert (found["currencyCode"], found["pricesIncludeTax"]) == ("GBP", True)
    assert found["shortcutDimension1Code"] == "MKPB"
    assert caller.only_order()["delivery_mode"] == "EXP"
    assert caller.only_order()["lines"][0]["warehouse"] == "21"


def test_what_is_sent_before_the_customer_is_lost_and_counted() -> None:
    caller = Caller()
    content = {"currencyCode": "GBP", **order(currencyCode=...)}

    assert caller.create(content)["currencyCode"] == "EUR"
    assert caller.books()["ignored_inputs"] == {"currencyCode of an order: sent before the customer": 1}


def test_another_country_than_the_customers_empties_the_places_before_it() -> None:
    card = {"currency": "EUR", "name": "Marketplace C", "vat_group": "FR", "country": "DEU"}
    caller = Caller({"companies": {"CRONUS": {"customers": {"MKP-C": card}}}})
    found = caller.create(order(customerNumber="MKP-C"))
    assert (found["shipToCountry"], found["shipToCity"], found["shipToPostCode"]) == ("FRA", "", "")
    country = {"customerNumber": "MKP-C", "shipToCountry": "FRA"}
    found = caller.create({**country, **order(customerNumber="MKP-C")})
    assert (found["shipToCountry"], found["shipToCity"], found["shipToPostCode"]) == ("FRA", "Exampleville", "69002")


def test_the_external_document_number_is_a_code() -> None:
    caller = Caller()

    assert caller.create(order(externalDocumentNumber=" mka-0002-a "))["externalDocumentNumber"] == "MKA-0002-A"
    assert caller.books()["creations_per_reference"] == {"CRONUS|MKA-0002-A": 1}


def test_the_same_external_document_number_makes_another_order() -> None:
    caller = Caller()
    numbers = [caller.create()["number"] for _ in range(2)]

    assert numbers == ["101001", "101002"]
    assert caller.books()["creations_per_reference"] == {"CRONUS|MKA-0001-A": 2}


@pytest.mark.parametrize(
    ("changes", "code", "said"),
    [
        ({"customerNumber": ...}, DIALOG, 'A "customerNumber" or a "customerId" must be provided.'),
        ({"customerNumber": "NOBODY"}, DIALOG, "The sell-to customer cannot be found."),
        ({"customerNumber": "MKP-HOLD"}, DIALOG, "blocked with type All"),
        ({"customerNumber": "MKP-BARE"}, FIELD, "Gen. Bus. Posting Group must have a value"),
        ({"phoneNumber": "+00 1 ext. 4"}, DIALOG, "must not contain letters"),
        ({"customerNumber": "MKP-US-USD"}, DIALOG, "VAT Calculation Type is Sales Tax"),
        ({"currencyCode": "XXX"}, DIALOG, 'The "currencyCode" does not match to a Currency.'),
        ({"shipmentMethodId": guid("none")}, DIALOG, 'The "shipmentMethodId" does not match'),
        ({"shipToCountry": "XXX"}, RELATION, "(XXX) that cannot be found in the related table (Country/Region)"),
        ({"shortcutDimension1Code": "XXX"}, RELATION, "related table (Dimension Value)"),
        ({"salesperson": "XXX"}, RELATION, "related table (Salesperson/Purchaser)"),
        ({"externalDocumentNumber": "X" * 36}, LENGTH, "is 36, but it must be less than or equal to 35"),
        ({"shipToCity": "X" * 31}, LENGTH, "is 31, but it must be less than or equal to 30"),
        ({"shipToAddressLine2": "X" * 51}, LENGTH, "is 51, but it must be less than or equal to 50"),
        ({"shipToStreet": "X"}, "BadRequest", "The property 'shipToStreet' does not exist"),
        ({"number": "101001"}, "BadRequest", "Control 'number' is read-only."),
        ({"orderDate": "yesterday"}, "BadRequest", "to the expected type 'Edm.Date'"),
        ({"pricesIncludeTax": "Yes"}, "BadRequest", "to the expected type 'Edm.Boolean'"),
    ],
)
def test_what_is_refused_leaves_nothing(changes: dict[str, Any], code: str, said: str) -> None:
    caller = Caller()
    status, found, text = caller.refused(order(**changes))

    assert (status, found) == (400, code)
    assert said in text
    assert caller.books()["orders"] == []


def test_a_header_without_lines_is_an_order_and_a_blank_id_is_none() -> None:
    caller = Caller()
    found = caller.create(header(shipmentMethodId=BLANK, requestedDeliveryDate=...))

    assert (found["salesOrderLines"], found["shipmentMethodId"]) == ([], BLANK)
    assert (found["status"], found["requestedDeliveryDate"]) == ("Draft", "0001-01-01")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'{"customerNumber":"MKP-FR-EUR","customerNumber":"MKP-FR-EUR"}', b"\xff"]
)
def test_a_body_that_is_no_object_is_refused(body: bytes) -> None:
    answer = Caller().call("POST", "salesOrders", body=body)

    assert (answer.status, answer.json()["error"]["code"]) == (400, "BadRequest_InvalidRequestBody")
