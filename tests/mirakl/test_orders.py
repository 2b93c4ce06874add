"""What is asked of OR11 and OR13 to OR15, and which of their answers can be used."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.mirakl.dialect import Answer, parse
from shared.mirakl.orders import GONE, MiraklOrderExport, MiraklOrders
from shared.ports.marketplace import Export, OrderExport, Orders, Page
from tests.mirakl.far_end import NOW, ORIGIN, FarEnd, FixedClock, answering, client_of
from tests.mirakl.payloads import encoded, raw_order

SINCE = datetime(2026, 3, 2, 9, 0, 0, 123_456, tzinfo=timezone(timedelta(hours=2)))
ALWAYS = {"order_tax_mode": "TAX_EXCLUDED", "sort": "dateCreated", "order": "asc", "max": "100", "shop_id": "2001"}


def orders(far_end: FarEnd) -> Orders:
    return MiraklOrders(client_of(far_end), FixedClock())


def export(far_end: FarEnd) -> OrderExport:
    return MiraklOrderExport(client_of(far_end), FixedClock())


async def listed(far_end: FarEnd, which: str) -> Page:
    port = orders(far_end)
    match which:
        case "waiting":
            return await port.waiting()
        case "changed":
            return await port.changed(SINCE, 200)
        case _:
            return await port.by_ids(["N1-A", "N2-A"])


@pytest.mark.parametrize(
    ("which", "query"),
    [
        ("waiting", {"order_state_codes": "WAITING_ACCEPTANCE", "offset": "0"}),
        ("changed", {"start_update_date": "2026-03-02T07:00:00.123Z", "offset": "200"}),
        ("by_ids", {"order_ids": "N1-A,N2-A", "offset": "0"}),
    ],
)
async def test_what_or11_is_asked(which: str, query: dict[str, str]) -> None:
    far_end = answering({"orders": [], "total_count": 0})
    await listed(far_end, which)
    assert [dict(request.url.params) for request in far_end.received] == [ALWAYS | query]


async def test_a_page() -> None:
    far_end = answering({"orders": [raw_order("N1-A"), {}, raw_order("N2-A")], "total_count": 240})
    page = await orders(far_end).waiting()
    assert [one.order_id for one in page.sightings] == ["N1-A", "N2-A"]
    assert (page.records, page.total, page.skipped) == (3, 240, ("orders[1].order_id is missing",))
    assert (page.asked, page.answered) == (NOW, NOW)
    assert {one.seen for one in page.sightings} == {NOW}


async def test_numbers_reach_the_snapshot_with_all_their_digits() -> None:
    page = await orders(answering({"orders": [raw_order()], "total_count": 1})).waiting()
    snapshot = page.sightings[0].snapshot
    assert snapshot is not None
    assert repr(snapshot.facts["order_lines"][0]["taxes"][0]["rate"]) == repr(Decimal("20.0000"))


@pytest.mark.parametrize(
    "content",
    [
        {}, [], None, "orders", {"orders": []}, {"total_count": 0}, {"orders": None, "total_count": 0},
        {"orders": {}, "total_count": 0}, {"orders": [], "total_count": None}, {"orders": [], "total_count": "0"},
        {"orders": [], "total_count": True}, {"message": "Maintenance", "total_count": 0},
    ],
)  # fmt: skip
async def test_a_page_that_is_none_is_never_taken_for_an_empty_one(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await orders(answering(content)).waiting()
    assert raised.value.scope == "shop:north-de:OR11"


@pytest.mark.parametrize("count", [0, 101])
async def test_or11_by_ids_takes_1_to_100(count: int) -> None:
    far_end = answering({"orders": [], "total_count": 0})
    with pytest.raises(ValueError, match="1 to 100 order ids"):
        await orders(far_end).by_ids(["N1-A"] * count)
    assert far_end.received == []


async def test_an_export_is_asked_for_by_update_date_in_small_files() -> None:
    far_end = answering({"tracking_id": "t-1"})
    assert await export(far_end).start(SINCE, datetime(2026, 3, 2, 12, tzinfo=UTC)) == "t-1"
    assert parse(await far_end.received[0].aread()) == {
        "start_update_date": "2026-03-02T07:00:00.123Z",
        "end_update_date": "2026-03-02T12:00:00.000Z",
        "items_per_chunk": 10_000,
        "megabytes_per_chunk": 10,
        "order_tax_mode": "TAX_EXCLUDED",
    }


@pytest.mark.parametrize("content", [{}, [], {"tracking_id": None}, {"tracking_id": ""}, {"tracking_id": 7}])
async def test_an_export_without_a_tracking_id(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await export(answering(content)).start(SINCE, NOW)
    assert raised.value.scope == "shop:north-de:OR13"


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (Answer(200, encoded({"status": "PENDING"})), Export("PENDING")),
        (Answer(200, encoded({"status": "PENDING", "urls": None})), Export("PENDING")),
        (Answer(200, encoded({"status": "COMPLETED", "urls": ["u1", "u2"]})), Export("COMPLETED", ("u1", "u2"))),
        (Answer(200, encoded({"status": "A_NEW_STATUS", "urls": []})), Export("A_NEW_STATUS")),
        (Answer(404, encoded({"status": 404, "message": "Not Found"})), Export(GONE)),
        (Answer(410), Export(GONE)),
    ],
)
async def test_an_exports_status(answer: Answer, status: Export) -> None:
    assert await export(FarEnd([answer])).status("t-1") == status


@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, encoded({})),
        Answer(200, encoded([])),
        Answer(200, encoded({"status": None})),
        Answer(200, encoded({"status": "COMPLETED", "urls": "u1"})),
        Answer(200, encoded({"status": "COMPLETED", "urls": ["u1", None]})),
        Answer(400, encoded({"status": 400})),
    ],
)
async def test_a_status_that_cannot_be_used(answer: Answer) -> None:
    with pytest.raises(Unavailable) as raised:
        await export(FarEnd([answer])).status("t-1")
    assert raised.value.scope == "shop:north-de:OR14"


@pytest.mark.parametrize("wrapped", [True, False])
async def test_a_file_holds_what_it_holds(wrapped: bool) -> None:
    records = [raw_order("N1-A"), None, raw_order("N2-A")]
    page = await export(answering({"orders": records} if wrapped else records)).fetch(f"{ORIGIN}/file?f=1")
    assert [one.order_id for one in page.sightings] == ["N1-A", "N2-A"]
    assert (page.records, page.total, page.skipped) == (3, 3, ("orders[1].order_id is missing",))


@pytest.mark.parametrize("content", [{}, {"orders": None}, {"message": "expired"}, 5])
async def test_a_file_without_orders(content: Any) -> None:
    with pytest.raises(Unavailable) as raised:
        await export(answering(content)).fetch(f"{ORIGIN}/file?f=1")
    assert raised.value.scope == "shop:north-de:OR15"
