"""Tokens: what Entra refuses, what a token is good for, and when it ends."""

from __future__ import annotations

import pytest

from sandboxes.finance_supply_chain import worlds
from sandboxes.wire import Request
from tests.sandboxes.finance_supply_chain.caller import HOST, Caller

REFUSED = (
    ("wrong secret", {"client_secret": "guess"}, 401, "invalid_client", "AADSTS7000215"),
    ("unknown client", {"client_id": "nobody"}, 400, "unauthorized_client", "AADSTS700016"),
    ("other grant", {"grant_type": "password"}, 400, "unsupported_grant_type", "AADSTS70003"),
    ("no grant", {"grant_type": ""}, 400, "invalid_request", "AADSTS900144"),
    ("no secret", {"client_secret": ""}, 400, "invalid_request", "AADSTS900144"),
    ("no scope", {"scope": ""}, 400, "invalid_request", "AADSTS900144"),
    ("scope without .default", {"scope": f"https://{HOST}"}, 400, "invalid_scope", "AADSTS1002012"),
    ("two scopes", {"scope": f"openid https://{HOST}/.default"}, 400, "invalid_scope", "AADSTS1002012"),
    ("unknown resource", {"scope": "https://other.example.com/.default"}, 400, "invalid_resource", "AADSTS500011"),
)


@pytest.mark.parametrize(("name", "changes", "status", "error", "code"), REFUSED, ids=[one[0] for one in REFUSED])
def test_entra_refuses_with_a_code(name: str, changes: dict[str, str], status: int, error: str, code: str) -> None:
    answer = Caller().sign_in(**changes)

    assert answer.status == status
    assert answer.json()["error"] == error
    assert answer.json()["error_description"].startswith(code)


def test_another_tenant_is_unknown_where_the_tenant_is_set() -> None:
    caller = Caller({"tenant": "the-tenant"})

    assert caller.sign_in().json()["error_description"].startswith("AADSTS90002")


def test_a_body_that_is_no_form_lacks_its_parameters() -> None:
    request = Request.to("POST", "https://login.example.com/t/oauth2/v2.0/token", body=b'{"grant_type": "x"}')

    assert Caller().sandbox.handle(request, Caller().now).json()["error"] == "invalid_request"


def test_a_token_is_good_until_it_expires_and_not_a_second_longer() -> None:
    caller = Caller()
    granted = caller.sign_in().json()
    assert granted["token_type"] == "Bearer"
    caller.token = granted["access_token"]

    caller.later(granted["expires_in"] - 1)
    assert caller.call("GET", "CustomersV3").status == 200
    caller.later(1)
    assert caller.call("GET", "CustomersV3").status == 401
    caller.token = ""
    assert caller.call("GET", "CustomersV3").status == 200


@pytest.mark.parametrize(
    "scope", [f"https://{HOST}//.default", "https://graph.microsoft.com/.default"], ids=["slash", "foreign"]
)
def test_a_token_for_another_audience_is_unauthorized(scope: str) -> None:
    caller = Caller()
    caller.token = caller.sign_in(scope=scope).json()["access_token"]

    assert caller.call("GET", "CustomersV3").status == 401


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer nonsense", "Basic abc"])
def test_without_a_known_token_the_answer_is_401_with_a_challenge(authorization: str) -> None:
    answer = Caller().call("GET", "CustomersV3", headers={"authorization": authorization})

    assert answer.status == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert answer.body == b""


def test_a_client_that_only_entra_knows_is_forbidden() -> None:
    caller = Caller()
    caller.token = caller.sign_in(client_id=worlds.UNREGISTERED_CLIENT_ID).json()["access_token"]

    assert caller.call("GET", "CustomersV3").status == 403


@pytest.mark.parametrize(("resource", "status"), [(f"https://{HOST}", 200), (f"https://{HOST}/", 401)])
def test_the_older_endpoint_takes_a_resource_without_a_slash_at_its_end(resource: str, status: int) -> None:
    caller = Caller()
    body = (
        f"grant_type=client_credentials&client_id={worlds.CLIENT_ID}&client_secret={worlds.CLIENT_SECRET}"
        f"&resource={resource}"
    ).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    request = Request.to("POST", "https://login.example.com/t/oauth2/token", headers=headers, body=body)
    caller.token = caller.sandbox.handle(request, caller.now).json()["access_token"]

    assert caller.call("GET", "CustomersV3").status == status
