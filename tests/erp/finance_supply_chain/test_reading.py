"""What F&O's words for an order's state come to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.erp.finance_supply_chain.reading import order, time
from tests.erp.finance_supply_chain.far_end import header_row


def line(status: str) -> dict[str, Any]:
    row: dict[str, Any] = header_row()["SalesOrderLines"][0]
    return row | {"SalesOrderLineStatus": status}


@pytest.mark.parametrize(
    ("status", "processing", "lines", "cancelled", "shipped"),
    [
        ("Backorder", "Active", ["Backorder"], False, False),
        ("Backorder", "PartiallyDelivered", ["Backorder"], False, True),
        ("Backorder", "Active", ["Backorder", "Delivered"], False, True),
        ("Delivered", "Delivered", ["Delivered"], False, True),
        ("Invoiced", "Invoiced", ["Invoiced"], False, True),
        ("Delivered", "DeliveredPartiallyInvoiced", ["Delivered"], False, True),
        ("Canceled", "Canceled", ["Canceled"], True, False),
        ("Backorder", "Active", ["Canceled"], False, False),
        ("SomethingNew", "SomethingNew", ["SomethingNew"], False, False),
    ],
)
def test_cancelled_and_shipped(status: str, processing: str, lines: list[str], cancelled: bool, shipped: bool) -> None:
    rows = [line(one) for one in lines]
    read = order(header_row(SalesOrderStatus=status, SalesOrderProcessingStatus=processing, SalesOrderLines=rows))
    assert (read.cancelled, read.shipped) == (cancelled, shipped)
    assert [one.cancelled for one in read.lines] == [one == "Canceled" for one in lines]


def test_an_order_without_statuses_of_its_lines_is_read() -> None:
    read = order(header_row())
    assert (read.cancelled, read.shipped, read.lines[0].cancelled) == (False, False, False)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1900-01-01T12:00:00Z", None),
        ("1900-01-01T00:00:00Z", None),
        ("2026-03-04T10:00:00Z", datetime(2026, 3, 4, 10, tzinfo=UTC)),
        ("2026-03-04T10:00:00.25+01:00", datetime(2026, 3, 4, 9, 0, 0, 250000, tzinfo=UTC)),
    ],
)
def test_year_1900_is_no_date(text: str, expected: datetime | None) -> None:
    assert time(text) == expected


@pytest.mark.parametrize("value", [None, 5, "soon"])
def test_no_date_at_all_is_malformed(value: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        time(value)
