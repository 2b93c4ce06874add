"""The token: asked for once, kept until shortly before its end, renewed once, and never a write's doubt."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from urllib.parse import parse_qs

import httpx
import pytest

from shared.erp.microsoft.tokens import Tokens
from shared.errors import Throttled, Transient, Unauthorized, Unavailable
from tests.erp.finance_supply_chain.drafts import URL, configuration
from tests.erp.finance_supply_chain.far_end import FarEnd, Vault, far_end, html, http_to, token
from tests.fakes.clock import VirtualClock


def tokens(end: FarEnd, clock: VirtualClock | None = None) -> Tokens:
    return Tokens(http_to(end), configuration().client, Vault(), clock or VirtualClock())


def form(request: httpx.Request) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(request.content.decode()).items()}


async def test_asks_with_client_credentials_for_the_environment() -> None:
    end = far_end()
    assert await tokens(end).bearer() == "token-1"
    assert form(end.asked[0]) == {
        "grant_type": "client_credentials",
        "client_id": configuration().client_id,
        "client_secret": "an-old-secret",
        "scope": f"{URL}/.default",
    }


@pytest.mark.parametrize(
    ("lifetime", "after", "expected"),
    [(3600, 3299, "token-1"), (3600, 3300, "token-2"), (100, 89, "token-1"), (100, 90, "token-2")],
)
async def test_is_kept_until_shortly_before_its_end(lifetime: int, after: int, expected: str) -> None:
    end, clock = far_end(tokens=[token("token-1", lifetime)]), VirtualClock()
    one = tokens(end, clock)
    await one.bearer()
    clock.advance(timedelta(seconds=after))
    assert await one.bearer() == expected


async def test_many_who_want_it_at_once_ask_once() -> None:
    end = far_end()
    one = tokens(end)
    assert set(await asyncio.gather(*(one.bearer() for _ in range(5)))) == {"token-1"}
    assert end.granted == 1


async def test_many_who_were_refused_renew_it_once_with_the_secret_read_again() -> None:
    end = far_end()
    one = tokens(end)
    old = await one.bearer()
    assert set(await asyncio.gather(*(one.renewed(old) for _ in range(5)))) == {"token-2"}
    assert [form(request)["client_secret"] for request in end.asked] == ["an-old-secret", "a-new-secret"]


@pytest.mark.parametrize("status", [400, 401])
async def test_a_refused_secret_is_read_again_once(status: int) -> None:
    end = far_end(tokens=[httpx.Response(status, json={"error": "invalid_client"})])
    assert await tokens(end).bearer() == "token-2"
    assert form(end.asked[1])["client_secret"] == "a-new-secret"


@pytest.mark.parametrize(
    ("answer", "expected", "text"),
    [
        (
            httpx.Response(401, json={"error": "invalid_client", "error_description": "x"}),
            Unauthorized,
            "invalid_client",
        ),
        (httpx.Response(400, json={"error": "Quotes a Secret"}), Unauthorized, "HTTP 400"),
        (httpx.Response(401, html="<html>"), Unauthorized, "HTTP 401"),
        (httpx.Response(403), Unauthorized, "HTTP 403"),
        (httpx.Response(429, headers={"retry-after": "3"}), Throttled, "HTTP 429"),
        (httpx.Response(500), Unavailable, "HTTP 500"),
        (html(), Unavailable, "no token in it"),
        (httpx.Response(200, json={"access_token": "x"}), Unavailable, "no token in it"),
        (httpx.ReadTimeout, Unavailable, "ReadTimeout"),
        (httpx.ConnectError, Unavailable, "ConnectError"),
    ],
)
async def test_without_a_token_nothing_has_happened(
    answer: httpx.Response | type[httpx.RequestError], expected: type[Transient], text: str
) -> None:
    with pytest.raises(expected) as failed:
        await tokens(far_end(tokens=[answer, answer])).bearer()
    assert type(failed.value) is expected
    assert text in str(failed.value)
    assert "secret" not in str(failed.value).replace("client secret", "").lower()


async def test_a_failure_is_not_kept() -> None:
    one = tokens(far_end(tokens=[httpx.Response(500)]))
    with pytest.raises(Unavailable):
        await one.bearer()
    assert await one.bearer() == "token-2"
