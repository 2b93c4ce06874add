"""What OR21 is told, and what each of its refusals means."""

from __future__ import annotations

import json

import pytest

from shared.errors import BridgeError, LinesChanged, Rejected, UnknownOutcome, WrongState
from shared.exceptions import KINDS
from shared.mirakl.acceptance import MiraklAcceptance
from shared.mirakl.dialect import Answer
from shared.ports.marketplace import Acceptance
from tests.mirakl.far_end import FarEnd, client_of

HTML = b"<html>no such page</html>"


def acceptance(*answers: Answer) -> tuple[Acceptance, FarEnd]:
    far_end = FarEnd(answers)
    return MiraklAcceptance(client_of(far_end)), far_end


def coded(*codes: str) -> bytes:
    outer, *inner = codes
    return json.dumps({"code": outer, "status": 400, "errors": [{"code": code} for code in inner]}).encode()


async def test_every_waiting_line_is_accepted_in_one_call() -> None:
    port, far_end = acceptance(Answer(204))
    await port.accept("N1-A", ["N1-A-1", "N1-A-2", "N1-A-1"])
    (request,) = far_end.received
    assert request.url.path == "/api/orders/N1-A/accept"
    assert json.loads(await request.aread()) == {
        "order_lines": [{"id": "N1-A-1", "accepted": True}, {"id": "N1-A-2", "accepted": True}]
    }


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (400, coded("ORDER_INVALID_STATE"), WrongState),
        (409, coded("ORDER_INVALID_STATE"), WrongState),
        (400, coded("VALIDATION_ERROR", "ORDER_INVALID_STATE"), WrongState),
        (400, coded("ORDER_LINE_ACCEPTANCE_DECISION_MISSING"), LinesChanged),
        (400, coded("ORDER_LINE_DUPLICATE_ID"), LinesChanged),
        (404, coded("ORDER_LINE_NOT_FOUND"), LinesChanged),
        (400, coded("ORDER_LINE_NULL_ELEMENT"), LinesChanged),
        (400, coded("ORDER_PARTIAL_ACCEPTANCE_DISABLED"), LinesChanged),
        (400, coded("VALIDATION_ERROR", "ORDER_LINE_NOT_FOUND"), LinesChanged),
        (400, b'{"status": 400, "message": "Bad Request"}', UnknownOutcome),
        (400, b"", UnknownOutcome),
        (400, HTML, UnknownOutcome),
        (408, b"", UnknownOutcome),
        (409, b"{}", UnknownOutcome),
        (404, HTML, UnknownOutcome),
        (404, b"", UnknownOutcome),
        (405, HTML, UnknownOutcome),
    ],
)
async def test_what_a_refusal_means(status: int, body: bytes, error: type[BridgeError]) -> None:
    port, _ = acceptance(Answer(status, body))
    with pytest.raises(error) as raised:
        await port.accept("N1-A", ["N1-A-1"])
    assert type(raised.value) is error


@pytest.mark.parametrize(
    ("status", "body", "subject"),
    [
        (400, coded("ORDER_FULFILLED_UNAUTHORIZED"), "ORDER_FULFILLED_UNAUTHORIZED"),
        (404, coded("ORDER_NOT_FOUND"), "ORDER_NOT_FOUND"),
        (400, coded("VALIDATION_ERROR"), "VALIDATION_ERROR"),
        (400, coded("A_NEW_CODE"), "A_NEW_CODE"),
        (404, b'{"status": 404, "message": "Not Found"}', "HTTP 404"),
        (415, b"{}", "HTTP 415"),
    ],
)
async def test_what_only_a_person_can_resolve(status: int, body: bytes, subject: str) -> None:
    port, _ = acceptance(Answer(status, body))
    with pytest.raises(Rejected) as raised:
        await port.accept("N1-A", ["N1-A-1"])
    assert (raised.value.kind, raised.value.subject) == ("acceptance_refused", subject)
    assert raised.value.kind in KINDS
