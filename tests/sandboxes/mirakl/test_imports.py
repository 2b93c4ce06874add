"""STO01 to STO03 through time: received, waiting, running, reported; duplicates, failures, and imports that overtake."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from sandboxes.mirakl.offer_terms import WantedOffer
from tests.sandboxes.mirakl.seller import START, STOCK_IMPORTS, Seller, place, stocked, wanted

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
A, B = WantedOffer(sku="A", quantity=10), WantedOffer(sku="B", quantity=10)
TIMES: dict[str, Any] = {"import_queue": 10 * SECOND, "import_run": 20 * SECOND}


def entry(of: Seller, import_id: str) -> dict[str, Any]:
    (found,) = [one for one in of.stock()["imports"] if one["import_id"] == import_id]
    content: dict[str, Any] = found
    return content


def quantities(of: Seller) -> tuple[int, int]:
    return of.offer("A")["quantity"], of.offer("B")["quantity"]


def test_an_import_waits_runs_and_is_complete() -> None:
    shop = stocked(A, B, **TIMES)
    answer = shop.upload(STOCK_IMPORTS, '"offer-sku";"quantity"\n"A";"3"\n"B";"0"\n')
    import_id = answer.json()["import_id"]

    assert answer.headers["location"] == f"https://north.example.com{STOCK_IMPORTS}/{import_id}/status"
    seen = [shop.after(step * SECOND).stock_status(import_id) for step in (0, 10, 10, 9, 1)]
    assert [one["status"] for one in seen] == ["WAITING", "RUNNING", "RUNNING", "RUNNING", "COMPLETE"]
    assert seen[0] == {
        "date_created": "2026-03-02T08:00:00Z",
        "has_error_report": False,
        "import_id": import_id,
        "shop_id": 2001,
        "status": "WAITING",
    }
    assert (seen[-1]["lines_in_success"], seen[-1]["lines_in_error"]) == (2, 0)
    assert quantities(shop) == (3, 0)
    assert shop.call("GET", f"{STOCK_IMPORTS}/{import_id}/error_report").status == 406
    assert shop.fetch(f"{STOCK_IMPORTS}/{import_id}/error_report").status == 404, "no line is in error"


def test_nothing_changes_before_the_end_and_then_at_its_time() -> None:
    shop = stocked(A, B, **TIMES)
    import_id = shop.send_stock("A;3")
    place(shop.after(29 * SECOND), wanted("X"))
    assert quantities(shop) == (10, 10)

    shop.after(60 * MINUTE)
    last = shop.offer("A")["changes"][-1]
    assert last == {"at": START + 30 * SECOND, "cause": "STO01", "about": import_id, "quantity": 3}


def test_an_import_overwrites_what_was_sold_meanwhile() -> None:
    shop = stocked(WantedOffer(sku="SKU-001", quantity=10))
    shop.send_stock("SKU-001;10")
    place(shop, wanted("X"))
    assert shop.offer("SKU-001")["quantity"] == 9
    shop.after(MINUTE)

    assert shop.offer("SKU-001")["quantity"] == 10


def test_books_know_when_the_end_was_told_and_the_report_was_read() -> None:
    shop = stocked(A, B, **TIMES)
    import_id = shop.send_stock("A;3", "B;-1")
    shop.stock_status(import_id)
    shop.stock_status(import_id)
    assert (entry(shop, import_id)["status"], entry(shop, import_id)["told_at"]) == ("", None)

    for _ in range(2):
        shop.after(MINUTE).stock_status(import_id)
        shop.fetch(f"{STOCK_IMPORTS}/{import_id}/error_report")

    found = entry(shop, import_id)
    assert (found["status"], found["ended_at"]) == ("COMPLETE", START + 30 * SECOND)
    assert (found["told_at"], found["report_read_at"]) == (START + MINUTE, START + MINUTE)
    assert [(line["sku"], line["quantity"], bool(line["error"])) for line in found["lines"]] == [
        ("A", "3", False),
        ("B", "-1", True),
    ]


def test_a_duplicate_file_is_answered_with_the_old_import_and_does_nothing() -> None:
    shop = stocked(A, B, **TIMES)
    first = shop.send_stock("A;3")
    shop.after(MINUTE).send_stock("A;5")
    again = shop.after(MINUTE).send_stock("A;3")

    assert again == first
    assert quantities(shop.after(MINUTE)) == (5, 10)
    assert entry(shop, first)["repeated"] == [START + 2 * MINUTE]


@pytest.mark.parametrize(
    ("content", "shop_id", "wait"),
    [
        ("offer-sku;quantity\nA;3\n", 2001, MINUTE),
        ("offer-sku;quantity\nA;3", 2002, MINUTE),
        ("offer-sku;quantity\nA;3", 2001, timedelta(days=61)),
    ],
    ids=["one byte more", "another shop", "when the first is kept no more"],
)
def test_what_is_no_duplicate(content: str, shop_id: int, wait: timedelta) -> None:
    shop = stocked(A, B)
    first = shop.send_stock("A;3")
    again = shop.after(wait).upload(f"{STOCK_IMPORTS}?shop_id={shop_id}", content).json()["import_id"]

    assert again != first


def test_a_duplicate_of_a_failed_file_stays_failed() -> None:
    shop = stocked(A, B)
    shop.control("fail_imports", count=1)
    first = shop.send_stock("A;3")
    again = shop.after(MINUTE).send_stock("A;3")

    assert (again, shop.stock_status(again)["status"], quantities(shop)) == (first, "FAILED", (10, 10))


@pytest.mark.parametrize(
    ("delimiter", "content"),
    [
        ("SEMICOLON", "offer-sku,quantity\nA,3\n"),
        ("COMMA", "offer-sku;quantity\nA;3\n"),
        ("SEMICOLON", "sku;quantity\nA;3\n"),
        ("SEMICOLON", "offer-sku;qty\nA;3\n"),
        ("SEMICOLON", "A;3\n"),
        ("SEMICOLON", "offer-sku;quantity;quantity\nA;3;4\n"),
        ("SEMICOLON", b"offer-sku;quantity\n\xff;3\n"),
        ("SEMICOLON", "<html>Gateway</html>"),
    ],
)
def test_a_file_that_cannot_be_read_fails_as_a_whole(delimiter: str, content: str | bytes) -> None:
    shop = stocked(A, B, csv_delimiter=delimiter)
    import_id = shop.upload(STOCK_IMPORTS, content).json()["import_id"]
    told = shop.after(MINUTE).stock_status(import_id)

    assert (told["status"], told["has_error_report"]) == ("FAILED", False)
    assert (told["lines_in_success"], told["lines_in_error"]) == (0, 0)
    assert quantities(shop) == (10, 10)


def test_the_operators_delimiter_is_the_one_of_the_configuration() -> None:
    shop = stocked(A, B, csv_delimiter="COMMA")
    import_id = shop.upload(STOCK_IMPORTS, "offer-sku,quantity\nA,3\nB,x\n").json()["import_id"]
    shop.after(MINUTE)

    assert shop.call("GET", "/api/platform/configuration").json()["features"]["operator_csv_delimiter"] == "COMMA"
    assert (shop.stock_status(import_id)["status"], quantities(shop)) == ("COMPLETE", (3, 10))
    report = shop.fetch(f"{STOCK_IMPORTS}/{import_id}/error_report").body.decode()
    assert report.splitlines()[0] == '"error-line","error-message","offer-sku","quantity"'


def test_imports_run_side_by_side_and_one_that_is_late_overwrites_its_successor() -> None:
    shop = stocked(A, B, **TIMES)
    shop.control("delay_imports", count=1, seconds=300)
    first = shop.send_stock("A;3", "B;3")
    second = shop.after(MINUTE).send_stock("A;5")
    shop.after(MINUTE)
    assert (shop.stock_status(first)["status"], shop.stock_status(second)["status"]) == ("RUNNING", "COMPLETE")
    assert quantities(shop) == (5, 10)

    assert shop.after(5 * MINUTE).stock_status(first)["status"] == "COMPLETE"
    assert quantities(shop) == (3, 3)


def test_an_import_may_stick_and_be_released() -> None:
    shop = stocked(A, B, **TIMES)
    import_id = shop.send_stock("A;3")
    shop.control("stick_imports", import_id=import_id)
    assert shop.after(24 * 60 * MINUTE).stock_status(import_id)["status"] == "RUNNING"

    shop.control("release_import", import_id=import_id)
    assert (shop.stock_status(import_id)["status"], quantities(shop)) == ("COMPLETE", (3, 10))
    for control in ("fail_imports", "release_import"):
        with pytest.raises(ValueError, match="has ended COMPLETE"):
            shop.control(control, import_id=import_id)
    with pytest.raises(ValueError, match="there is no import"):
        shop.control("release_import", import_id="none")


def test_an_import_belongs_to_its_shop_and_its_operation() -> None:
    shop = stocked(A, B)
    import_id = shop.send_stock("A;3")

    assert shop.call("GET", f"{STOCK_IMPORTS}/{import_id}/status?shop_id=2002").status == 404
    assert shop.call("GET", f"/api/offers/imports/{import_id}").status == 404
    assert shop.after(timedelta(days=61)).call("GET", f"{STOCK_IMPORTS}/{import_id}/status").status == 404


def test_an_older_instance_knows_no_stock_imports() -> None:
    shop = stocked(A, B, stock_imports=False)

    assert shop.upload(STOCK_IMPORTS, "offer-sku;quantity\nA;3\n").status == 404
    assert shop.call("GET", f"{STOCK_IMPORTS}/x/status").status == 404
    assert shop.stock()["imports"] == []


def test_what_the_form_carries_beside_the_file_is_passed_over_and_written_down() -> None:
    shop = stocked(A, B)
    shop.upload(STOCK_IMPORTS, "offer-sku;quantity;colour\nA;3;red\n", import_mode="NORMAL")

    assert shop.ignored() == ["form import_mode", "column colour"]
    assert quantities(shop.after(MINUTE)) == (3, 10)
