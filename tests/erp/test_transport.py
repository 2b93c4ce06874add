"""One table over what happened to a call, and what follows from it."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest

from shared.erp.transport import Answer, nothing_happened, retry_after, transport_failure, unusable
from shared.errors import Throttled, Unauthorized, Unavailable, UnknownOutcome

REMEDIES = {401: "renew the secret", 403: "give the role"}


@pytest.mark.parametrize(
    ("problem", "of_a_read", "of_a_write"),
    [
        (httpx.ConnectError, Unavailable, Unavailable),
        (httpx.ConnectTimeout, Unavailable, Unavailable),
        (httpx.PoolTimeout, Unavailable, Unavailable),
        (httpx.ProxyError, Unavailable, Unavailable),
        (httpx.UnsupportedProtocol, Unavailable, Unavailable),
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
def test_no_answer(problem: type[httpx.RequestError], of_a_read: type, of_a_write: type) -> None:
    for write, expected in ((False, of_a_read), (True, of_a_write)):
        failure = transport_failure(problem("says nothing"), operation="POST $batch", write=write)
        assert type(failure) is expected
        assert failure.scope == "erp"
        assert str(failure) == f"POST $batch: {problem.__name__}"


@pytest.mark.parametrize(
    ("status", "expected"),
    [(401, Unauthorized), (403, Unauthorized), (429, Throttled), (200, None), (400, None), (500, None), (503, None)],
)
def test_turned_away_at_the_door(status: int, expected: type | None) -> None:
    failure = nothing_happened(
        Answer(status, b"the body's words", {"retry-after": "9"}), operation="GET x", remedies=REMEDIES
    )
    assert type(failure) is (expected or type(None))
    assert failure is None or failure.retry_after == timedelta(seconds=9)
    assert "words" not in str(failure)


@pytest.mark.parametrize("status", [200, 302, 404, 408, 500, 502, 503, 504])
def test_unusable_answers(status: int) -> None:
    answer = Answer(status, b"<html>", {"retry-after": "30"})
    read, write = (unusable(answer, operation="x", write=write, why="not JSON") for write in (False, True))
    assert (type(read), type(write)) == (Unavailable, UnknownOutcome)
    assert write.retry_after == timedelta(seconds=30)
    assert str(write) == f"x: HTTP {status}, not JSON"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after": "Mon, 02 Mar 2026 09:01:00 GMT", "date": "Mon, 02 Mar 2026 09:00:30 GMT"}, 30),
        ({"retry-after": "Mon, 02 Mar 2026 09:00:00 GMT", "date": "Mon, 02 Mar 2026 09:00:30 GMT"}, 0),
        ({"retry-after": "Mon, 02 Mar 2026 09:01:00 GMT"}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "9" * 12}, None),
        ({}, None),
    ],
)
def test_retry_after(headers: dict[str, str], seconds: int | None) -> None:
    assert retry_after(headers) == (None if seconds is None else timedelta(seconds=seconds))
