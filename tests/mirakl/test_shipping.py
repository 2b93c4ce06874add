"""What OR23 and OR24 are told, and what each of their refusals means."""

from __future__ import annotations

import json
import traceback
from collections.abc import Awaitable, Callable

import httpx
import pytest

from shared.errors import BridgeError, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome, WrongState
from shared.exceptions import KINDS
from shared.mirakl.dialect import Answer
from shared.mirakl.shipping import MiraklShipping
from shared.model.shipment import Carrier
from shared.ports.marketplace import Shipping
from tests.mirakl.far_end import FarEnd, client_of

HTML = b"<html>no such page</html>"
TRUNCATED = b'{"status": 400, "mess'
BARE = b'{"message": "Bad Request", "status": 400}'
NUMBER = "1Z0000000000000042"
QUOTING = f'{{"message": "Error with field tracking_number: {NUMBER}.", "status": 400}}'.encode()
Ask = Callable[[Shipping], Awaitable[None]]


async def or23(port: Shipping) -> None:
    await port.set_tracking("N1-A", Carrier("CA1"), NUMBER)


async def or24(port: Shipping) -> None:
    await port.ship("N1-A")


def shipping(far_end: FarEnd) -> Shipping:
    return MiraklShipping(client_of(far_end))


def error(code: str = "", field: str = "") -> bytes:
    one = {"code": code or None, "field": field or None, "message": f"about {NUMBER}"}
    return json.dumps({"status": 400, "message": f"about {NUMBER}", "errors": [one]}).encode()


async def test_tracking_is_told_with_the_carrier() -> None:
    far_end = FarEnd([Answer(204)])
    await shipping(far_end).set_tracking("N1-A", Carrier(name="Courier", url="https://courier.example.com"), "T1")
    (request,) = far_end.received
    assert request.url.path == "/api/orders/N1-A/tracking"
    assert json.loads(await request.aread()) == {
        "carrier_name": "Courier",
        "carrier_url": "https://courier.example.com",
        "tracking_number": "T1",
    }


async def test_shipping_has_no_body_and_says_so() -> None:
    far_end = FarEnd([Answer(204)])
    await or24(shipping(far_end))
    (request,) = far_end.received
    assert (request.url.path, await request.aread()) == ("/api/orders/N1-A/ship", b"")
    assert request.headers["content-length"] == "0"


EITHER: list[tuple[int, bytes, type[BridgeError]]] = [
    (400, BARE, WrongState),
    (400, QUOTING, WrongState),
    (400, b"{}", WrongState),
    (400, error("ORDER_INVALID_STATE"), WrongState),
    (409, error("ORDER_INVALID_STATE"), WrongState),
    (400, error("INVALID_ORDER_STATUS", "order_id"), WrongState),
    (400, b"", UnknownOutcome),
    (400, HTML, UnknownOutcome),
    (400, TRUNCATED, UnknownOutcome),
    (404, HTML, UnknownOutcome),
    (408, b"{}", UnknownOutcome),
    (409, b"{}", UnknownOutcome),
    (411, HTML, UnknownOutcome),
    (200, b"{}", UnknownOutcome),
    (200, HTML, UnknownOutcome),
    (202, b"", UnknownOutcome),
    (302, b"", UnknownOutcome),
    (500, HTML, UnknownOutcome),
    (503, b"{}", UnknownOutcome),
    (401, b"", Unauthorized),
    (403, HTML, Unauthorized),
    (429, b"", Throttled),
    (404, error("ORDER_NOT_FOUND"), Rejected),
]


@pytest.mark.parametrize("ask", [or23, or24])
@pytest.mark.parametrize(("status", "body", "meant"), EITHER)
async def test_what_an_answer_means(ask: Ask, status: int, body: bytes, meant: type[BridgeError]) -> None:
    with pytest.raises(meant) as raised:
        await ask(shipping(FarEnd([Answer(status, body)])))
    assert type(raised.value) is meant
    assert NUMBER not in "".join(traceback.format_exception(raised.value))


@pytest.mark.parametrize("ask", [or23, or24])
async def test_what_never_left_is_told_apart_from_what_may_have(ask: Ask) -> None:
    with pytest.raises(Unavailable):
        await ask(shipping(FarEnd([httpx.ConnectError])))
    with pytest.raises(UnknownOutcome):
        await ask(shipping(FarEnd([httpx.ReadTimeout])))


@pytest.mark.parametrize("ask", [or23, or24])
@pytest.mark.parametrize(
    ("status", "body", "subject"),
    [
        (404, error("ORDER_NOT_FOUND"), "ORDER_NOT_FOUND"),
        (400, error("A_NEW_CODE", "order_id"), "A_NEW_CODE"),
        (404, b'{"status": 404, "message": "Not Found"}', "HTTP 404"),
        (415, b"{}", "HTTP 415"),
    ],
)
async def test_what_only_a_person_can_resolve(ask: Ask, status: int, body: bytes, subject: str) -> None:
    with pytest.raises(Rejected) as raised:
        await ask(shipping(FarEnd([Answer(status, body)])))
    assert (raised.value.kind, raised.value.subject) == ("shipment_refused", subject)
    assert raised.value.kind in KINDS


REFUSED_TRACKING = [
    (error("VALIDATION_ERROR", "carrier_code"), "Mirakl answers OR23 with carrier_code."),
    (error("", "tracking_number"), "Mirakl answers OR23 with tracking_number."),
    (error("CARRIER_NOT_FOUND"), "Mirakl answers OR23 with CARRIER_NOT_FOUND."),
    (error("INVALID_TRACKING", "tracking_number"), "Mirakl answers OR23 with INVALID_TRACKING, tracking_number."),
]


@pytest.mark.parametrize(("body", "reason"), REFUSED_TRACKING)
async def test_refused_tracking_names_the_field_and_never_the_number(body: bytes, reason: str) -> None:
    with pytest.raises(Rejected) as raised:
        await or23(shipping(FarEnd([Answer(400, body)])))
    refused = raised.value
    assert (refused.kind, refused.subject, refused.reason) == ("tracking_refused", "carrier", reason)
    assert refused.kind in KINDS
    assert NUMBER not in "".join(traceback.format_exception(refused))


@pytest.mark.parametrize("body", [body for body, _ in REFUSED_TRACKING])
async def test_or24_carries_no_tracking_that_could_be_refused(body: bytes) -> None:
    with pytest.raises((Rejected, WrongState)) as raised:
        await or24(shipping(FarEnd([Answer(400, body)])))
    assert "tracking_refused" not in str(raised.value)
