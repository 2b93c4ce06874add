"""Lines are taken out one by one; what F&O answers counts only where the line still stands."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from shared.errors import BridgeError, Rejected, Throttled, Unavailable, UnknownOutcome
from tests.erp.finance_supply_chain.drafts import odata_error
from tests.erp.finance_supply_chain.far_end import FarEnd, Planned, collection, erp, far_end, header_row, html, refused

READ, DELETE = "GET SalesOrderHeadersV3", "DELETE SalesOrderLinesV3"
GONE = refused(odata_error("No HTTP resource was found.", status=404))


def line(reference: str, *, status: str = "Backorder") -> dict[str, Any]:
    row: dict[str, Any] = header_row()["SalesOrderLines"][0]
    lot = f"LOT {reference}"
    return row | {"OrderLineReference": reference, "InventoryLotId": lot, "SalesOrderLineStatus": status}


def shown(*lines: dict[str, Any]) -> httpx.Response:
    return collection(header_row(SalesOrderLines=list(lines)))


async def cancel(end: FarEnd, *references: str) -> None:
    await erp(end).cancel_lines(company="USMF", number="NO-1", references=references)


def removed(end: FarEnd) -> list[str]:
    return [request.url.path.partition("(")[2] for request in end.asked if request.method == "DELETE"]


async def test_the_line_and_a_sets_components_go_and_no_other() -> None:
    end = far_end(
        shown(line("A-1"), line("A-2#1"), line("A-2#2"), line("A-22"), line("A-3")),
        *[httpx.Response(204) for _ in range(3)],
    )
    await cancel(end, "A-1", "A-2")
    assert removed(end) == [
        f"dataAreaId='usmf',InventoryLotId='LOT {reference}')" for reference in ("A-1", "A-2#1", "A-2#2")
    ]
    assert all(request.url.params["cross-company"] == "true" for request in end.asked[1:])


@pytest.mark.parametrize(
    "rows",
    [collection(), shown(), shown(line("A-2")), shown(line("A-1", status="Canceled"))],
    ids=["no order", "no lines", "no such line", "cancelled already"],
)
async def test_what_is_gone_is_done(rows: httpx.Response) -> None:
    end = far_end(rows)
    await cancel(end, "A-1")
    assert end.calls == ["token", READ]


async def test_404_is_gone() -> None:
    end = far_end(shown(line("A-1")), GONE)
    await cancel(end, "A-1")
    assert end.calls == ["token", READ, DELETE]


async def test_a_refusal_of_a_line_that_somebody_else_took_out_is_done() -> None:
    nothing = refused(odata_error("No resources were found when selecting for update."))
    end = far_end(shown(line("A-1")), nothing, shown())
    await cancel(end, "A-1")
    assert end.calls == ["token", READ, DELETE, READ]


async def test_a_line_that_is_kept_is_named_and_the_others_go() -> None:
    kept = refused(odata_error("Line for Shopper One has been picked."))
    end = far_end(shown(line("A-1"), line("A-2")), kept, httpx.Response(204), shown(line("A-1")))
    with pytest.raises(Rejected) as failed:
        await cancel(end, "A-1", "A-2")
    assert (failed.value.kind, failed.value.subject) == ("erp_refused", "line A-1")
    assert failed.value.reason == (
        "Finance & Supply Chain answers 400 when line A-1 of sales order NO-1 is to be taken out"
    )
    assert len(removed(end)) == 2


@pytest.mark.parametrize(
    ("planned", "expected"),
    [
        ([httpx.ReadTimeout], Unavailable),
        ([html()], Unavailable),
        ([collection(header_row(SalesOrderLines=[{"OrderLineReference": "A-1"}]))], Unavailable),
        ([shown(line("A-1")), httpx.ReadTimeout], UnknownOutcome),
        ([shown(line("A-1")), httpx.ConnectError], Unavailable),
        ([shown(line("A-1")), httpx.Response(404, html="<html>")], UnknownOutcome),
        ([shown(line("A-1")), httpx.Response(429)], Throttled),
        ([shown(line("A-1")), httpx.Response(500)], UnknownOutcome),
        ([shown(line("A-1")), refused(odata_error("Update conflict.")), shown(line("A-1"))], UnknownOutcome),
        ([shown(line("A-1")), refused(odata_error("Picked.")), httpx.ReadTimeout], UnknownOutcome),
    ],
)
async def test_what_fails_may_be_asked_for_again(planned: list[Planned], expected: type[BridgeError]) -> None:
    with pytest.raises(expected) as failed:
        await cancel(far_end(*planned), "A-1")
    assert type(failed.value) is expected
