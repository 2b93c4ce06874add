"""Lines taken out of an order: deleted as they were read, while the order is a draft."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.errors import BridgeError, Rejected, Throttled, UnknownOutcome
from tests.erp.business_central.drafts import coded
from tests.erp.business_central.far_end import (
    LINE_ID,
    FarEnd,
    Planned,
    answered,
    batch,
    erp,
    far_end,
    found,
    line_row,
    nothing,
    order_row,
    rows,
)

GOODS = "N000001-A-1"
LOOK, DELETE = "POST $batch", "DELETE salesOrderLines"
GONE = httpx.Response(204)
CHANGED = answered(coded("Request_EntityChanged", status=409))


async def remove(end: FarEnd, *references: str) -> None:
    await erp(end).changes.cancel_lines(company="CRONUS", number="101001", references=references or (GOODS,))


async def test_a_line_is_deleted_by_its_id_as_it_was_read() -> None:
    end = far_end(found(order_row()), GONE)
    await remove(end)
    assert end.calls == [LOOK, DELETE]
    assert str(end.asked[1].url).endswith(f"/salesOrderLines({LINE_ID})")
    assert end.asked[1].headers["if-match"] == 'W/"2"'


async def test_a_set_goes_with_its_components_and_nothing_of_a_similar_name() -> None:
    names = (f"{GOODS}#1", f"{GOODS}#2", f"{GOODS}2")
    lines = [
        line_row(id=f"50000000-0000-4000-8000-00000000000{at}", description2=name) for at, name in enumerate(names)
    ]
    end = far_end(found(order_row(salesOrderLines=lines)), GONE, GONE)
    await remove(end)
    assert end.calls == [LOOK, DELETE, DELETE]


@pytest.mark.parametrize("look", [nothing(), found(order_row(salesOrderLines=[]))], ids=["no order", "no line"])
async def test_what_is_gone_is_done(look: httpx.Response) -> None:
    await remove(far_end(look))


async def test_a_line_that_goes_meanwhile_is_done() -> None:
    await remove(far_end(found(order_row()), answered(coded("Internal_RecordNotFound", status=404))))


POSTED: dict[str, Any] = {
    "number": "102001",
    "orderNumber": "101001",
    "externalDocumentNumber": "NO-N000001-A",
    "customerNumber": "C-NORTH",
    "currencyCode": "EUR",
}


@pytest.mark.parametrize(
    "look", [found(order_row(status="Open")), batch(rows(), rows(POSTED), rows())], ids=["released", "posted"]
)
async def test_what_is_no_draft_is_for_people(look: httpx.Response) -> None:
    end = far_end(look)
    with pytest.raises(Rejected) as refused:
        await remove(end)
    assert (refused.value.kind, refused.value.subject) == ("erp_refused", f"line {GOODS}")
    assert "101001" in refused.value.reason
    assert end.calls == [LOOK]


@pytest.mark.parametrize("changed", [CHANGED, answered(coded("BadRequest_Precondition", status=412))])
async def test_what_another_user_changed_is_read_again_and_deleted_as_it_now_is(changed: httpx.Response) -> None:
    now = order_row(salesOrderLines=[line_row(**{"@odata.etag": 'W/"3"'})])
    end = far_end(found(order_row()), changed, found(now), GONE)
    await remove(end)
    assert end.calls == [LOOK, DELETE, LOOK, DELETE]
    assert end.asked[-1].headers["if-match"] == 'W/"3"'


async def test_what_others_change_all_the_time_is_asked_again_later() -> None:
    end = far_end(found(order_row()), *[CHANGED, found(order_row())] * 3)
    with pytest.raises(UnknownOutcome) as again:
        await remove(end)
    assert end.calls == [LOOK, *[DELETE, LOOK] * 3]
    assert not again.value.down, "one order that is being edited pauses no other"
    assert again.value.retry_after == timedelta(seconds=5)


async def test_a_refusal_counts_only_where_the_line_still_stands() -> None:
    refusal = answered(coded("Application_DialogException", "Shopper One must not be deleted."))
    await remove(far_end(found(order_row()), refusal, found(order_row(salesOrderLines=[]))))
    with pytest.raises(Rejected) as refused:
        await remove(far_end(found(order_row()), refusal, found(order_row())))
    assert refused.value.subject == f"line {GOODS}"
    assert "Application_DialogException" in refused.value.reason
    assert "Shopper" not in str(refused.value)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ((httpx.ReadTimeout,), UnknownOutcome),
        ((httpx.Response(503),), UnknownOutcome),
        ((httpx.Response(429),), Throttled),
        ((answered(coded("Application_DialogException")), httpx.Response(503)), UnknownOutcome),
    ],
)
async def test_what_nobody_knows_is_in_doubt(answers: tuple[Planned, ...], expected: type[BridgeError]) -> None:
    with pytest.raises(expected):
        await remove(far_end(found(order_row()), *answers))
