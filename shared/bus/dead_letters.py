"""The port `DeadLetters` over Service Bus: what is in the dead-letter queues, looked at and removed by number."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

from azure.core.exceptions import AzureError
from azure.servicebus import ServiceBusReceivedMessage, ServiceBusSubQueue
from azure.servicebus.aio import ServiceBusClient, ServiceBusReceiver
from azure.servicebus.amqp import AmqpMessageBodyType

from shared.bus.messages import UnreadableMessage, decode
from shared.bus.outbox import named
from shared.model.steps import StepMessage
from shared.ports.own import DeadLetter

_PAGE = 100
_SECONDS = 30.0
_LOST = (AzureError, OSError, ValueError)


class ServiceBusDeadLetters:
    """Peeking keeps one link per queue and process: opening one costs half a second, and `watch` looks each minute.

    `idle_seconds` is how long removal waits for one more dead letter before it takes the queue for read.
    """

    def __init__(self, client: ServiceBusClient, *, idle_seconds: float = 2.0) -> None:
        self._client = client
        self._idle_seconds = idle_seconds
        self._peekers: dict[str, ServiceBusReceiver] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def peek(self, queue: str, limit: int) -> Sequence[DeadLetter]:
        """The first `limit`, oldest first. Raises Transient."""
        async with self._locks.setdefault(queue, asyncio.Lock()), self._peeker(queue) as receiver:
            return [_dead_letter(queue, message) for message in await _peek(receiver, limit)]

    async def remove(self, queue: str, sequences: Sequence[int]) -> int:
        """Raises Transient; what was removed before that stays removed.

        The service gives dead letters out in its own order only: those in front of the wanted ones are taken,
        held until the end, and given back.
        """
        wanted = set(sequences)
        if not wanted:
            return 0
        try:
            async with self._receiver(queue) as receiver:
                return await _complete(receiver, wanted, self._idle_seconds)
        except _LOST as problem:
            raise named(problem, queue) from problem

    async def close(self) -> None:
        for queue in list(self._peekers):
            await self._drop(queue)

    def _receiver(self, queue: str) -> ServiceBusReceiver:
        return self._client.get_queue_receiver(queue, sub_queue=ServiceBusSubQueue.DEAD_LETTER)

    @contextlib.asynccontextmanager
    async def _peeker(self, queue: str) -> AsyncIterator[ServiceBusReceiver]:
        if queue not in self._peekers:
            self._peekers[queue] = self._receiver(queue)
        try:
            yield self._peekers[queue]
        except _LOST as problem:
            await self._drop(queue)
            raise named(problem, queue) from problem
        except BaseException:
            await self._drop(queue)
            raise

    async def _drop(self, queue: str) -> None:
        receiver = self._peekers.pop(queue, None)
        if receiver is not None:
            with contextlib.suppress(*_LOST):
                await receiver.close()


async def _peek(receiver: ServiceBusReceiver, limit: int) -> list[ServiceBusReceivedMessage]:
    """By sequence number, because a page may hold fewer than were asked for."""
    found: list[ServiceBusReceivedMessage] = []
    following = 1
    while len(found) < limit:
        count = min(_PAGE, limit - len(found))
        page = await receiver.peek_messages(count, sequence_number=following, timeout=_SECONDS)
        if not page:
            break
        found += page
        following = _sequence(page[-1]) + 1
    return found


async def _complete(receiver: ServiceBusReceiver, wanted: set[int], idle_seconds: float) -> int:
    """One settlement after the other: side by side they are several times slower on one receiver."""
    left, held = set(wanted), []
    while left:
        page = await receiver.receive_messages(max_message_count=_PAGE, max_wait_time=idle_seconds)
        if not page:
            break
        for message in page:
            if _sequence(message) in left:
                await receiver.complete_message(message)
                left.discard(_sequence(message))
            else:
                held.append(message)
    for message in held:
        # A lock that ran out meanwhile has given it back already.
        with contextlib.suppress(*_LOST):
            await receiver.abandon_message(message)
    return len(wanted) - len(left)


def _dead_letter(queue: str, message: ServiceBusReceivedMessage) -> DeadLetter:
    return DeadLetter(
        queue=queue,
        message=_read(message),
        reason=message.dead_letter_reason or "",
        sequence=_sequence(message),
        enqueued=message.enqueued_time_utc or datetime.fromtimestamp(0, UTC),
    )


def _read(message: ServiceBusReceivedMessage) -> StepMessage | None:
    if message.body_type != AmqpMessageBodyType.DATA:
        return None
    try:
        return decode(b"".join(message.body))
    except UnreadableMessage:
        return None


def _sequence(message: ServiceBusReceivedMessage) -> int:
    return message.sequence_number or 0
