"""What a trigger tells the function, and how a body of one's own can spoil it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from local.host.metadata import overwritten_by_body
from shared.bus.messages import encode
from shared.model.steps import StepMessage

TOLD = {"MessageId": "m-1", "DeliveryCount": 1, "ContentType": "application/json", "UserProperties": {}}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('{"MessageId": "of-the-body"}', {**TOLD, "MessageId": "of-the-body"}),
        ('{"messageid": "of-the-body"}', {**TOLD, "MessageId": "of-the-body"}),
        ('{"DeliveryCount": "many"}', {**TOLD, "DeliveryCount": "many"}),
        ('{"deliveryCount": 7}', {**TOLD, "DeliveryCount": 7}),
        ('{"State": "new"}', {**TOLD, "State": "new"}),
        ('{"UserProperties": "x", "MessageId": null}', {**TOLD, "UserProperties": "x"}),
        ('{"MessageId": ["a"]}', TOLD),
        ('{"MessageId": {"a": 1}}', {**TOLD, "MessageId": {"a": 1}}),
        ('["MessageId"]', TOLD),
        ('"MessageId"', TOLD),
        ("MessageId", TOLD),
        (b'{"MessageId": "of-the-body"}', {**TOLD, "MessageId": "of-the-body"}),
    ],
)
def test_top_level_properties_of_the_body_replace_metadata(body: str | bytes, expected: dict[str, Any]) -> None:
    assert overwritten_by_body(dict(TOLD), body) == expected


def test_a_message_of_the_bridge_replaces_nothing() -> None:
    body = encode(StepMessage(step="create_order", shop="shop", order="MessageId", attempt=1))
    assert overwritten_by_body(dict(TOLD), body) == {**TOLD, **json.loads(body)}
