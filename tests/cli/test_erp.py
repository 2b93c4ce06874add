"""`bridge erp capabilities`: what the ERP offers, with what stands in, and by which way it tells what has left."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from cli.__main__ import main
from shared.erp.registry import ERPS, registration
from tests.cli.terminal import Terminal


def lines_of(text: str, section: str) -> dict[str, str]:
    """The rows of a table by their first words: what follows two spaces is the next cell."""
    table = text[text.index(section) :].split("\n\n", maxsplit=1)[0].splitlines()[1:]
    return {line.split("  ")[0].strip(): " ".join(line.split("  ")[1:]).strip() for line in table if line.strip()}


def test_the_erp_of_the_settings_is_shown_with_its_offers(terminal: Terminal) -> None:
    said = terminal.bridge("erp", "capabilities")
    assert said.code == 0
    settings = terminal.world.settings
    found = registration(settings.erp.kind).capabilities(settings.erp)
    assert said.text.startswith(f"{found.name}\n")
    assert found.offers
    for offer in found.offers:
        assert offer.how in said.text
        assert offer.instead in said.text


def test_the_ways_by_which_it_learns_what_has_left_are_shown(terminal: Terminal) -> None:
    rungs = lines_of(terminal.bridge("erp", "capabilities").text, "How the bridge learns")
    assert rungs["shipping documents"].startswith("yes")
    assert rungs["order status"].startswith("no")
    assert rungs["despatch files"].startswith("no")
    assert rungs["by hand"].startswith("yes")
    assert "bridge shipments enter" in rungs["by hand"]


def test_despatch_files_are_a_way_where_they_are_set(terminal: Terminal) -> None:
    values = json.loads(terminal.settings.read_text())["Values"]
    files = {"container": "drop", "connection": "AccountKey=c2VjcmV0", "columns": {"order": "A", "consignment": "B"}}
    terminal.settings.write_text(json.dumps({"Values": {**values, "DESPATCH_FILES": json.dumps(files)}}))
    said = terminal.bridge("erp", "capabilities").text
    assert lines_of(said, "How the bridge learns")["despatch files"].startswith("yes")
    assert "container drop" in said
    assert "c2VjcmV0" not in said


@pytest.mark.parametrize("kind", ERPS)
def test_any_erp_is_shown_without_settings_with_what_must_be_chosen(kind: str) -> None:
    result = CliRunner().invoke(main, ["erp", "capabilities", "--erp", kind], env={"ERP": "", "MARKETPLACES": ""})
    assert result.exit_code == 0
    assert registration(kind).title in result.output
    fields = registration(kind).setting.model_fields
    shown = lines_of(result.output, "Without a default")
    assert {name for name, field in fields.items() if field.is_required()} - {"kind"} <= set(shown)
    assert "by hand" in result.output


def test_without_settings_the_configured_one_cannot_be_shown() -> None:
    result = CliRunner().invoke(main, ["erp", "capabilities"], env={"ERP": "", "MARKETPLACES": ""})
    assert result.exit_code == 1
    assert "MARKETPLACES: is missing" in result.output


def test_an_erp_that_nobody_knows_is_refused() -> None:
    result = CliRunner().invoke(main, ["erp", "capabilities", "--erp", "abacus"])
    assert result.exit_code == 2
