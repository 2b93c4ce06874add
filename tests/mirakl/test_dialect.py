"""Status, headers and body to a value or an error, as one table over what was asked and what came."""

from __future__ import annotations

import itertools
import traceback
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import BridgeError, Throttled, Transient, Unauthorized, Unavailable, UnknownOutcome
from shared.mirakl.dialect import Answer, Call, Refused, confirm, error_codes, parse, retry_after, value
from tests.mirakl.payloads import PERSON

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
READ = Call("OR11", "north-de", "GET", "https://north.example.com/api/orders")
WRITE = Call("OR21", "north-de", "PUT", "https://north.example.com/api/orders/1/accept", writes=True)
CREATE = Call("ST01", "north-de", "POST", "https://north.example.com/api/shipments", writes=True, done=201)
SHOP = "shop:north-de"
HTML = b"<html><body>Maintenance</body></html>"
TRUNCATED = b'{"orders": [{"order_id": "N0000'


def asked(call: Call, answer: Answer) -> Any:
    return confirm(call, answer, NOW) if call.writes else value(call, answer, NOW)


CLASSIFICATION = [
    # what was asked, status, body, the error, whom it pauses
    (READ, 200, HTML, Unavailable, SHOP),
    (READ, 200, TRUNCATED, Unavailable, SHOP),
    (READ, 200, b"", Unavailable, SHOP),
    (READ, 204, b"", Unavailable, SHOP),
    (READ, 301, b"", Unavailable, SHOP),
    (READ, 500, HTML, Unavailable, SHOP),
    (READ, 502, b"", Unavailable, SHOP),
    (READ, 503, b"{}", Unavailable, SHOP),
    (READ, 400, b'{"status": 400, "message": "Bad Request"}', Refused, f"{SHOP}:OR11"),
    (READ, 404, b"", Refused, f"{SHOP}:OR11"),
    (READ, 401, b"", Unauthorized, SHOP),
    (READ, 403, HTML, Unauthorized, SHOP),
    (READ, 429, b"", Throttled, f"{SHOP}:OR11"),
    (WRITE, 200, b"", UnknownOutcome, SHOP),
    (WRITE, 200, b"{}", UnknownOutcome, SHOP),
    (WRITE, 200, HTML, UnknownOutcome, SHOP),
    (WRITE, 202, b"", UnknownOutcome, SHOP),
    (WRITE, 302, b"", UnknownOutcome, SHOP),
    (WRITE, 500, HTML, UnknownOutcome, SHOP),
    (WRITE, 502, b"", UnknownOutcome, SHOP),
    (WRITE, 503, b"{}", UnknownOutcome, SHOP),
    (WRITE, 504, b"", UnknownOutcome, SHOP),
    (WRITE, 400, b"{}", Refused, f"{SHOP}:OR21"),
    (WRITE, 404, HTML, Refused, f"{SHOP}:OR21"),
    (WRITE, 401, b"", Unauthorized, SHOP),
    (WRITE, 403, b"{}", Unauthorized, SHOP),
    (WRITE, 429, b"", Throttled, f"{SHOP}:OR21"),
    (CREATE, 200, b"{}", UnknownOutcome, SHOP),
    (CREATE, 201, b"", UnknownOutcome, SHOP),
    (CREATE, 201, HTML, UnknownOutcome, SHOP),
    (CREATE, 201, TRUNCATED, UnknownOutcome, SHOP),
    (CREATE, 202, b"{}", UnknownOutcome, SHOP),
    (CREATE, 204, b"", UnknownOutcome, SHOP),
    (CREATE, 404, HTML, Refused, f"{SHOP}:ST01"),
]


@pytest.mark.parametrize(("call", "status", "body", "error", "scope"), CLASSIFICATION)
def test_what_an_answer_means(call: Call, status: int, body: bytes, error: type[BridgeError], scope: str) -> None:
    with pytest.raises(error) as raised:
        asked(call, Answer(status, body))
    assert type(raised.value) is error
    assert isinstance(raised.value, Transient | UnknownOutcome)
    assert raised.value.scope == scope
    assert str(raised.value).startswith(f"{call.operation}: HTTP {status}")


def test_a_good_read_and_a_good_write() -> None:
    assert asked(READ, Answer(200, b'{"orders": []}')) == {"orders": []}
    assert asked(WRITE, Answer(204)) is None
    assert asked(CREATE, Answer(201, b'{"shipment_success": [1.50]}')) == {"shipment_success": [Decimal("1.50")]}


@pytest.mark.parametrize(
    ("call", "status", "error"),
    [(READ, 429, Throttled), (WRITE, 429, Throttled), (READ, 503, Unavailable), (WRITE, 503, UnknownOutcome)],
)
def test_the_wait_that_was_asked_for_is_kept(call: Call, status: int, error: type[Transient]) -> None:
    with pytest.raises(error) as raised:
        asked(call, Answer(status, b"", {"retry-after": "120"}))
    assert raised.value.retry_after == timedelta(minutes=2)


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("", None),
        ("0", timedelta(0)),
        (" 90 ", timedelta(seconds=90)),
        ("99999999999999999999", timedelta(days=1)),
        ("Mon, 02 Mar 2026 12:05:00 GMT", timedelta(minutes=5)),
        ("Mon, 02 Mar 2026 11:00:00 GMT", timedelta(0)),
        ("Mon, 02 Mar 2099 11:00:00 GMT", timedelta(days=1)),
        ("Mon, 02 Mar 2026 12:05:00 -0000", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
    ],
)
def test_retry_after(header: str, wait: timedelta | None) -> None:
    assert retry_after(header, NOW) == wait


@pytest.mark.parametrize(
    ("body", "codes", "spoken"),
    [
        (b"", (), False),
        (HTML, (), False),
        (TRUNCATED, (), False),
        (b"[]", (), False),
        (b'"ORDER_INVALID_STATE"', (), False),
        (b"{}", (), True),
        (b'{"message": "Bad Request", "status": 400}', (), True),
        (b'{"code": "ORDER_INVALID_STATE"}', ("ORDER_INVALID_STATE",), True),
        (b'{"error_code": "ORDER_NOT_FOUND", "message": null}', ("ORDER_NOT_FOUND",), True),
        (
            b'{"errors": [{"code": "ORDER_LINE_NOT_FOUND", "field": "id", "message": "x"}]}',
            ("ORDER_LINE_NOT_FOUND",),
            True,
        ),
        (b'{"code": "A", "errors": [{"code": "B"}, null, {"code": "A"}, {"error_code": "C"}]}', ("A", "B", "C"), True),
        (b'{"code": null, "errors": null}', (), True),
        (b'{"code": 400, "errors": {"code": "A"}}', (), True),
        (b'{"code": "not a code: Jo Doe", "errors": [{"code": ""}]}', (), True),
    ],
)
def test_error_bodies(body: bytes, codes: tuple[str, ...], spoken: bool) -> None:
    assert error_codes(body) == (codes, spoken)


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        (HTML, ()),
        (b"{}", ()),
        (b'{"field": "order_id"}', ("order_id",)),
        (
            b'{"errors": [{"field": "shipments[0].tracking.carrier_code"}, null, 1, {"field": "a"}, {"field": "a"}]}',
            ("shipments[0].tracking.carrier_code", "a"),
        ),
        (
            b'{"errors": [{"field": null}, {"field": ["a"]}, {"field": "no field: Jo Doe"}, {"field": "1Z0000000000"}]}',
            (),
        ),
    ],
)
def test_the_fields_that_an_error_names(body: bytes, fields: tuple[str, ...]) -> None:
    with pytest.raises(Refused) as raised:
        asked(WRITE, Answer(400, body))
    assert raised.value.fields == fields


@pytest.mark.parametrize(
    ("body", "content"),
    [
        (b'{"a": 1, "b": 15.60}', {"a": 1, "b": Decimal("15.60")}),
        (b"[0.1, 20.0000, 1e2]", [Decimal("0.1"), Decimal("20.0000"), Decimal("1e2")]),
        (b"[NaN, -Infinity]", ["NaN", "-Infinity"]),
        (b"[1e99999999999999999999, 2]", ["1e99999999999999999999", 2]),
        (b"[" + b"9" * 5000 + b"]", ["9" * 5000]),
        (b'\xef\xbb\xbf{"a": null}', {"a": None}),
    ],
)
def test_numbers_are_exact_and_one_bad_number_does_not_hide_the_rest(body: bytes, content: Any) -> None:
    read = parse(body)
    assert read == content
    assert repr(read) == repr(content)


@pytest.mark.parametrize("body", [b"", HTML, TRUNCATED, b"\xff\xfe\x00", b'{"a": "\xff"}', b"[" * 100_000])
def test_what_is_no_json_is_refused_in_one_way(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"^the body is not JSON$"):
        parse(body)


PERSONAL = (
    f'{{"message": "{PERSON} lives here", "code": "{PERSON} code", "errors": [{{"field": "{PERSON}"}}]}}'.encode(),
    f"<html>{PERSON}</html>".encode(),
    f'{{"orders": [{{"lastname": "{PERSON}'.encode(),
)
BAD_ANSWERS = list(itertools.product((READ, WRITE, CREATE), (302, 400, 401, 404, 429, 500), PERSONAL))
BAD_ANSWERS += [(READ, 200, PERSONAL[1]), (READ, 200, PERSONAL[2]), *((WRITE, 200, body) for body in PERSONAL)]
BAD_ANSWERS += [(CREATE, 201, PERSONAL[1]), (CREATE, 201, PERSONAL[2]), (CREATE, 200, PERSONAL[0])]


@pytest.mark.parametrize(("call", "status", "body"), BAD_ANSWERS)
def test_no_error_shows_a_body(call: Call, status: int, body: bytes) -> None:
    headers = {"retry-after": PERSON, "location": f"https://x.example.com/{PERSON}"}
    with pytest.raises(BridgeError) as raised:
        asked(call, Answer(status, body, headers))
    assert PERSON not in "".join(traceback.format_exception(raised.value))
