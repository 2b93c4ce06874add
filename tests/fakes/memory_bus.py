"""Service Bus in memory, on a virtual clock: locks, delivery counts, schedules, lanes, expiry and dead letters.

It is the ports `Outbox` and `DeadLetters`, and the other end that delivers: whoever simulates the host asks
`deliverable`, takes with `receive`, and settles with `complete` or `abandon`, or lets the lock run out.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from pydantic import TypeAdapter

from shared.bus.messages import UnreadableMessage, decode, encode
from shared.bus.queues import QUEUES, Queue, queue_of
from shared.model.keys import OrderKey, lane
from shared.model.steps import Delivery, StepMessage
from shared.ports.own import Clock, DeadLetter, DeadLetters, Outbox

When = Literal["before", "after"]
Interruption = Callable[[When, str, str], None]
"""Called around every send with `send` and the queue; may raise (a fault, a death)."""

EXHAUSTED = "MaxDeliveryCountExceeded"
EXPIRED = "TTLExpiredException"
_DURATION = TypeAdapter(timedelta)


class LockLost(Exception):
    """The lock ran out, or the message was settled already."""


@dataclass(slots=True)
class _Held:
    """One message in a queue; `lock` None: it may be taken from `visible` on."""

    sequence: int
    body: str
    session: str | None
    visible: datetime
    expires: datetime
    deliveries: int = 0
    lock: int | None = None
    locked_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Received:
    """A message as a trigger gets it; `lock` settles it."""

    queue: str
    body: str
    delivery: Delivery
    lock: int
    session: str | None = None

    @property
    def message(self) -> StepMessage:
        """Raises UnreadableMessage."""
        return decode(self.body)


@dataclass
class _State:
    spec: Queue
    lock_for: timedelta
    live_for: timedelta
    messages: dict[int, _Held] = field(default_factory=dict)
    dead: list[DeadLetter] = field(default_factory=list)


class MemoryBus:
    """With a `random`, deliveries come in any order (never within a session) and are doubled with `duplicates`.

    `counts` counts as an account does: a batch is one send, a receipt one receive, each settlement one.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        lanes: int = 1,
        randomness: random.Random | None = None,
        duplicates: float = 0.0,
        queues: Mapping[str, Queue] = QUEUES,
    ) -> None:
        self._clock = clock
        self._lanes = self._former_lanes = lanes
        self._random = randomness
        self._duplicates = duplicates
        self._queues = {name: _state(spec) for name, spec in queues.items()}
        self._numbers = 0
        self.counts: Counter[str] = Counter()
        self.interrupt: Interruption | None = None

    # The ports.

    async def send(self, messages: Sequence[StepMessage]) -> None:
        by_queue: dict[str, list[StepMessage]] = {}
        for message in messages:
            by_queue.setdefault(queue_of(message.step).name, []).append(message)
        for queue, batch in by_queue.items():
            self._send(queue, batch, self._clock.now())

    async def later(self, message: StepMessage, delay: timedelta) -> None:
        self._send(queue_of(message.step).name, [message], self._clock.now() + delay)

    async def peek(self, queue: str, limit: int) -> Sequence[DeadLetter]:
        self.counts["peeks"] += 1
        return self._queues[queue].dead[:limit]

    async def remove(self, queue: str, sequences: Sequence[int]) -> int:
        state, wanted = self._queues[queue], set(sequences)
        kept = [one for one in state.dead if one.sequence not in wanted]
        removed = len(state.dead) - len(kept)
        state.dead = kept
        self.counts["receives"] += removed
        self.counts["settlements"] += removed
        return removed

    def change_lanes(self, lanes: int) -> None:
        """A deployment with another number of lanes: an order's messages may now be in two of them."""
        self._former_lanes, self._lanes = self._lanes, lanes

    # The other end.

    def deliverable(self, now: datetime) -> tuple[str, ...]:
        """The queues from which `receive` would give something."""
        return tuple(name for name, state in self._queues.items() if any(self._ready(state, now)))

    def receive(self, queue: str, now: datetime, session: str | None = None) -> Received | None:
        """One message, locked; from a session queue the first of a lane (or of this one) where nothing is locked."""
        state = self._queues[queue]
        ready = [held for held in self._ready(state, now) if session in (None, held.session)]
        if not ready:
            return None
        held = self._random.choice(ready) if self._random else ready[0]
        self._numbers += 1
        held.lock, held.locked_until = self._numbers, now + state.lock_for
        self.counts["receives"] += 1
        delivery = Delivery(held.deliveries + 1, held.visible)
        return Received(queue, held.body, delivery, held.lock, held.session)

    def complete(self, received: Received, now: datetime) -> None:
        """Raises LockLost."""
        held = self._locked(received, now)
        self.counts["settlements"] += 1
        del self._queues[received.queue].messages[held.sequence]

    def abandon(self, received: Received, now: datetime) -> None:
        """At once deliverable again, with one delivery more; the last one makes it a dead letter. Raises LockLost."""
        held = self._locked(received, now)
        self.counts["settlements"] += 1
        self._give_back(self._queues[received.queue], held)

    def expire_locks(self, now: datetime) -> int:
        """Give back what was held too long, and let messages expire; returns how many locks ran out."""
        lost = 0
        for state in self._queues.values():
            for held in list(state.messages.values()):
                if held.locked_until is not None and held.locked_until <= now:
                    lost += 1
                    self._give_back(state, held)
            self._expire_messages(state, now)
        return lost

    def next_event(self, now: datetime) -> datetime | None:
        """When something happens next by itself: a message appears, a lock runs out, a message expires."""
        messages = (held for state in self._queues.values() for held in state.messages.values())
        return min((moment for held in messages for moment in _moments(held) if moment > now), default=None)

    def inject(self, queue: str, body: str) -> None:
        """What another tool put there, by its body."""
        self._put(queue, body, "lane-0" if self._queues[queue].spec.requires_session else None, self._clock.now())

    def waiting(self, queue: str) -> int:
        """How many messages are in the queue: ready, locked or scheduled."""
        return len(self._queues[queue].messages)

    def dead(self, queue: str) -> Sequence[DeadLetter]:
        return tuple(self._queues[queue].dead)

    def _send(self, queue: str, batch: Sequence[StepMessage], visible: datetime) -> None:
        self._meet("before", queue)
        self.counts["sends"] += 1
        for message in batch:
            self._enqueue(message, visible)
        self._meet("after", queue)

    def _meet(self, when: When, queue: str) -> None:
        if self.interrupt is not None:
            self.interrupt(when, "send", queue)

    def _enqueue(self, message: StepMessage, visible: datetime) -> None:
        queue = queue_of(message.step)
        twice = self._random is not None and self._random.random() < self._duplicates
        for lanes in (self._lanes, self._former_lanes) if twice else (self._lanes,):
            session = lane(OrderKey(message.shop, message.order), lanes) if queue.requires_session else None
            self._put(queue.name, encode(message), session, visible)

    def _put(self, queue: str, body: str, session: str | None, visible: datetime) -> None:
        self._numbers += 1
        state = self._queues[queue]
        state.messages[self._numbers] = _Held(self._numbers, body, session, visible, visible + state.live_for)

    def _ready(self, state: _State, now: datetime) -> Iterator[_Held]:
        """In the order of appearing; of a session only its first, and none while one of it is locked."""
        busy = {held.session for held in state.messages.values() if held.lock is not None}
        for held in sorted(state.messages.values(), key=lambda held: (held.visible, held.sequence)):
            if held.lock is not None or held.visible > now or held.expires <= now:
                continue
            if state.spec.requires_session:
                if held.session in busy:
                    continue
                busy.add(held.session)
            yield held

    def _locked(self, received: Received, now: datetime) -> _Held:
        for held in self._queues[received.queue].messages.values():
            if held.lock == received.lock and held.locked_until is not None and held.locked_until > now:
                return held
        raise LockLost(received.queue)

    def _give_back(self, state: _State, held: _Held) -> None:
        held.lock = held.locked_until = None
        held.deliveries += 1
        if held.deliveries >= state.spec.max_delivery_count:
            self._bury(state, held, EXHAUSTED)

    def _expire_messages(self, state: _State, now: datetime) -> None:
        for held in list(state.messages.values()):
            if held.lock is None and held.expires <= now:
                if state.spec.dead_letters_expired:
                    self._bury(state, held, EXPIRED)
                else:
                    del state.messages[held.sequence]

    def _bury(self, state: _State, held: _Held, reason: str) -> None:
        del state.messages[held.sequence]
        self._numbers += 1
        state.dead.append(DeadLetter(state.spec.name, _read(held.body), reason, self._numbers, held.visible))


def _state(spec: Queue) -> _State:
    lock_for, live_for = (_DURATION.validate_python(text) for text in (spec.lock_duration, spec.time_to_live))
    return _State(spec, lock_for, live_for)


def _moments(held: _Held) -> Iterator[datetime]:
    yield held.visible
    yield held.expires
    if held.locked_until is not None:
        yield held.locked_until


def _read(body: str) -> StepMessage | None:
    try:
        return decode(body)
    except UnreadableMessage:
        return None


_: tuple[type[Outbox], type[DeadLetters]] = (MemoryBus, MemoryBus)
