"""The sandbox as a process: `python -m sandboxes.finance_supply_chain --port 0`."""

from __future__ import annotations

import asyncio
import random

from sandboxes.arguments import arguments
from sandboxes.faults import FaultySandbox
from sandboxes.finance_supply_chain import worlds
from sandboxes.finance_supply_chain.controls import controls
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from sandboxes.server import ScaledClock, application, serve


def main() -> None:
    given = arguments(__doc__)
    world = worlds.load(given.world) if given.world else worlds.demo()
    world.seed = given.seed or world.seed
    sandbox = FinanceSupplyChain(world)
    faulty = FaultySandbox(sandbox, random=random.Random(given.seed))
    app = application(faulty, ScaledClock(given.epoch, given.accelerate), controls(sandbox))
    asyncio.run(serve(app, given.port))


if __name__ == "__main__":
    main()
