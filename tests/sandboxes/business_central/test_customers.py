"""Customers that callers create: numbers, posting groups from a template, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sandboxes.business_central.caller import Caller, customer, error, matching, order

ANY = {"if-match": "*"}


def test_a_customer_with_a_number_of_ours_can_be_sold_to() -> None:
    caller = Caller()
    found = caller.create(customer(), path="customers")
    caller.create(order(customerNumber="MKA-SHOPPER-1"))

    assert (found["number"], found["type"], found["blocked"]) == ("MKA-SHOPPER-1", "Person", "_x0020_")
    assert caller.only_order()["customer"] == "MKA-SHOPPER-1"
    (one,) = caller.books()["customers"]
    assert (one["account"], one["organization"], one["has_alias"], one["deleted"]) == (
        "MKA-SHOPPER-1",
        False,
        False,
        None,
    )
    assert "Shopper" not in str({**one, "account": ""})


def test_without_a_template_nothing_can_be_sold_to_it() -> None:
    caller = Caller({"customer_template": False})
    caller.create(customer(), path="customers")

    assert "Gen. Bus. Posting Group" in caller.refused(order(customerNumber="MKA-SHOPPER-1"))[2]


def test_the_tax_area_is_its_vat_group() -> None:
    caller = Caller()
    area = next(one["id"] for one in caller.rows("taxAreas") if one["code"] == "DE")
    caller.create(customer(taxAreaId=area), path="customers")

    assert caller.create(order(customerNumber="MKA-SHOPPER-1"))["salesOrderLines"][0]["taxPercent"] == 19


def test_numbers_come_from_the_series_where_none_is_given() -> None:
    caller = Caller({"customer_numbers": "automatic"})

    assert caller.create(customer(number=...), path="customers")["number"] == "C00001"
    assert "You may not enter numbers manually" in caller.refused(customer(), path="customers")[2]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"displayName": ...}, "Application_DialogException"),
        ({"displayName": " "}, "Application_DialogException"),
        ({"country": "XXX"}, "Internal_InvalidTableRelation"),
        ({"currencyCode": "XXX"}, "Application_DialogException"),
        ({"city": "X" * 31}, "Application_StringExceededLength"),
        ({"postingGroup": "X"}, "BadRequest"),
    ],
)
def test_what_is_refused(changes: dict[str, Any], code: str) -> None:
    caller = Caller()

    assert caller.refused(customer(**changes), path="customers")[:2] == (400, code)
    assert caller.books()["customers"] == []


def test_a_number_is_given_once() -> None:
    caller = Caller()
    caller.create(customer(), path="customers")

    assert caller.refused(customer(), path="customers")[1] == "Internal_EntityWithSameKeyExists"
    assert caller.refused(customer(number="mkp-fr-eur"), path="customers")[1] == "Internal_EntityWithSameKeyExists"
    assert caller.books()["duplicates_refused"] == 2


def test_a_customer_is_changed_blocked_and_deleted_unless_it_has_orders() -> None:
    caller = Caller()
    found = caller.create(customer(), path="customers")
    address = f"customers({found['id']})"

    assert caller.call("PATCH", address, {"city": "Sampletown"}, headers=ANY).json()["city"] == "Sampletown"
    number = caller.create(order(customerNumber="MKA-SHOPPER-1"))["number"]
    assert "outstanding" in error(caller.call("DELETE", address, headers=ANY))[2]
    caller.control("delete_order", number=number)
    assert caller.call("DELETE", address, headers=ANY).status == 204
    assert caller.books()["customers"][0]["deleted"] == caller.now


def test_a_customer_on_hold_shows_it() -> None:
    caller = Caller()
    caller.control("put_customer_on_hold", customer="MKP-FR-EUR")
    (found,) = caller.rows(matching("customers", "number eq 'MKP-FR-EUR'"))

    assert found["blocked"] == "All"
    assert "blocked with type All" in caller.refused(order())[2]
    caller.control("put_customer_on_hold", customer="MKP-FR-EUR", on_hold="No")
    caller.create()
