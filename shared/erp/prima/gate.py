"""At most so many calls of this process at once and not too close together; whoever creates goes before whoever polls.

Prima's server queues without end when it is busy (documented), so the queue is kept here. Other instances have gates of
their own: how many of them write at once is bounded by the lanes.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from heapq import heappop, heappush
from itertools import count


class Gate:
    """`interval` is the least time between the starts of two calls, on the wall clock, as Prima's is."""

    def __init__(
        self,
        *,
        at_once: int,
        interval: timedelta = timedelta(0),
        now: Callable[[], float] = time.monotonic,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._free = at_once
        self._interval = interval.total_seconds()
        self._now, self._pause = now, pause
        self._waiting: list[tuple[bool, int, asyncio.Future[None]]] = []
        self._tickets = count()
        self._earliest = float("-inf")

    @asynccontextmanager
    async def turn(self, *, creating: bool) -> AsyncIterator[None]:
        """One call's turn."""
        await self._enter(later=not creating)
        try:
            await self._keep_apart()
            yield
        finally:
            self._leave()

    async def _enter(self, *, later: bool) -> None:
        if self._free:
            self._free -= 1
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        heappush(self._waiting, (later, next(self._tickets), turn))
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._leave()  # the turn had just been given to who is no longer there
            raise

    def _leave(self) -> None:
        while self._waiting:
            _, _, turn = heappop(self._waiting)
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    async def _keep_apart(self) -> None:
        now = self._now()
        starts = max(now, self._earliest)
        self._earliest = starts + self._interval
        if starts > now:
            await self._pause(starts - now)
