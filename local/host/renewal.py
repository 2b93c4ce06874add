"""Keeps a lock while its holder works, for at most the time host.json allows."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from types import TracebackType
from typing import Any, Protocol

from azure.servicebus.exceptions import ServiceBusError

log = logging.getLogger("local.host")
REFUSED = (ServiceBusError, ValueError)
"""What the SDK raises when Service Bus refuses, or (ValueError) when the link was lost meanwhile."""
_SHARE = 0.5  # of what is left of the lock may pass before it is renewed


class Lock(Protocol):
    """A received message, or the session that a receiver holds."""

    @property
    def locked_until_utc(self) -> datetime | None: ...


class Wall:
    """Locks live on the wall clock, whatever the acceleration."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    async def pause(self, seconds: float, over: asyncio.Event) -> None:
        """Until so many seconds have passed, or until `over`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await over.wait()


WALL = Wall()


class Renewal:
    """`async with` around the work. Not the SDK's AutoLockRenewer: that one counts a session's five minutes from
    when it was accepted, and then refuses to settle a message that is still locked.

    A renewal under way is waited for, never cancelled: it shares the receiver's connection.
    """

    def __init__(
        self, lock: Lock, renew: Callable[[], Awaitable[Any]], at_most: timedelta, *, wall: Wall = WALL
    ) -> None:
        self._lock = lock
        self._renew = renew
        self._at_most = at_most
        self._wall = wall
        self._began = wall.now()
        self._over = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def restart(self) -> None:
        """The next piece of work under the same lock begins now."""
        self._began = self._wall.now()

    async def __aenter__(self) -> Renewal:
        self._task = asyncio.create_task(self._keep())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._task is not None:
            await self._task

    async def _keep(self) -> None:
        while (until := self._lock.locked_until_utc) is not None and until > self._wall.now():
            await self._wall.pause((until - self._wall.now()).total_seconds() * _SHARE, self._over)
            if self._over.is_set() or self._wall.now() - self._began > self._at_most:
                return
            try:
                await self._renew()
            except REFUSED as problem:
                log.warning("a lock could not be renewed: %s", type(problem).__name__)
                return
