"""Service Bus queue triggers with sessions: each slot holds one session and takes its messages one at a time."""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass

from azure.servicebus import NEXT_AVAILABLE_SESSION, ServiceBusReceivedMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.exceptions import OperationTimeoutError

from local.host.configuration import Configuration
from local.host.invocations import Invocations
from local.host.queues import IDLE_SECONDS, PAUSE_SECONDS, settle
from local.host.renewal import REFUSED, Renewal
from local.host.worker import Function

log = logging.getLogger("local.host")
ACCEPT_SECONDS = 30.0  # one wait for a session; the next one follows at once


@dataclass
class SessionListener:
    """`maxConcurrentSessions` slots. A lost session is somebody else's by then; the slot takes the next one."""

    function: Function
    queue: str
    client: ServiceBusClient
    configuration: Configuration
    invocations: Invocations

    async def open(self) -> None:
        """Raises the SDK's own error where the queue does not exist; waiting for a session would not tell for long."""
        async with self.client.get_queue_sender(self.queue):
            pass

    async def run(self) -> None:
        """Until the host drains; then until every session's current message is settled."""
        slots = range(self.configuration.max_concurrent_sessions)
        async with asyncio.TaskGroup() as group:
            for _ in slots:
                group.create_task(self._slot())

    async def _slot(self) -> None:
        while not self.invocations.stopping.is_set():
            try:
                receiver = await self._accept()
                if receiver is not None:
                    async with receiver:
                        await self._hold(receiver)
            except OperationTimeoutError:
                continue  # no session had a message
            except REFUSED as problem:
                log.warning("%s: lost a session of %s: %s", self.function.name, self.queue, type(problem).__name__)
                await asyncio.sleep(PAUSE_SECONDS)

    async def _accept(self) -> ServiceBusReceiver | None:
        """The next session that has messages and no holder; None when the host drains first."""
        receiver = self.client.get_queue_receiver(
            self.queue, session_id=NEXT_AVAILABLE_SESSION, max_wait_time=ACCEPT_SECONDS, prefetch_count=0
        )
        accepting = asyncio.create_task(receiver.__aenter__())
        stopping = asyncio.create_task(self.invocations.stopping.wait())
        await asyncio.wait({accepting, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not accepting.done():
            accepting.cancel()
            await asyncio.wait({accepting})
            await receiver.close()
            return None
        return accepting.result()

    async def _hold(self, receiver: ServiceBusReceiver) -> None:
        session = receiver.session
        async with Renewal(session, session.renew_lock, self.configuration.max_auto_lock_renewal) as renewal:
            since = time.monotonic()
            while not self.invocations.stopping.is_set():
                messages = await receiver.receive_messages(max_message_count=1, max_wait_time=IDLE_SECONDS)
                if messages:
                    renewal.restart()
                    await self._work(receiver, messages[0])
                    since = time.monotonic()
                elif time.monotonic() - since > self.configuration.session_idle.total_seconds():
                    return

    async def _work(self, receiver: ServiceBusReceiver, message: ServiceBusReceivedMessage) -> None:
        completed = await self.invocations.run_message(self.function, message)
        try:
            await settle(receiver, message, completed)
        except REFUSED as problem:
            self.invocations.unsettled(self.function, problem)
            raise
