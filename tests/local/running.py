"""Running and waiting in tests of the local stack: on events that processes publish, never for a while."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def complete(work: Coroutine[Any, Any, T]) -> T:
    """Run it outside pytest-asyncio's loops; `asyncio.run` would take the current loop away from them."""
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(work)
    finally:
        loop.close()


async def until(event: Callable[[], T], patience: float = 30.0) -> T:
    """What `event` returns, as soon as it is true. Fails with its name after `patience` seconds."""
    try:
        async with asyncio.timeout(patience):
            while not (happened := event()):  # noqa: ASYNC110 -- it happens in another process
                await asyncio.sleep(0.02)
            return happened
    except TimeoutError:
        raise AssertionError(f"{event.__qualname__} did not happen within {patience:g} s") from None
