"""Despatch files as warehouses write them: what is a row, what is refused by line, what is no such file at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from shared.model.despatch import DespatchRow, DespatchSetting
from shared.rules.despatch_rows import Unreadable, read
from tests.builders import NOW

COLUMNS = {
    "order": "Order", "consignment": "Cons", "line": "Line", "product": "Item", "quantity": "Qty",
    "carrier": "Carrier", "service": "Service", "tracking": "Track", "date": "Left",
}  # fmt: skip
HEAD = "Order;Cons;Line;Item;Qty;Carrier;Service;Track;Left\n"
ROW = DespatchRow("out.csv line 2", "P001", "C-1", NOW, "L-1", "", Decimal(2), "CARRIER-1", "NEXT", "T-1")


def setting(**changes: Any) -> DespatchSetting:
    return DespatchSetting.model_validate({"folder": "/drop", "columns": COLUMNS, "delimiter": ";", **changes})


def rows(body: str | bytes, **changes: Any) -> tuple[tuple[DespatchRow, ...], list[tuple[str, str, str]]]:
    content = body.encode() if isinstance(body, str) else body
    found = read(content, setting(**changes), name="out.csv", changed=NOW)
    return found.good, [(one.place, one.order, one.reason) for one in found.refused]


@pytest.mark.parametrize(
    ("line", "changes"),
    [
        ("P001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;", {}),
        (" P001 ;C-1;L-1;;2.0; CARRIER-1;NEXT;T-1;", {"quantity": Decimal("2.0")}),
        ("P001;C-1;L-1;;;CARRIER-1;NEXT;T-1;", {"quantity": None}),
        ("P001;C-1;;SKU-1;2;CARRIER-1;NEXT;;", {"line": "", "product": "SKU-1", "tracking": ""}),
        ('"P001";C-1;"L;1";;2;CARRIER-1;NEXT;T-1;', {"line": "L;1"}),
        ("P001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;2026-03-01", {"left": NOW - timedelta(hours=33)}),
        ("P001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;2026-03-02T09:30:00+01:00", {"left": NOW - timedelta(minutes=30)}),
        ("P001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;2027-01-01", {}),
        ("P001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;;a cell too many", {}),
    ],
)
def test_a_row_is_read(line: str, changes: dict[str, Any]) -> None:
    assert rows(HEAD + line + "\n") == ((replace(ROW, **changes),), [])


@pytest.mark.parametrize(
    ("line", "order", "said"),
    [
        (";C-1;L-1;;2;;;;", "", "has no order"),
        ("P001;;L-1;;2;;;;", "P001", "has no consignment"),
        (";;L-1;;2;;;;", "", "has no order and no consignment"),
        ("P001;C-1;L-1;;two;;;;", "P001", "quantity that is no number"),
        ("P001;C-1;L-1;;0;;;;", "P001", "not above zero"),
        ("P001;C-1;L-1;;-1;;;;", "P001", "not above zero"),
        ("P001;C-1;L-1;;NaN;;;;", "P001", "not above zero"),
        ("P001;C-1;L-1;;2;;;;01.03.2026", "P001", "date that is not written"),
        ("P001;C-1;L-1", "", "too few cells"),
    ],
)
def test_a_bad_row_is_named_by_line_and_hides_no_other(line: str, order: str, said: str) -> None:
    good, [(place, named, reason)] = rows(f"{HEAD}\n{line}\nP001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;\n")
    assert [one.place for one in good] == ["out.csv line 4"]
    assert (place, named) == ("out.csv line 3", order)
    assert said in reason


def test_a_quotation_mark_that_is_never_closed_takes_the_rest_along() -> None:
    good, [(place, _, reason)] = rows(HEAD + 'P001;C-1;L-1;;2;CARRIER-1;NEXT;T-1;\nP002;"C-2;L\nP003;C-3;;;;;;;\n')
    assert [one.order for one in good] == ["P001"]
    assert place.startswith("out.csv line ")
    assert "no CSV" in reason


@pytest.mark.parametrize(
    ("content", "changes", "said"),
    [
        (b"", {}, "no line of column names"),
        (b"\n\n;;\n", {}, "no line of column names"),
        (b"Order;Cons\nP001;C-1\n", {}, "no column 'Line', 'Item'"),
        (b"Order,Cons,Line\n", {}, "no column 'Order'"),
        (HEAD.encode() + b"P001;C-\xe9;;;;;;;\n", {}, "not written in utf-8-sig"),
    ],
)
def test_what_is_no_such_file_is_refused_whole(content: bytes, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        rows(content, **changes)


def test_a_file_needs_the_columns_that_the_setting_names_and_no_more() -> None:
    few = {"order": "Order", "consignment": "Cons"}
    good, refused = rows("Whatever;Cons;Order\nx;C-1;P001\n", columns=few)
    assert good == (DespatchRow("out.csv line 2", "P001", "C-1", NOW),)
    assert refused == []


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_the_encoding_is_the_settings(encoding: str) -> None:
    [row], _ = rows((HEAD + "P001;C-é;;;;;;;\n").encode(encoding), encoding=encoding)
    assert row.consignment == "C-é"
