"""What a Service Bus trigger tells the function beside the body, with the host's own trap in it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from azure.servicebus import ServiceBusReceivedMessage

Metadata = dict[str, Any]


def body_of(message: ServiceBusReceivedMessage) -> str | bytes:
    """Text where it is UTF-8, as a trigger without a data type gets it; else the bytes."""
    raw = b"".join(message.body)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw


def metadata_of(message: ServiceBusReceivedMessage) -> Metadata:
    """The trigger metadata of one message. `DeliveryCount` is .NET's: one more than the AMQP header says."""
    properties = _texts(message.application_properties or {})
    told: Metadata = {
        "MessageId": message.message_id,
        "DeliveryCount": (message.delivery_count or 0) + 1,
        "SequenceNumber": message.sequence_number,
        "EnqueuedTimeUtc": _time(message.enqueued_time_utc),
        "ExpiresAtUtc": _time(message.expires_at_utc),
        "LockedUntil": _time(message.locked_until_utc),
        "LockToken": None if message.lock_token is None else str(message.lock_token),
        "ContentType": message.content_type,
        "CorrelationId": message.correlation_id,
        "Subject": message.subject,
        "SessionId": message.session_id,
        "ReplyTo": message.reply_to,
        "To": message.to,
        "PartitionKey": message.partition_key,
        "ApplicationProperties": properties,
        "UserProperties": properties,
    }
    return {name: value for name, value in told.items() if value is not None}


def overwritten_by_body(metadata: Metadata, body: str | bytes) -> Metadata:
    """The host's trap: each top-level property of a JSON object that is no array replaces metadata of its name.

    Names are compared without case, as .NET's binding data does. (azure-functions-host, `Utility.ApplyBindingData`.)
    """
    try:
        content = json.loads(body)
    except ValueError:
        return metadata
    if not isinstance(content, dict):
        return metadata
    spelt: dict[str, str] = {name.lower(): name for name in metadata}
    trapped: Metadata = {
        spelt.get(str(name).lower()) or str(name): value
        for name, value in content.items()
        if value is not None and not isinstance(value, list)
    }
    return {**metadata, **trapped}


def trace_parent(message: ServiceBusReceivedMessage) -> str:
    """The sender's W3C trace context, which becomes the invocation's; empty without one."""
    properties = _texts(message.application_properties or {})
    found = properties.get("traceparent") or properties.get("Diagnostic-Id") or ""
    return found if isinstance(found, str) else ""


def _texts(properties: Mapping[Any, Any]) -> dict[str, Any]:
    """The SDK hands out bytes for names and texts."""
    return {str(_text(name)): _text(value) for name, value in properties.items()}


def _text(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
