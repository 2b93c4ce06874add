"""One random day from a seed: orders, faults, duplicates, kills, cancellations; then quiet and a verdict."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from local.sabotage import SABOTAGES
from local.verdict import Verdict
from sandboxes.faults import Fault, FaultKind
from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.wishes import Mix, Placement
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, World

SHOPS = ("north/2001", "north/2002", "south/2001")
BUSY = timedelta(minutes=50)
QUIET = timedelta(minutes=75)
ERP_FAULTS: tuple[FaultKind, ...] = (
    "error_before",
    "error_after",
    "reset_before",
    "reset_after",
    "hang_after",
    "late_commit",
    "throttle",
    "html",
    "html_after",
    "truncated",
    "unauthorized",
)
MIRAKL_FAULTS: tuple[FaultKind, ...] = (
    "error_before",
    "error_after",
    "reset_after",
    "hang_before",
    "hang_after",
    "late_commit",
    "throttle",
    "html",
    "truncated",
)


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
            f"still waiting for {what}: {count}" for what, count in self.verdict.waiting.items() if "person" not in what
        ]
        return [*map(str, self.verdict.findings), *map(repr, self.bugs), *waits]


async def play(seed: int, sabotage: str = "") -> Result:
    """The same seed plays the same day."""
    chance = random.Random(f"day {seed}")
    world = World(seed=seed, duplicates=chance.choice([0.0, 0.2, 1.0]), sabotage=SABOTAGES.get(sabotage, lambda it: it))
    await world.prepare()
    kills = chance.choice([0.0, 0.0, 0.01, 0.03])
    host = Host(world, _births(chance, kills), instances=chance.choice([1, 1, 2]))
    for at, act in sorted(_script(world, chance), key=lambda one: one[0]):
        await host.run_until(at)
        act()
    await host.run_until(EPOCH + BUSY)
    _calm(world, host)
    await host.run_until(EPOCH + BUSY + QUIET)
    faults = sum(world.mirakl.survived.values()) + sum(world.erp.survived.values())
    return Result(seed, world.verdict(), host.bugs, host.killed, faults)


def _births(chance: random.Random, kills: float) -> Callable[[], Pulse]:
    return lambda: Pulse(randomness=random.Random(chance.random()), chance=kills)


def _calm(world: World, host: Host) -> None:
    """No more faults and deaths: what is still to come must come by itself."""
    world.mirakl.faults.clear()
    world.erp.faults.clear()
    host.born = Pulse
    for process in host.processes:
        process.pulse.chance = 0.0


Act = tuple[datetime, Callable[[], object]]


def _script(world: World, chance: random.Random) -> list[Act]:
    acts = [_place(world, chance, shop) for shop in SHOPS for _ in range(chance.randrange(1, 3))]
    acts += [_cancel(world, chance) for _ in range(chance.randrange(4))]
    acts += [_fail(world, chance) for _ in range(chance.randrange(8))]
    if chance.random() < 0.3:
        acts.append(_outage(world, chance))
    if chance.random() < 0.4:
        acts += _cancel_in_doubt(world, chance)
    if chance.random() < 0.3:
        acts += [(_at(chance), lambda: world.bus.change_lanes(chance.randrange(1, 4))) for _ in range(4)]
    return acts


def _at(chance: random.Random, most: timedelta = BUSY) -> datetime:
    return EPOCH + timedelta(seconds=chance.randrange(int(most.total_seconds())))


def _place(world: World, chance: random.Random, shop: str) -> Act:
    rate, reduced = (Decimal(19), Decimal(7)) if shop == "north/2002" else (Decimal(20), Decimal("5.5"))
    mix = Mix(rate=rate, reduced_rate=reduced, odd_ids=0.3, debit_refused=0.1)
    wanted = Placement(shop=shop, count=chance.randrange(1, 4), mix=mix, seed=chance.randrange(10**6))
    return _at(chance), lambda: world.mirakl_rules.place(wanted)


def _cancel(world: World, chance: random.Random) -> Act:
    pick, whole = chance.random(), chance.random() < 0.6

    def act() -> None:
        now = world.mirakl_rules.advance(world.clock.now())
        orders = [order for order in world.mirakl_rules.book if order.created >= EPOCH]
        if not orders:
            return
        order = orders[int(pick * len(orders))]
        lines = [line.id for line in order.lines]
        life_cycle.cancel(order, lines if whole else lines[:1], now, number=len(world.mirakl_rules.book) + 5000)
        world.mirakl_rules.book.changed(order)

    return _at(chance), act


def _fail(world: World, chance: random.Random) -> Act:
    erp = chance.random() < 0.6
    side = world.erp if erp else world.mirakl
    operation = chance.choice(["batch", "batch", "read", "update", "*"] if erp else ["OR11", "OR21", "OR21", "*"])
    kind = chance.choice(ERP_FAULTS if erp else MIRAKL_FAULTS)
    fault = Fault(kind, operation, times=chance.randrange(1, 4), delay=timedelta(seconds=chance.randrange(5, 500)))
    return _at(chance), lambda: side.faults.append(fault)


def _cancel_in_doubt(world: World, chance: random.Random) -> list[Act]:
    """Some placings commit late, and while they are on their way their orders are cancelled in Mirakl."""
    start = _at(chance, BUSY - timedelta(minutes=15))
    delay = timedelta(seconds=chance.randrange(200, 560))
    fault = Fault("late_commit", "batch", times=4, until=start + timedelta(minutes=8), delay=delay)
    cancels = [(start + timedelta(seconds=45 * number), lambda: _cancel_pending(world)) for number in range(16)]
    return [(start, lambda: world.erp.faults.append(fault)), *cancels]


def _cancel_pending(world: World) -> None:
    now = world.mirakl_rules.advance(world.clock.now())
    on_their_way = b" ".join(request.body for request in world.erp.pending())
    for order in world.mirakl_rules.book:
        if f'-{order.id}"'.encode() in on_their_way and order.state == "SHIPPING":
            life_cycle.cancel(order, [line.id for line in order.lines], now, number=len(world.mirakl_rules.book) + 9000)
            world.mirakl_rules.book.changed(order)


def _outage(world: World, chance: random.Random) -> Act:
    """One side is down for a while, in one way."""
    at, lasts = _at(chance), timedelta(minutes=chance.randrange(5, 30))
    side = chance.choice([world.erp, world.mirakl])
    kind: FaultKind = chance.choice(["error_before", "reset_before", "html", "throttle"])
    return at, lambda: side.faults.append(Fault(kind, times=10**6, until=at + lasts, delay=timedelta(seconds=60)))
