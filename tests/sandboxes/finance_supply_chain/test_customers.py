"""Customers that callers create: what is filled in, what orders take over, twice at once, and what the books keep."""

from __future__ import annotations

import json
from typing import Any

import pytest

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import START, Caller, changeset, customer, header, operation, whole

URL = "CustomersV3?cross-company=true"
ONE = "CustomersV3(dataAreaId='usmf',CustomerAccount='MKA-SHOPPER-1')?cross-company=true"
SHOPPER = {"OrderingCustomerAccountNumber": "MKA-SHOPPER-1", "InvoiceCustomerAccountNumber": ...}
COMPANY = {"PartyType": "Organization", "OrganizationName": "Example Organisation", "PersonLastName": ...}


def test_a_created_customer_is_answered_in_full_and_found_again() -> None:
    caller = Caller()
    answer = caller.call("POST", URL, customer())

    assert answer.status == 201
    assert answer.headers["location"].endswith("/data/CustomersV3(dataAreaId='usmf',CustomerAccount='MKA-SHOPPER-1')")
    (found,) = caller.get(f"{URL}&$filter=CustomerAccount eq 'mka-shopper-1'")["value"]
    assert found.items() <= caller.get(ONE).items()
    expected = {
        "LanguageId": "en-US",
        "OnHoldStatus": "No",
        "AddressCountryRegionISOCode": "FR",
        "PersonLastName": "Shopper",
        "OrganizationName": "",
    }
    assert {name: answer.json()[name] for name in expected} == expected


def test_orders_are_taken_for_it_and_invoiced_to_its_invoice_account() -> None:
    caller = Caller()
    assert caller.call("POST", "SalesOrderHeadersV3", header(**SHOPPER)).status == 400
    caller.create("CustomersV3", customer(DeliveryMode="EXP"))
    entered = caller.create("SalesOrderHeadersV3", header(**SHOPPER, CurrencyCode=..., DeliveryModeCode=...))

    names = ("InvoiceCustomerAccountNumber", "CurrencyCode", "SalesTaxGroupCode", "DeliveryModeCode")
    assert [entered[name] for name in names] == ["MKP-FR-EUR", "EUR", "FR", "EXP"]
    assert caller.create("SalesOrderHeadersV3", header(**{**SHOPPER, "SalesOrderNumber": "B"}))


def test_a_customer_without_an_invoice_account_is_invoiced_itself() -> None:
    caller = Caller()
    caller.create("CustomersV3", customer(InvoiceAccount=...))

    entered = caller.create("SalesOrderHeadersV3", header(**SHOPPER))
    assert entered["InvoiceCustomerAccountNumber"] == "MKA-SHOPPER-1"


def test_two_at_once_make_one_and_the_second_is_told() -> None:
    caller = Caller()
    statuses = [caller.call("POST", URL, customer(CustomerAccount=name)).status for name in ("A-1", "a-1 ")]

    assert statuses == [201, 400]
    assert [one["account"] for one in caller.books()["customers"]] == ["A-1"]
    assert caller.books()["duplicates_refused"] == 1


def test_the_same_account_in_another_company_is_another_customer() -> None:
    caller = Caller()
    caller.create("CustomersV3", customer())
    caller.create("CustomersV3", customer(dataAreaId="frrt"))

    assert [one["company"] for one in caller.books()["customers"]] == ["usmf", "frrt"]


def test_a_customer_of_a_change_set_that_failed_was_never_there() -> None:
    caller = Caller()
    parts = (
        operation("POST", URL, customer(), content_id="1"),
        operation("POST", "SalesOrderHeadersV3", header(**SHOPPER), content_id="2"),
        operation("POST", "SalesOrderHeadersV3", header(CurrencyCode="XTS"), content_id="3"),
    )
    caller.batch(whole(changeset(*parts)))

    assert caller.call("GET", ONE).status == 404
    assert caller.call("POST", "SalesOrderHeadersV3", header(**SHOPPER)).status == 400
    assert caller.books()["customers"] == []
    caller.batch(whole(changeset(*parts[:2])))
    assert len(caller.books()["orders"]) == len(caller.books()["customers"]) == 1


def test_a_change_reaches_the_next_order() -> None:
    caller = Caller()
    caller.create("CustomersV3", customer())
    assert caller.call("PATCH", ONE, {"SalesTaxGroup": "EXEMPT", "AddressCountryRegionId": "DEU"}).status == 204

    entered = caller.create("SalesOrderHeadersV3", header(**SHOPPER))
    assert entered["SalesTaxGroupCode"] == "EXEMPT"
    assert caller.get(ONE)["AddressCountryRegionISOCode"] == "DE"


@pytest.mark.parametrize("status", ["All", "Invoice"])
def test_a_created_customer_is_put_on_hold_by_people_or_by_callers(status: str) -> None:
    caller = Caller()
    caller.create("CustomersV3", customer())
    control = controls(caller.sandbox)["put_customer_on_hold"]
    control({"customer": "MKA-SHOPPER-1", "on_hold": status}, caller.now)
    assert caller.get(ONE)["OnHoldStatus"] == status
    assert caller.call("POST", "SalesOrderHeadersV3", header(**SHOPPER)).status == 400

    caller.call("PATCH", ONE, {"OnHoldStatus": "No"})
    assert caller.call("POST", "SalesOrderHeadersV3", header(**SHOPPER)).status == 201
    caller.call("PATCH", ONE, {"OnHoldStatus": status})
    assert caller.call("POST", "SalesOrderHeadersV3", header(**{**SHOPPER, "SalesOrderNumber": "B"})).status == 400


def test_a_name_of_the_other_kind_of_party_is_dropped_and_noted() -> None:
    caller = Caller()
    entered = caller.create("CustomersV3", customer(OrganizationName="Example Organisation"))

    assert entered["OrganizationName"] == ""
    assert caller.books()["ignored_inputs"] == {"CustomersV3.OrganizationName of a party of type Person": 1}


@pytest.mark.parametrize(
    ("settings", "number", "status"),
    [
        ({}, "FR00000000000", 201),
        ({"validates_tax_exempt_numbers": True}, "", 201),
        ({"validates_tax_exempt_numbers": True}, "FR00000000000", 400),
        (
            {
                "validates_tax_exempt_numbers": True,
                "companies": {"usmf": {"tax_exempt_numbers": {"FR00000000000": "FRA"}}},
            },
            "FR00000000000",
            201,
        ),
    ],
)
def test_a_tax_number_is_taken_unless_the_installation_checks_it(
    settings: dict[str, Any], number: str, status: int
) -> None:
    caller = Caller(settings)

    assert caller.call("POST", URL, customer(**COMPANY, TaxExemptNumber=number)).status == status


def test_a_customer_without_orders_is_deleted_and_one_with_orders_stays() -> None:
    caller = Caller()
    caller.create("CustomersV3", customer())
    caller.create("SalesOrderHeadersV3", header(**SHOPPER))
    assert caller.call("DELETE", ONE).status == 400

    controls(caller.sandbox)["delete_order"]({"number": "MKA-0001-A"}, caller.now)
    assert caller.call("DELETE", ONE).status == 204
    assert caller.call("POST", "SalesOrderHeadersV3", header(**SHOPPER)).status == 400
    assert caller.call("GET", ONE).status == 404


def test_the_books_tell_created_customers_from_one_another_and_say_nothing_of_who_they_are() -> None:
    caller = Caller()
    caller.create("CustomersV3", customer(PrimaryContactEmail="alias-1@example.com"))
    caller.create("CustomersV3", customer(CustomerAccount="B2B-1", **COMPANY, TaxExemptNumber="FR00000000000"))
    person, organization = caller.books()["customers"]

    names = ("account", "group", "party_type", "has_alias", "organization", "tax_number", "created")
    assert [person[name] for name in names] == ["MKA-SHOPPER-1", "30", "Person", True, False, False, START]
    assert [organization[name] for name in names] == ["B2B-1", "30", "Organization", False, True, True, START]
    text = json.dumps(caller.books(), default=str)
    assert not any(part in text for part in ("Shopper", "Example", "alias-1", "FR0000", "69002"))
