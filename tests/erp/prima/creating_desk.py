"""Orders of one shop on their way into a whole Prima, through the steps that create them; what goes wrong is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from sandboxes.faults import Fault
from shared.flows import move_numbers
from shared.model.keys import OrderKey, external_reference
from shared.model.outcome import Blocked, Done, Exceptional, Later, Outcome
from shared.model.sales_order import NumberFormat
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change
from shared.store.number_ranges import TableNumberRanges
from tests.builders import mapping_rows, order, row, shop
from tests.erp.prima.sandbox_world import PrimaWorld
from tests.fakes.memory_tables import MemoryTables, _Partition
from tests.flows.test_create_order import LENGTH, OUTSTANDING, Desk

SHOP = shop(company="1")
FORM = NumberFormat("201", 6)
_ROWS = (
    row("accounts", "north", "*", "*", "*", customer="MKP-DE-EUR"),
    row("countries", "north", "DEU", country="DE"),
    row("channels", "north", "north-de", origin="MIRAKL"),
    row("shipping", "north", "STD", delivery_mode="CARRIER-1"),
)


@dataclass
class CreatingDesk:
    """`reported` are the numbers that Mirakl shows, `stops` how often a person had to move the range."""

    world: PrimaWorld = field(default_factory=lambda: PrimaWorld(ranges={SHOP.id: FORM}))
    desk: Desk = field(init=False)
    reported: dict[str, str] = field(default_factory=dict)
    stops: int = 0

    def __post_init__(self) -> None:
        erp: Any = self.world.erp
        rows = {(one.table, *one.key): one for one in (*mapping_rows(), *_ROWS)}
        self.desk = Desk(erp=erp, shop=SHOP, clock=self.world.clock, rows=tuple(rows.values()))

    async def comes(self, name: str) -> None:
        self.desk.shown = order(id=name)
        if "create_order" not in (await self.desk.progress.load(self.desk.shown.key)).steps:
            await self.desk.prepared(replace(OUTSTANDING, due=self.world.clock.now()))

    async def create(self, name: str) -> Outcome | None:
        """One message, and what `fates` makes of it; None where the order is created already."""
        step = await self.step(name)
        if step is None or step.closed:
            return None
        if step.state == "exception":
            await self._put(name, replace(step, state="outstanding", attempt=step.attempt + 1))
        self.desk.shown = replace(order(id=name), seller_reference=self.reported.get(name, ""))
        attempt = step.attempt + (step.state == "exception")
        outcome = await self.desk.create(StepMessage("create_order", SHOP.id, name, attempt=attempt))
        match outcome:
            case Later(step=Step() as after) | Blocked(step=Step() as after):
                await self._put(name, replace(after, attempt=after.attempt + 1))
            case Exceptional(step=after):
                await self._put(name, replace(after, state="exception", attempt=after.attempt + 1))
            case Done():
                await self._report(name)
        return outcome

    async def finished(self, *names: str) -> None:
        """All is well again, and people do what the runbooks say."""
        self.world.faulty.faults.clear()
        for _ in range(8):
            self.world.clock.advance(LENGTH + timedelta(minutes=30))
            for name in names:
                await self.comes(name)
                outcome = await self.create(name)
                if isinstance(outcome, Exceptional):
                    assert [one.kind for one in outcome.reasons] == ["number_range_stopped"]
                    await self._move()

    async def step(self, name: str) -> Step | None:
        return (await self.desk.progress.load(OrderKey(SHOP.id, name))).steps.get("create_order")

    def restart(self) -> None:
        self.desk.probed = {}

    def fail(self, kind: str, operation: str) -> None:
        self.world.faulty.faults.append(Fault(kind, operation, delay=timedelta(minutes=10)))

    def let_queue_run(self) -> None:
        """What Prima has queued is carried out: nobody moves a range before."""
        self.world.clock.advance(timedelta(minutes=30))
        self.world.faulty.settle(self.world.clock.now())

    def backup(self) -> MemoryTables:
        return _copy(self.desk.tables)

    def restore(self, tables: MemoryTables) -> None:
        written, self.desk.tables = self.desk.tables._writes, _copy(tables)
        self.desk.tables._writes = written  # no version comes twice

    def sent(self) -> dict[str, list[str]]:
        """The numbers under which each order stands in Prima."""
        found: dict[str, list[str]] = {}
        for one in self.world.books():
            found.setdefault(one["reference"], []).append(one["number"])
        return found

    async def _put(self, name: str, step: Step) -> None:
        await self.desk.progress.commit(OrderKey(SHOP.id, name), Change(steps=(step,)))

    async def _report(self, name: str) -> None:
        step = await self.step(name)
        if step is not None and step.reference:
            self.reported[name] = step.reference

    async def _move(self) -> None:
        """Whoever moves a range looks for its latest orders first, and sets their numbers in Mirakl."""
        self.stops += 1
        greatest = max(int(one["number"].removeprefix(FORM.prefix)) for one in self.world.books())
        for one in self.world.books():
            name = str(one["reference"]).removeprefix("NO-")
            if one["reference"] == external_reference("NO", name):
                self.reported.setdefault(name, one["number"])
        ports = move_numbers.Ports(TableNumberRanges(self.desk.tables), self.world.erp)
        stand = await move_numbers.stand(SHOP, ports=ports)
        await move_numbers.run(SHOP, max(greatest + 1, stand.next), ports=ports)


def _copy(tables: MemoryTables) -> MemoryTables:
    made = MemoryTables()
    made._partitions = {name: _Partition(dict(one.rows), list(one.keys)) for name, one in tables._partitions.items()}
    return made
