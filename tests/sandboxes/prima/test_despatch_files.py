"""The warehouse's files: what stands in them, since when, and that one under its own name is whole."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.sandboxes.prima.caller import START, Caller, line

HEADERS = "OrderNumber,Consignment,Product,MtrxCode1,MtrxCode2,MtrxCode3,MtrxCode4,LineReference,Quantity,Carrier,Service,TrackingNumber,DespatchDate"


def rows(text: str, delimiter: str = ",") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def fetched(caller: Caller, after: int = 0) -> dict[str, Any]:
    found: dict[str, Any] = caller.control("despatch_file", after=after)
    return found


def test_a_row_says_what_left_how() -> None:
    caller = Caller()
    caller.order(line(Product="SHIRT-01", MtrxCode1="RED", MtrxCode2="M"))
    caller.control("ship", number="20100001", tracking=["T-1", "T-2"], carrier="CARRIER-1")
    caller.later(60)
    found = fetched(caller)
    assert found["text"].splitlines()[0] == HEADERS
    (row,) = rows(found["text"])
    assert row == {
        "OrderNumber": "20100001",
        "Consignment": "CN000001",
        "Product": "SHIRT-01",
        "MtrxCode1": "RED",
        "MtrxCode2": "M",
        "MtrxCode3": "",
        "MtrxCode4": "",
        "LineReference": "N000001-A-1",
        "Quantity": "2",
        "Carrier": "CARRIER-1",
        "Service": "GROUND",
        "TrackingNumber": "T-1 T-2",
        "DespatchDate": "02/03/2026",
    }


def test_only_what_is_new_is_fetched() -> None:
    caller = Caller()
    caller.order()
    caller.control("ship", number="20100001")
    first = fetched(caller)
    assert (first["rows"], fetched(caller, first["last"])["rows"]) == (1, 0)
    caller.control("track", number="20100001", tracking="T-1")
    again = fetched(caller, first["last"])
    assert [row["TrackingNumber"] for row in rows(again["text"])] == ["T-1"]
    assert again["last"] == first["last"] + 1


def test_a_correction_repeats_the_row_with_what_is_true() -> None:
    caller = Caller()
    caller.order()
    slip = caller.control("ship", number="20100001", tracking="T-1")["slip"]
    caller.later(1)
    caller.control("correct_slip", slip=slip, lines={"N000001-A-1": 1})
    found = rows(fetched(caller)["text"])
    assert {row["Consignment"] for row in found} == {slip}
    assert [(row["Quantity"], row["TrackingNumber"]) for row in found] == [("2", "T-1"), ("1", "T-1")]


def test_columns_and_delimiter_are_settings() -> None:
    columns = [["Auftrag", "number"], ["Menge", "quantity"]]
    caller = Caller({"despatch_columns": columns, "despatch_delimiter": ";"})
    caller.order()
    caller.control("ship", number="20100001")
    assert fetched(caller)["text"] == "Auftrag;Menge\n20100001;2\n"


def test_rows_are_there_when_they_can_be_seen() -> None:
    caller = Caller({"visible_after_seconds": 60})
    caller.order()
    caller.control("ship", number="20100001")
    assert fetched(caller)["rows"] == 0
    caller.later(60)
    assert fetched(caller)["rows"] == 1


def test_files_are_written_by_the_clock_and_hold_every_row_once(tmp_path: Path) -> None:
    settings = {"ships_after_seconds": 60, "despatch_folder": str(tmp_path), "despatch_every_seconds": 300}
    caller = Caller(settings)
    written = []
    for number in range(20):
        caller.order(OrderNumber=f"{number}")
        caller.later(60)
        caller.sandbox.run_due(caller.now)
        written.append(len(list(tmp_path.iterdir())))
    caller.later(600)
    caller.sandbox.run_due(caller.now)
    files = sorted(tmp_path.glob("despatch-*.csv"))
    assert len(files) == len(list(tmp_path.iterdir()))
    assert written[0] == 1
    assert 3 <= len(files) <= 1 + (caller.now - START) / timedelta(seconds=300)
    numbers = [row["OrderNumber"] for file in files for row in rows(file.read_text())]
    assert numbers == [f"{number}" for number in range(20)]


def test_a_column_that_does_not_exist_is_refused() -> None:
    with pytest.raises(ValueError, match="despatch_columns"):
        Caller({"despatch_columns": [["A", "colour"]]})
