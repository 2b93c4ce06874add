"""A process that can die: every effect passes its pulse, which may stop before or after it, and then for good."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import httpx

from shared.model.steps import StepMessage
from shared.ports.own import DeadLetter, DespatchFile, DespatchFiles
from shared.store.tables import Operation, Range, Row, Where
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables

T = TypeVar("T")


class Killed(BaseException):
    """SIGKILL: no handler of the code under test may catch it."""


@dataclass
class Pulse:
    """Counts effects. `stops_at` n: the n-th effect dies before it (odd n) or after it (even n).

    A look at our own tables is no effect: who dies at it could as well have died after the effect before it.
    With a `random`, other tasks get their turn between effects, so that instances interleave as the seed says.
    """

    stops_at: int = 0
    randomness: random.Random | None = None
    chance: float = 0.0
    beats: int = 0
    dead: bool = False

    async def effect(self, work: Callable[[], Awaitable[T]]) -> T:
        await self._beat()
        result = await work()
        await self._beat()
        return result

    async def look(self, work: Callable[[], Awaitable[T]]) -> T:
        """Work that changes nothing and that nobody notices: only chance stops it."""
        await self._beat(counted=False)
        result = await work()
        await self._beat(counted=False)
        return result

    async def _beat(self, *, counted: bool = True) -> None:
        if self.dead:
            raise Killed
        if self.randomness is not None:
            for _ in range(self.randomness.randrange(3)):
                await asyncio.sleep(0)
            if self.dead:
                raise Killed
        self.beats += counted
        stopped = counted and self.beats == self.stops_at
        if stopped or (self.randomness and self.randomness.random() < self.chance):
            self.dead = True
            raise Killed


class MortalTables:
    def __init__(self, tables: MemoryTables, pulse: Pulse) -> None:
        self._tables, self._pulse = tables, pulse

    async def get(self, table: str, partition: str, row: str) -> Row | None:
        return await self._pulse.look(lambda: self._tables.get(table, partition, row))

    async def query(
        self,
        table: str,
        partition: str,
        *,
        ranges: Sequence[Range] = (),
        where: Sequence[Where] = (),
        limit: int | None = None,
        select: Sequence[str] = (),
    ) -> list[Row]:
        return await self._pulse.look(
            lambda: self._tables.query(table, partition, ranges=ranges, where=where, limit=limit, select=select)
        )

    async def commit(self, table: str, partition: str, operations: Sequence[Operation]) -> list[str | None]:
        return await self._pulse.effect(lambda: self._tables.commit(table, partition, operations))


class MortalBus:
    def __init__(self, bus: MemoryBus, pulse: Pulse) -> None:
        self._bus, self._pulse = bus, pulse

    async def send(self, messages: Sequence[StepMessage]) -> None:
        await self._pulse.effect(lambda: self._bus.send(messages))

    async def later(self, message: StepMessage, delay: timedelta) -> None:
        await self._pulse.effect(lambda: self._bus.later(message, delay))

    async def peek(self, queue: str, limit: int) -> Sequence[DeadLetter]:
        return await self._pulse.look(lambda: self._bus.peek(queue, limit))

    async def remove(self, queue: str, sequences: Sequence[int]) -> int:
        return await self._pulse.effect(lambda: self._bus.remove(queue, sequences))


class MortalFiles:
    def __init__(self, files: DespatchFiles, pulse: Pulse) -> None:
        self._files, self._pulse = files, pulse

    async def waiting(self, limit: int) -> Sequence[DespatchFile]:
        return await self._pulse.look(lambda: self._files.waiting(limit))

    async def done(self, file: DespatchFile) -> None:
        await self._pulse.effect(lambda: self._files.done(file))

    async def rejected(self, file: DespatchFile) -> None:
        await self._pulse.effect(lambda: self._files.rejected(file))


class MortalTransport(httpx.AsyncBaseTransport):
    def __init__(self, transport: httpx.AsyncBaseTransport, pulse: Pulse) -> None:
        self._transport, self._pulse = transport, pulse

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._pulse.effect(lambda: self._transport.handle_async_request(request))
