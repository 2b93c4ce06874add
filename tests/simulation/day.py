"""One random day from a seed: orders, parcels, faults, duplicates, kills, people; then quiet and a verdict."""

from __future__ import annotations

import inspect
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from local.sabotage import SABOTAGES
from local.verdict import Verdict
from tests.simulation import faults, people
from tests.simulation.client import choices
from tests.simulation.far_ends import in_turn
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.people import BUSY, SHIPPING, Act
from tests.simulation.world import EPOCH, World

SHOPS = ("north/2001", "north/2002", "south/2001")
QUIET = timedelta(minutes=110)
NO_MORE_ORDERS, SLOWLY = timedelta(minutes=2), timedelta(minutes=5)
"""How often is polled once nobody orders any more, and when everything comes to rest."""
LEGITIMATE = ("person", "tracking numbers")
"""What an order may still wait for when everything has come to rest."""


@dataclass
class Result:
    seed: int
    verdict: Verdict
    bugs: list[Exception] = field(default_factory=list)
    killed: int = 0
    faults: int = 0

    @property
    def failures(self) -> list[str]:
        waits = [
            f"still waiting for {what}: {count}"
            for what, count in self.verdict.waiting.items()
            if not any(word in what for word in LEGITIMATE)
        ]
        return [*map(str, self.verdict.findings), *map(repr, self.bugs), *waits]


async def play(seed: int, sabotage: str = "", erp: str = "") -> Result:
    """The same seed plays the same day; without an `erp` it is the one whose turn it is."""
    chance = random.Random(f"day {seed}")
    erp = erp or in_turn(seed)
    world = World(
        seed=seed,
        duplicates=chance.choice([0.0, 0.2, 1.0]),
        sabotage=SABOTAGES.get(sabotage, lambda it: it),
        choices=choices(chance, erp),
    )
    await world.prepare()
    kills = chance.choice([0.0, 0.0, 0.01, 0.03])
    host = Host(world, _births(chance, kills), instances=chance.choice([1, 1, 2]))
    acts = [*_script(world, chance), (EPOCH + BUSY, lambda: setattr(host, "poll", NO_MORE_ORDERS))]
    for moment, act in sorted(acts, key=lambda one: one[0]):
        await host.run_until(moment)
        done = act()
        if inspect.isawaitable(done):
            await done
    await host.run_until(EPOCH + SHIPPING)
    _calm(world, host)
    await host.run_until(EPOCH + SHIPPING + QUIET)
    survived = sum(world.mirakl.survived.values()) + sum(world.erp.survived.values())
    return Result(seed, world.verdict(), host.bugs, host.killed, survived)


def _births(chance: random.Random, kills: float) -> Callable[[], Pulse]:
    return lambda: Pulse(randomness=random.Random(chance.random()), chance=kills)


def _calm(world: World, host: Host) -> None:
    """No more faults and deaths, and less to be seen: what is still to come must come by itself."""
    world.mirakl.faults.clear()
    world.erp.faults.clear()
    host.born, host.poll, host.watch = Pulse, SLOWLY, SLOWLY
    for process in host.processes:
        process.pulse.chance = 0.0


def _script(world: World, chance: random.Random) -> list[Act]:
    acts = [people.place(world, chance, shop) for shop in SHOPS for _ in range(chance.randrange(1, 3))]
    if world.choices.per_shopper:
        acts += people.place_together(world, chance)
    acts += [people.cancel(world, chance) for _ in range(chance.randrange(4))]
    acts += [people.change_in_erp(world, chance) for _ in range(chance.choice([0, 0, 1, 2]))]
    acts += [people.correct_a_slip(world, chance) for _ in range(chance.choice([0, 0, 0, 1, 2]))]
    acts += people.commit_late(world, chance) if chance.random() < 0.4 else []
    acts += people.map_the_carrier(world, chance) if chance.random() < 0.7 else []
    return acts + _failures(world, chance)


def _failures(world: World, chance: random.Random) -> list[Act]:
    acts = [faults.fail(world, chance) for _ in range(chance.randrange(7))]
    acts += [faults.fail_shipping(world, chance) for _ in range(chance.randrange(5))]
    doubled = world.choices.far_end.doubled(world.choices)
    if doubled or (world.choices.multi_shipment and chance.random() < 0.5):
        acts.append(faults.commit_late(world, chance))
    if chance.random() < 0.3:
        acts.append(faults.outage(world, chance))
    if chance.random() < 0.4:
        acts += faults.cancel_in_doubt(world, chance)
    if chance.random() < 0.3:
        acts += [(people.at(chance), lambda: world.bus.change_lanes(chance.randrange(1, 4))) for _ in range(4)]
    return acts
