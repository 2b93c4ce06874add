"""The functions host on the virtual clock: timers, deliveries, and the locks of dead processes running out."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from functions import settling
from shared.bus.queues import QUEUES
from shared.errors import Judged, Transient
from shared.model.outcome import Outcome
from shared.model.steps import Delivery, StepMessage
from shared.wiring import Bridge
from tests.fakes.memory_bus import LockLost, Received
from tests.simulation.mortal import Killed, Pulse
from tests.simulation.world import World

POLL = timedelta(minutes=1)
WATCH = timedelta(minutes=2)
SHIPMENTS = timedelta(minutes=5)
ERP = timedelta(minutes=15)
STORM = 400
Step = Callable[[StepMessage, Delivery], Awaitable[Outcome]]
Timer = Callable[["Process"], Awaitable[object]]


@dataclass
class Process:
    """One instance of the app; `pulse` is its life."""

    bridge: Bridge
    pulse: Pulse

    def step(self, queue: str) -> Step:
        return {
            "poll-orders": self.bridge.poll_orders,
            "acknowledge-order": self.bridge.acknowledge_order,
            "create-order": self.bridge.create_order,
            "change-order": self.bridge.change_order,
            "poll-shipments": self.bridge.poll_shipments,
            "confirm-shipment": self.bridge.confirm_shipment,
        }[queue]


@dataclass(frozen=True, slots=True)
class _AsTrigger:
    """What a trigger sees of a received message."""

    received: Received

    @property
    def delivery_count(self) -> int:
        return self.received.delivery.count

    def get_body(self) -> bytes:
        return self.received.body.encode()


@dataclass
class Host:
    """`born` makes the next process's pulse; `instances` run side by side."""

    world: World
    born: Callable[[], Pulse]
    instances: int = 1
    most_at_once: int = 4
    poll: timedelta = POLL
    watch: timedelta = WATCH
    shipments: timedelta = SHIPMENTS
    erp: timedelta = ERP
    processes: list[Process] = field(default_factory=list)
    bugs: list[Exception] = field(default_factory=list)
    killed: int = 0
    _due: dict[str, datetime] = field(default_factory=dict)

    async def run_until(self, end: datetime) -> None:
        """Play everything that happens up to `end`."""
        while self.world.clock.now() <= end:
            await self._settle_now()
            following = self._following()
            if following > end:
                self.world.clock.move_to(end)
                return
            self.world.clock.move_to(following)

    async def run_to_quiet(self, *, most: timedelta = timedelta(hours=2)) -> None:
        await self.run_until(self.world.clock.now() + most)

    async def _settle_now(self) -> None:
        """Timers that are due, then rounds of deliveries until nothing is deliverable at this moment."""
        now = self.world.clock.now()
        self.world.bus.expire_locks(now)
        self._revive()
        await self._fire_due(now)
        while received := self._take(now):
            self._check_for_storm()
            await asyncio.gather(*(self._deliver(one, process) for one, process in received))
            self._revive()

    def _check_for_storm(self) -> None:
        """Messages may come twice, but they must not multiply."""
        waiting = {queue: self.world.bus.waiting(queue) for queue in QUEUES}
        if max(waiting.values()) > STORM:
            raise AssertionError(f"messages multiply: {waiting}")

    def _take(self, now: datetime) -> Sequence[tuple[Received, Process]]:
        taken = []
        for queue in self.world.bus.deliverable(now):
            for number in range(self.most_at_once):
                received = self.world.bus.receive(queue, now)
                if received is None:
                    break
                taken.append((received, self.processes[number % len(self.processes)]))
        return taken

    async def _deliver(self, received: Received, process: Process) -> None:
        now, bus = self.world.clock.now(), self.world.bus
        try:
            await settling.settle(_AsTrigger(received), received.queue, process.bridge, process.step(received.queue))
        except Killed:
            return
        except Exception as problem:  # noqa: BLE001 -- the host abandons whatever was raised
            self._note(problem)
            with contextlib.suppress(LockLost):
                bus.abandon(received, now)
            return
        with contextlib.suppress(Killed, LockLost):
            await process.pulse.effect(lambda: _completed(bus.complete, received, now))

    async def _fire_due(self, now: datetime) -> None:
        timers: dict[str, tuple[timedelta, Timer]] = {
            "poll": (self.poll, lambda process: process.bridge.ask_for_polls()),
            "watch": (self.watch, lambda process: process.bridge.watch()),
            "shipments": (self.shipments, lambda process: process.bridge.ask_for_shipments()),
            "erp": (self.erp, lambda process: process.bridge.look_at_erp()),
        }
        for name, (interval, timer) in timers.items():
            if self._due.get(name, now) <= now:
                self._due[name] = now + interval
                await self._fire(timer)

    async def _fire(self, timer: Timer) -> None:
        for process in self.processes:
            try:
                await timer(process)
            except Killed:
                continue
            except Exception as problem:  # noqa: BLE001 -- a timer that fails comes again
                self._note(problem)

    def _note(self, problem: Exception) -> None:
        if not isinstance(problem, Judged | Transient):
            self.bugs.append(problem)

    def _revive(self) -> None:
        alive = [process for process in self.processes if not process.pulse.dead]
        self.killed += len(self.processes) - len(alive)
        self.processes = alive
        while len(self.processes) < self.instances:
            pulse = self.born()
            self.processes.append(Process(self.world.process(pulse), pulse))

    def _following(self) -> datetime:
        now = self.world.clock.now()
        moments = [*self._due.values(), self.world.bus.next_event(now)]
        moments += [self.world.mirakl.next_commit(), self.world.erp.next_commit()]
        return min((one for one in moments if one is not None and one > now), default=now + self.poll)


async def _completed(complete: Callable[[Received, datetime], None], received: Received, now: datetime) -> None:
    complete(received, now)
