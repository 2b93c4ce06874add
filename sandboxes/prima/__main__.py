"""The sandbox as a process: `python -m sandboxes.prima --port 0`."""

from __future__ import annotations

import argparse
import asyncio
import random
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from aiohttp import web

from sandboxes.faults import FaultySandbox
from sandboxes.prima import worlds
from sandboxes.prima.controls import controls
from sandboxes.prima.sandbox import Prima
from sandboxes.server import ScaledClock, application, serve

TICK_SECONDS = 0.5


def main() -> None:
    given = _arguments()
    world = worlds.load(given.world) if given.world else worlds.demo()
    world.seed = given.seed or world.seed
    sandbox = Prima(world)
    faulty = FaultySandbox(sandbox, random=random.Random(given.seed))
    clock = ScaledClock(given.epoch or datetime.now(UTC), given.accelerate)
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


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="on 127.0.0.1; 0 picks a free one and prints it")
    parser.add_argument("--epoch", type=_moment, help="ISO time at which the scaled clock equals the wall clock")
    parser.add_argument("--accelerate", type=float, default=1.0, help="how much faster than the wall clock time goes")
    parser.add_argument("--world", type=Path, help="JSON object of settings over the demonstration set-up")
    parser.add_argument("--seed", type=int, default=0, help="of the faults' probabilities and of the warehouse")
    return parser.parse_args()


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
