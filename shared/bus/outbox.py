"""The port `Outbox` over Service Bus: one sender per queue and process, since the SDK's senders are not for sharing."""

from __future__ import annotations

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta

from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError, ClientAuthenticationError
from azure.servicebus import ServiceBusMessage, ServiceBusMessageBatch
from azure.servicebus.aio import ServiceBusClient, ServiceBusSender
from azure.servicebus.exceptions import (
    MessageSizeExceededError,
    ServiceBusAuthenticationError,
    ServiceBusAuthorizationError,
)

from shared.bus.messages import encode
from shared.bus.queues import Queue, queue_of
from shared.errors import Transient, Unauthorized, Unavailable
from shared.model.keys import OrderKey, lane
from shared.model.steps import StepMessage

SCOPE = "bus"
CONTENT_TYPE = "application/json"
_SECONDS = 30.0
"""How long one send may take with the SDK's own retries."""
_MOST = 250
"""Messages in a batch; far from the service's 256 KiB, to which the SDK's own sum is only close."""
_LOST = (AzureError, OSError, ValueError)
"""What a broken link shows as: the SDK calls a sender that was shut down a ValueError."""


def connect(
    *, connection: str = "", namespace: str = "", credential: AsyncTokenCredential | None = None
) -> ServiceBusClient:
    """The process's client: by connection string, or by the namespace's host name and a credential."""
    if connection:
        return ServiceBusClient.from_connection_string(
            connection, retry_total=2, retry_backoff_factor=0.5, retry_backoff_max=5
        )
    if credential is None:
        raise ValueError("a namespace needs a credential; pass the app's managed identity")
    return ServiceBusClient(namespace, credential, retry_total=2, retry_backoff_factor=0.5, retry_backoff_max=5)


class ServiceBusOutbox:
    """`lanes` is the ERP's; `wall` tells the broker's time, which runs `acceleration` times slower than ours."""

    def __init__(
        self,
        client: ServiceBusClient,
        *,
        lanes: int,
        wall: Callable[[], datetime],
        acceleration: float = 1.0,
    ) -> None:
        self._client = client
        self._lanes = lanes
        self._wall = wall
        self._acceleration = acceleration
        self._senders: dict[str, ServiceBusSender] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def send(self, messages: Sequence[StepMessage]) -> None:
        by_queue: dict[str, list[ServiceBusMessage]] = {}
        for message in messages:
            queue = queue_of(message.step)
            by_queue.setdefault(queue.name, []).append(self._outgoing(message, queue))
        for name, outgoing in by_queue.items():
            await self._send(name, outgoing)

    async def later(self, message: StepMessage, delay: timedelta) -> None:
        queue = queue_of(message.step)
        outgoing = self._outgoing(message, queue)
        outgoing.scheduled_enqueue_time_utc = self._wall() + delay / self._acceleration
        await self._send(queue.name, [outgoing])

    async def close(self) -> None:
        for name in list(self._senders):
            await self._drop(name)

    def _outgoing(self, message: StepMessage, queue: Queue) -> ServiceBusMessage:
        """A fresh id each time: duplicate detection would silently drop a known one."""
        session = lane(OrderKey(message.shop, message.order), self._lanes) if queue.requires_session else None
        return ServiceBusMessage(
            encode(message), content_type=CONTENT_TYPE, message_id=str(uuid.uuid4()), session_id=session
        )

    async def _send(self, name: str, outgoing: Sequence[ServiceBusMessage]) -> None:
        """Once more over a fresh link when the link breaks: what went out before the break may then come twice."""
        left = list(outgoing)
        async with self._locks.setdefault(name, asyncio.Lock()):
            try:
                async with self._sender(name) as sender:
                    await _deliver(sender, left)
            except _LOST:
                async with self._named(name), self._sender(name) as sender:
                    await _deliver(sender, left)

    @contextlib.asynccontextmanager
    async def _sender(self, name: str) -> AsyncIterator[ServiceBusSender]:
        """The queue's sender, which is dropped when anything at all goes wrong while it is used."""
        if name not in self._senders:
            self._senders[name] = self._client.get_queue_sender(name)
        try:
            yield self._senders[name]
        except BaseException:
            await self._drop(name)
            raise

    @contextlib.asynccontextmanager
    async def _named(self, name: str) -> AsyncIterator[None]:
        try:
            yield
        except _LOST as problem:
            raise named(problem, name) from problem

    async def _drop(self, name: str) -> None:
        sender = self._senders.pop(name, None)
        if sender is not None:
            with contextlib.suppress(*_LOST):
                await sender.close()


async def _deliver(sender: ServiceBusSender, left: list[ServiceBusMessage]) -> None:
    """Sends and takes from `left` what was sent, in order, in as few batches as it fits."""
    while left:
        count = 1
        if len(left) == 1:
            await sender.send_messages(left[0], timeout=_SECONDS)
        else:
            batch, count = await _batch(sender, left)
            await sender.send_messages(batch, timeout=_SECONDS)
        del left[:count]


async def _batch(sender: ServiceBusSender, messages: Sequence[ServiceBusMessage]) -> tuple[ServiceBusMessageBatch, int]:
    """The first of these that fit one batch, and how many they are: at least one, our messages are small."""
    batch = await sender.create_message_batch()
    for count, message in enumerate(messages[:_MOST]):
        try:
            batch.add_message(message)
        except MessageSizeExceededError:
            if count == 0:
                raise
            return batch, count
    return batch, min(len(messages), _MOST)


def named(problem: Exception, queue: str) -> Transient:
    """What a failure of the bus means to a flow."""
    if isinstance(problem, ServiceBusAuthenticationError | ServiceBusAuthorizationError | ClientAuthenticationError):
        text = f"Service Bus refuses us at {queue}: give the app's identity its sender and receiver roles"
        return Unauthorized(text, scope=SCOPE)
    return Unavailable(f"Service Bus cannot be used at {queue} ({type(problem).__name__})", scope=SCOPE)
