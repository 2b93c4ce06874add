"""The broker's queues by their addresses, its books, and what becomes due by itself. No AMQP in here."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from typing import Any

from local.broker.clock import Clock
from local.broker.entities import Queue
from local.broker.lanes import Entry
from local.broker.sections import ACTIVE, SCHEDULED, Facts, Message
from local.broker.terms import NotFound, Refused, Settings

_OPERATIONS = ("sends", "receives", "settlements", "renewals", "peeks", "cancellations")


class Namespace:
    """`operations` counts what clients did as Service Bus counts it: a batch is one send, a transfer one receive."""

    def __init__(self, queues: Iterable[Settings], clock: Clock) -> None:
        self.clock = clock
        self.operations: Counter[str] = Counter(dict.fromkeys(_OPERATIONS, 0))
        self._queues = {one.name.lower(): Queue(one, clock) for one in queues}

    def find(self, address: str) -> Queue:
        """By an address as clients write it (`amqps://host/queue/$DeadLetterQueue`). Raises NotFound."""
        path = re.sub(r"^amqps?://[^/]+/", "", address).strip("/").lower()
        name, _, below = path.partition("/")
        queue = self._queues.get(name)
        if queue is None or below not in ("", "$deadletterqueue"):
            raise NotFound(f"The messaging entity '{path}' could not be found.")
        return queue.dead_letters if below else queue

    def all_queues(self) -> Iterator[Queue]:
        """Dead-letter queues included, each after its source."""
        for queue in self._queues.values():
            yield queue
            yield queue.dead_letters

    def send(self, queue: Queue, messages: Sequence[Message]) -> Sequence[int]:
        """All of them or none; their sequence numbers. Raises Refused."""
        self.operations["sends"] += 1
        if queue.source:
            raise Refused("nothing can be sent to a dead-letter queue")
        if queue.settings.requires_session and any(one.session is None for one in messages):
            raise Refused("this queue requires sessions, and a message has no session id")
        return [self._enqueue(queue, one) for one in messages]

    def _enqueue(self, queue: Queue, message: Message) -> int:
        return queue.enqueue(
            message,
            session=message.session,
            lives=None if message.time_to_live is None else message.time_to_live / 1000,
            at=None if message.scheduled is None else self.clock.from_wire(message.scheduled),
        )

    def facts(self, queue: Queue, entry: Entry, *, locked_until: float | None = None) -> Facts:
        """What the receiver of `entry` is told."""
        return Facts(
            sequence=entry.sequence,
            enqueued=self.clock.to_wire(entry.enqueued),
            delivery_count=entry.delivery_count,
            state=ACTIVE if entry.scheduled is None else SCHEDULED,
            locked_until=None if locked_until is None else self.clock.to_wire(locked_until),
            dead_letter_source=queue.source.settings.name if queue.source else None,
            reason=entry.reason,
            description=entry.description,
        )

    def next_time(self) -> float | None:
        times = (queue.next_time() for queue in self.all_queues())
        return min((one for one in times if one is not None), default=None)

    def catch_up(self) -> None:
        for queue in self.all_queues():
            queue.catch_up()

    # ---- what is asked from outside

    def counts(self) -> dict[str, Any]:
        """Per queue: what is in it now, and its totals since the start."""
        return {
            queue.settings.name: {
                **queue.counts(),
                **asdict(queue.stats),
                "dead_letters_completed": queue.dead_letters.stats.completed,
            }
            for queue in self._queues.values()
        }

    def duplicate(self, name: str, *, on: bool) -> None:
        """From now on each message that becomes active in this queue becomes two. Raises NotFound."""
        self.find(name).duplicating = on
