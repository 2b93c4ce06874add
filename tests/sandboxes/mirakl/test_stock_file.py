"""The lines of an STO01 file: which are taken, which are in error and why, and what the report says of them."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandboxes.mirakl.offer_terms import WantedOffer
from tests.sandboxes.mirakl.seller import STOCK_IMPORTS, Seller, stocked

A, B = WantedOffer(sku="A", quantity=10), WantedOffer(sku="B", quantity=10)
SPLIT = WantedOffer(sku="S", warehouses={"MAIN": 4, "WEST": 6})
HOUR = timedelta(hours=1)


def report(of: Seller, *lines: str) -> list[dict[str, str]]:
    """The error report after the import, empty where there is none."""
    import_id = of.send_stock(*lines)
    told = of.after(HOUR).stock_status(import_id)
    assert told["lines_in_success"] + told["lines_in_error"] == len(lines)
    answer = of.fetch(f"{STOCK_IMPORTS}/{import_id}/error_report", "text/csv")
    rows = list(csv.DictReader(io.StringIO(answer.body.decode()), delimiter=";")) if answer.status == 200 else []
    assert len(rows) == told["lines_in_error"]
    return rows


WRONG = (
    ("unknown sku", ("Z;3",), [2]),
    ("sku in other letters", ("a;3",), [2]),
    ("no sku", (";3",), [2]),
    ("negative", ("A;-1",), [2]),
    ("not a number", ("A;many",), [2]),
    ("a fraction", ("A;3.0",), [2]),
    ("with a comma", ("A;3,5",), [2]),
    ("a plus sign", ("A;+3",), [2]),
    ("blank", ("A;",), [2]),
    ("too large", ("A;1000000001",), [2]),
    ("other digits", ("A;\u0663",), [2]),
    ("unknown warehouse", ("S;3;EAST",), [2]),
    ("unknown action", ("A;3;;remove",), [2]),
    ("an offer twice", ("A;3", "B;3", "A;4"), [4]),
    ("a warehouse twice", ("S;3;MAIN", "S;4;MAIN"), [2, 3]),
    ("global and per warehouse", ("S;3;MAIN", "S;4;"), [2, 3]),
    ("one warehouse of two", ("S;3;MAIN", "S;4;EAST"), [2, 3]),
    ("apart", ("S;3;MAIN", "A;3;", "S;4;WEST"), [4]),
)


@pytest.mark.parametrize(("lines", "numbers"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_wrong_lines_are_reported_by_number_and_the_others_are_taken(
    lines: tuple[str, ...], numbers: list[int]
) -> None:
    shop = stocked(A, B, SPLIT)
    rows = report(shop, *lines)

    assert [int(row["error-line"]) for row in rows] == numbers
    assert all(row["error-message"] for row in rows)
    taken = {line.partition(";")[0] for number, line in enumerate(lines, 2) if number not in numbers}
    changed = {one["sku"] for one in shop.stock()["offers"] if len(one["changes"]) > 1}
    assert changed == taken


def test_a_report_can_be_sent_again_once_its_values_are_right() -> None:
    shop = stocked(A, B)
    import_id = shop.send_stock("A;-3", "B;5")
    shop.after(HOUR)
    sent = shop.fetch(f"{STOCK_IMPORTS}/{import_id}/error_report").body.decode()
    assert sent.splitlines()[1].startswith('"2";')

    assert shop.upload(STOCK_IMPORTS, sent.replace('"-3"', '"3"')).status == 201
    shop.after(HOUR)
    assert (shop.offer("A")["quantity"], shop.offer("B")["quantity"]) == (3, 5)


def test_a_line_of_another_width_is_in_error() -> None:
    shop = stocked(A, B)
    import_id = shop.upload(STOCK_IMPORTS, "offer-sku;quantity\nA;3;MAIN\nB\n").json()["import_id"]

    assert shop.after(HOUR).stock_status(import_id)["lines_in_error"] == 2


def test_lines_end_as_they_like_and_blank_ones_do_not_count() -> None:
    shop = stocked(A, B)
    import_id = shop.upload(STOCK_IMPORTS, '\ufeff"offer-sku";"quantity"\r\n"A";"3"\r\n\r\n"B";"x"').json()["import_id"]

    assert shop.after(HOUR).stock_status(import_id)["lines_in_success"] == 1
    assert shop.fetch(f"{STOCK_IMPORTS}/{import_id}/error_report").body.startswith(
        b'"error-line";"error-message";"offer-sku";"quantity"\n"4";'
    )


def stands(of: Seller, sku: str = "S") -> tuple[int, dict[str, Any]]:
    return of.offer(sku)["quantity"], of.offer(sku)["warehouses"]


@pytest.mark.parametrize(
    ("lines", "quantity", "split"),
    [
        (("S;1;MAIN", "S;2;WEST"), 3, {"MAIN": 1, "WEST": 2}),
        (("S;1;MAIN",), 7, {"MAIN": 1, "WEST": 6}),
        (("S;0;MAIN",), 6, {"MAIN": 0, "WEST": 6}),
        (("S;;MAIN;delete",), 6, {"WEST": 6}),
        (("S;1",), 1, {}),
        (("S;;;delete",), 0, {}),
        (("S;5;;update",), 5, {}),
    ],
)
def test_global_quantities_and_quantities_per_warehouse(
    lines: tuple[str, ...], quantity: int, split: dict[str, int]
) -> None:
    shop = stocked(A, SPLIT)

    assert report(shop, *lines) == []
    assert stands(shop) == (quantity, split)


def test_a_deleted_offer_is_not_there() -> None:
    shop = stocked(A, B)
    shop.control("set_offer", shop="north/2001", sku="A", deleted=True)

    assert [row["offer-sku"] for row in report(shop, "A;3", "B;4")] == ["A"]


def test_a_catalogue_of_thousands() -> None:
    shop = stocked(synthetic=3000)
    lines = [f"SYN-{number:06d};{number}" for number in range(1, 3001)]

    assert report(shop, *lines) == []
    assert shop.offer("SYN-003000")["quantity"] == 3000


@given(st.lists(st.tuples(st.sampled_from("ABZ"), st.sampled_from(["0", "7", "-1", "x", ""])), max_size=6))
def test_every_line_is_a_success_or_an_error_and_success_is_what_the_offer_shows(lines: list[tuple[str, str]]) -> None:
    shop = stocked(A, B)
    wrong = {int(row["error-line"]) for row in report(shop, *(f"{sku};{quantity}" for sku, quantity in lines))}

    for number, (sku, quantity) in enumerate(lines, 2):
        if number not in wrong:
            assert shop.offer(sku)["quantity"] == int(quantity)
