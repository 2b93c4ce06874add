"""Tracking numbers by order and slip."""

from __future__ import annotations

import httpx
import pytest

from shared.errors import Throttled, Unavailable
from shared.model.shipment import Tracked, Tracking
from tests.erp.finance_supply_chain.far_end import collection, far_end, html
from tests.erp.finance_supply_chain.shipment_rows import shipments, tracking_row

TRACKING = "GET PackingSlipTrackingInformation"


async def test_one_entry_for_each_slip_whatever_the_order_of_the_rows() -> None:
    rows = [
        tracking_row("T-3", "NO-B"),
        tracking_row("T-2"),
        tracking_row("T-1", TrackingURL="https://carrier.example.com/1"),
        tracking_row("T-2", DeliveryDate="2026-03-05T12:00:00Z"),
        tracking_row("T-4", PackingSlipNumber="PS-2"),
        tracking_row(" ", PackingSlipNumber="PS-3"),
        tracking_row(PackingSlipNumber="PS-3", TrackingNumber=None),
    ]
    expected = (
        Tracked("NO-A", "PS-2", (Tracking("T-4"),)),
        Tracked("NO-A", "PS-NO-A", (Tracking("T-1", "https://carrier.example.com/1"), Tracking("T-2"))),
        Tracked("NO-B", "PS-NO-B", (Tracking("T-3"),)),
    )
    for some in (rows, rows[::-1]):
        port = shipments(far_end(collection(*some)))
        assert await port.tracking(company="USMF", numbers=["NO-A", "NO-B"]) == expected


async def test_twenty_orders_a_call_each_once() -> None:
    end = far_end(collection(), collection(tracking_row("T-1", "NO-20")), collection())
    numbers = [f"NO-{number}" for number in range(41)]
    found = await shipments(end).tracking(company="USMF", numbers=[*numbers, "NO-0"])
    assert found == (Tracked("NO-20", "PS-NO-20", (Tracking("T-1"),)),)
    assert end.calls == ["token", TRACKING, TRACKING, TRACKING]
    assert end.asked[3].url.params["$filter"] == "dataAreaId eq 'usmf' and (SalesOrderNumber eq 'NO-40')"


async def test_no_orders_need_no_call() -> None:
    end = far_end()
    assert await shipments(end).tracking(company="USMF", numbers=[]) == ()
    assert end.calls == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (html(), Unavailable),
        (httpx.Response(429), Throttled),
        (collection({"SalesOrderNumber": "NO-A", "TrackingNumber": 12345678}), Unavailable),
    ],
)
async def test_no_answer_is_not_no_tracking(answer: httpx.Response, expected: type[Exception]) -> None:
    with pytest.raises(expected) as failed:
        await shipments(far_end(answer)).tracking(company="USMF", numbers=["NO-A"])
    assert "12345678" not in str(failed.value)
