"""The sandbox as a process: `python -m sandboxes.prima --port 0`."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from aiohttp import web

from sandboxes.arguments import arguments
from sandboxes.faults import FaultySandbox
from sandboxes.prima import worlds
from sandboxes.prima.controls import controls
from sandboxes.prima.sandbox import Prima
from sandboxes.server import ScaledClock, application, serve

TICK_SECONDS = 0.5


def main() -> None:
    given = arguments(__doc__)
    world = worlds.load(given.world) if given.world else worlds.demo()
    world.seed = given.seed or world.seed
    sandbox = Prima(world)
    faulty = FaultySandbox(sandbox, random=random.Random(given.seed))
    clock = ScaledClock(given.epoch, given.accelerate)
    app = application(faulty, clock, controls(sandbox))
    app.cleanup_ctx.append(_ticking(lambda: sandbox.run_due(clock.now())))
    asyncio.run(serve(app, given.port))


def _ticking(tick: Callable[[], None]) -> Callable[[web.Application], AsyncIterator[None]]:
    """Despatch files are written by the clock, whether somebody calls or not."""

    async def forever() -> None:
        while True:
            tick()
            await asyncio.sleep(TICK_SECONDS)

    async def context(_: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(forever())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    return context


if __name__ == "__main__":
    main()
