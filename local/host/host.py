"""The host: loads the app, listens with every trigger, and drains when asked."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Protocol

from aiohttp import web
from azure.servicebus.aio import ServiceBusClient

from local.host import configuration, schedule
from local.host.clock import ScaledClock
from local.host.invocations import Invocations
from local.host.queues import QueueListener
from local.host.schedule import Schedule
from local.host.sessions import SessionListener
from local.host.settings import SettingsProblem, expand
from local.host.tally import Tally
from local.host.timers import Timer
from local.host.web import application
from local.host.worker import SERVICE_BUS, TIMER, AppProblem, Function, Worker


class _Runs(Protocol):
    async def run(self) -> None: ...


class Host:
    """`start`, then `drain`; one per process."""

    def __init__(self, app: Path, settings: Mapping[str, str]) -> None:
        self.app = app.resolve()
        self.settings = settings
        self.invocations = Invocations(Worker(), Tally())
        self.port = 0
        self._held = AsyncExitStack()
        self._clients: dict[str, ServiceBusClient] = {}
        self._tasks: list[asyncio.Task[None]] = []

    async def start(self, port: int) -> int:
        """Load, attach every listener and serve on 127.0.0.1 (port 0: a free one); the number of functions.

        Raises SettingsProblem, AppProblem, or the Service Bus SDK's own error for a queue that cannot be used.
        """
        read = configuration.read(self.app, self.settings)
        clock = ScaledClock.from_settings(self.settings)
        await self.invocations.worker.load(self.app)
        functions = self.invocations.worker.functions
        timers = [self._timer(function, clock) for function in functions if function.trigger == TIMER]
        listeners = [self._listener(function, read) for function in functions if function.trigger == SERVICE_BUS]
        opened = await asyncio.gather(*(listener.open() for listener in listeners), return_exceptions=True)
        for problem in opened:
            if problem is not None:
                raise problem
        await self._serve(port, read.route_prefix)
        self.invocations.tally.state = "running"
        running: Sequence[_Runs] = [*timers, *listeners]
        self._tasks = [asyncio.create_task(one.run()) for one in running]
        return len(functions)

    async def serve_until(self, asked: asyncio.Event) -> None:
        """Return when `asked` is set; raise what a listener could not go on with."""
        waiting = asyncio.create_task(asked.wait())
        done, _ = await asyncio.wait({waiting, *self._tasks}, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()

    async def drain(self, patience: float) -> int:
        """Begin nothing more, wait `patience` seconds for what runs, close; the number of invocations cut off."""
        self.invocations.tally.state = "draining"
        self.invocations.stopping.set()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=patience)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        cut_off = self.invocations.tally.running.total()
        await self._held.aclose()
        self.invocations.worker.close()
        return cut_off

    def _timer(self, function: Function, clock: ScaledClock) -> Timer:
        try:
            parsed = Schedule.parse(expand(function.binding["schedule"], self.settings))
        except schedule.ScheduleError as problem:
            raise AppProblem(f"{function.name}: {problem}") from None
        return Timer(function, parsed, clock, self.invocations)

    def _listener(self, function: Function, read: configuration.Configuration) -> QueueListener | SessionListener:
        binding = function.binding
        if "queueName" not in binding or str(binding.get("cardinality") or "one").lower() != "one":
            raise AppProblem(f"{function.name}: this host knows queues, one message an invocation")
        kind = SessionListener if binding.get("isSessionsEnabled") else QueueListener
        queue = expand(binding["queueName"], self.settings)
        return kind(function, queue, self._client(function, binding["connection"]), read, self.invocations)

    def _client(self, function: Function, connection: str) -> ServiceBusClient:
        """One client per connection setting. Identity-based connections need Azure and are not known here."""
        if not self.settings.get(connection):
            raise SettingsProblem(f"{connection}: {function.name} connects by it; set it to a connection string")
        if connection not in self._clients:
            try:
                self._clients[connection] = ServiceBusClient.from_connection_string(self.settings[connection])
            except ValueError:
                raise SettingsProblem(f"{connection}: not a Service Bus connection string") from None
            self._held.push_async_exit(self._clients[connection])
        return self._clients[connection]

    async def _serve(self, port: int, route_prefix: str) -> None:
        runner = web.AppRunner(application(self.invocations, route_prefix), access_log=None)
        await runner.setup()
        self._held.push_async_callback(runner.cleanup)
        await web.TCPSite(runner, "127.0.0.1", port).start()
        self.port = int(runner.addresses[0][1])
