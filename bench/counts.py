"""Plain orders on the simulation's clock, in waves, until the last one is shipped; what each of them cost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from itertools import cycle

from bench.meter import Meter, Tally
from bench.metered import MeteredHost, MeteredWorld
from sandboxes.mirakl.pricing import TaxRule
from sandboxes.mirakl.wishes import Placement, WantedLine, WantedOrder
from shared.bus.queues import QUEUES
from shared.wiring import Parts
from tests.simulation.mortal import Pulse
from tests.simulation.world import Choices

EVERY = timedelta(minutes=6)
"""Slow enough for OR11, which a shop may call once a minute for a hundred orders."""
ROUNDS = timedelta(minutes=3)
"""How often `watch` and the poll of shipments run: what was placed together is looked at together."""
WARM_UP = timedelta(minutes=75)
PATIENCE = timedelta(hours=3)
PLAIN_SKUS = 12
WAREHOUSE = {"ships_after_seconds": 1200, "tracking_after_seconds": 900}
"""What is entered together leaves together."""


@dataclass(frozen=True, slots=True)
class Life:
    """How the orders of one count live, and with which ERP: the shops whose turn it is wave by wave with their tax's
    rate, how many a wave has, and whether tracking comes `with` the packing slip or `after` it.
    """

    name: str
    shops: Mapping[str, str]
    wave: int
    multi: bool = False
    tracking: str = "with"
    erp: str = "finance_supply_chain"

    @property
    def choices(self) -> Choices:
        multi = frozenset(shop.partition("/")[0] for shop in self.shops) if self.multi else frozenset[str]()
        return Choices(erp=self.erp, warehouse={**WAREHOUSE, "tracking": {self.tracking: 1.0}}, multi_shipment=multi)


_NORTH = {"north/2001": "20", "north/2002": "19"}
SINGLE = Life("one shipment an order (OR23, OR24), waves of a hundred", _NORTH, 100)
LATER = replace(SINGLE, name="the same, and tracking follows the packing slip", tracking="after")
MULTI = Life("several shipments an order (ST01), waves of twenty", {"south/2001": "20"}, 20, multi=True)


@dataclass(frozen=True, slots=True)
class Counted:
    """`rounds` are polls of shipments. `problems` are reasons not to believe the counts."""

    life: Life
    orders: int
    meter: Meter
    polls: int
    rounds: int
    watches: int
    problems: tuple[str, ...] = ()

    @property
    def showings(self) -> tuple[float, float]:
        """How often an order was shown again while it lived, something being new, and nothing."""
        units = self.meter.tables.units
        new = sum(len(units[phase]) for phase in ("changed", "numbered", "shipped"))
        return new / self.orders, len(units["unchanged"]) / self.orders

    def tally(self, name: str) -> Tally:
        meter = self.meter
        return {"tables": meter.tables, "bus": meter.bus, "writes": meter.writes, "erp": meter.erp}[name]

    def shared(self, tally: str, *names: str) -> float:
        """What was done for no one order, by the work that did it (`poll-orders`, `timer` …)."""
        units = self.tally(tally).units["shared"]
        return float(sum(number for name, number in units.items() if name in names))


@dataclass
class Run:
    """A process that has worked before: some orders of each shop warm it up, and are not counted."""

    life: Life = SINGLE
    sabotage: Callable[[Parts], Parts] = lambda parts: parts
    placed: int = 0
    warmed: int = 0

    def __post_init__(self) -> None:
        self.world = MeteredWorld(sabotage=self.sabotage, choices=self.life.choices)
        self.host = MeteredHost(self.world, Pulse, watch=ROUNDS, shipments=ROUNDS)
        self.began = self.world.clock.now()

    async def begin(self, each: int = 1) -> None:
        await self.world.prepare()
        for shop in self.life.shops:
            self._place(shop, each)
        await self.host.run_until(self.world.clock.now() + WARM_UP)
        self.world.begin()
        self.began = self.world.clock.now()
        self.placed, self.warmed = 0, self.placed

    async def play(self, orders: int) -> None:
        """Wave by wave, then whatever time the last one needs."""
        turns = cycle(self.life.shops)
        for start in range(0, orders, self.life.wave):
            self._place(next(turns), min(self.life.wave, orders - start))
            await self.host.run_until(self.world.clock.now() + EVERY)
        end = self.world.clock.now() + PATIENCE
        while self._open_work() and self.world.clock.now() < end:
            await self.host.run_until(self.world.clock.now() + timedelta(minutes=1))

    def counted(self) -> Counted:
        meter = self.world.meter
        watches = int(self.world.bus.counts["peeks"] / len(QUEUES))
        return Counted(self.life, self.placed, meter, meter.polls, meter.rounds, watches, tuple(self._problems()))

    def _place(self, shop: str, count: int) -> None:
        rate = self.life.shops[shop]
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
        done = verdict.shipping.confirmed - self.warmed
        if done != self.placed or self._open_work():
            yield f"{done} of {self.placed} orders are shipped in Mirakl, {self._open_work()} are still open"
        if meter.tables.total() != world.tables.requests.total():
            yield f"{world.tables.requests.total()} table requests, {meter.tables.total()} of them metered"
        operations = Counter(world.bus.counts)
        del operations["peeks"]
        if meter.bus.total() != operations.total():
            yield f"{operations.total()} bus operations, {meter.bus.total()} of them metered"


async def count(life: Life, orders: int, *, before: int | None = None) -> Counted:
    """The same size gives the same counts. Polls show once more what was there last: a wave, as they always do, or
    as many orders `before` as are asked for.
    """
    run = Run(life)
    await run.begin(life.wave if before is None else before)
    await run.play(orders)
    return run.counted()


def _plain_order(number: int, rate: str) -> WantedOrder:
    """One line, one SKU, standard shipping, no fees."""
    taxes = (TaxRule("VAT", Decimal(rate)),)
    return WantedOrder(lines=(WantedLine(sku=f"SKU-{number % PLAIN_SKUS + 1:03d}", taxes=taxes),))
