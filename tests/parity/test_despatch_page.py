"""docs/settings.md and the code tell of the same fields of `DESPATCH_FILES`."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import ValidationError

from shared.errors import SettingsError
from shared.model.despatch import DespatchColumns, DespatchSetting
from shared.settings import load
from tests.parity.pages import ROOT, code, rows, sections

PAGE = {code(row["Field"]): row for row in rows(dict(sections("docs/settings.md"))["`DESPATCH_FILES`"])}
EXAMPLE = json.loads((ROOT / "local.settings.example.json").read_text("utf-8"))["Values"]
LEAST: dict[str, Any] = {"folder": "/drop", "columns": {"order": "Order", "consignment": "Cons"}}


def test_the_page_lists_every_field_and_no_other() -> None:
    columns = {f"columns.{name}" for name in DespatchColumns.model_fields}
    assert set(PAGE) == columns | set(DespatchSetting.model_fields) - {"columns"}


@pytest.mark.parametrize("name", ["delimiter", "encoding", "settled_after", "unknown_orders"])
def test_giving_a_field_the_default_of_the_page_changes_nothing(name: str) -> None:
    given = DespatchSetting.model_validate({**LEAST, name: code(PAGE[name]["Default"])})
    assert given == DespatchSetting.model_validate(LEAST)


@pytest.mark.parametrize("name", [name for name in PAGE if name.startswith("columns.")])
def test_a_column_without_a_default_on_the_page_must_be_named(name: str) -> None:
    column = name.removeprefix("columns.")
    with_all = {**LEAST, "columns": {one: one for one in DespatchColumns.model_fields if one != column}}
    if "``" in PAGE[name]["Default"]:
        assert getattr(DespatchSetting.model_validate(with_all).columns, column) == ""
    else:
        with pytest.raises(ValidationError, match=column):
            DespatchSetting.model_validate(with_all)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"container": "drop"}, "give 'folder' or 'container', and not both"),
        ({"folder": ""}, "give 'folder' or 'container', and not both"),
        ({"folder": "", "container": "drop"}, "'url' (managed identity) or its 'connection'"),
        ({"encoding": "klingon"}, "encoding 'klingon' is not known"),
        ({"delimiter": ";;"}, "DESPATCH_FILES at delimiter"),
        ({"settled_after": "-PT1M"}, "DESPATCH_FILES at settled_after"),
        ({"folder": "", "container": "drop", "url": "http://drop.example.com"}, "use an https:// address"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_with_its_remedy(changed: dict[str, Any], said: str) -> None:
    with pytest.raises(SettingsError) as caught:
        load({**EXAMPLE, "DESPATCH_FILES": json.dumps({**LEAST, **changed})})
    assert said in str(caught.value)


def test_without_the_setting_there_are_no_files() -> None:
    assert load(EXAMPLE).despatch_files is None
    found = load({**EXAMPLE, "DESPATCH_FILES": json.dumps(LEAST)}).despatch_files
    assert found is not None
    assert found.place == "folder /drop"
