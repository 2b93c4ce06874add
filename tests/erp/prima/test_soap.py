"""One string in, one out; and what follows from every way in which it does not come out."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

import shared.erp.prima.soap as soap
from shared.erp.prima.endpoint import Basic, Endpoint, Header, Names
from shared.errors import BridgeError, SettingsError, Throttled, Unauthorized, Unavailable, UnknownOutcome
from tests.erp.prima.envelopes import HTML, fault, replied
from tests.erp.prima.web_service import URL, Planned, WebService, answer, client, sent_parts, service
from tests.erp.prima.wsdls import FORMATS, Format, wsdl

FAULT = fault("An error was detected while Anna Example was processed (10893)")
BASIC = {"old": f"Basic {b64encode(b'user:old').decode()}", "new": f"Basic {b64encode(b'user:new').decode()}"}


async def ask(end: WebService, endpoint: Endpoint | None = None, *, write: bool = False) -> str:
    return await client(end, endpoint).ask("<Request/>", operation="OrderStatus", write=write)


@pytest.mark.parametrize("style", FORMATS)
async def test_asks_in_the_format_of_the_instance(style: Format) -> None:
    end = service(answer(replied("<Result/>", style)), wsdls=(answer(wsdl(style)),))
    assert await ask(end) == "<Result/>"
    request = end.posted[0]
    assert str(request.url) == URL, "where to is the setting's, not the WSDL's, to say"
    assert (request.headers["content-type"], request.headers["soapaction"]) == ("text/xml; charset=utf-8", '""')
    assert list(sent_parts(request.content).values()) == ["<Request/>"]


async def test_the_wsdl_is_fetched_once() -> None:
    end = service(*[answer(replied("text")) for _ in range(5)])
    one = client(end)
    await asyncio.gather(*(one.ask("q", operation="OrderStatus", write=False) for _ in range(5)))
    assert end.fetched == [f"{URL}/wsdl?targetURI=urn:omlink"]
    assert (await one.shape()).request == "pcAsked"


async def test_a_company_goes_where_the_wsdl_has_a_place_for_it() -> None:
    end = service(answer(replied("text")))
    await ask(end, Endpoint(url=URL, company="2"))
    assert sent_parts(end.posted[0].content) == {"pcCompany": "2", "pcAsked": "<Request/>"}


async def test_names_of_the_settings_are_used() -> None:
    wsdls = (answer(wsdl("rpc-literal", {"other": (["a", "b"], ["c", "d"])})),)
    end = service(answer(replied("text", part="d")), wsdls=wsdls)
    names = Names(operation="other", request="b", company="a", response="d")
    assert await ask(end, Endpoint(url=URL, company="1", names=names)) == "text"
    assert sent_parts(end.posted[0].content) == {"a": "1", "b": "<Request/>"}


async def test_a_pinned_wsdl_is_not_fetched(tmp_path: Path) -> None:
    (tmp_path / "prima.wsdl").write_bytes(wsdl("doc-literal"))
    for pinned, style in ((wsdl().decode(), "rpc-literal"), (str(tmp_path / "prima.wsdl"), "doc-literal")):
        end = service(answer(replied("text", "doc-literal" if style == "doc-literal" else "rpc-literal")))
        assert await ask(end, Endpoint(url=URL, pinned_wsdl=pinned)) == "text"
        assert end.fetched == []


@pytest.mark.parametrize(
    "pinned", ["<html/>", "/no/such/file", wsdl("rpc-literal", {"other": (["a"], ["b"])}).decode()]
)
async def test_a_pinned_wsdl_that_is_none_is_a_mistake_in_the_settings(pinned: str) -> None:
    with pytest.raises(SettingsError, match="pinned WSDL"):
        await ask(service(), Endpoint(url=URL, pinned_wsdl=pinned), write=True)


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        (answer(HTML), Unavailable),
        (answer(wsdl()[:-40]), Unavailable),
        (answer(wsdl("rpc-literal", {"other": (["a"], ["b"])})), Unavailable),
        (httpx.Response(500), Unavailable),
        (httpx.Response(404), Unavailable),
        (httpx.Response(302, headers={"location": "https://elsewhere.example.com"}), Unavailable),
        (httpx.Response(401), Unauthorized),
        (httpx.Response(403), Unauthorized),
        (httpx.Response(429), Throttled),
        (httpx.ReadTimeout, Unavailable),
        (httpx.ConnectError, Unavailable),
    ],
)
async def test_without_a_wsdl_nothing_was_written_and_the_next_call_asks_again(
    planned: Planned, expected: type[BridgeError]
) -> None:
    end = service(answer(replied("text")), wsdls=(planned,))
    one = client(end)
    with pytest.raises(expected):
        await one.ask("q", operation="MultiNewOrder", write=True)
    assert end.posted == []
    assert await one.ask("q", operation="MultiNewOrder", write=True) == "text"


@pytest.mark.parametrize(
    ("planned", "read", "write"),
    [
        (httpx.ConnectError, Unavailable, Unavailable),
        (httpx.ConnectTimeout, Unavailable, Unavailable),
        (httpx.PoolTimeout, Unavailable, Unavailable),
        (httpx.ReadTimeout, Unavailable, UnknownOutcome),
        (httpx.WriteTimeout, Unavailable, UnknownOutcome),
        (httpx.ReadError, Unavailable, UnknownOutcome),
        (httpx.RemoteProtocolError, Unavailable, UnknownOutcome),
        (TimeoutError, Unavailable, UnknownOutcome),
        (httpx.Response(401), Unauthorized, Unauthorized),
        (httpx.Response(403, html="<html/>"), Unauthorized, Unauthorized),
        (httpx.Response(429), Throttled, Throttled),
        (httpx.Response(404), Unavailable, UnknownOutcome),
        (httpx.Response(302, headers={"location": "/"}), Unavailable, UnknownOutcome),
        (answer(HTML, 500), Unavailable, UnknownOutcome),
        (answer(HTML, 503), Unavailable, UnknownOutcome),
        (answer(HTML, 200), Unavailable, UnknownOutcome),
        (answer(b"", 200), Unavailable, UnknownOutcome),
        (answer(b"null", 200), Unavailable, UnknownOutcome),
        (answer(replied("text")[:-20]), Unavailable, UnknownOutcome),
        (answer(replied("")), Unavailable, UnknownOutcome),
        (answer(replied("text"), 500), Unavailable, UnknownOutcome),
        (answer(b"<!DOCTYPE a>" + replied("text").partition(b"\n")[2]), Unavailable, UnknownOutcome),
        (answer(FAULT, 500), Unavailable, UnknownOutcome),
        (answer(FAULT, 200), Unavailable, UnknownOutcome),
        (answer(fault("gone (10921)"), 500), Unavailable, UnknownOutcome),
    ],
)
async def test_what_follows(planned: Planned, read: type[BridgeError], write: type[BridgeError]) -> None:
    for expected, writes in ((read, False), (write, True)):
        with pytest.raises(expected) as failed:
            await ask(service(planned), write=writes)
        assert type(failed.value) is expected
        assert str(failed.value).startswith("OrderStatus")
        assert "Anna" not in str(failed.value)


@pytest.mark.parametrize(
    ("planned", "down"),
    [(answer(HTML, 503), True), (answer(fault("gone (10921)"), 500), True), (answer(FAULT, 500), False)],
)
async def test_who_says_that_nobody_is_there_pauses_the_erp(planned: Planned, down: bool) -> None:
    with pytest.raises(UnknownOutcome) as failed:
        await ask(service(planned), write=True)
    assert failed.value.down == down


class _Endless(httpx.AsyncByteStream):
    """An answer that never ends, and counts how much of it was taken."""

    def __init__(self, piece: bytes, wait: float = 0.0) -> None:
        self.piece, self.wait, self.taken = piece, wait, 0

    async def __aiter__(self) -> AsyncIterator[bytes]:
        while True:
            await asyncio.sleep(self.wait)
            self.taken += 1
            yield self.piece


async def test_a_huge_answer_is_not_taken_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soap, "LARGEST", 10_000)
    stream = _Endless(b"x" * 1000)
    with pytest.raises(UnknownOutcome, match="too large"):
        await ask(service(httpx.Response(200, stream=stream)), write=True)
    assert stream.taken == 11


async def test_an_answer_that_trickles_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soap, "_CONNECT_SECONDS", 0.01)
    end = service(httpx.Response(200, stream=_Endless(b"x", wait=0.005)))
    with pytest.raises(UnknownOutcome, match="ReadTimeout"):
        await ask(end, Endpoint(url=URL, timeout_seconds=0.05), write=True)


async def test_every_call_has_a_time_out_of_its_own() -> None:
    end = service(answer(replied("text")))
    await ask(end, Endpoint(url=URL, timeout_seconds=7))
    assert [request.extensions["timeout"]["read"] for request in end.asked] == [7, 7]


async def test_a_large_reply_is_read() -> None:
    text = "<Result>" + '<sku Product="STYLE" AvailableQuantity="4"/>' * 60_000 + "</Result>"
    assert await ask(service(answer(replied(text)))) == text


@pytest.mark.parametrize(
    ("authorization", "header", "old", "new"),
    [
        (Basic("user", "prima-secret"), "authorization", BASIC["old"], BASIC["new"]),
        (Header("X-Key", "prima-secret"), "x-key", "old", "new"),
    ],
)
async def test_a_refused_secret_is_read_again_once(
    authorization: Basic | Header, header: str, old: str, new: str
) -> None:
    end = service(httpx.Response(401), answer(replied("text")))
    assert await ask(end, Endpoint(url=URL, authorization=authorization), write=True) == "text"
    assert [request.headers[header] for request in end.asked if request.method == "GET"] == [old]
    assert end.posted[-1].headers[header] == new
    assert len(end.posted) == 2


async def test_who_has_no_secret_asks_once() -> None:
    end = service(httpx.Response(401))
    with pytest.raises(Unauthorized):
        await ask(end)
    assert len(end.posted) == 1
    assert "authorization" not in end.posted[0].headers
