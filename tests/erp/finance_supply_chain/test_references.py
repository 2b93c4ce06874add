"""Our external references in F&O: what is asked, and what of it is ours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest

from shared.errors import BridgeError, Throttled, Unauthorized, Unavailable
from shared.model.sales_order import ErpReference
from tests.erp.finance_supply_chain.far_end import FarEnd, Planned, collection, erp, far_end, html

SINCE = datetime(2026, 3, 4, 10, tzinfo=UTC)
READ = "GET SalesOrderHeadersV3"


def row(number: str = "SO-1", reference: str | None = "NO-A", **fields: Any) -> dict[str, Any]:
    created = {"OrderCreationDateTime": "2026-03-04T11:00:00Z"}
    return {"SalesOrderNumber": number, "CustomersOrderReference": reference} | created | fields


async def references(
    end: FarEnd, *, since: datetime = SINCE, prefixes: Sequence[str] = ("NO",)
) -> Sequence[ErpReference]:
    return await erp(end).references(company="USMF", changed_since=since, prefixes=prefixes)


async def test_the_address() -> None:
    end = far_end(collection(row()))
    assert await references(end) == (ErpReference("SO-1", "NO-A", datetime(2026, 3, 4, 11, tzinfo=UTC)),)
    assert end.asked[1].url.raw_path == (
        b"/data/SalesOrderHeadersV3?cross-company=true&$filter=dataAreaId%20eq%20'usmf'%20and%20"
        b"OrderCreationDateTime%20ge%202026-03-04T10%3A00%3A00Z%20and%20CustomersOrderReference%20eq%20'NO-%2A'"
        b"&$select=SalesOrderNumber,CustomersOrderReference,OrderCreationDateTime"
    )


async def test_the_moment_is_asked_for_in_utc() -> None:
    end = far_end(collection())
    assert await references(end, since=SINCE.astimezone(timezone(timedelta(hours=2)))) == ()
    assert "OrderCreationDateTime ge 2026-03-04T10:00:00Z" in end.asked[1].url.params["$filter"]


async def test_one_call_a_prefix_and_each_number_once() -> None:
    end = far_end(collection(row(), row("SO-2", "NO-B")), collection(row(), row("SO-3", "SU-A")))
    found = await references(end, prefixes=("NO", "SU"))
    assert [(one.number, one.reference) for one in found] == [("SO-1", "NO-A"), ("SO-2", "NO-B"), ("SO-3", "SU-A")]
    assert end.calls == ["token", READ, READ]


@pytest.mark.parametrize("reference", ["no-A", "NOT-A", "NO", "", None])
async def test_what_only_resembles_ours_is_left_out(reference: str | None) -> None:
    assert await references(far_end(collection(row("SO-1", reference)))) == ()


async def test_pages_are_read_to_the_end() -> None:
    cut = httpx.Response(200, json={"value": [row()], "@odata.nextLink": "https://elsewhere"})
    end = far_end(cut, collection(row("SO-2", "NO-B")))
    assert [one.number for one in await references(end)] == ["SO-1", "SO-2"]
    assert end.asked[2].url.params["$skip"] == "1"


async def test_an_order_without_a_moment_is_listed() -> None:
    (found,) = await references(far_end(collection(row(OrderCreationDateTime="1900-01-01T12:00:00Z"))))
    assert found.changed is None


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.ReadTimeout, Unavailable),
        (html(), Unavailable),
        (httpx.Response(429), Throttled),
        (httpx.Response(403), Unauthorized),
        (collection(row(OrderCreationDateTime=None)), Unavailable),
        (collection({"SalesOrderNumber": "SO-1"}), Unavailable),
    ],
)
async def test_no_answer_is_not_no_order(answer: Planned, expected: type[BridgeError]) -> None:
    with pytest.raises(expected) as failed:
        await references(far_end(answer))
    assert type(failed.value) is expected
