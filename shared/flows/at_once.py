"""Many orders worked on together, and never more than a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

A_FEW = 8

T = TypeVar("T")
R = TypeVar("R")


async def at_once(things: Iterable[T], work: Callable[[T], Awaitable[R]]) -> list[R]:
    """What came of each, in their order. What one raises is raised here."""
    gate = asyncio.Semaphore(A_FEW)

    async def one(thing: T) -> R:
        async with gate:
            return await work(thing)

    return await asyncio.gather(*(one(thing) for thing in things))
