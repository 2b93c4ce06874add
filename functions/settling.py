"""From a Service Bus message to a step's run, and from its outcome back to what Service Bus sees."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

from functions import fates
from shared.bus import messages
from shared.model.outcome import Outcome
from shared.model.steps import Delivery, StepMessage
from shared.wiring import Bridge, bridge


class Received(Protocol):
    """What we use of `azure.functions.ServiceBusMessage`."""

    @property
    def delivery_count(self) -> int | None: ...

    def get_body(self) -> bytes: ...


async def settle(received: Received, queue: str, step: Callable[[StepMessage, Delivery], Awaitable[Outcome]]) -> None:
    ports = fate_ports(bridge())
    try:
        message = messages.decode(received.get_body())
    except messages.UnreadableMessage as problem:
        await fates.unreadable(queue, str(problem), ports=ports)
        return
    delivery = Delivery(count=received.delivery_count or 1)
    scopes = bridge().scopes(message)
    await fates.meet(message, scopes=scopes, work=lambda: step(message, delivery), ports=ports)


def fate_ports(whole: Bridge) -> fates.Ports:
    return fates.Ports(whole.progress, whole.pauses, whole.outbox, whole.clock, whole.jitter, whole.lost)
