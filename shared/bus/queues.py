"""The one list of queues (`queues.json`), read by the code, by the local broker and by what deploys them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Queue:
    """Durations are ISO 8601, as Bicep and the emulator's file take them."""

    name: str
    requires_session: bool
    lock_duration: str
    max_delivery_count: int
    time_to_live: str
    dead_letters_expired: bool


def _read() -> Mapping[str, Queue]:
    listed: list[dict[str, Any]] = json.loads(resources.files("shared.bus").joinpath("queues.json").read_text())[
        "queues"
    ]
    return {
        row["name"]: Queue(
            name=row["name"],
            requires_session=row["requiresSession"],
            lock_duration=row["lockDuration"],
            max_delivery_count=row["maxDeliveryCount"],
            time_to_live=row["defaultMessageTimeToLive"],
            dead_letters_expired=row["deadLetteringOnMessageExpiration"],
        )
        for row in listed
    }


QUEUES: Mapping[str, Queue] = _read()


def queue_of(step: str) -> Queue:
    """A queue carries the name of the step that reads it, with hyphens."""
    return QUEUES[step.replace("_", "-")]
