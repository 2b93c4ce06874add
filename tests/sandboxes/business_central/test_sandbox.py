"""Who may call, where, and what the journal is told of a call."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from sandboxes.business_central import worlds
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.faults import Fault, FaultySandbox
from sandboxes.wire import Request, Response
from tests.sandboxes.business_central.caller import API, COMPANY, ENVIRONMENT, Caller, error, matching, url


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 200),
        ({"client_secret": "wrong"}, 401),
        ({"client_id": "33333333-3333-3333-3333-333333333333"}, 400),
        ({"scope": "https://finance.other.example.com/.default"}, 400),
        ({"grant_type": "password"}, 400),
    ],
)
def test_tokens(changes: dict[str, str], status: int) -> None:
    assert Caller().sign_in(**changes).status == status


def test_a_token_that_expired_or_is_of_another_audience_is_refused() -> None:
    caller = Caller({"token_seconds": 60})
    assert caller.call("GET", "companies").status == 200
    caller.later(60)
    assert error(caller.call("GET", "companies"))[:2] == (401, "Authentication_InvalidCredentials")

    caller.token = str(caller.sign_in(scope="https://graph.microsoft.com/.default").json()["access_token"])
    assert caller.call("GET", "companies").status == 401
    caller.token = "made-up"
    assert caller.call("GET", "companies").status == 401


def test_a_client_without_a_card_is_forbidden() -> None:
    caller = Caller()
    caller.token = str(caller.sign_in(client_id=worlds.UNREGISTERED_CLIENT_ID).json()["access_token"])

    assert error(caller.call("GET", "companies"))[0] == 403


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        (API.replace("production", "elsewhere") + "companies", 404, "NoEnvironment"),
        (API + "companies(1)/salesOrders", 400, "BadRequest"),
        (API + "salesOrders", 404, "BadRequest_ResourceNotFound"),
        (API + COMPANY + "salesorders", 404, "BadRequest_ResourceNotFound"),
        (ENVIRONMENT + "api/v1.0/companies", 404, "BadRequest_ResourceNotFound"),
        ("https://api.businesscentral.dynamics.com/", 404, "BadRequest_ResourceNotFound"),
    ],
)
def test_addresses_that_are_not_there(path: str, status: int, code: str) -> None:
    assert error(Caller().call("GET", path))[:2] == (status, code)


@pytest.mark.parametrize(
    ("method", "path", "operation"),
    [
        ("GET", "salesOrders", "read"),
        ("POST", "salesOrders", "create"),
        ("PATCH", "salesOrders(00000000-0000-0000-0000-000000000001)", "update"),
        ("DELETE", "salesOrders(00000000-0000-0000-0000-000000000001)", "delete"),
        ("POST", "salesOrders(00000000-0000-0000-0000-000000000001)/Microsoft.NAV.shipAndInvoice", "action"),
        ("POST", "$batch", "batch"),
        ("GET", f"{ENVIRONMENT}ODataV4/Company('CRONUS')/Anything", "tracking"),
        ("GET", "https://example.com/elsewhere", "unknown"),
        ("POST", "https://login.example.com/tenant/oauth2/v2.0/token", "token"),
    ],
)
def test_operations(method: str, path: str, operation: str) -> None:
    assert BusinessCentral(worlds.demo()).operation(Request.to(method, url(path))) == operation


def test_the_subject_is_the_reference_however_the_order_is_named() -> None:
    caller = Caller()
    found = caller.create()
    line = found["salesOrderLines"][0]["id"]
    batched = b'{"requests":[{"id":"1","method":"POST","url":"x","body":{"externalDocumentNumber":"MKA-0001-A"}}]}'
    requests = [
        Request.to("POST", url("salesOrders"), body=b'{"externalDocumentNumber": "MKA-0001-A"}'),
        Request.to("GET", url(matching("salesOrders", "externalDocumentNumber eq 'MKA-0001-A'"))),
        Request.to("PATCH", url(f"salesOrders({found['id']})")),
        Request.to("DELETE", url(f"salesOrderLines({line})")),
        Request.to("GET", url(matching("salesOrderLines", f"documentId eq {found['id']}"))),
        Request.to("POST", url("$batch"), body=batched),
    ]

    assert {caller.sandbox.subject(one) for one in requests} == {"MKA-0001-A"}
    assert caller.sandbox.subject(Request.to("GET", url("companies"))) == ""
    number = Request.to("GET", url(matching("customers", "number eq 'MKP-FR-EUR'")))
    assert caller.sandbox.subject(number) == "MKP-FR-EUR"


def test_an_answer_may_be_lost_behind_the_commit() -> None:
    caller = Caller()
    faulty = FaultySandbox(caller.sandbox, faults=[Fault("unavailable_after", operation="create", subject="A-1")])
    token = caller.sign_in().json()["access_token"]
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}
    body = json.dumps({"customerNumber": "MKP-FR-EUR", "externalDocumentNumber": "A-1"}).encode()
    answer = faulty.handle(Request.to("POST", url("salesOrders"), headers=headers, body=body), caller.now)

    assert isinstance(answer, Response)
    assert (answer.status, answer.headers["retry-after"]) == (503, "60")
    assert len(caller.books()["orders"]) == 1


def test_time_only_moves_forward_in_the_books() -> None:
    caller = Caller({"releases_after_seconds": 60})
    caller.create()
    caller.later(3600)
    found = caller.rows("salesOrders")[0]

    assert found["lastModifiedDateTime"].startswith("2026-03-02T08:01:30")
    assert caller.now - timedelta(hours=1) == caller.only_order()["created"]
