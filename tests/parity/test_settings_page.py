"""The code, docs/settings.md and local.settings.example.json tell of the same settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from shared.erp.registry import ERPS, registration
from shared.erp.setting import ErpSetting
from shared.errors import SettingsError
from shared.settings import NAMES, MarketplaceSetting, ShopSetting, load
from tests.parity.pages import ROOT, code, rows, sections

PAGE = dict(sections("docs/settings.md"))
LISTED = {code(row["Setting"]): row for lines in PAGE.values() for row in rows(lines) if "Setting" in row}
MARKETPLACES = {code(row["Field"]): row for row in rows(PAGE["`MARKETPLACES`"])}
ERP = {code(row["Field"]): row for row in rows(PAGE["`ERP` (every ERP)"])}
OWN = {kind: {code(row["Field"]): row for row in rows(PAGE[f"`ERP` ({registration(kind).title})"])} for kind in ERPS}
"""The fields that only one ERP has, or has with another default."""
EXAMPLE: Mapping[str, str] = json.loads((ROOT / "local.settings.example.json").read_text("utf-8"))["Values"]
HOST = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"}
"""What the host itself needs and the code never reads."""


def shop_fields(page: Mapping[str, Any]) -> set[str]:
    return {name.removeprefix("shops[].") for name in page if name.startswith("shops[].")}


def test_the_page_lists_every_setting_that_the_code_reads_and_no_other() -> None:
    assert set(LISTED) == set(NAMES)


def test_the_page_lists_every_field_of_the_json_settings_and_no_other() -> None:
    assert shop_fields(MARKETPLACES) == set(ShopSetting.model_fields)
    assert {one for one in MARKETPLACES if "[" not in one} == set(MarketplaceSetting.model_fields) - {"shops"}
    assert set(ERP) == set(ErpSetting.model_fields)


@pytest.mark.parametrize("kind", ERPS)
def test_the_page_lists_every_field_of_each_erp(kind: str) -> None:
    assert {*ERP, *OWN[kind]} == set(registration(kind).setting.model_fields)


def test_the_example_holds_what_a_local_run_needs_and_nothing_unknown() -> None:
    local = {name for name, row in LISTED.items() if row.get("Required") in {"yes", "no", "locally"}}
    ours = {name for name in EXAMPLE if not name.startswith("SECRET_")} - HOST
    assert ours == local


def test_the_example_can_be_used_and_names_its_secrets() -> None:
    settings = load(EXAMPLE)
    named = {shop.key_secret for shop in settings.shops.values()} | {json.loads(EXAMPLE["ERP"])["client_secret"]}
    expected = {"SECRET_" + one.upper().replace("-", "_") for one in named}
    assert {name for name in EXAMPLE if name.startswith("SECRET_")} == expected


@pytest.mark.parametrize("name", [name for name, row in LISTED.items() if code(row["Default"])])
def test_giving_a_setting_the_default_of_the_page_changes_nothing(name: str) -> None:
    without = {one: value for one, value in EXAMPLE.items() if one != name}
    assert load({**without, name: code(LISTED[name]["Default"])}) == load(without)


def with_field(setting: str, path: str, value: Any) -> Mapping[str, str]:
    """The example with one field of a JSON setting set, or left out where the value is None."""
    content = json.loads(EXAMPLE[setting])
    target = content[0] if isinstance(content, list) else content
    target = target["shops"][0] if path.startswith("shops[].") else target
    target.pop(path.removeprefix("shops[]."), None)
    if value is not None:
        target[path.removeprefix("shops[].")] = value
    return {**EXAMPLE, setting: json.dumps(content)}


def as_json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


EXAMPLES = {**ERP, **OWN[json.loads(EXAMPLE["ERP"])["kind"]]}
FIELDS = [("MARKETPLACES", one, row) for one, row in MARKETPLACES.items()] + [
    ("ERP", one, row) for one, row in EXAMPLES.items()
]


@pytest.mark.parametrize(
    ("setting", "field", "default"),
    [(setting, field, code(row["Default"])) for setting, field, row in FIELDS if code(row["Default"])],
)
def test_giving_a_field_the_default_of_the_page_changes_nothing(setting: str, field: str, default: str) -> None:
    value = json.loads(EXAMPLE["ERP"])["company"] if default == "ERP.company" else as_json(default)
    assert load(with_field(setting, field, value)) == load(with_field(setting, field, None))


@pytest.mark.parametrize(
    ("setting", "field"), [(setting, field) for setting, field, row in FIELDS if not code(row["Default"])]
)
def test_a_field_without_a_default_on_the_page_must_be_given(setting: str, field: str) -> None:
    with pytest.raises(SettingsError, match=rf"{setting} at .*{field.removeprefix('shops[].')}: is missing"):
        load(with_field(setting, field, None))


@pytest.mark.parametrize("name", [name for name, row in LISTED.items() if row.get("Required") == "yes"])
def test_a_setting_that_the_page_requires_must_be_given(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name}: is missing"):
        load({one: value for one, value in EXAMPLE.items() if one != name})
