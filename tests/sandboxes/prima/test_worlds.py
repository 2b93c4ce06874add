"""Settings over the demonstration set-up: by name, added to, and refused where they are unknown."""

from __future__ import annotations

import csv
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandboxes.prima import worlds

DEMO = Path(__file__).parents[3] / "local" / "demo" / "mappings"


def test_the_demo_knows_every_item_and_account_of_the_trading_day() -> None:
    company = worlds.demo().companies["1"]
    with (DEMO / "items.csv").open(newline="") as file:
        rows = [(row["item"], row["colour"], row["size"]) for row in csv.DictReader(file)]
    assert {(item, (colour, size, "", "")) for item, colour, size in rows} <= {
        (one.code, codes) for one in company.products.values() for codes in one.matrix
    }
    with (DEMO / "charges.csv").open(newline="") as file:
        charges = {row["item"] for row in csv.DictReader(file)}
    assert charges <= set(company.charges)
    assert charges <= set(company.products)


def test_a_file_is_put_over_the_demo(tmp_path: Path) -> None:
    file = tmp_path / "world.json"
    settings = {
        "style": "doc-literal",
        "words": {"received": "New"},
        "partial_share": 1,
        "companies": {"1": {"products": {"NEW": {"on_hand": 3}}, "price_books": {"SEK": False}}, "3": {}},
    }
    file.write_text(json.dumps(settings))
    world = worlds.load(file)
    assert (world.style, world.words["received"], world.words["cancelled"]) == ("doc-literal", "New", "Cancelled")
    assert world.companies["1"].products["NEW"].matrix == {worlds.PLAIN: Decimal(3)}
    assert world.companies["1"].price_books == {"EUR": True, "GBP": True, "USD": True, "JPY": True, "SEK": False}
    assert "ITEM-001" in world.companies["3"].products
    assert worlds.demo().words["received"] == "Received"


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"colour": "red"}, "colour"),
        ({"dev_mode": "yes"}, "not a bool"),
        ({"tracking": {"soon": 1}}, "tracking"),
        ({"words": {"lost": "Lost"}}, "words"),
        ({"companies": {"1": {"walls": {}}}}, "walls"),
        ({"companies": {"1": {"products": {"A": {"matrix": [["M"]]}}}}}, "four"),
    ],
)
def test_what_is_unknown_is_refused_by_name(settings: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        worlds.overridden(worlds.demo(), settings)
