"""What leaves for Mirakl, what a broken connection means, and that the key goes to the marketplace only."""

from __future__ import annotations

import traceback
from typing import Any

import httpx
import pytest

from shared.errors import BridgeError, Unauthorized, Unavailable, UnknownOutcome
from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import Answer
from tests.mirakl.far_end import ORIGIN, FarEnd, Vault, answering, client_of

ACCEPTED = {"order_lines": [{"id": "N1-A-1", "accepted": True}]}


async def ask(client: MiraklClient, operation: str) -> Any:
    if operation == "OR21":
        await client.or21("N1-A", ACCEPTED)
        return None
    return await client.or11({"max": "100"})


@pytest.mark.parametrize(
    ("broken", "read", "write"),
    [
        (httpx.ConnectError, Unavailable, Unavailable),
        (httpx.ConnectTimeout, Unavailable, Unavailable),
        (httpx.PoolTimeout, Unavailable, Unavailable),
        (httpx.ProxyError, Unavailable, Unavailable),
        (httpx.ReadTimeout, Unavailable, UnknownOutcome),
        (httpx.WriteTimeout, Unavailable, UnknownOutcome),
        (httpx.ReadError, Unavailable, UnknownOutcome),
        (httpx.WriteError, Unavailable, UnknownOutcome),
        (httpx.CloseError, Unavailable, UnknownOutcome),
        (httpx.RemoteProtocolError, Unavailable, UnknownOutcome),
        (httpx.LocalProtocolError, Unavailable, UnknownOutcome),
        (httpx.DecodingError, Unavailable, UnknownOutcome),
    ],
)
async def test_what_a_broken_connection_means(
    broken: type[httpx.TransportError], read: type[BridgeError], write: type[BridgeError]
) -> None:
    for operation, error in (("OR11", read), ("OR21", write)):
        with pytest.raises(error) as raised:
            await ask(client_of(FarEnd([broken])), operation)
        assert type(raised.value) is error
        assert isinstance(raised.value, Unavailable | UnknownOutcome)
        assert raised.value.scope == "shop:north-de"


@pytest.mark.parametrize(
    ("operation", "line", "body"),
    [
        ("or04", "PUT /api/orders?shop_id=2001", b'{"orders": []}'),
        ("or11", "GET /api/orders?max=100&shop_id=2001", b""),
        ("or13", "POST /api/orders/async-export?shop_id=2001", b'{"start_update_date": "2026-03-02T09:00:00.000Z"}'),
        ("or14", "GET /api/orders/async-export/status/t%2F1?shop_id=2001", b""),
        ("or15", "GET /api/3f9e?file=fileA&shop_id=2001", b""),
        ("or21", "PUT /api/orders/N%2F1%20%23%C3%84%2541%3F%2B/accept?shop_id=2001", b'{"order_lines": []}'),
        ("or23", "PUT /api/orders/N%2F1%20%23%C3%84%2541%3F%2B/tracking?shop_id=2001", b'{"carrier_code": "CA1"}'),
        ("or24", "PUT /api/orders/N%2F1%20%23%C3%84%2541%3F%2B/ship?shop_id=2001", b""),
        ("pc01", "GET /api/platform/configuration?shop_id=2001", b""),
        ("re01", "GET /api/reasons?shop_id=2001", b""),
        ("sh21", "GET /api/shipping/carriers?shop_id=2001", b""),
        ("st01", "POST /api/shipments?shop_id=2001", b'{"shipments": []}'),
        ("st11", "GET /api/shipments?order_id=N%2F1&order_id=N%2B2&limit=100&shop_id=2001", b""),
        ("st23", "POST /api/shipments/tracking?shop_id=2001", b'{"shipments": []}'),
        ("st24", "PUT /api/shipments/ship?shop_id=2001", b'{"shipments": []}'),
    ],
)
async def test_each_operation_on_the_wire(operation: str, line: str, body: bytes) -> None:
    far_end = answering({}, {"or21": 204, "or23": 204, "or24": 204, "st01": 201}.get(operation, 200))
    arguments: dict[str, tuple[Any, ...]] = {
        "or04": ({"orders": []},),
        "or11": ({"max": "100"},),
        "or13": ({"start_update_date": "2026-03-02T09:00:00.000Z"},),
        "or14": ("t/1",),
        "or15": (f"{ORIGIN}/api/3f9e?file=fileA",),
        "or21": ("N/1 #Ä%41?+", {"order_lines": []}),
        "or23": ("N/1 #Ä%41?+", {"carrier_code": "CA1"}),
        "or24": ("N/1 #Ä%41?+",),
        "pc01": (),
        "re01": (),
        "sh21": (),
        "st01": ({"shipments": []},),
        "st11": ({"order_id": ["N/1", "N+2"], "limit": "100"},),
        "st23": ({"shipments": []},),
        "st24": ({"shipments": []},),
    }
    await getattr(client_of(far_end), operation)(*arguments[operation])
    (request,) = far_end.received
    assert f"{request.method} {request.url.raw_path.decode()}" == line
    assert await request.aread() == body
    assert request.headers["authorization"] == "key-1"
    assert request.headers["accept"] == "application/json"
    assert request.headers.get("content-type") == ("application/json" if body else None)
    assert request.headers.get("content-length") == (None if request.method == "GET" else str(len(body)))


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example.com/file",
        "http://north.example.com/file",
        "https://north.example.com:8443/file",
        "https://north.example.com@elsewhere.example.com/file",
        "https://user:word@north.example.com/file",
        "//elsewhere.example.com/file",
        "ftp://north.example.com/file",
        "https://north.example.com:port/file",
    ],
)
async def test_the_key_goes_to_no_other_address(url: str) -> None:
    far_end = answering({"orders": []})
    with pytest.raises(Unavailable) as raised:
        await client_of(far_end).or15(url)
    assert raised.value.scope == "shop:north-de:OR15"
    assert far_end.received == []


@pytest.mark.parametrize("url", [f"{ORIGIN}/api/file?f=1", f"{ORIGIN}:443/api/file?f=1", "/api/file?f=1"])
async def test_the_marketplaces_own_addresses_are_asked(url: str) -> None:
    far_end = answering({"orders": []})
    await client_of(far_end).or15(url)
    assert [str(request.url) for request in far_end.received] == [f"{ORIGIN}/api/file?f=1&shop_id=2001"]


@pytest.mark.parametrize("operation", ["OR11", "OR21"])
async def test_a_redirect_is_not_followed(operation: str) -> None:
    away = Answer(302, b"", {"location": "https://elsewhere.example.com/login"})
    far_end = FarEnd([away, Answer(200, b'{"orders": []}')])
    with pytest.raises(Unavailable if operation == "OR11" else UnknownOutcome):
        await ask(client_of(far_end), operation)
    assert len(far_end.received) == 1


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("operation", ["OR11", "OR21"])
async def test_a_rotated_key_is_read_again_and_used(operation: str, status: int) -> None:
    good = Answer(200, b'{"orders": []}') if operation == "OR11" else Answer(204)
    far_end = FarEnd([Answer(status), good])
    await ask(client_of(far_end, Vault(["old", "new"])), operation)
    assert [request.headers["authorization"] for request in far_end.received] == ["old", "new"]


@pytest.mark.parametrize("operation", ["OR11", "OR21"])
@pytest.mark.parametrize(("keys", "tried"), [("same", ["same"]), ("a b c", ["a", "b"])])
async def test_a_refused_key_is_said_after_one_fresh_read(operation: str, keys: str, tried: list[str]) -> None:
    far_end = FarEnd([Answer(401)])
    with pytest.raises(Unauthorized) as raised:
        await ask(client_of(far_end, Vault(keys.split())), operation)
    assert raised.value.scope == "shop:north-de"
    assert [request.headers["authorization"] for request in far_end.received] == tried


async def test_line_breaks_around_a_pasted_key_do_no_harm() -> None:
    far_end = answering({"orders": []})
    await ask(client_of(far_end, Vault(["  key-1\r\n"])), "OR11")
    assert far_end.received[0].headers["authorization"] == "key-1"


@pytest.mark.parametrize("key", ["", " ", "two\nlines", "k\u00e9y", "nul\x00"])
async def test_a_key_that_no_header_can_carry_is_said_without_showing_it(key: str) -> None:
    far_end = answering({"orders": []})
    with pytest.raises(Unauthorized) as raised:
        await ask(client_of(far_end, Vault([key])), "OR11")
    shown = "".join(traceback.format_exception(raised.value))
    assert "store the shop's key again" in shown
    assert not key.strip() or key not in str(raised.value)
    assert far_end.received == []
