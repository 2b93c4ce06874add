"""From a Service Bus message to a step's run, and from its outcome back to what Service Bus sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from functions import fates
from shared.bus import messages
from shared.model.outcome import Outcome
from shared.model.steps import Delivery, StepMessage
from shared.wiring import Bridge


class Received(Protocol):
    """What we use of `azure.functions.ServiceBusMessage`."""

    @property
    def delivery_count(self) -> int | None: ...

    def get_body(self) -> bytes: ...


async def settle(
    received: Received, queue: str, bridge: Bridge, step: Callable[[StepMessage, Delivery], Awaitable[Outcome]]
) -> None:
    """Returns when the message may be completed; what is raised makes the host abandon it."""
    ports = fates.Ports(bridge.progress, bridge.pauses, bridge.outbox, bridge.clock, bridge.jitter, bridge.lost)
    try:
        message = messages.decode(received.get_body())
    except messages.UnreadableMessage as problem:
        await fates.unreadable(queue, str(problem), ports=ports)
        return
    delivery = Delivery(count=received.delivery_count or 1)
    await fates.meet(message, scopes=bridge.scopes(message), work=lambda: step(message, delivery), ports=ports)
