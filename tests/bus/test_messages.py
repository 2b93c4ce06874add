"""The body of a message: what goes in comes out, anything else is said to be unreadable."""

from __future__ import annotations

import dataclasses
import json
from datetime import UTC, datetime
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bus.messages import VERSION, UnreadableMessage, decode, encode
from shared.bus.queues import QUEUES, queue_of
from shared.model.steps import StepMessage, StepName

STEPS = (*get_args(StepName), "poll_orders")
TIMES = st.datetimes(timezones=st.just(UTC))
MESSAGES = st.builds(
    StepMessage,
    step=st.sampled_from(STEPS),
    shop=st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=30),
    order=st.text(max_size=60),
    attempt=st.integers(0, 10**6),
    seen=st.none() | TIMES,
)
GOOD: dict[str, Any] = {"step": "create_order", "shop": "shop-a", "order": "1", "attempt": 1, "seen": None}


@given(MESSAGES)
def test_a_message_comes_back(message: StepMessage) -> None:
    assert decode(encode(message)) == message
    assert decode(encode(message).encode()) == message


@given(MESSAGES)
def test_nothing_but_the_version_stands_at_the_top(message: StepMessage) -> None:
    """The host copies top-level properties over the trigger's metadata (a `MessageId`, a `DeliveryCount` …)."""
    assert list(json.loads(encode(message))) == [VERSION]


@given(MESSAGES)
def test_a_body_holds_keys_and_counters_only(message: StepMessage) -> None:
    body = json.loads(encode(message))[VERSION]
    assert body.keys() == {"step", "shop", "order", "attempt", "seen"}
    assert body.keys() == {one.name for one in dataclasses.fields(StepMessage)}
    assert all(isinstance(value, str | int | None) for value in body.values())


def test_a_body_written_by_the_first_version_stays_readable() -> None:
    fields = '"step":"create_order","shop":"shop-a","order":"0_1/A","attempt":3,"seen":"2026-03-02T08:00:00+00:00"'
    body = f'{{"v1":{{{fields}}}}}'
    seen = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
    message = StepMessage("create_order", "shop-a", "0_1/A", 3, seen)
    assert decode(body) == message
    assert encode(message) == body


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        b"\xff\xfe",
        "null",
        "[]",
        "{}",
        '"v1"',
        json.dumps({"v2": GOOD}),
        json.dumps({"v1": GOOD, "MessageId": "x"}),
        json.dumps({"v1": [GOOD]}),
        json.dumps(GOOD),
        json.dumps({"v1": GOOD | {"step": "make_tea"}}),
        json.dumps({"v1": GOOD | {"step": ["create_order"]}}),
        json.dumps({"v1": GOOD | {"attempt": "1"}}),
        json.dumps({"v1": GOOD | {"attempt": True}}),
        json.dumps({"v1": GOOD | {"shop": 7}}),
        json.dumps({"v1": GOOD | {"order": None}}),
        json.dumps({"v1": GOOD | {"seen": "yesterday"}}),
        json.dumps({"v1": GOOD | {"seen": 5}}),
        json.dumps({"v1": GOOD | {"seen": "2026-03-02T08:00:00"}}),
        *(json.dumps({"v1": {name: value for name, value in GOOD.items() if name != left}}) for left in list(GOOD)[:4]),
    ],
)
def test_anything_else_is_unreadable(body: str | bytes) -> None:
    with pytest.raises(UnreadableMessage):
        decode(body)


@pytest.mark.parametrize("body", ['{"v9": {"name": "Shopper 17"}}', '{"v1": {"step": "Shopper 17"}}', "Shopper 17"])
def test_the_complaint_does_not_repeat_the_body(body: str) -> None:
    with pytest.raises(UnreadableMessage) as raised:
        decode(body)
    assert "Shopper" not in str(raised.value)


def test_every_queue_is_found_by_the_step_that_reads_it() -> None:
    assert {queue_of(name.replace("-", "_")).name for name in QUEUES} == set(QUEUES)
    lanes = {name for name, queue in QUEUES.items() if queue.requires_session}
    assert lanes == {"create-order", "change-order"}, "sessions are the lanes in which the ERP is written"
