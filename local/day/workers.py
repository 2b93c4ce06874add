"""What happens to the worker: stopped, started, killed with its locks left to expire, doubled, served twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from local.day.stage import Stage, counted, until
from local.processes import Child
from shared.bus.queues import QUEUES


@dataclass(frozen=True, slots=True)
class StopWorker:
    async def play(self, stage: Stage) -> None:
        while stage.stack.hosts:
            await stage.stack.stop_host()
        stage.say("The worker is stopped")


@dataclass(frozen=True, slots=True)
class StartWorker:
    """`second` keeps one that runs already."""

    sentence: str
    second: bool = False

    async def play(self, stage: Stage) -> None:
        waiting = sum(one["state"] == "WAITING_ACCEPTANCE" for one in await stage.overview())
        await stage.stack.start_host()
        stage.say(self.sentence.format(waiting=waiting))


@dataclass(frozen=True, slots=True)
class KillWorker:
    """SIGKILL while answers of OR21 are on their way; their messages stay locked until the locks expire."""

    hanging: int = 6

    async def play(self, stage: Stage) -> None:
        await stage.mirakl.fail({"kind": "hang_after", "operation": "OR21", "times": self.hanging})
        seen = len(await stage.mirakl.read_journal())

        async def hangs() -> bool:
            journal = (await stage.mirakl.read_journal())[seen:]
            return len([one for one in journal if one["fault"] == "hang_after"]) >= self.hanging

        await until(hangs, patience=20)
        await killed(stage, await busiest(stage, "acknowledge_order"))


async def killed(stage: Stage, host: Child) -> None:
    """Kill that worker, start another, and tell what became of the messages that it held."""
    lost_before = await _sum(stage, "lock_lost")
    stage.stack.kill_host(host)
    locked = await _sum(stage, "locked")
    stage.say(f"Worker killed, {counted(locked, 'message')} locked")
    await worker_ended(stage)

    async def expired() -> bool:
        lost = await _sum(stage, "lock_lost")
        return bool(lost >= lost_before + locked)

    await until(expired, patience=(stage.stack.lock_seconds or 60) + 10)
    redelivered = await _sum(stage, "lock_lost") - lost_before
    twice = sum(order["or21_effects"] > 1 for order in (await stage.mirakl.books())["orders"])
    held = counted(locked, "message")
    stage.say(f"Worker killed, {held} locked: redelivered {redelivered}, done twice {twice}")


async def worker_ended(stage: Stage) -> None:
    """Azure starts another one where one dies."""
    await stage.stack.start_host()


async def stop_second_worker(stage: Stage) -> None:
    if len(stage.stack.hosts) > 1:
        await stage.stack.stop_host()
        stage.say("One of the two workers is stopped")


@dataclass(frozen=True, slots=True)
class EverythingTwice:
    """From now on the broker delivers every message as two, or stops doing so."""

    on: bool

    async def play(self, stage: Stage) -> None:
        await stage.broker.duplicate(QUEUES, on=self.on)
        stage.twice = self.on
        if self.on:
            stage.say("Every message is delivered twice from now on")
            return
        duplicates = await _sum(stage, "duplicates")
        orders = (await stage.erp.books())["creations_per_reference"]
        twice = sum(count > 1 for count in orders.values())
        stage.say(f"{duplicates} messages were delivered twice, orders created twice {twice}; now once again")


async def busiest(stage: Stage, function: str) -> Child:
    """The worker that runs most of this function now."""
    found: list[tuple[int, Child]] = []
    for host in stage.stack.hosts:
        answer = await stage.broker.http.get(f"http://127.0.0.1:{host.port}/admin/host/status")
        functions: list[dict[str, Any]] = answer.json()["functions"]
        found.append((sum(one["running"] for one in functions if one["name"] == function), host))
    return max(found, key=lambda one: one[0])[1]


async def _sum(stage: Stage, what: str) -> int:
    return sum(queue[what] for queue in (await stage.broker.counts()).values())
