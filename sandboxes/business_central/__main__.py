"""The sandbox as a process: `python -m sandboxes.business_central --port 0`."""

from __future__ import annotations

import argparse
import asyncio
import random
from datetime import UTC, datetime
from pathlib import Path

from sandboxes.business_central import worlds
from sandboxes.business_central.controls import controls
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.faults import FaultySandbox
from sandboxes.server import ScaledClock, application, serve


def main() -> None:
    given = _arguments()
    world = worlds.load(given.world) if given.world else worlds.demo()
    world.seed = given.seed or world.seed
    sandbox = BusinessCentral(world)
    faulty = FaultySandbox(sandbox, random=random.Random(given.seed))
    epoch = given.epoch or datetime.now(UTC)
    app = application(faulty, ScaledClock(epoch, given.accelerate), controls(sandbox))
    asyncio.run(serve(app, given.port))


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
