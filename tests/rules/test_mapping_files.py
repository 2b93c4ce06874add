"""Mapping tables as CSV: what is written reads back, what is wrong is said by line and column, and drafting agrees."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.errors import Rejected
from shared.model.mappings import TABLES, Column, MappingRow, TableName
from shared.rules.items import components
from shared.rules.mapping_files import Difference, difference, in_words, invalid, read, write
from shared.rules.mapping_lookup import OrderMappings
from shared.rules.reasons import Refused
from tests.builders import item_row, row

WORDS = st.text(st.characters(exclude_categories=("Cc", "Cs")), min_size=1, max_size=20).map(str.strip).filter(bool)
KEYS = WORDS.filter(lambda word: word != "*")
NUMBERS = st.decimals("0.0001", "1000", places=4).map(str)
NAMED = st.builds(lambda name, url: {"carrier_code": "", "carrier_name": name, "carrier_url": url},
                  WORDS, st.sampled_from(["", "https://courier.example.com/?p={number}"]))  # fmt: skip
CODED = WORDS.map(lambda code: {"carrier_code": code, "carrier_name": "", "carrier_url": ""})
CARRIERS = CODED | NAMED


def cells(column: Column) -> st.SearchStrategy[str]:
    """Every value that the column may hold; one that has a default is never empty."""
    if column.name == "time_zone":
        return st.sampled_from(["UTC", "Europe/Berlin", "America/New_York"])
    if column.choices:
        return st.sampled_from(column.choices)
    if column.kind == "decimal":
        return NUMBERS
    if column.kind == "integer":
        return st.integers(0, 9).map(str)
    return WORDS if column.default != "" else st.just("") | WORDS


def rows_of(table: TableName) -> st.SearchStrategy[list[MappingRow]]:
    spec = TABLES[table]
    key = st.tuples(*(KEYS | st.just("*") if spec.wildcards else KEYS for _ in spec.key))
    values = st.fixed_dictionaries({column.name: cells(column) for column in spec.values})
    if table == "carriers":
        values = st.builds(lambda drawn, carrier: drawn | carrier, values, CARRIERS)
    one = st.builds(lambda key, values: MappingRow(table, key, values), key, values)
    return st.lists(one, max_size=5, unique_by=lambda one: one.key)


@given(st.sampled_from(list(TABLES)).flatmap(lambda table: st.tuples(st.just(table), rows_of(table))))
def test_what_is_written_reads_back(given: tuple[TableName, list[MappingRow]]) -> None:
    table, rows = given
    reading = read(table, write(table, rows))
    assert reading.problems == ()
    assert sorted(reading.rows, key=lambda one: one.key) == sorted(rows, key=lambda one: one.key)


@given(
    numerator=st.text("0123456789.-+eE_ ", max_size=6) | NUMBERS | st.sampled_from(["NaN", "sNaN", "Infinity", "-0"]),
    decimals=st.text("0123456789.-", max_size=3),
    share=st.text("0123456789.-", max_size=3),
)
def test_a_row_is_refused_exactly_when_drafting_would_refuse_it(numerator: str, decimals: str, share: str) -> None:
    asked = item_row("SKU-001", order_numerator=numerator, unit_decimals=decimals, share=share)
    with_price = item_row("SKU-001", component="2")
    assert bool(invalid(asked)) == _drafting_refuses(OrderMappings((asked, with_price), {}))


def _drafting_refuses(rows: OrderMappings) -> bool:
    try:
        components(rows, marketplace="north", sku="SKU-001", company="usmf")
    except (Rejected, Refused):
        return True
    return False


ROW = "north,A,1,X,pcs"
HEADER = "marketplace,sku,component,item,order_unit"
CARRIER = "marketplace,delivery_mode,carrier,service,carrier_code,carrier_name,carrier_url"
WRONG = [
    ("an unknown column", "items", f"{HEADER},weight\n", "column 'weight' is not one of items"),
    ("a missing key column", "items", "marketplace,component,item,order_unit\n", "column 'sku' is missing"),
    ("a missing required column", "items", "marketplace,sku,component,order_unit\n", "column 'item' is missing"),
    ("another separator", "currencies", "marketplace;code;currency\n", "column 'code' is missing"),
    ("nothing at all", "currencies", "", "column 'marketplace' is missing"),
    ("too many cells", "items", f"{HEADER}\nnorth,A,1,ITEM,pcs,9\n", "line 2: more cells than columns"),
    ("too few cells", "items", f"{HEADER}\nnorth,A,1\n", "line 2: item is empty"),
    ("an empty key", "accounts", "marketplace,currency,country,tax_liability,customer\nnorth,,*,*,C\n",
     "line 2: currency is empty; fill it or write *"),
    ("any SKU", "items", f"{HEADER}\nnorth,*,1,ITEM,pcs\n", "line 2: * is not allowed"),
    ("a row twice", "items", f"{HEADER}\n{ROW}\n{ROW}\n", "line 3: north | A | 1 stands twice"),
    ("no number", "items", f"{HEADER},order_numerator\n{ROW},six\n", "line 2: order_numerator must be a number"),
    ("a comma for the point", "items", f'{HEADER},order_numerator\n{ROW},"1,5"\n', "with a decimal point"),
    ("nothing ordered", "items", f"{HEADER},order_denominator\n{ROW},0\n", "order_denominator must be greater"),
    ("a negative share", "items", f"{HEADER},share\n{ROW},-1\n", "share must be a number that is not negative"),
    ("half a decimal", "items", f"{HEADER},unit_decimals\n{ROW},0.5\n", "unit_decimals must be a whole number"),
    ("ten decimals", "items", f"{HEADER},unit_decimals\n{ROW},10\n", "a whole number from 0 to 9"),
    ("two carriers in one", "carriers", f"{CARRIER}\nnorth,EXP,*,*,CA1,Local,\n", "line 2: fill either carrier_code or"),
    ("no carrier", "carriers", f"{CARRIER}\nnorth,EXP,*,*,,,\n", "line 2: fill either carrier_code or carrier_name"),
    ("a URL for a code", "carriers", f"{CARRIER}\nnorth,EXP,*,*,CA1,,https://x.example.com\n", "carrier_url goes with"),
    ("no URL", "carriers", f"{CARRIER}\nnorth,EXP,*,*,,Local,x.example.com\n", "carrier_url must start with https"),
    ("unknown tracking", "carriers", f"{CARRIER},tracking\nnorth,EXP,*,*,CA1,,,later\n",
     "tracking must be one of required, none"),
    ("a carrier of no marketplace", "carriers", f"{CARRIER}\n,EXP,*,*,CA1,,\n", "line 2: marketplace is empty"),
    ("no time zone", "warehouses", "marketplace,code,site,warehouse,time_zone\n*,*,1,11,Berlin\n", "write one like"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "text", "problem"), [one[1:] for one in WRONG], ids=[one[0] for one in WRONG])
def test_what_is_wrong_is_said_with_its_line_and_remedy(table: TableName, text: str, problem: str) -> None:
    problems = read(table, text).problems
    assert any(problem in one for one in problems), problems


def test_a_shipment_that_names_no_carrier_has_its_row() -> None:
    reading = read("carriers", f"{CARRIER}\nnorth,EXP,,,CA1,,\n")
    assert reading.problems == ()
    assert [(one.key, one.values["tracking"]) for one in reading.rows] == [(("north", "EXP", "", ""), "required")]


def test_every_problem_of_a_file_is_said_at_once() -> None:
    reading = read("items", f"{HEADER}\nnorth,A,1,,pcs\nnorth,*,1,X,\n")
    assert [one.partition(":")[0] for one in reading.problems] == ["line 2", "line 3", "line 3"]


def test_columns_come_in_any_order_and_those_with_a_default_may_be_left_out() -> None:
    [found] = read("warehouses", "warehouse,site,code,marketplace\n11, 1 ,*,north\n").rows
    assert found == row("warehouses", "north", "*", site="1", warehouse="11", time_zone="UTC")


def test_a_file_saved_by_a_spreadsheet_reads_the_same() -> None:
    plain = write("currencies", [row("currencies", "north", "EUR", currency="EUR")])
    assert read("currencies", "\ufeff" + plain.replace("\n", "\r\n")) == read("currencies", plain)


@given(rows_of("countries"), rows_of("countries"))
def test_the_difference_is_what_turns_one_table_into_the_other(
    before: list[MappingRow], after: list[MappingRow]
) -> None:
    found = difference(before, after)
    table = {one.key: one for one in before}
    for gone in found.removed:
        del table[gone.key]
    for new in (*found.added, *(changed for _, changed in found.changed)):
        table[new.key] = new
    assert table == {one.key: one for one in after}
    assert found.equal + len(found.added) + len(found.changed) == len(after)


def test_tables_that_are_equal_do_not_differ() -> None:
    one = row("currencies", "north", "EUR", currency="EUR")
    assert difference([one], [replace(one)]) == Difference(equal=1)
    assert not difference([one], [one])


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "orders 1 PCS, takes 1 PCS"),
        ({"order_unit": "BOX", "stock_unit": "PCS", "stock_denominator": "6"}, "orders 1 BOX, takes 6 PCS"),
        ({"order_unit": "BOX", "order_numerator": "4", "stock_unit": "PCS"}, "orders 0.25 BOX, takes 1 PCS"),
        ({"order_denominator": "100", "stock_denominator": "100"}, "orders 100 PCS, takes 100 PCS"),
    ],
)
def test_an_item_row_in_words(values: dict[str, str], words: str) -> None:
    assert in_words(item_row("SKU-001", **values)) == words


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"carrier_code": "CA1", "tracking": "required"}, "goes as CA1, with its tracking number"),
        ({"carrier_code": " LTR ", "tracking": "none"}, "goes as LTR, at once, tracked or not"),
        ({"carrier_name": "Carrier Two"}, "goes named Carrier Two, with its tracking number"),
        (
            {"carrier_name": "Carrier Two", "carrier_url": "https://carrier-two.example.com"},
            "goes named Carrier Two (https://carrier-two.example.com), with its tracking number",
        ),
    ],
)
def test_a_carrier_s_row_in_words(values: dict[str, str], words: str) -> None:
    assert in_words(row("carriers", "north", "*", "CARRIER-1", "*", **values)) == words
