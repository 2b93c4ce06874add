"""Mapping tables: how they are read, how soon a change is seen, and what a change leaves behind."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.model.mappings import TABLES, MappingRow, TableName
from shared.store.audit import TableAudit
from shared.store.mapping_rows import mapping_of, mapping_upsert
from shared.store.mapping_writing import MappingWriter
from shared.store.mappings import TableMappings
from shared.store.tables import Row
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables

SECOND = timedelta(seconds=1)


@dataclass
class World:
    clock: VirtualClock = field(default_factory=VirtualClock)
    tables: MemoryTables = field(default_factory=MemoryTables)

    def __post_init__(self) -> None:
        self.audit = TableAudit(self.tables, self.clock)
        self.writer = MappingWriter(self.tables, self.audit)
        self.mappings = TableMappings(self.tables, self.clock)

    async def countries(self) -> dict[tuple[str, ...], str]:
        return {row.key: row.values["country"] for row in await self.mappings.table("countries", "north")}


@pytest.fixture
def world() -> World:
    return World()


def country(code: str, name: str, marketplace: str = "north") -> MappingRow:
    return MappingRow("countries", (marketplace, code), {"country": name})


def item(sku: str, component: str = "1", **values: str) -> MappingRow:
    given = {column.name: column.default or "" for column in TABLES["items"].values}
    return MappingRow("items", ("north", sku, component), given | {"item": f"I-{sku}", "order_unit": "pcs"} | values)


@pytest.mark.parametrize("table", TABLES)
def test_a_row_of_every_table_comes_back(table: TableName) -> None:
    described = TABLES[table]
    key = tuple(f"{name} / *" for name in described.key)
    row = MappingRow(table, key, {column.name: f"{column.name} =|" for column in described.values})
    stored = mapping_upsert(row)
    assert mapping_of(table, Row(stored.row, stored.values, "1")) == row


def test_a_column_that_was_stored_before_it_existed_has_its_default() -> None:
    stored = mapping_upsert(MappingRow("warehouses", ("north", "shop-a"), {"site": "1", "warehouse": ""}))
    read = mapping_of("warehouses", Row(stored.row, stored.values, "1"))
    assert read.values == {"site": "1", "warehouse": "", "time_zone": "UTC"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (MappingRow("countries", ("north",), {"country": "FR"}), "key has the columns marketplace, code"),
        (MappingRow("countries", ("north", "FRA"), {"county": "FR"}), "no column county"),
    ],
)
def test_a_row_that_the_table_does_not_know_is_refused(row: MappingRow, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mapping_upsert(row)


async def test_items_of_an_order_cost_one_request_per_sku_however_large_the_table(world: World) -> None:
    rows = [item(f"SKU-{number:03}") for number in range(300)]
    sets = [item("SKU-001", "2"), item("SKU-001x"), item("SKU-00")]
    await world.writer.save("items", [*rows, *sets], who="somebody")
    world.tables.requests.clear()
    found = await world.mappings.items("north", ["SKU-001", "SKU-299", "SKU-001", "SKU-none"])
    assert [row.key[1:] for row in found] == [("SKU-001", "1"), ("SKU-001", "2"), ("SKU-299", "1")]
    assert world.tables.requests == {"query mappings": 3}
    assert await world.mappings.items("south", ["SKU-001"]) == []
    assert await world.mappings.items("north", []) == []


async def test_a_small_table_has_the_rows_for_every_marketplace_too(world: World) -> None:
    rows = [country("FRA", "FR"), country("FRA", "FX", "*"), country("SWE", "SE", "south")]
    await world.writer.save("countries", rows, who="somebody")
    assert await world.countries() == {("north", "FRA"): "FR", ("*", "FRA"): "FX"}


async def test_an_unchanged_table_is_read_once_and_its_version_every_five_seconds(world: World) -> None:
    await world.writer.save("countries", [country("FRA", "FR")], who="somebody")
    world.tables.requests.clear()
    for _ in range(100):
        await world.countries()
        await world.mappings.table("currencies", "north")
        world.clock.advance(SECOND / 10)
    assert world.tables.requests == {"query control": 2, "query mappings": 4}


async def test_a_change_is_seen_after_five_seconds_at_the_latest(world: World) -> None:
    await world.writer.save("countries", [country("FRA", "FR")], who="somebody")
    assert await world.countries() == {("north", "FRA"): "FR"}
    world.clock.advance(SECOND)
    await world.writer.save("countries", [country("FRA", "FX")], who="somebody")
    world.clock.advance(4 * SECOND)
    assert await world.countries() == {("north", "FRA"): "FX"}


class Killed(BaseException):
    """The process died here."""


@pytest.mark.parametrize("number", range(1, 9))
async def test_a_save_that_dies_never_leaves_readers_behind(world: World, number: int) -> None:
    await world.writer.save("countries", [country("FRA", "FR")], who="somebody")
    await world.countries()
    moments = iter(range(100))

    def interrupt(when: str, verb: str, table: str) -> None:
        if verb == "commit" and next(moments) >= number - 1:
            raise Killed

    world.tables.interrupt = interrupt
    with pytest.raises(Killed):
        await world.writer.save("countries", [country("FRA", "FX"), country("SWE", "SE")], who="somebody")
    world.tables.interrupt = None
    stored = {row.key: row.values["country"] for row in await world.writer.all_rows("countries")}
    for _ in range(2):
        world.clock.advance(5 * SECOND)
        assert await world.countries() == stored
    audited = {entry.what for entry in await world.audit.entries("mappings")}
    assert {f"countries: {' | '.join(key)}" for key in stored} <= audited


async def test_rows_changed_while_a_save_is_under_way_are_seen(world: World) -> None:
    """The save died between its rows, another tool finished the work: held rows must not outlive that."""
    await world.writer._say("countries", ["north"], changing=True)
    assert await world.countries() == {}
    stored = mapping_upsert(country("FRA", "FR"))
    await world.tables.commit("mappings", "countries|north", [stored])
    world.clock.advance(5 * SECOND)
    assert await world.countries() == {("north", "FRA"): "FR"}


async def test_every_change_is_audited_with_before_and_after_and_only_changes_are_made(world: World) -> None:
    await world.writer.save("countries", [country("FRA", "FR"), country("SWE", "SE")], who="first")
    world.clock.advance(SECOND)
    await world.writer.save(
        "countries",
        [country("FRA", "FX"), country("SWE", "SE"), country("DEU", "DE")],
        removed=[("north", "SWE"), ("north", "XXX")],
        who="second",
    )
    entries = [entry for entry in await world.audit.entries("mappings") if entry.who == "second"]
    told = {entry.what: (entry.before, entry.after) for entry in entries}
    assert told == {
        "countries: north | FRA": (json.dumps({"country": "FR"}), json.dumps({"country": "FX"})),
        "countries: north | DEU": ("", json.dumps({"country": "DE"})),
        "countries: north | SWE": (json.dumps({"country": "SE"}), ""),
    }
    assert {row.key for row in await world.writer.all_rows("countries")} == {("north", "FRA"), ("north", "DEU")}


async def test_saving_what_is_stored_already_writes_nothing(world: World) -> None:
    rows = [item("SKU-001"), item("SKU-002", share="0.5")]
    await world.writer.save("items", rows, who="somebody")
    world.tables.requests.clear()
    await world.writer.save("items", rows, who="somebody")
    await world.writer.save("items", [], who="somebody")
    assert not any(request.startswith("commit") for request in world.tables.requests)


async def test_replacing_a_marketplace_removes_what_is_not_named(world: World) -> None:
    await world.writer.save("countries", [country("FRA", "FR"), country("SWE", "SE", "south")], who="somebody")
    await world.writer.replace_table("countries", "north", [country("DEU", "DE")], who="somebody")
    assert {row.key for row in await world.writer.all_rows("countries")} == {("north", "DEU"), ("south", "SWE")}


async def test_rows_of_another_table_are_refused(world: World) -> None:
    with pytest.raises(ValueError, match="a row of countries among those of currencies"):
        await world.writer.save("currencies", [country("FRA", "FR")], who="somebody")
    assert world.tables.everything("mappings") == {}


SHOPPERS = [("north", "2"), ("north", "1|A"), ("south", "2")]


async def test_a_shopper_s_row_is_one_request_and_never_another_s(world: World) -> None:
    rows = [MappingRow("customers", (place, name), {"customer": f"C-{place}-{name}"}) for place, name in SHOPPERS]
    await world.writer.save("customers", rows, who="somebody")
    world.tables.requests.clear()
    assert await world.mappings.customer("north", "1|A") == rows[1]
    assert world.tables.requests == {"get mappings": 1}
    assert [await world.mappings.customer(*one) for one in SHOPPERS] == rows
    for place, name in (("north", "1"), ("south", "1|A"), ("north", "*"), ("north", "")):
        assert await world.mappings.customer(place, name) is None
