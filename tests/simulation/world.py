"""Everything outside the process: the sandboxes, our tables and queues, and the time they share."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Literal

import httpx

from local import demo
from local.judge import judge
from local.verdict import Tables, Verdict
from sandboxes.faults import FaultySandbox
from sandboxes.mirakl import books as mirakl_books
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.world import World as MiraklWorld
from sandboxes.mirakl.worlds import demo as mirakl_world
from shared.flows import requeue
from shared.model.mappings import TABLES, MappingRow
from shared.model.shipment import RegisteredCarrier
from shared.rules import mapping_files
from shared.settings import Settings, load
from shared.store.lists import TableLists
from shared.wiring import Bridge, Parts, assemble
from shared.wiring.real_parts import outside_parts
from shared.wiring.secrets import EnvironmentSecrets
from shared.wiring.table_parts import table_parts
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_bus import MemoryBus
from tests.fakes.memory_tables import MemoryTables
from tests.fakes.sandbox_transport import SandboxTransport
from tests.simulation.dropped_files import WarehouseFiles
from tests.simulation.far_end import FarEnd
from tests.simulation.far_ends import FAR_ENDS
from tests.simulation.mortal import MortalBus, MortalFiles, MortalTables, MortalTransport, Pulse

EPOCH = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
MIRAKL, ERP = "https://mirakl.example.com", "https://finance.example.com"
WINDOWS = {"north": timedelta(hours=4), "south": timedelta(hours=6)}
NEW_CUSTOMERS = "30"
"""The ERP's group for shoppers that become customers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """Which ERP this client has, how the bridge is set up for it, and how its warehouse ships.

    `warehouse` are settings of the ERP sandbox's `WarehouseSettings`; none of them: nothing ever ships. The marketplaces
    named in `multi_shipment` take several shipments an order, in those in `per_shopper` each shopper is a customer.
    `by_status`: where the ERP shows no shipping documents, its warehouse drops no files either.
    """

    erp: str = "finance_supply_chain"
    warehouse: Mapping[str, Any] = field(default_factory=dict)
    multi_shipment: frozenset[str] = frozenset()
    per_shopper: frozenset[str] = frozenset()
    order_numbers: Literal["derived", "automatic"] = "derived"
    cancellation: Literal["hold", "remove"] = "hold"
    by_status: bool = False

    @property
    def far_end(self) -> FarEnd:
        return FAR_ENDS[self.erp]


@cache
def mapping_rows(erp: str) -> tuple[MappingRow, ...]:
    rows: list[MappingRow] = []
    for table in TABLES:
        reading = mapping_files.read(table, demo.mapping_file(FAR_ENDS[erp].demo, table).read_text("utf-8"))
        assert not reading.problems, reading.problems
        rows += reading.rows
    return tuple(_with_group(row) if row.table == "accounts" else row for row in rows)


def _with_group(row: MappingRow) -> MappingRow:
    return replace(row, values={**row.values, "customer_group": NEW_CUSTOMERS})


def app_settings(choices: Choices) -> dict[str, str]:
    far_end = choices.far_end
    terms = far_end.setting(choices)
    values = demo.settings(far_end.demo, mirakl=MIRAKL, address=ERP, epoch=EPOCH, windows=WINDOWS, terms=terms)
    marketplaces = json.loads(values["MARKETPLACES"])
    for one in marketplaces:
        one["customers"] = "per_shopper" if one["id"] in choices.per_shopper else "per_marketplace"
    connections = {"ServiceBusConnection": "memory", "TABLES_CONNECTION": "memory"}
    return {**values, **far_end.app(choices), "MARKETPLACES": json.dumps(marketplaces), **connections}


class BothSides(httpx.AsyncBaseTransport):
    """Mirakl and the ERP by host name."""

    def __init__(self, mirakl: httpx.AsyncBaseTransport, erp: httpx.AsyncBaseTransport) -> None:
        self._sides = {httpx.URL(MIRAKL).host: mirakl, httpx.URL(ERP).host: erp}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await self._sides[request.url.host].handle_async_request(request)


def is_named(order: str, text: str) -> bool:
    """As a whole word, in whatever format and case."""
    return re.search(rf"{re.escape(order)}(?![\w-])", text, re.IGNORECASE) is not None


def with_windows(world: MiraklWorld, choices: Choices) -> MiraklWorld:
    shown = demo.platforms(world, choices.far_end.demo)
    platforms = tuple(replace(one, acceptance_window=WINDOWS[one.code]) for one in shown)
    return replace(world, platforms=platforms)


@dataclass
class World:
    """`duplicates` is the share of messages that come twice, as two messages; `sabotage` switches a rule off."""

    seed: int = 0
    duplicates: float = 0.0
    sabotage: Callable[[Parts], Parts] = lambda parts: parts
    choices: Choices = field(default_factory=Choices)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(EPOCH))
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.bus = MemoryBus(self.clock, randomness=self.random, duplicates=self.duplicates)
        market = mirakl_world(EPOCH, seed=self.seed + 1, multi_shipment=self.choices.multi_shipment)
        self.mirakl_rules = MiraklSandbox(with_windows(market, self.choices), EPOCH)
        self.erp_rules: Any
        self.erp_rules, self._controls = self.choices.far_end.opened(self.choices)
        self.mirakl = FaultySandbox(self.mirakl_rules, random=random.Random(self.seed + 2))
        self.erp = FaultySandbox(self.erp_rules, random=random.Random(self.seed + 3))
        self.settings: Settings = load(app_settings(self.choices))
        self.files = WarehouseFiles(self.by_hand, self.clock)

    async def prepare(self) -> World:
        """The client's mapping tables."""
        writer = table_parts(self.tables, self.clock).mapping_writer
        for table in TABLES:
            rows = [row for row in mapping_rows(self.choices.erp) if row.table == table]
            await writer.save(table, rows, who="set-up")
        await self._in_operation_since_yesterday()
        self.tables.requests.clear()
        return self

    async def _in_operation_since_yesterday(self) -> None:
        """Each shop's carriers as they were read then."""
        lists = TableLists(self.tables, VirtualClock(EPOCH - timedelta(days=1)))
        for shop in self.settings.shops.values():
            known = self.mirakl_rules.carriers.of(shop.marketplace.id)
            rows = [RegisteredCarrier(one.code, one.label, one.tracking_url or "") for one in known]
            await lists.save(f"SH21|{shop.id}", json.dumps([asdict(one) for one in rows]))

    def by_hand(self, control: str, **content: Any) -> Any:
        """What a person does in the ERP (its sandbox's control of that name). Raises ValueError: it cannot be done."""
        return self._controls[control](content, self.clock.now())

    def books(self) -> Any:
        """The ERP's, with everything done that was due there."""
        return self.by_hand("books")

    def on_their_way(self) -> str:
        """The bodies of what was sent to the ERP and takes effect later."""
        return " ".join(request.body.decode("utf-8", "replace") for request in self.erp.pending())

    async def save(self, *rows: MappingRow) -> None:
        """The client saves mapping rows, and what waited for them goes again, as `bridge mappings import` does it."""
        bridge, tables = self.process(), table_parts(self.tables, self.clock)
        await tables.mapping_writer.save(rows[0].table, rows, who="simulation")
        stand = await bridge.parts.exceptions.open()
        await requeue.mapping_saved(rows, stand, who="mapping", ports=bridge.requeue_ports())

    def process(self, pulse: Pulse | None = None) -> Bridge:
        """A new process of the app: its own caches, clients and token, on the same tables and queues."""
        return assemble(self.settings, self.sabotage(self.parts(pulse or Pulse())))

    def parts(self, pulse: Pulse) -> Parts:
        """Despatch files come from the ERP's warehouse as they are asked for, where the client has it so."""
        parts = self._outside_parts(pulse)
        drops = self.settings.despatch_files is not None
        return replace(parts, despatch_files=MortalFiles(self.files, pulse) if drops else None)

    def _outside_parts(self, pulse: Pulse) -> Parts:
        kept = table_parts(MortalTables(self.tables, pulse), self.clock)
        bus = MortalBus(self.bus, pulse)
        sides = BothSides(SandboxTransport(self.mirakl, self.clock), SandboxTransport(self.erp, self.clock))
        return outside_parts(
            self.settings,
            kept,
            clock=self.clock,
            http=httpx.AsyncClient(transport=MortalTransport(sides, pulse)),
            secrets=EnvironmentSecrets(app_settings(self.choices)),
            outbox=bus,
            dead_letters=bus,
            randomness=random.Random(self.random.random()),
        )

    def verdict(self) -> Verdict:
        now = self.clock.now()
        for side in (self.mirakl, self.erp):
            side.settle(now)
        self.mirakl_rules.advance(now)
        rows = {name: self.tables.everything(name) for name in ("orders", "openwork", "exceptions")}
        tables = Tables(orders=rows["orders"], openwork=rows["openwork"], exceptions=rows["exceptions"])
        journal = [asdict(entry) for entry in self.erp.journal]
        mirakl, erp = mirakl_books.books(self.mirakl_rules), self.books()
        choices = self.choices
        by_status, per_shopper = choices.by_status, choices.per_shopper
        client = demo.client(choices.far_end.demo, live_from=EPOCH, per_shopper=per_shopper, by_status=by_status)
        return judge(mirakl, erp, tables, client, journal)
