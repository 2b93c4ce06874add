"""Everything outside the process: the sandboxes, our tables and queues, and the time they share."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache

import httpx

from local import demo
from local.judge import judge
from local.verdict import Client, Tables, Verdict
from sandboxes.faults import FaultySandbox
from sandboxes.finance_supply_chain import books as erp_books
from sandboxes.finance_supply_chain import worlds as erp_worlds
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from sandboxes.mirakl import books as mirakl_books
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.world import World as MiraklWorld
from sandboxes.mirakl.worlds import demo as mirakl_world
from shared.model.mappings import TABLES, MappingRow
from shared.rules import mapping_files
from shared.settings import Settings, load
from shared.wiring import Bridge, Parts, assemble
from shared.wiring.real_parts import outside_parts
from shared.wiring.secrets import EnvironmentSecrets
from shared.wiring.table_parts import table_parts
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sandbox_transport import SandboxTransport
from tests.simulation.mortal import MortalBus, MortalTables, MortalTransport, Pulse

EPOCH = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MIRAKL, ERP = "https://mirakl.example.com", "https://finance.example.com"
WINDOWS = {"north": timedelta(hours=4), "south": timedelta(hours=6)}
CLIENT = Client(demo.PREFIXES, demo.SHOPS, EPOCH)


@cache
def mapping_rows() -> tuple[MappingRow, ...]:
    rows: list[MappingRow] = []
    for table in TABLES:
        reading = mapping_files.read(table, (demo.MAPPINGS / f"{table}.csv").read_text("utf-8"))
        assert not reading.problems, reading.problems
        rows += reading.rows
    return tuple(rows)


def app_settings() -> dict[str, str]:
    values = demo.settings(mirakl=MIRAKL, erp=ERP, epoch=EPOCH, windows=WINDOWS)
    return {**values, "ServiceBusConnection": "memory", "TABLES_CONNECTION": "memory"}


class BothSides(httpx.AsyncBaseTransport):
    """Mirakl and the ERP by host name."""

    def __init__(self, mirakl: httpx.AsyncBaseTransport, erp: httpx.AsyncBaseTransport) -> None:
        self._sides = {httpx.URL(MIRAKL).host: mirakl, httpx.URL(ERP).host: erp}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._sides[request.url.host].handle_async_request(request)


def with_windows(world: MiraklWorld) -> MiraklWorld:
    platforms = tuple(replace(one, acceptance_window=WINDOWS[one.code]) for one in world.platforms)
    return replace(world, platforms=platforms)


@dataclass
class World:
    """`duplicates` is the share of messages that come twice, as two messages; `sabotage` switches a rule off."""

    seed: int = 0
    duplicates: float = 0.0
    sabotage: Callable[[Parts], Parts] = lambda parts: parts
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(EPOCH))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.bus = MemoryBus(self.clock, randomness=self.random, duplicates=self.duplicates)
        self.mirakl_rules = MiraklSandbox(with_windows(mirakl_world(EPOCH, seed=self.seed + 1)), EPOCH)
        self.erp_rules = FinanceSupplyChain(erp_worlds.overridden(erp_worlds.demo(), demo.ERP_WORLD))
        self.mirakl = FaultySandbox(self.mirakl_rules, random=random.Random(self.seed + 2))
        self.erp = FaultySandbox(self.erp_rules, random=random.Random(self.seed + 3))
        self.settings: Settings = load(app_settings())

    async def prepare(self) -> World:
        """The client's mapping tables."""
        writer = table_parts(self.tables, self.clock).mapping_writer
        for table in TABLES:
            await writer.save(table, [row for row in mapping_rows() if row.table == table], who="set-up")
        self.tables.requests.clear()
        return self

    def process(self, pulse: Pulse | None = None) -> Bridge:
        """A new process of the app: its own caches, clients and token, on the same tables and queues."""
        return assemble(self.settings, self.sabotage(self.parts(pulse or Pulse())))

    def parts(self, pulse: Pulse) -> Parts:
        kept = table_parts(MortalTables(self.tables, pulse), self.clock)
        bus = MortalBus(self.bus, pulse)
        sides = BothSides(SandboxTransport(self.mirakl, self.clock), SandboxTransport(self.erp, self.clock))
        return outside_parts(
            self.settings,
            kept,
            clock=self.clock,
            http=httpx.AsyncClient(transport=MortalTransport(sides, pulse)),
            secrets=EnvironmentSecrets(app_settings()),
            outbox=bus,
            dead_letters=bus,
            randomness=random.Random(self.random.random()),
        )

    def verdict(self) -> Verdict:
        now = self.clock.now()
        for side in (self.mirakl, self.erp):
            side.settle(now)
        self.mirakl_rules.advance(now)
        self.erp_rules.totals.run_due(now)
        rows = {name: self.tables.everything(name) for name in ("orders", "openwork", "exceptions")}
        tables = Tables(orders=rows["orders"], openwork=rows["openwork"], exceptions=rows["exceptions"])
        journal = [asdict(entry) for entry in self.erp.journal]
        mirakl, erp = mirakl_books.books(self.mirakl_rules), erp_books.books(self.erp_rules.installation)
        return judge(mirakl, erp, tables, CLIENT, journal)
