"""What happens by itself: deadlines in the order of their times, those that no longer hold passed over."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from enum import IntEnum
from typing import Any

_SMALLEST = 1024


class Deadline(IntEnum):
    """The key of each is a sequence number, a lock token, a session id or a sequence number, in this order."""

    SCHEDULED = 0
    LOCK = 1
    SESSION = 2
    EXPIRY = 3


Item = tuple[float, Deadline, Any]


class Agenda:
    """`holds` says whether an item still means anything; those that do not are dropped when met, or in bulk."""

    def __init__(self, holds: Callable[[Item], bool]) -> None:
        self._holds = holds
        self._heap: list[Item] = []
        self._limit = _SMALLEST

    def __len__(self) -> int:
        return len(self._heap)

    def add(self, when: float, deadline: Deadline, key: Any) -> None:
        heapq.heappush(self._heap, (when, deadline, key))
        if len(self._heap) > self._limit:
            self._heap = [item for item in self._heap if self._holds(item)]
            heapq.heapify(self._heap)
            self._limit = max(_SMALLEST, 2 * len(self._heap))  # so dropping costs each item a constant

    def next_time(self) -> float | None:
        while self._heap:
            if self._holds(self._heap[0]):
                return self._heap[0][0]
            heapq.heappop(self._heap)
        return None

    def pop_due(self, now: float) -> Item | None:
        """The earliest item that holds and whose time has come."""
        while self._heap and self._heap[0][0] <= now:
            item = heapq.heappop(self._heap)
            if self._holds(item):
                return item
        return None
