"""The sandbox as a process: `python -m sandboxes.business_central --port 0`."""

from __future__ import annotations

import asyncio
import random

from sandboxes.arguments import arguments
from sandboxes.business_central import worlds
from sandboxes.business_central.controls import controls
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.faults import FaultySandbox
from sandboxes.server import ScaledClock, application, serve


def main() -> None:
    given = arguments(__doc__)
    world = worlds.load(given.world) if given.world else worlds.demo()
    world.seed = given.seed or world.seed
    sandbox = BusinessCentral(world)
    faulty = FaultySandbox(sandbox, random=random.Random(given.seed))
    app = application(faulty, ScaledClock(given.epoch, given.accelerate), controls(sandbox))
    asyncio.run(serve(app, given.port))


if __name__ == "__main__":
    main()
