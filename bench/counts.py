"""Plain orders on the simulation's clock, in waves, until the last one is done; what each of them cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal

from bench.meter import Meter
from bench.metered import MeteredHost, MeteredWorld
from sandboxes.mirakl.pricing import TaxRule
from sandboxes.mirakl.wishes import Placement, WantedLine, WantedOrder
from shared.bus.queues import QUEUES
from tests.simulation.mortal import Pulse

WAVE = 100
EVERY = timedelta(minutes=3)
WARM_UP = timedelta(minutes=45)
PATIENCE = timedelta(hours=3)
SHOPS = {"north/2001": (34, "20"), "north/2002": (33, "19"), "south/2001": (33, "20")}
"""The shares of a wave, and the rate of the tax on each line."""
PLAIN_SKUS = 12


@dataclass(frozen=True, slots=True)
class Counted:
    """`problems` are reasons not to believe the counts."""

    orders: int
    meter: Meter
    polls: int
    watches: int
    problems: tuple[str, ...] = ()

    @property
    def showings(self) -> tuple[float, float]:
        """How often an order was shown again, changed and unchanged."""
        units = self.meter.tables.units
        return len(units["changed"]) / self.orders, len(units["unchanged"]) / self.orders

    def shared(self, tally: str, *names: str) -> float:
        """What was done for no one order, by the work that did it (`poll-orders`, `timer` …)."""
        units = {"tables": self.meter.tables, "bus": self.meter.bus, "calls": self.meter.calls}[tally].units["shared"]
        return float(sum(number for name, number in units.items() if name in names))


@dataclass
class Run:
    """A process that has worked before: one order a shop warms it up, and is not counted."""

    world: MeteredWorld = field(default_factory=MeteredWorld)
    placed: int = 0

    def __post_init__(self) -> None:
        self.host = MeteredHost(self.world, Pulse)

    async def begin(self) -> None:
        await self.world.prepare()
        for shop in SHOPS:
            self._place(shop, 1)
        await self.host.run_until(self.world.clock.now() + WARM_UP)
        self.world.begin()
        self.placed = 0

    async def play(self, orders: int) -> None:
        """Waves of at most a hundred, then whatever time the last one needs."""
        for wave in _waves(orders):
            for shop, count in wave.items():
                self._place(shop, count)
            await self.host.run_until(self.world.clock.now() + EVERY)
        end = self.world.clock.now() + PATIENCE
        while self._open_work() and self.world.clock.now() < end:
            await self.host.run_until(self.world.clock.now() + timedelta(minutes=1))

    def counted(self) -> Counted:
        meter = self.world.meter
        watches = int(self.world.bus.counts["peeks"] / len(QUEUES))
        return Counted(self.placed, meter, meter.polls, watches, tuple(self._problems()))

    def _place(self, shop: str, count: int) -> None:
        rate = SHOPS[shop][1]
        wanted = tuple(_plain_order(self.placed + number, rate) for number in range(count))
        self.world.mirakl_rules.place(Placement(shop=shop, orders=wanted))
        self.placed += count

    def _open_work(self) -> int:
        return len(self.world.tables.everything("openwork"))

    def _problems(self) -> Iterator[str]:
        """Counts are worth nothing unless every order was done and nothing passed by the meter."""
        world, meter, verdict = self.world, self.world.meter, self.world.verdict()
        yield from (f"the judge found: {finding}" for finding in verdict.findings[:3])
        yield from (f"an error that nobody foresaw: {type(bug).__name__}" for bug in self.host.bugs[:3])
        done = verdict.in_erp.total() - len(SHOPS)
        if done != self.placed or self._open_work():
            yield f"{done} of {self.placed} orders are in the ERP, {self._open_work()} are still open"
        if meter.tables.total() != world.tables.requests.total():
            yield f"{world.tables.requests.total()} table requests, {meter.tables.total()} of them metered"
        operations = Counter(world.bus.counts)
        del operations["peeks"]
        if meter.bus.total() != operations.total():
            yield f"{operations.total()} bus operations, {meter.bus.total()} of them metered"


async def count(orders: int) -> Counted:
    """The same size gives the same counts."""
    run = Run()
    await run.begin()
    await run.play(orders)
    return run.counted()


def _waves(orders: int) -> Iterator[dict[str, int]]:
    """A last wave that is smaller goes to the first shop."""
    for _ in range(orders // WAVE):
        yield {shop: share for shop, (share, _) in SHOPS.items()}
    if orders % WAVE:
        yield {next(iter(SHOPS)): orders % WAVE}


def _plain_order(number: int, rate: str) -> WantedOrder:
    """One line, one SKU, standard shipping, no fees."""
    taxes = (TaxRule("VAT", Decimal(rate)),)
    return WantedOrder(lines=(WantedLine(sku=f"SKU-{number % PLAIN_SKUS + 1:03d}", taxes=taxes),))
