"""A shopper as a customer: what is sent, and what follows from each answer."""

from __future__ import annotations

import json
from dataclasses import replace

import httpx
import pytest

from shared.erp.finance_supply_chain.connect import open_erp
from shared.erp.finance_supply_chain.customers import body
from shared.errors import BridgeError, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome
from shared.model.sales_order import CustomerDraft
from tests.erp.finance_supply_chain.drafts import address, configuration, customer, odata_error
from tests.erp.finance_supply_chain.far_end import FarEnd, Planned, around, collection, far_end, html, refused

READ, CREATE = "GET CustomersV3", "POST CustomersV3"
NONE, THERE = collection(), collection({"CustomerAccount": customer().account})
CREATED = httpx.Response(201, json={"CustomerAccount": customer().account})
EXISTS = refused(odata_error("Cannot create a record in Customers. The record already exists."))
ORGANIZATION = customer(organization="Company  Two", tax_number="DE000000000", identification_number="HRB-0")


async def ensure(end: FarEnd, who: CustomerDraft | None = None) -> None:
    port = open_erp(configuration(), around(end)).customers
    await port.ensure(who or customer())


async def test_a_customer_that_is_there_takes_one_call() -> None:
    end = far_end(THERE)
    await ensure(end)
    assert end.calls == ["token", READ]
    assert end.asked[1].url.params["$filter"] == ("dataAreaId eq 'usmf' and CustomerAccount eq 'NO-ABCDEFGHIJKLMNOPQ'")


async def test_a_customer_that_is_not_there_is_created() -> None:
    end = far_end(NONE, CREATED)
    await ensure(end)
    assert end.calls == ["token", READ, CREATE]
    assert json.loads(end.asked[2].content) == {
        "dataAreaId": "usmf",
        "CustomerAccount": "NO-ABCDEFGHIJKLMNOPQ",
        "CustomerGroupId": "30",
        "SalesCurrencyCode": "EUR",
        "PartyType": "Person",
        "PersonFirstName": "Shopper",
        "PersonLastName": "One",
        "AddressStreet": "Test Street 5",
        "AddressCity": "Testville",
        "AddressZipCode": "00001",
        "AddressCountryRegionId": "DEU",
    }


async def test_whoever_comes_second_finds_it_there() -> None:
    end = far_end(NONE, EXISTS, THERE)
    await ensure(end)
    assert end.calls == ["token", READ, CREATE, READ]


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        ([httpx.ReadTimeout], Unavailable),
        ([html()], Unavailable),
        ([httpx.Response(429)], Throttled),
        ([NONE, httpx.ConnectError], Unavailable),
        ([NONE, httpx.ReadTimeout], UnknownOutcome),
        ([NONE, html()], UnknownOutcome),
        ([NONE, httpx.Response(500)], UnknownOutcome),
        ([NONE, httpx.Response(403)], Unauthorized),
        ([NONE, refused(odata_error("Update conflict.")), NONE], UnknownOutcome),
        ([NONE, EXISTS, httpx.ReadTimeout], UnknownOutcome),
        ([NONE, EXISTS, NONE], Rejected),
    ],
)
async def test_what_follows_from_a_failure(planned: list[Planned], expected: type[BridgeError]) -> None:
    with pytest.raises(expected) as failed:
        await ensure(far_end(*planned))
    assert type(failed.value) is expected


async def test_a_refusal_names_the_account_and_not_the_shopper() -> None:
    told = "Customer Shopper One (DE000000000, a@example.com) of Test Street 5: group 30 does not exist."
    who = customer(tax_number="DE000000000", alias="a@example.com")
    with pytest.raises(Rejected) as failed:
        await ensure(far_end(NONE, refused(odata_error(told)), NONE), who)
    assert (failed.value.kind, failed.value.subject) == ("erp_refused", f"customer {who.account}")
    assert "group 30 does not exist" in failed.value.reason
    for value in ("Shopper", "One", "DE000000000", "example.com", "Test Street"):
        assert value not in str(failed.value)


def test_an_organization_carries_its_numbers() -> None:
    sent = body(ORGANIZATION, configuration())
    assert {name: sent[name] for name in sent if not name.startswith(("Address", "Customer", "Sales", "data"))} == {
        "PartyType": "Organization",
        "OrganizationName": "Company Two",
        "OrganizationNumber": "HRB-0",
        "TaxExemptNumber": "DE000000000",
    }


@pytest.mark.parametrize(
    ("who", "first", "last"),
    [
        (customer(), "Shopper", "One"),
        (customer(first_name=""), None, "One"),
        (customer(last_name=" "), None, "Shopper"),
        (customer(first_name="", last_name="", address=address(name="Shopper Three")), None, "Shopper Three"),
    ],
)
def test_a_person_has_a_last_name(who: CustomerDraft, first: str | None, last: str) -> None:
    sent = body(who, configuration())
    assert (sent.get("PersonFirstName"), sent["PersonLastName"]) == (first, last)


@pytest.mark.parametrize("alias", ["", "proxy-1@example.com"])
def test_the_alias_is_a_contact_only_where_it_is_given(alias: str) -> None:
    assert body(customer(alias=alias), configuration()).get("PrimaryContactEmail", "") == alias


def test_codes_that_are_given_are_sent() -> None:
    sent = body(customer(tax_group="DOM", invoice_account="C-NORTH", identification_number="ID-0"), configuration())
    assert (sent["SalesTaxGroup"], sent["InvoiceAccount"], sent["IdentificationNumber"]) == ("DOM", "C-NORTH", "ID-0")


def test_a_state_is_a_code_only_where_the_client_says_so() -> None:
    who = customer(address=address(street_2="Yard 1", state="Teststate"))
    assert body(who, configuration())["AddressStreet"] == "Test Street 5\nYard 1\nTeststate"
    sent = body(who, configuration(AddressState=10))
    assert (sent["AddressStreet"], sent["AddressState"]) == ("Test Street 5\nYard 1", "Teststate")


@pytest.mark.parametrize(
    ("who", "field"),
    [
        (customer(last_name="N" * 61), "PersonLastName"),
        (customer(first_name="N" * 61), "PersonFirstName"),
        (replace(ORGANIZATION, organization="N" * 101), "OrganizationName"),
        (customer(address=address(street_1="N" * 251)), "AddressStreet"),
        (customer(account="N" * 21), "CustomerAccount"),
    ],
)
async def test_a_text_that_does_not_fit_is_never_cut(who: CustomerDraft, field: str) -> None:
    end = far_end(NONE)
    with pytest.raises(Rejected) as failed:
        await ensure(end, who)
    assert (failed.value.kind, failed.value.subject) == ("text_does_not_fit", field)
    assert "NNN" not in str(failed.value)
    assert end.calls == ["token", READ]
