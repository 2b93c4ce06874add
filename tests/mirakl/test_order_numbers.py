"""OR04: what is sent, and which orders it refused inside a success."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from shared.errors import BridgeError, Throttled, Unauthorized, Unavailable
from shared.mirakl.dialect import Answer, Refused
from shared.mirakl.order_numbers import MiraklOrderNumbers
from shared.ports.marketplace import OrderNumbers
from tests.mirakl.far_end import FarEnd, answering, client_of

NUMBERS = (("N1-A", "SO-1"), ("7", "SO-2"))
FIELD = "references.order_reference_for_seller"
UPDATED = {"order_id": "N1-A", "errors": [], "updated": {"references": {"order_reference_for_seller": "SO-1"}}}


def numbers(far_end: FarEnd) -> OrderNumbers:
    return MiraklOrderNumbers(client_of(far_end))


def errors(*listed: Any) -> dict[str, Any]:
    return {"order_id": 7, "errors": list(listed)}


async def test_the_erps_number_becomes_the_sellers_reference() -> None:
    far_end = answering({"updated_orders": [UPDATED, {"order_id": 7, "errors": None}]})
    assert await numbers(far_end).report(NUMBERS) == {}
    (request,) = far_end.received
    assert json.loads(await request.aread()) == {
        "orders": [
            {"order_id": "N1-A", "references": {"order_reference_for_seller": "SO-1"}},
            {"order_id": "7", "references": {"order_reference_for_seller": "SO-2"}},
        ]
    }


@pytest.mark.parametrize(
    ("listed", "refused"),
    [
        ([UPDATED, {"order_id": "7"}], {}),
        ([UPDATED], {"7": "Mirakl does not mention it"}),
        ([], {"N1-A": "Mirakl does not mention it", "7": "Mirakl does not mention it"}),
        (
            [UPDATED, errors({"code": "TOO_LONG", "field": FIELD, "message": "Jo Doe"})],
            {"7": f"TOO_LONG ({FIELD})"},
        ),
        (
            [UPDATED, errors({"code": "A", "field": "x"}, None, {"code": "B", "field": "x"})],
            {"7": "A, B (x)"},
        ),
        ([UPDATED, errors({"message": "Jo Doe"})], {"7": "no code (no field)"}),
        ([UPDATED, {"order_id": "7", "errors": "Jo Doe"}], {"7": "no code (no field)"}),
        ([UPDATED, {"order_id": "7", "errors": {"code": "A", "field": "x"}}], {"7": "A (x)"}),
        ([errors({"code": "A", "field": "x"}), {"order_id": "7", "errors": []}, UPDATED], {"7": "A (x)"}),
        ([None, "x", {"order_id": None}, {"order_id": "N9-A"}, UPDATED, {"order_id": "7"}], {}),
    ],
)
async def test_who_was_refused_inside_a_success(listed: list[Any], refused: Mapping[str, str]) -> None:
    assert await numbers(answering({"updated_orders": listed})).report(NUMBERS) == refused


@pytest.mark.parametrize("content", [{}, [], None, {"updated_orders": None}, {"updated_orders": {"N1-A": []}}])
async def test_an_answer_without_a_list_is_none(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await numbers(answering(content)).report(NUMBERS)
    assert raised.value.scope == "shop:north-de:OR04"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (Answer(200, b"<html></html>"), Unavailable),
        (Answer(200, b'{"updated_orders": [{"order_id"'), Unavailable),
        (Answer(204), Unavailable),
        (Answer(500), Unavailable),
        (Answer(400, b'{"message": "Too many orders given"}'), Refused),
        (Answer(401), Unauthorized),
        (Answer(429), Throttled),
        (httpx.ConnectError, Unavailable),
        (httpx.ReadTimeout, Unavailable),
    ],
)
async def test_a_report_that_fails_may_be_repeated(
    answer: Answer | type[httpx.TransportError], error: type[BridgeError]
) -> None:
    with pytest.raises(error) as raised:
        await numbers(FarEnd([answer])).report(NUMBERS)
    assert type(raised.value) is error


async def test_nothing_to_report_costs_no_call_and_too_much_is_not_sent() -> None:
    far_end = answering({"updated_orders": []})
    assert await numbers(far_end).report([]) == {}
    with pytest.raises(ValueError, match="at most 100"):
        await numbers(far_end).report([(f"N{number}-A", "SO-1") for number in range(101)])
    assert far_end.received == []
