"""OF01 to OF03: offers made, changed and deleted by file; what NORMAL keeps, what REPLACE deletes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from sandboxes.mirakl.offer_terms import Terms, WantedOffer
from tests.sandboxes.mirakl.seller import IMPORTS, Seller, place, stocked, wanted

HOUR = timedelta(hours=1)
FULL = Terms(
    price=Decimal("19.99"), description="A sample", internal_description="shelf 4", min_quantity_alert=2,
    leadtime_to_ship=5, max_order_quantity=9, allow_quote_requests=True,
)  # fmt: skip
A, B = WantedOffer(sku="A", quantity=10, terms=FULL), WantedOffer(sku="B", quantity=10)
NEW = "sku;product-id;product-id-type;price;state;quantity"


def bring(of: Seller, content: str, mode: str = "NORMAL") -> dict[str, Any]:
    """OF01, and OF02 an hour later."""
    answer = of.upload(IMPORTS, content, import_mode=mode)
    assert answer.status == 201, answer.body
    told: dict[str, Any] = of.after(HOUR).call("GET", f"{IMPORTS}/{answer.json()['import_id']}").json()
    return told


def listed(of: Seller, sku: str = "A") -> dict[str, Any]:
    (found,) = of.call("GET", f"/api/offers?sku={sku}").json()["offers"]
    content: dict[str, Any] = found
    return {name: value for name, value in content.items() if name != "shipping_deadline"}


def test_the_answer_names_the_import_and_where_to_ask() -> None:
    shop = stocked(A)
    answer = shop.upload(IMPORTS, "sku;quantity\nA;3\n", import_mode="NORMAL")

    assert answer.json() == {"import_id": 2001}
    assert answer.headers["location"] == f"https://north.example.com{IMPORTS}/2001"
    told = shop.call("GET", f"{IMPORTS}/2001").json()
    assert (told["status"], told["lines_read"], told["reason_status"]) == ("WAITING", 0, None)


def test_two_columns_change_two_fields_and_nothing_else() -> None:
    shop = stocked(A)
    before = listed(shop)
    told = bring(shop, "sku;quantity\nA;3\n")

    assert listed(shop) == {**before, "quantity": 3}
    assert (told["status"], told["offer_updated"], told["lines_in_success"]) == ("COMPLETE", 1, 1)


def test_an_operator_whose_import_resets_what_is_left_out() -> None:
    shop = stocked(A, offer_import_keeps=False)
    before = listed(shop)
    bring(shop, "sku;quantity\nA;3\n")

    changed = {name for name, value in listed(shop).items() if value != before[name]}
    assert changed == {
        "quantity", "description", "internal_description", "min_quantity_alert", "leadtime_to_ship",
        "max_order_quantity", "allow_quote_requests",
    }  # fmt: skip


@pytest.mark.parametrize(("keeps", "left"), [(True, 10), (False, 0)])
def test_a_quantity_that_is_left_out(keeps: bool, left: int) -> None:
    shop = stocked(A, offer_import_keeps=keeps)
    bring(shop, "sku;price\nA;5.00\n")

    assert (shop.offer("A")["quantity"], shop.offer("A")["price"]) == (left, Decimal("5.00"))


def test_a_blank_cell_resets_its_field() -> None:
    shop = stocked(A)
    bring(shop, "sku;description;quantity\nA;;\n")

    assert (listed(shop)["description"], listed(shop)["internal_description"]) == (None, "shelf 4")
    assert shop.offer("A")["quantity"] == 0


def test_a_new_offer_needs_a_product_a_price_and_a_state() -> None:
    shop = stocked(A)
    told = bring(shop, f"{NEW}\nN;0001;EAN;12.50;11;4\nM;;EAN;12.50;11;4\n")

    assert (told["offer_inserted"], told["lines_in_error"]) == (1, 1)
    assert (shop.offer("N")["quantity"], listed(shop, "N")["product_sku"]) == (4, "0001")


def test_a_deleted_offer_sells_nothing_and_comes_back_under_its_id() -> None:
    shop = stocked(WantedOffer(sku="SKU-001"))
    number = shop.offer("SKU-001")["offer_id"]
    assert bring(shop, "sku;update-delete\nSKU-001;delete\n")["offer_deleted"] == 1
    assert place(shop, wanted("X")) == []
    assert shop.call("GET", f"/api/offers/{number}").status == 404

    bring(shop, f"{NEW}\nSKU-001;0001;EAN;12.50;11;4\n")
    assert shop.call("GET", f"/api/offers/{number}").json()["quantity"] == 4


def test_replace_deletes_the_offers_that_the_file_does_not_name() -> None:
    shop = stocked(A, B)
    told = bring(shop, "sku;quantity\nA;3\n", "REPLACE")

    assert (told["mode"], told["offer_updated"], told["offer_deleted"]) == ("REPLACE", 1, 1)
    assert (shop.offer("A")["deleted"], shop.offer("B")["deleted"]) == (False, True)


WRONG = (
    ("unknown sku", "sku;quantity\nZ;3\n"),
    ("unknown sku to delete", "sku;update-delete\nZ;delete\n"),
    ("sku with a slash", "sku;quantity\nA/B;3\n"),
    ("negative", "sku;quantity\nA;-3\n"),
    ("not a number", "sku;quantity\nA;x\n"),
    ("a price of nothing", "sku;price\nA;0\n"),
    ("a price that is none", "sku;price\nA;NaN\n"),
    ("a price with a comma", "sku;price\nA;1,50\n"),
    ("a blank price", "sku;price\nA;\n"),
    ("a date without an offset", "sku;available-start-date\nA;2026-03-02\n"),
    ("a flag in words", "sku;allow-quote-requests\nA;yes\n"),
    ("unknown action", "sku;update-delete\nA;remove\n"),
)


@pytest.mark.parametrize("content", [row[1] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_line_changes_nothing_and_is_in_the_report(content: str) -> None:
    shop = stocked(A)
    before = shop.stock()["offers"]
    told = bring(shop, content)
    assert (told["status"], told["lines_in_error"], told["has_error_report"]) == ("COMPLETE", 1, True)

    report = shop.fetch(f"{IMPORTS}/{told['import_id']}/error_report")
    header, line = report.body.decode().splitlines()
    assert report.headers["content-type"] == "application/octet-stream"
    assert header.endswith(';"error-line";"error-message"')
    assert line.split(";")[-2] == '"2"'
    assert shop.stock()["offers"] == before


def test_a_file_that_cannot_be_read_says_so() -> None:
    told = bring(stocked(A), "sku,quantity\nA,3\n")

    assert (told["status"], told["has_error_report"]) == ("FAILED", False)
    assert "delimiter" in told["reason_status"]


def test_a_duplicate_is_the_same_file_in_the_same_mode() -> None:
    shop = stocked(A)
    ids = [
        shop.upload(IMPORTS, "sku;quantity\nA;3\n", import_mode=mode).json()["import_id"]
        for mode in ("NORMAL", "NORMAL", "PARTIAL_UPDATE")
    ]

    assert ids == [2001, 2001, 2002]


def test_what_is_not_simulated_is_written_down() -> None:
    shop = stocked(A)
    shop.upload(IMPORTS, "sku;quantity;ecotax\nA;3;1\n", import_mode="NORMAL", with_products="true")

    assert shop.ignored() == ["form with_products", "column ecotax"]


def test_a_global_quantity_ends_a_split() -> None:
    shop = stocked(replace(B, warehouses={"MAIN": 4, "WEST": 6}))
    bring(shop, "sku;quantity\nB;3\n")

    assert (shop.offer("B")["quantity"], shop.offer("B")["warehouses"]) == (3, {})
