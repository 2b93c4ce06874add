"""Receives and settles messages of one queue as a host does, several at a time, and tells what that took."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusReceiver

AT_ONCE = 8
"""`maxConcurrentCalls` of host.json."""
GLANCE_SECONDS = 0.05
PATIENCE_SECONDS = 30.0

Handle = Callable[[ServiceBusReceivedMessage], Awaitable[None]]


class QueueEmpty(Exception):
    """Fewer messages came than were sent."""


@dataclass(frozen=True, slots=True)
class Took:
    """Seconds on the wall, and of this process's own CPU."""

    messages: int
    wall: float
    cpu: float

    @property
    def per_second(self) -> float:
        return self.messages / self.wall

    @property
    def cpu_ms(self) -> float:
        """Milliseconds of CPU for each message."""
        return 1000 * self.cpu / self.messages


async def consume(receiver: ServiceBusReceiver, count: int, handle: Handle) -> Took:
    """Exactly so many messages, each settled when it is handled. Raises QueueEmpty, and what `handle` raises."""
    wall, cpu = time.perf_counter(), time.process_time()
    running: set[asyncio.Task[ServiceBusReceivedMessage]] = set()
    begun = 0
    while begun < count or running:
        await _settle(receiver, running)
        if begun < count and len(running) < AT_ONCE:
            begun += await _receive(receiver, running, handle)
        elif running:
            await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
    return Took(count, time.perf_counter() - wall, time.process_time() - cpu)


async def _receive(
    receiver: ServiceBusReceiver, running: set[asyncio.Task[ServiceBusReceivedMessage]], handle: Handle
) -> int:
    """One message a call: asked for more, the SDK waits for company before it hands out the first."""
    patience = GLANCE_SECONDS if running else PATIENCE_SECONDS
    messages = await receiver.receive_messages(max_message_count=1, max_wait_time=patience)
    if not messages and not running:
        raise QueueEmpty(f"no message within {PATIENCE_SECONDS:g} s; the broker's log tells why")
    running.update(asyncio.create_task(_handled(handle, message)) for message in messages)
    return len(messages)


async def _handled(handle: Handle, message: ServiceBusReceivedMessage) -> ServiceBusReceivedMessage:
    await handle(message)
    return message


async def _settle(receiver: ServiceBusReceiver, running: set[asyncio.Task[ServiceBusReceivedMessage]]) -> None:
    for task in [one for one in running if one.done()]:
        running.remove(task)
        await receiver.complete_message(task.result())
