"""A shopper as a customer: what is sent, and what follows from each answer."""

from __future__ import annotations

import httpx
import pytest

from shared.erp.business_central.customers import body
from shared.errors import BridgeError, Rejected, Throttled, Unavailable, UnknownOutcome
from shared.model.sales_order import CustomerDraft
from tests.erp.business_central.drafts import address, coded, customer
from tests.erp.business_central.far_end import Planned, answered, collection, erp, far_end, html

LOOK, CREATE = "GET customers", "POST customers"
THERE = {"number": "NO-ABCDEFGHIJKLMNOPQ"}
MADE = httpx.Response(201, json=THERE)


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (customer(), {"displayName": "Shopper One", "type": "Person", "addressLine1": "Test Street 5"}),
        (customer(organization="Company Two"), {"displayName": "Company Two", "type": "Company"}),
        (customer(first_name="", last_name=""), {"displayName": "Shopper One"}),
        (
            customer(address=address(street_2="Yard", additional_info="Door 7")),
            {"addressLine1": "Test Street 5", "addressLine2": "Yard, Door 7"},
        ),
        (
            customer(address=address(street_2="Y" * 51)),
            {"addressLine1": f"Test Street 5, {'Y' * 51}", "addressLine2": None},
        ),
        (customer(tax_number="FR0", alias="p@example.com"), {"taxRegistrationNumber": "FR0", "email": "p@example.com"}),
    ],
)
def test_what_a_customer_is_created_with(draft: CustomerDraft, expected: dict[str, str | None]) -> None:
    sent = body(draft)
    assert {name: sent.get(name) for name in expected} == expected
    assert next(iter(sent)) == "number"
    places = [name for name in sent if name in {"country", "postalCode", "city"}]
    assert places == ["country", "postalCode", "city"], "each before what it changes"
    assert all(sent.values())


def test_what_does_not_fit_is_refused_by_its_field() -> None:
    with pytest.raises(Rejected) as refused:
        body(customer(address=address(city="C" * 31)))
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", "city")


@pytest.mark.parametrize(
    ("answers", "calls"),
    [
        ((collection(THERE),), [LOOK]),
        ((collection(), MADE), [LOOK, CREATE]),
        (
            (collection(), answered(coded("Internal_EntityWithSameKeyExists")), collection(THERE)),
            [LOOK, CREATE, LOOK],
        ),
    ],
    ids=["there", "made", "made by another meanwhile"],
)
async def test_one_customer_for_an_account(answers: tuple[Planned, ...], calls: list[str]) -> None:
    end = far_end(*answers)
    await erp(end).customers.ensure(customer())
    assert end.calls == calls


REFUSED = answered(coded("Application_DialogException", "Shopper One is not welcome."))


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((httpx.Response(503),), Unavailable),
        ((collection({}),), Unavailable),
        ((collection(), httpx.ReadTimeout), UnknownOutcome),
        ((collection(), html()), UnknownOutcome),
        ((collection(), httpx.Response(429)), Throttled),
        ((collection(), answered(coded("Request_EntityChanged", status=409)), collection()), Throttled),
        ((collection(), REFUSED, collection()), Rejected),
        ((collection(), REFUSED, httpx.Response(503)), UnknownOutcome),
    ],
)
async def test_what_else_may_come_of_it(answers: tuple[Planned, ...], expected: type[BridgeError]) -> None:
    with pytest.raises(expected) as failed:
        await erp(far_end(*answers)).customers.ensure(customer())
    assert type(failed.value) is expected
    assert "Shopper" not in str(failed.value)


async def test_a_company_that_is_not_there_is_named() -> None:
    known = {"id": "c0ffee00-0000-4000-8000-000000000001", "name": "CRONUS"}
    with pytest.raises(Rejected) as refused:
        await erp(far_end(collection(known))).customers.ensure(customer(company="CRNOUS"))
    assert refused.value.kind == "shop_misconfigured"
