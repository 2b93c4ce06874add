"""What a queue holds: messages, the lanes that order them, and the locks of those who received them."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID


@dataclass(slots=True, eq=False)
class Entry:
    """A message in a queue; times are seconds. `content` is whatever was enqueued."""

    sequence: int
    content: Any
    session: str | None
    enqueued: float
    lives: float | None
    """Seconds it may stay before it expires; None for ever."""
    scheduled: float | None = None
    expires: float | None = None
    delivery_count: int = 0
    """Deliveries that ended without a settlement that removed it."""
    locked: bool = False
    reason: str | None = None
    description: str | None = None


@dataclass(slots=True, eq=False)
class Lane:
    """Messages that are delivered in the order of their numbers: one session, or all of a queue without sessions."""

    session: str | None
    hold: Hold | None = None
    state: bytes | None = None
    offered: bool = False
    _waiting: list[int] = field(default_factory=list)

    def put(self, sequence: int) -> None:
        heapq.heappush(self._waiting, sequence)

    def first(self, present: Container[int]) -> int | None:
        """The lowest number still `present`; those that left the queue otherwise are passed over."""
        while self._waiting:
            if self._waiting[0] in present:
                return self._waiting[0]
            heapq.heappop(self._waiting)
        return None

    def take(self, present: Container[int]) -> int | None:
        if self.first(present) is None:
            return None
        return heapq.heappop(self._waiting)


@dataclass(slots=True, eq=False)
class Hold:
    """A session locked by `holder`, together with every message received under it."""

    lane: Lane
    holder: Any
    until: float
    lost: bool = False
    locks: dict[UUID, Lock] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Lock:
    """A message locked by its receiver; under a hold it lasts as long as the hold does."""

    token: UUID
    entry: Entry
    until: float
    hold: Hold | None = None


class Lanes:
    """Every lane of a queue, which of them have something new, and which sessions wait for a receiver."""

    def __init__(self, *, sessions: bool) -> None:
        self._sessions = sessions
        self._lanes: dict[str | None, Lane] = {}
        self._available: deque[Lane] = deque()
        self._stirred: dict[Lane, None] = {}

    def of(self, session: str | None) -> Lane:
        """In a queue without sessions, the one lane that takes every message."""
        key = session if self._sessions else None
        if key not in self._lanes:
            self._lanes[key] = Lane(key)
        return self._lanes[key]

    def stir(self, lane: Lane) -> None:
        self._stirred[lane] = None
        if self._sessions and lane.hold is None and not lane.offered:
            lane.offered = True
            self._available.append(lane)

    def take_stirred(self) -> Sequence[Lane]:
        stirred = list(self._stirred)
        self._stirred.clear()
        return stirred

    def next_available(self, present: Container[int]) -> Lane | None:
        """The session without a receiver that has waited longest with a message in it."""
        while self._available:
            lane = self._available.popleft()
            lane.offered = False
            if lane.hold is None and lane.first(present) is not None:
                return lane
        return None
