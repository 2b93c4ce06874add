"""Reads the `Config.json` of Microsoft's Service Bus emulator into the settings of queues."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from local.broker.terms import Settings

# The emulator's own defaults (its Config-schema.json)
_DEFAULTS: Mapping[str, Any] = {
    "LockDuration": "PT1M",
    "MaxDeliveryCount": 3,
    "DefaultMessageTimeToLive": "PT1H",
    "DeadLetteringOnMessageExpiration": False,
    "RequiresSession": False,
}
_IGNORED = {"DuplicateDetectionHistoryTimeWindow"}  # says nothing while RequiresDuplicateDetection is false
_REFUSED = {"RequiresDuplicateDetection", "ForwardTo", "ForwardDeadLetteredMessagesTo"}
_DURATION = re.compile(r"P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


class ConfigurationProblem(Exception):
    """The file cannot be used; the text names the entity, the property and the remedy."""


def read(path: Path) -> Sequence[Settings]:
    """Raises ConfigurationProblem."""
    try:
        content = json.loads(path.read_text())
        namespaces = content["UserConfig"]["Namespaces"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ConfigurationProblem(f"{path.name}: not a readable file with UserConfig.Namespaces") from None
    return [one for namespace in namespaces for one in _queues(namespace)]


def _queues(namespace: Mapping[str, Any]) -> Sequence[Settings]:
    if namespace.get("Topics"):
        raise ConfigurationProblem("Topics: this broker has none; use a queue")
    return [queue(row["Name"], row.get("Properties", {})) for row in namespace.get("Queues", [])]


def queue(name: str, properties: Mapping[str, Any]) -> Settings:
    """One row of `Queues`. Raises ConfigurationProblem."""
    for key, value in properties.items():
        if key in _REFUSED and value:
            raise ConfigurationProblem(f"{name}: {key}: this broker does not do this; leave it out")
        if key not in {*_DEFAULTS, *_IGNORED, *_REFUSED}:
            raise ConfigurationProblem(f"{name}: {key}: not a property of a queue; correct its name or leave it out")
    given = {**_DEFAULTS, **properties}
    return Settings(
        name=name,
        requires_session=given["RequiresSession"],
        lock_seconds=seconds(given["LockDuration"], name),
        max_delivery_count=given["MaxDeliveryCount"],
        lives=seconds(given["DefaultMessageTimeToLive"], name),
        dead_letters_expired=given["DeadLetteringOnMessageExpiration"],
    )


def with_locks_of(queues: Sequence[Settings], lock_seconds: float) -> Sequence[Settings]:
    """The same queues with another lock duration, for runs that wait for locks to expire."""
    return [replace(one, lock_seconds=lock_seconds) for one in queues]


def seconds(duration: str, subject: str) -> float:
    """An ISO 8601 duration of days, hours, minutes and seconds. Raises ConfigurationProblem."""
    found = _DURATION.fullmatch(duration)
    if found is None or not any(found.groups()):
        raise ConfigurationProblem(f"{subject}: {duration!r}: not a duration like PT1M or P14D")
    days, hours, minutes, rest = (int(part or 0) for part in found.groups())
    return float(((days * 24 + hours) * 60 + minutes) * 60 + rest)


def connection_string(port: int) -> str:
    """For azure-servicebus; the key is checked by nobody."""
    return (
        f"Endpoint=sb://127.0.0.1:{port};SharedAccessKeyName=local;SharedAccessKey=local;UseDevelopmentEmulator=true;"
    )
