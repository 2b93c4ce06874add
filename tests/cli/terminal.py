"""`bridge …` as people type it, over the in-memory world."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from click.testing import CliRunner

from cli.__main__ import main
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.wishes import Placement, WantedOrder
from shared.model.keys import OrderKey
from shared.model.mappings import MappingRow, TableName
from shared.ports.own import OrderRecord
from shared.settings import load
from shared.store.audit import Entry, TableAudit
from shared.wiring.real_parts import RealParts
from shared.wiring.table_parts import TableParts, table_parts
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import Choices, World, app_settings

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Said:
    """What the terminal shows, and how the command ended."""

    text: str
    code: int


@dataclass
class Terminal:
    world: World
    settings: Path

    @classmethod
    def at(cls, folder: Path) -> Terminal:
        settings = folder / "local.settings.json"
        settings.write_text(json.dumps({"Values": app_settings(Choices())}))
        return cls(asyncio.run(World().prepare()), settings)

    def parts(self, *_: object) -> RealParts:
        """What the terminal takes for the real parts."""
        return RealParts(self.world.parts(Pulse()), self.kept, ())

    @property
    def kept(self) -> TableParts:
        return table_parts(self.world.tables, self.world.clock)

    def bridge(self, *words: str, answers: str = "") -> Said:
        command = ["--settings", str(self.settings), "--who", "an operator", *words]
        result = CliRunner().invoke(main, command, input=answers)
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exc_info
        return Said(result.output, result.exit_code)

    # The world around it.

    def place(self, wanted: WantedOrder | None = None, *, shop: str = "north/2001") -> Order:
        [order] = self.world.mirakl_rules.place(Placement(shop=shop, orders=(wanted or WantedOrder(),)))
        return order

    def pass_time(self, minutes: int) -> None:
        end = self.world.clock.now() + timedelta(minutes=minutes)
        host = Host(self.world, Pulse)
        asyncio.run(host.run_until(end))
        assert host.bugs == []

    def record(self, order: Order, shop: str = "north-main") -> OrderRecord:
        return self.ask(lambda kept: kept.progress.load(OrderKey(shop, order.id)))

    def rows(self, table: TableName) -> list[MappingRow]:
        return list(self.ask(lambda kept: kept.mapping_writer.all_rows(table)))

    def audited(self, area: str) -> list[Entry]:
        return list(self.ask(lambda _: TableAudit(self.world.tables, self.world.clock).entries(area)))

    def change(self, setting: str, change: Callable[[Any], None]) -> None:
        """Change a JSON setting, in the file and for the app."""
        values = json.loads(self.settings.read_text())["Values"]
        content = json.loads(values[setting])
        change(content)
        values[setting] = json.dumps(content)
        self.settings.write_text(json.dumps({"Values": values}))
        self.world.settings = load(values)

    def ask(self, question: Callable[[TableParts], Awaitable[T]]) -> T:
        async def answer() -> T:
            return await question(self.kept)

        return asyncio.run(answer())

    def save(self, row: MappingRow) -> None:
        """Write a mapping row unchecked, behind the terminal's back."""
        self.ask(lambda kept: kept.mapping_writer.save(row.table, [row], who="set-up"))

    def forget(self, table: TableName, *key: str) -> MappingRow:
        """Remove a mapping row behind the terminal's back; returns it."""
        [row] = [one for one in self.rows(table) if one.key == key]
        self.ask(lambda kept: kept.mapping_writer.save(table, [], removed=[key], who="set-up"))
        return row
