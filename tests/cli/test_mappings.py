"""`bridge mappings`: export, check, and import with the difference shown first and the orders sent again."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from sandboxes.mirakl.wishes import WantedLine, WantedOrder
from shared.model.mappings import TABLES, MappingRow
from shared.rules import mapping_files
from tests.cli.terminal import Terminal

CURRENCIES = "marketplace,code,currency\n*,EUR,EUR\n*,GBP,GBP\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


def test_export_writes_a_table_that_import_finds_equal(terminal: Terminal, file: Path) -> None:
    for table in TABLES:
        rows = terminal.rows(table)
        said = terminal.bridge("mappings", "export", table, str(file))
        assert said.text == f"{len(rows)} rows of {table} written to {file}\n"
        said = terminal.bridge("mappings", "import", table, str(file), "--replace")
        assert said.text == f"0 added, 0 changed, 0 removed, {len(rows)} as they were\nNothing changes.\n"


def test_export_to_the_terminal_is_the_file_itself(terminal: Terminal) -> None:
    assert terminal.bridge("mappings", "export", "currencies").text == CURRENCIES


def test_a_file_with_problems_is_refused_whole_and_every_problem_is_said(terminal: Terminal, file: Path) -> None:
    before = terminal.rows("currencies")
    file.write_text("marketplace,code,currency\n*,SEK,SEK\n*,JPY,\n,USD,USD\n")
    said = terminal.bridge("mappings", "import", "currencies", str(file), "--yes")
    assert said.code == 1
    assert "was not imported" in said.text
    assert "line 3: currency is empty; fill it" in said.text
    assert "line 4: marketplace is empty; fill it or write *" in said.text
    assert terminal.rows("currencies") == before


CHANGES = "marketplace,code,currency\n*,EUR,EURO\nnorth,SEK,SEK\n"
DIFFERENCE = ["+ north | SEK: currency=SEK", "~ * | EUR: currency 'EUR' -> 'EURO'"]


def test_the_difference_is_shown_before_anything_is_written(terminal: Terminal, file: Path) -> None:
    before = terminal.rows("currencies")
    file.write_text(CHANGES)
    said = terminal.bridge("mappings", "import", "currencies", str(file), answers="n\n")
    assert said.text.splitlines()[:3] == [*DIFFERENCE, "1 added, 1 changed, 0 removed, 1 as they were"]
    assert said.code == 1
    assert terminal.rows("currencies") == before
    assert not [one for one in terminal.audited("mappings") if one.who == "an operator"]


@pytest.mark.parametrize(("how", "left"), [([], {"EURO", "GBP", "SEK"}), (["--replace"], {"EURO", "SEK"})])
def test_what_was_confirmed_is_written_and_audited(
    terminal: Terminal, file: Path, how: list[str], left: set[str]
) -> None:
    file.write_text(CHANGES)
    said = terminal.bridge("mappings", "import", "currencies", str(file), *how, answers="y\n")
    assert said.text.endswith("Written. 0 orders that waited for it were sent again.\n")
    assert {row.values["currency"] for row in terminal.rows("currencies")} == left
    told = {one.what: (one.before, one.after) for one in terminal.audited("mappings") if one.who == "an operator"}
    assert told["currencies: * | EUR"] == (json.dumps({"currency": "EUR"}), json.dumps({"currency": "EURO"}))
    assert told["currencies: north | SEK"] == ("", json.dumps({"currency": "SEK"}))
    assert len(told) == 2 + len(how)


def test_an_order_that_waits_for_a_row_goes_on_when_the_row_is_imported(terminal: Terminal, file: Path) -> None:
    row = terminal.forget("items", "north", "SKU-007", "1")
    order = terminal.place(WantedOrder(lines=(WantedLine(sku="SKU-007"),)))
    terminal.pass_time(10)
    assert [(one.kind, one.subject) for one in terminal.record(order).exceptions] == [
        ("mapping_missing", "north|SKU-007|1")
    ]

    file.write_text(mapping_files.write("items", [row]))
    said = terminal.bridge("mappings", "import", "items", str(file), "--yes")
    assert "Written. 1 orders that waited for it were sent again." in said.text

    terminal.pass_time(10)
    record = terminal.record(order)
    assert record.exceptions == ()
    assert record.steps["create_order"].reference == f"NO-{order.id}"


def test_an_order_goes_on_when_the_wrong_row_before_a_good_one_is_removed(terminal: Terminal, file: Path) -> None:
    file.write_text(mapping_files.write("shipping", terminal.rows("shipping")))
    terminal.save(MappingRow("shipping", ("north", "STD"), {"delivery_mode": ""}))
    order = terminal.place()
    terminal.pass_time(10)
    assert [(one.kind, one.subject) for one in terminal.record(order).exceptions] == [("mapping_invalid", "north|STD")]

    said = terminal.bridge("mappings", "import", "shipping", str(file), "--replace", "--yes")
    assert said.text.splitlines()[-2:] == [
        f"0 added, 0 changed, 1 removed, {len(terminal.rows('shipping'))} as they were",
        "Written. 1 orders that waited for it were sent again.",
    ]
    terminal.pass_time(10)
    assert terminal.record(order).steps["create_order"].state == "done"


def test_check_says_what_one_unit_orders_and_takes(terminal: Terminal) -> None:
    said = terminal.bridge("mappings", "check", "items")
    assert said.code == 0
    assert f"items: {len(terminal.rows('items'))} rows, 0 problems (owner ecommerce)" in said.text
    assert "orders 1 pcs, takes 1 pcs" in said.text


def test_check_names_every_row_that_cannot_be_used(terminal: Terminal) -> None:
    [row, *_] = terminal.rows("items")
    terminal.save(replace(row, values={**row.values, "order_numerator": "six"}))
    said = terminal.bridge("mappings", "check")
    assert said.code == 1
    assert f"{' | '.join(row.key)}: order_numerator must be a number with a decimal point" in said.text
    assert "1 problems; correct the rows named and import them again" in said.text
    assert all(f"{table}: " in said.text for table in TABLES)


def test_a_table_that_does_not_exist_is_said_with_those_that_do(terminal: Terminal) -> None:
    said = terminal.bridge("mappings", "export", "colours")
    assert said.code == 2
    assert "items" in said.text


# Carriers.

CARRIER_2 = "marketplace,delivery_mode,carrier,service,carrier_code,carrier_name,carrier_url,tracking\n"


def test_carriers_are_checked_in_words(terminal: Terminal) -> None:
    said = terminal.bridge("mappings", "check", "carriers").text
    told = {tuple(line.split()[:4]): " ".join(line.split()[4:]) for line in said.splitlines()[2:]}
    assert told[("south", "*", "CARRIER-1", "*")] == "goes as CA1, with its tracking number"
    assert told[("south", "*", "LETTER", "*")] == "goes as LTR, at once, tracked or not"
    named = "goes named Carrier Two (https://carrier-two.example.com/track), with its tracking number"
    assert told[("north", "*", "CARRIER-2", "*")] == named


def test_a_carrier_that_is_mapped_at_last_lets_its_parcel_go(terminal: Terminal, file: Path) -> None:
    warehouse = terminal.world.erp_rules.world
    warehouse.ships_after_seconds, warehouse.carrier = 1200, "CARRIER-2"
    order = terminal.place(shop="south/2001")
    terminal.pass_time(60)
    assert "confirm_shipment      exception: carrier_unmapped" in terminal.bridge("orders", "show", order.id).text
    file.write_text(CARRIER_2 + "south,*,CARRIER-2,*,CA2,,,required\n")
    said = terminal.bridge("mappings", "import", "carriers", str(file), "--yes").text
    assert "+ south | * | CARRIER-2 | *: goes as CA2, with its tracking number" in said
    assert "Written. 1 orders that waited for it were sent again." in said
    terminal.pass_time(20)
    assert "Mirakl: SHIPPED" in terminal.bridge("orders", "show", order.id).text
    assert terminal.bridge("exceptions", "list").text == "No open exceptions.\n"
