"""The demo's client with each ERP: settings the app takes, mapping tables it can read, and a day that can be played."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from local import demo
from local.day.no_such_thing import NoSuchThing
from local.day.script import BY_HAND, script
from local.demo.demo_erp import DemoErp
from local.demo.erps import ERPS, FINANCE_SUPPLY_CHAIN, named
from local.options import Options
from local.sabotage import SABOTAGES
from shared.erp.registry import ERPS as KNOWN
from shared.model.mappings import TABLES, TableName
from shared.rules import mapping_files
from shared.settings import load
from tests.local.evidence import OPENING

each_erp = pytest.mark.parametrize("erp", ERPS.values(), ids=lambda erp: erp.kind)
WINDOWS = {name: timedelta(hours=4) for name in demo.PREFIXES}


def test_every_erp_that_the_bridge_knows_has_a_demo() -> None:
    assert ERPS.keys() == KNOWN.keys()


@each_erp
def test_the_settings_are_taken(erp: DemoErp, tmp_path: Path) -> None:
    values = demo.settings(
        erp, mirakl="http://127.0.0.1:1", address="http://127.0.0.1:2", epoch=OPENING, windows=WINDOWS, terms=erp.day
    )
    connections = {"ServiceBusConnection": "memory", "TABLES_CONNECTION": "memory"}
    settings = load({**values, **erp.exchange(tmp_path).settings, **connections})
    assert (settings.erp.kind, len(settings.shops)) == (erp.kind, 3)


@each_erp
@pytest.mark.parametrize("table", TABLES)
def test_the_mapping_tables_are_read(erp: DemoErp, table: TableName) -> None:
    reading = mapping_files.read(table, demo.mapping_file(erp, table).read_text("utf-8"))
    assert reading.problems == ()


@each_erp
def test_what_comes_late_is_what_was_missing(erp: DemoErp) -> None:
    tables: tuple[TableName, ...] = ("items", "carriers")
    for table in tables:
        keys = {row.key for row in mapping_files.read(table, demo.mapping_file(erp, table).read_text("utf-8")).rows}
        late = mapping_files.read(table, demo.late_file(erp, table).read_text("utf-8")).rows
        assert late
        assert not keys & {row.key for row in late}


@each_erp
@pytest.mark.parametrize("fast", [False, True])
def test_what_an_erp_cannot_do_is_said_and_everything_else_is_played(erp: DemoErp, fast: bool) -> None:
    deeds = [act.deed for act in script(1, erp=erp, fast=fast)]
    said = {deed.why for deed in deeds if isinstance(deed, NoSuchThing)}
    assert said == {why for control, why in erp.lacks.items() if control in BY_HAND}
    assert [deed for control, deed in BY_HAND.items() if control not in erp.lacks and deed not in deeds] == []


@each_erp
def test_faults_are_said_in_the_erps_own_words(erp: DemoErp) -> None:
    words = json.dumps([getattr(act.deed, "faults", ()) for act in script(1, erp=erp)])
    assert all(f'"{one}"' in words for one in (erp.place, *erp.reads, *erp.lost))
    assert set(erp.pointless) <= set(SABOTAGES)


def test_without_a_name_it_is_the_first() -> None:
    assert named("") is FINANCE_SUPPLY_CHAIN is next(iter(ERPS.values()))


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"ERP": "abacus"}, "ERP=abacus: choose one of finance_supply_chain, business_central, prima"),
        ({"SEED": "first"}, "SEED=first: write a whole number"),
        ({"SABOTAGE": "number", "ERP": "business_central"}, "SABOTAGE=number shows nothing with ERP=business_central"),
    ],
)
def test_what_cannot_be_used_is_named_with_the_choices(environment: dict[str, str], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Options.read(environment)


def test_the_day_is_played_again_by_what_is_printed() -> None:
    options = Options.read({"SEED": "7", "FAST": "1", "ERP": "prima"})
    assert options.again == "SEED=7 FAST=1 ERP=prima"
