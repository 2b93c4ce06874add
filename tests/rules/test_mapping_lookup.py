from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from itertools import combinations, product

import pytest

from shared.errors import Rejected
from shared.model.mappings import TABLES, MappingRow
from shared.rules.mapping_lookup import (
    ORDER_TABLES,
    OrderMappings,
    decimal,
    factor,
    integer,
    matches,
    most_specific,
    text,
    time_zone,
)
from tests.builders import item_row, mapping_rows, row

LADDER = (
    ("north", "EUR", "DEU", "seller"),
    ("north", "EUR", "DEU", "*"),
    ("north", "EUR", "*", "seller"),
    ("north", "EUR", "*", "*"),
    ("north", "*", "DEU", "seller"),
    ("north", "*", "*", "*"),
    ("*", "EUR", "DEU", "seller"),
    ("*", "*", "*", "*"),
)
"""Most specific first: an exact column further to the left outweighs all those to its right."""


@pytest.mark.parametrize("first", range(len(LADDER)))
def test_the_most_specific_row_wins(first: int) -> None:
    rows = [row("accounts", *key, customer=str(key)) for key in reversed(LADDER[first:])]
    assert most_specific("accounts", rows, LADDER[0]).key == LADDER[first]


EVERY_KEY = [row("accounts", *key) for key in product(*((value, "*") for value in LADDER[0]))]


@pytest.mark.parametrize("both", list(combinations(EVERY_KEY, 2)))
def test_of_two_rows_that_match_the_same_one_wins_whichever_comes_first(both: tuple[MappingRow, MappingRow]) -> None:
    assert most_specific("accounts", both, LADDER[0]) is most_specific("accounts", both[::-1], LADDER[0])


@pytest.mark.parametrize(
    ("key", "wanted", "matched"),
    [
        (("north", "EUR"), ("north", "EUR"), True),
        (("*", "EUR"), ("north", "EUR"), True),
        (("north", "EUR"), ("north", "*"), False),
        (("north", "*"), ("north", "*"), True),
        (("north",), ("north", "EUR"), False),
        (("north", "eur"), ("north", "EUR"), False),
    ],
)
def test_matching(key: tuple[str, ...], wanted: tuple[str, ...], matched: bool) -> None:
    assert matches(key, wanted) is matched


def test_a_missing_row_is_named_so_that_it_can_be_added() -> None:
    with pytest.raises(Rejected) as refusal:
        most_specific("charges", mapping_rows(), ("west", "fee", "ECO"))
    assert (refusal.value.kind, refusal.value.subject) == ("mapping_missing", "charges:west|fee|ECO")
    assert refusal.value.reason == (
        "mapping table 'charges' has no row for marketplace=west, charge=fee, code=ECO; add it"
    )


def test_a_table_that_was_not_loaded_has_no_rows() -> None:
    with pytest.raises(Rejected, match=r"currencies:north\|EUR"):
        OrderMappings(items=(), tables={}).row("currencies", "north", "EUR")


def test_components_come_in_their_own_order() -> None:
    rows = tuple(item_row("SET", component=number, item="I") for number in ("10", "2", "1"))
    found = OrderMappings(items=(*rows, item_row("SKU-001")), tables={}).components("north", "SET")
    assert [one.key[2] for one in found] == ["1", "2", "10"]


@pytest.mark.parametrize(("marketplace", "sku"), [("north", "SKU-404"), ("south", "SKU-001"), ("north", "sku-001")])
def test_an_item_is_found_by_its_very_marketplace_and_sku(marketplace: str, sku: str) -> None:
    with pytest.raises(Rejected) as refusal:
        OrderMappings(items=(item_row("SKU-001"),), tables={}).components(marketplace, sku)
    assert refusal.value.subject == f"items:{marketplace}|{sku}|1"


ITEM = item_row("SKU-001", order_numerator="6", order_denominator=" 1.5 ", unit_decimals="2", share="0")


def test_columns_are_read_with_their_type_and_default() -> None:
    assert text(ITEM, "item") == "ITEM-001"
    assert text(ITEM, "configuration") == ""
    assert [decimal(ITEM, "share"), decimal(ITEM, "stock_numerator")] == [0, 1]
    assert [factor(ITEM, "order_numerator"), factor(ITEM, "order_denominator")] == [6, Decimal("1.5")]
    assert (integer(ITEM, "unit_decimals"), integer(item_row("SKU-002"), "unit_decimals")) == (2, 0)
    assert str(time_zone(row("warehouses", "north", "*", time_zone="Europe/Berlin"), "time_zone")) == "Europe/Berlin"
    assert str(time_zone(row("warehouses", "north", "*"), "time_zone")) == "UTC"


@pytest.mark.parametrize(
    ("bad", "read", "column", "fault"),
    [
        (item_row("SKU-001", item=" "), text, "item", "is empty; fill it"),
        (item_row("SKU-001", order_numerator="six"), factor, "order_numerator", "must be a number"),
        (item_row("SKU-001", order_numerator="1,5"), factor, "order_numerator", "must be a number"),
        (item_row("SKU-001", order_numerator="0"), factor, "order_numerator", "must be above zero"),
        (item_row("SKU-001", order_numerator="-6"), factor, "order_numerator", "must be a number"),
        (item_row("SKU-001", share="NaN"), decimal, "share", "must be a number"),
        (item_row("SKU-001", share="Infinity"), decimal, "share", "must be a number"),
        (item_row("SKU-001", unit_decimals="1.5"), integer, "unit_decimals", "must be a whole number from 0 to 9"),
        (item_row("SKU-001", unit_decimals="10"), integer, "unit_decimals", "must be a whole number from 0 to 9"),
        (row("warehouses", "north", "*", time_zone="Mars/Olympus"), time_zone, "time_zone", "must be a time zone"),
        (row("warehouses", "north", "*", time_zone="../etc"), time_zone, "time_zone", "must be a time zone"),
        (row("warehouses", "north", "*", time_zone="Europe"), time_zone, "time_zone", "must be a time zone"),
    ],
)
def test_a_row_that_cannot_be_used_is_named_with_its_column(
    bad: MappingRow, read: Callable[[MappingRow, str], object], column: str, fault: str
) -> None:
    with pytest.raises(Rejected) as refusal:
        read(bad, column)
    assert (refusal.value.kind, refusal.value.subject) == ("mapping_invalid", f"{bad.table}:{'|'.join(bad.key)}")
    assert refusal.value.reason.startswith(f"column '{column}' of this row of mapping table '{bad.table}' {fault}")


def test_a_draft_needs_every_table_but_that_of_the_way_back() -> None:
    assert {*ORDER_TABLES, "items", "customers"} == set(TABLES) - {"carriers"}
