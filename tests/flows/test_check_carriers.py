"""Carriers before a parcel needs them: what is told, what is over, and what the check costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.errors import Unavailable
from shared.flows import check_carriers
from shared.flows.check_carriers import Ports
from shared.model.keys import OrderKey
from shared.model.mappings import MappingRow, TableName
from shared.model.shipment import RegisteredCarrier
from shared.store.audit import TableAudit
from shared.store.lists import TableLists
from shared.store.mapping_writing import MappingWriter
from shared.store.mappings import TableMappings
from shared.store.progress import TableProgress
from tests.builders import NOW, row, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables

HOUR = timedelta(hours=1)
SHOP = shop()
TABLES_USED: tuple[TableName, ...] = ("carriers", "shipping")
ONE, TWO = RegisteredCarrier("CA1", "Carrier One"), RegisteredCarrier("CA2", "Carrier Two")


def carrier(mode: str, code: str) -> MappingRow:
    return row("carriers", "north", mode, "*", "*", carrier_code=code, tracking="required")


def ships(code: str, mode: str) -> MappingRow:
    return row("shipping", "north", code, delivery_mode=mode, service="")


@dataclass
class Desk:
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)
    registered_now: list[RegisteredCarrier] = field(default_factory=lambda: [ONE, TWO])
    asked: int = 0

    def __post_init__(self) -> None:
        self.progress = TableProgress(self.tables, self.clock)
        self.lists = TableLists(self.tables, self.clock)
        self.mappings = TableMappings(self.tables, self.clock)
        self.ports = Ports(self, self.lists, self.mappings, self.progress, self.clock)

    async def registered(self) -> Sequence[RegisteredCarrier]:
        self.asked += 1
        return self.registered_now

    async def mapped(self, *rows: MappingRow) -> Desk:
        """These are the rows of their tables from now on."""
        writer = MappingWriter(self.tables, TableAudit(self.tables, self.clock))
        for table in TABLES_USED:
            await writer.replace_table(table, "north", [one for one in rows if one.table == table], who="somebody")
        return self

    async def checked(self, *, after: timedelta = timedelta(0)) -> list[tuple[str, str]]:
        """Kind and subject of what stands at the shop then."""
        self.clock.advance(after)
        await check_carriers.run(SHOP, ports=self.ports)
        record = await self.progress.load(OrderKey(SHOP.id, ""))
        return sorted((one.kind, one.subject) for one in record.exceptions)

    async def reasons(self) -> list[str]:
        return [one.reason for one in (await self.progress.load(OrderKey(SHOP.id, ""))).exceptions]


async def test_nothing_is_told_where_every_code_is_registered_and_every_mode_covered() -> None:
    desk = await Desk().mapped(carrier("EXP", "CA1"), carrier("STD", "CA2"), ships("E", "EXP"), ships("S", "STD"))
    assert await desk.checked() == []


async def test_a_code_that_vanishes_is_told_once_before_a_parcel_needs_it_and_closes_when_it_is_back() -> None:
    desk = await Desk().mapped(carrier("EXP", "CA1"), carrier("STD", "CA2"))
    assert await desk.checked() == []
    desk.registered_now = [ONE]
    for _ in range(3):
        assert await desk.checked(after=24 * HOUR) == [("carrier_withdrawn", "CA2")]
    assert await desk.reasons() == [
        "carriers rows use CA2, which the marketplace has withdrawn; its codes are CA1 (Carrier One)"
    ]
    desk.registered_now = [ONE, TWO]
    assert await desk.checked(after=HOUR) == []


async def test_a_code_that_never_was_there_is_told_as_well() -> None:
    desk = await Desk().mapped(carrier("EXP", "CA9"))
    assert await desk.checked() == [("carrier_withdrawn", "CA9")]
    assert "which the marketplace does not have" in (await desk.reasons())[0]


async def test_a_mode_in_use_without_a_row_is_told_until_it_has_one() -> None:
    desk = await Desk().mapped(carrier("EXP", "CA1"), ships("E", "EXP"), ships("S", "STD"))
    assert await desk.checked() == [("delivery_mode_uncovered", "STD")]
    await desk.mapped(carrier("EXP", "CA1"), carrier("STD", "CA1"), ships("E", "EXP"), ships("S", "STD"))
    assert await desk.checked(after=HOUR) == []


async def test_within_the_hour_it_costs_nothing() -> None:
    desk = await Desk().mapped(carrier("EXP", "CA9"))
    await desk.checked()
    desk.tables.requests.clear()
    desk.clock.advance(HOUR / 2)
    for _ in range(5):
        await check_carriers.run(SHOP, ports=desk.ports)
    assert (desk.tables.requests, desk.asked) == ({}, 1)
    await check_carriers.run(shop(id="north-outlet"), ports=desk.ports)
    assert desk.asked == 2


async def test_a_list_that_cannot_be_read_is_asked_for_again_at_the_next_run() -> None:
    desk = await Desk().mapped(carrier("EXP", "CA9"))

    class Down:
        async def registered(self) -> Sequence[RegisteredCarrier]:
            raise Unavailable("HTTP 503", scope="shop:north-de")

    whole = desk.ports
    desk.ports = Ports(Down(), desk.lists, desk.mappings, desk.progress, desk.clock)
    with pytest.raises(Unavailable):
        await desk.checked()
    desk.ports = whole
    assert await desk.checked() == [("carrier_withdrawn", "CA9")]
