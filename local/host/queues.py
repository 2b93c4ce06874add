"""Service Bus queue triggers without sessions: one long-lived receiver per function, several messages at a time."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field

from azure.servicebus import ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import ServiceBusError

from local.host.configuration import Configuration
from local.host.invocations import Invocations
from local.host.renewal import REFUSED, Renewal
from local.host.worker import Function

log = logging.getLogger("local.host")
IDLE_SECONDS = 1.0
GLANCE_SECONDS = 0.05  # how long finished invocations may wait for their settlement while more is received
PAUSE_SECONDS = 1.0

Finished = tuple[ServiceBusReceivedMessage, bool]
Wanted = tuple[ServiceBusReceivedMessage, asyncio.Future[None]]


@dataclass
class QueueListener:
    """Only `run` touches the receiver, one operation after another: settling in parallel on one receiver is slower,
    and a renewal beside a receive breaks the SDK's link for seconds.
    """

    function: Function
    queue: str
    client: ServiceBusClient
    configuration: Configuration
    invocations: Invocations
    _running: set[asyncio.Task[Finished]] = field(default_factory=set)
    _renewals: list[Wanted] = field(default_factory=list)
    _receiver: ServiceBusReceiver | None = None

    async def open(self) -> None:
        """Attach to the queue. Raises the SDK's own error where it does not exist or wants sessions."""
        self._receiver = await self.client.get_queue_receiver(self.queue, prefetch_count=0).__aenter__()

    async def run(self) -> None:
        """Until the host drains; then until what runs has ended and is settled."""
        assert self._receiver is not None
        async with self._receiver as receiver:
            while not self.invocations.stopping.is_set():
                await self._attend(receiver)
                if len(self._running) < self.configuration.max_concurrent_calls:
                    await self._receive(receiver)
                else:
                    await self._glance()
            while self._running:
                await self._glance()
                await self._attend(receiver)

    async def _glance(self) -> None:
        await asyncio.wait(self._running, timeout=GLANCE_SECONDS, return_when=asyncio.FIRST_COMPLETED)

    async def _attend(self, receiver: ServiceBusReceiver) -> None:
        """Settle what has finished and renew what was asked for."""
        await self._settle_finished(receiver)
        while self._renewals:
            message, done = self._renewals.pop()
            try:
                await receiver.renew_message_lock(message)
            except REFUSED as problem:
                done.set_exception(problem)
            else:
                done.set_result(None)

    async def _receive(self, receiver: ServiceBusReceiver) -> None:
        """One message a call: asked for more, the SDK waits for company before it hands out the first."""
        patience = GLANCE_SECONDS if self._running else IDLE_SECONDS
        try:
            messages = await receiver.receive_messages(max_message_count=1, max_wait_time=patience)
        except ServiceBusError as problem:
            log.warning("%s: cannot receive from %s: %s", self.function.name, self.queue, type(problem).__name__)
            await asyncio.sleep(PAUSE_SECONDS)
            return
        for message in messages:
            self._running.add(asyncio.create_task(self._invoke(message)))

    async def _invoke(self, message: ServiceBusReceivedMessage) -> Finished:
        async def renew() -> None:
            done = asyncio.get_running_loop().create_future()
            self._renewals.append((message, done))
            await done

        async with Renewal(message, renew, self.configuration.max_auto_lock_renewal):
            return message, await self.invocations.run_message(self.function, message)

    async def _settle_finished(self, receiver: ServiceBusReceiver) -> None:
        for task in [one for one in self._running if one.done()]:
            self._running.remove(task)
            message, completed = task.result()
            try:
                await settle(receiver, message, completed)
            except REFUSED as problem:
                self.invocations.unsettled(self.function, problem)


async def settle(receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage, completed: bool) -> None:
    """Return completes; raise abandons at once. Raises what is `REFUSED`."""
    if completed:
        await receiver.complete_message(message)
    else:
        await receiver.abandon_message(message)
