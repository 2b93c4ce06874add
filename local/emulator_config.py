"""Writes `infra/Config.json`, the file of Microsoft's Service Bus emulator, from the one list of queues."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.broker.configuration import seconds
from shared.bus.queues import QUEUES, Queue

CONFIG = Path(__file__).resolve().parent.parent / "infra" / "Config.json"
NAMESPACE = "sbemulatorns"  # the emulator knows no other

# The emulator's own limits (its Config-schema.json): it does not start when one is crossed.
_LOCK_SECONDS = (5, 300)
_DELIVERIES = (1, 10)
_SHORTEST_LIFE, _LONGEST_LIFE = "PT5M", "PT1H"


class NotEmulated(Exception):
    """The emulator cannot have this queue; the text names the queue, the property and the limit."""


def config(queues: Mapping[str, Queue] = QUEUES) -> dict[str, Any]:
    """Raises NotEmulated."""
    namespace = {"Name": NAMESPACE, "Queues": [_queue(one) for one in queues.values()], "Topics": []}
    return {"UserConfig": {"Namespaces": [namespace], "Logging": {"Type": "File"}}}


def written(content: Mapping[str, Any]) -> str:
    return json.dumps(content, indent=2) + "\n"


def _queue(queue: Queue) -> dict[str, Any]:
    _within(seconds(queue.lock_duration, queue.name), _LOCK_SECONDS, f"{queue.name}: lockDuration, in seconds")
    _within(queue.max_delivery_count, _DELIVERIES, f"{queue.name}: maxDeliveryCount")
    return {
        "Name": queue.name,
        "Properties": {
            "DeadLetteringOnMessageExpiration": queue.dead_letters_expired,
            "DefaultMessageTimeToLive": _life(queue),
            "LockDuration": queue.lock_duration,
            "MaxDeliveryCount": queue.max_delivery_count,
            "RequiresDuplicateDetection": False,
            "RequiresSession": queue.requires_session,
        },
    }


def _within(value: float, limits: tuple[int, int], what: str) -> None:
    if not limits[0] <= value <= limits[1]:
        raise NotEmulated(
            f"{what}: {value:g} is not between {limits[0]} and {limits[1]}; correct shared/bus/queues.json"
        )


def _life(queue: Queue) -> str:
    """As near as the emulator comes: what lives for days in Azure lives for an hour in it."""
    wanted = seconds(queue.time_to_live, queue.name)
    if wanted < seconds(_SHORTEST_LIFE, queue.name):
        return _SHORTEST_LIFE
    return _LONGEST_LIFE if wanted > seconds(_LONGEST_LIFE, queue.name) else queue.time_to_live


if __name__ == "__main__":
    CONFIG.parent.mkdir(exist_ok=True)
    CONFIG.write_text(written(config()))
    print(f"wrote {CONFIG.name}")
