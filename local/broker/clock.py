"""The broker's time: the wall clock, moved ahead by whoever tests what takes long."""

from __future__ import annotations

import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970. Clients keep the wall clock, so times are converted on their way in and out.

    After `advance(60)` a lock granted earlier has 60 seconds less to live, and one granted now as long as ever.
    """

    def __init__(self, wall: Callable[[], float] = time.time) -> None:
        self._wall = wall
        self._ahead = 0.0

    def __call__(self) -> float:
        return self._wall() + self._ahead

    def advance(self, seconds: float) -> None:
        self._ahead += seconds

    def from_wire(self, milliseconds: int) -> float:
        return milliseconds / 1000 + self._ahead

    def to_wire(self, seconds: float) -> int:
        """Milliseconds, rounded down: a client must not believe in a lock that is gone."""
        return int((seconds - self._ahead) * 1000)
