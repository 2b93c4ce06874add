"""So many at once, so far apart, and who creates goes first."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from shared.erp.prima.gate import Gate


class Wall:
    """The wall clock and its pauses, without waiting."""

    def __init__(self) -> None:
        self.at = 0.0

    def now(self) -> float:
        return self.at

    async def pause(self, seconds: float) -> None:
        self.at += seconds


class Callers:
    """Calls through a gate that end when they are told; `inside` are those that are in."""

    def __init__(self, gate: Gate) -> None:
        self.gate = gate
        self.inside: list[str] = []
        self.begun: list[str] = []
        self._ends: dict[str, asyncio.Event] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def call(self, name: str, *, creating: bool = False) -> None:
        self._ends[name] = asyncio.Event()
        self.tasks[name] = asyncio.create_task(self._call(name, creating))
        await _settled()

    async def end(self, name: str) -> None:
        self._ends[name].set()
        await _settled()

    async def cancel(self, name: str) -> None:
        self.tasks[name].cancel()
        await _settled()

    async def _call(self, name: str, creating: bool) -> None:
        async with self.gate.turn(creating=creating):
            self.inside.append(name)
            self.begun.append(name)
            try:
                await self._ends[name].wait()
            finally:
                self.inside.remove(name)


async def _settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


@pytest.mark.parametrize("at_once", [1, 2])
async def test_so_many_at_once(at_once: int) -> None:
    callers = Callers(Gate(at_once=at_once))
    for name in "abc":
        await callers.call(name)
    assert callers.inside == list("abc")[:at_once]
    for name in "abc":
        await callers.end(name)
    assert (callers.begun, callers.inside) == (list("abc"), [])


async def test_who_creates_goes_before_who_polls_and_else_who_came_first() -> None:
    callers = Callers(Gate(at_once=1))
    for name, creating in (
        ("poll 1", False),
        ("poll 2", False),
        ("order 1", True),
        ("poll 3", False),
        ("order 2", True),
    ):
        await callers.call(name, creating=creating)
    for name in ("poll 1", "order 1", "order 2", "poll 2", "poll 3"):
        assert callers.inside == [name]
        await callers.end(name)


@pytest.mark.parametrize("gone", ["b", "c"])
async def test_who_gives_up_waiting_takes_nobodys_turn(gone: str) -> None:
    callers = Callers(Gate(at_once=1))
    for name in "abc":
        await callers.call(name)
    await callers.cancel(gone)
    await callers.end("a")
    assert callers.inside == [{"b": "c", "c": "b"}[gone]]


async def test_who_is_given_the_turn_and_is_gone_hands_it_on() -> None:
    callers = Callers(Gate(at_once=1))
    for name in "abc":
        await callers.call(name)
    callers._ends["a"].set()
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    await callers.cancel("b")
    assert callers.inside == ["c"]


async def test_a_call_that_fails_leaves() -> None:
    gate = Gate(at_once=1)
    for _ in range(3):
        with pytest.raises(ValueError, match="it failed"):
            async with gate.turn(creating=True):
                raise ValueError("it failed")


async def test_starts_are_so_far_apart() -> None:
    wall, starts = Wall(), []
    gate = Gate(at_once=1, interval=timedelta(seconds=2), now=wall.now, pause=wall.pause)
    for took in (0.5, 3.0, 0.0, 0.0):
        async with gate.turn(creating=False):
            starts.append(wall.at)
            wall.at += took
    assert starts == [0.0, 2.0, 5.0, 7.0]
