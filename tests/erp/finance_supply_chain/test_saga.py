"""Orders that F&O numbers itself: what is looked for, what is added, and what is left in doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from shared.erp.microsoft.odata import dumps
from shared.errors import BridgeError, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from tests.erp.finance_supply_chain.drafts import address, configuration, draft, draft_line, odata_error
from tests.erp.finance_supply_chain.far_end import FarEnd, Planned, collection, erp, far_end, header_row, html, refused

READ, HEADER, LINE, STOP = (
    "GET SalesOrderHeadersV3",
    "POST SalesOrderHeadersV3",
    "POST SalesOrderLinesV3",
    "PATCH SalesOrderHeadersV3",
)
NUMBER = "SO-000042"
DRAFT = draft(number="", lines=(draft_line(2), draft_line(1)), address=address(name="Shopper One"))
DONE = httpx.Response(204)


def posted(status: int = 201) -> httpx.Response:
    return httpx.Response(status, content=dumps({"SalesOrderNumber": NUMBER}))


def shown(*numbers: int, stopped: bool = True, **fields: Any) -> dict[str, Any]:
    (row,) = header_row()["SalesOrderLines"]
    lines = [row | {"OrderLineReference": f"N000001-A-{number}"} for number in numbers]
    held = "Yes" if stopped else "No"
    whole = {"SalesOrderNumber": NUMBER, "IsSalesProcessingStopped": held, "SalesOrderLines": lines} | fields
    return header_row(**whole)


async def place(end: FarEnd, order: SalesOrderDraft = DRAFT) -> ErpOrder:
    return await erp(end, settings=replace(configuration(), order_numbers="automatic")).place(order)


def sent(end: FarEnd, method: str) -> list[dict[str, Any]]:
    return [json.loads(one.content) for one in end.asked if one.method == method and one.url.path.startswith("/data/")]


async def test_a_new_order_is_stopped_until_its_lines_are_in() -> None:
    end = far_end(collection(), posted(), collection(shown()), posted(), posted(), collection(shown(1, 2)), DONE)
    order = await place(end)
    assert (order.number, order.on_hold, len(order.lines)) == (NUMBER, False, 2)
    assert end.calls == ["token", READ, HEADER, READ, LINE, LINE, READ, STOP]
    header, first, second = sent(end, "POST")
    assert "SalesOrderNumber" not in header
    assert header["IsSalesProcessingStopped"] == "Yes"
    assert [(line["SalesOrderNumber"], line["OrderLineReference"]) for line in (first, second)] == [
        (NUMBER, "N000001-A-1"),
        (NUMBER, "N000001-A-2"),
    ]
    assert sent(end, "PATCH") == [{"IsSalesProcessingStopped": "No"}]


async def test_it_is_looked_for_by_the_exact_reference() -> None:
    """F&O does not tell `NO-n000001-a` from ours; that order is another's."""
    another = shown(1, 2, CustomersOrderReference="NO-n000001-a")
    end = far_end(collection(another), posted(), collection(another, shown(1, 2)), DONE)
    assert (await place(end)).reference == DRAFT.reference
    assert end.asked[1].url.params["$filter"] == ("dataAreaId eq 'usmf' and CustomersOrderReference eq 'NO-N000001-A'")


@pytest.mark.parametrize(
    ("stands", "added"), [([], [1, 2]), ([1], [2]), ([2], [1])], ids=["header only", "first", "second"]
)
async def test_a_partial_order_gets_its_missing_lines_only(stands: list[int], added: list[int]) -> None:
    end = far_end(collection(shown(*stands)), *[posted() for _ in added], collection(shown(1, 2)), DONE)
    await place(end)
    assert [line["OrderLineReference"] for line in sent(end, "POST")] == [f"N000001-A-{one}" for one in added]


async def test_a_complete_order_that_is_still_stopped_is_let_go() -> None:
    end = far_end(collection(shown(1, 2)), DONE)
    assert not (await place(end)).on_hold
    assert end.calls == ["token", READ, STOP]


@pytest.mark.parametrize(
    ("order", "row"),
    [
        (DRAFT, shown(1, 2, stopped=False)),
        (replace(DRAFT, on_hold=True), shown(1, 2)),
        (DRAFT, shown(1, 2, SalesOrderStatus="Canceled")),
        (DRAFT, shown(1, 2, 3, stopped=False)),
    ],
    ids=["as wanted", "held as wanted", "cancelled", "a line of somebody's own"],
)
async def test_an_order_that_is_complete_is_left_alone(order: SalesOrderDraft, row: dict[str, Any]) -> None:
    end = far_end(collection(row))
    assert (await place(end, order)).number == NUMBER
    assert end.calls == ["token", READ]


async def test_a_stop_that_creation_dropped_is_asked_for_again() -> None:
    end = far_end(
        collection(),
        posted(),
        collection(shown(stopped=False)),
        DONE,
        posted(),
        posted(),
        collection(shown(1, 2)),
        DONE,
    )
    assert not (await place(end)).on_hold
    assert sent(end, "PATCH") == [{"IsSalesProcessingStopped": "Yes"}, {"IsSalesProcessingStopped": "No"}]


async def test_an_erp_that_cannot_stop_an_order_gets_its_lines_all_the_same() -> None:
    no = refused(odata_error("Field 'Stopped' cannot be edited."))
    end = far_end(collection(shown(stopped=False)), no, posted(), posted(), collection(shown(1, 2, stopped=False)))
    assert not (await place(end)).on_hold
    assert end.calls == ["token", READ, STOP, LINE, LINE, READ]


async def test_two_orders_under_one_reference_are_for_people() -> None:
    end = far_end(collection(shown(1, 2), shown(SalesOrderNumber="SO-000043")))
    with pytest.raises(Rejected) as failed:
        await place(end)
    assert (failed.value.kind, failed.value.subject) == ("erp_duplicate", DRAFT.reference)
    assert "SO-000042, SO-000043" in failed.value.reason
    assert end.calls == ["token", READ]


async def test_of_two_orders_one_cancelled_the_other_is_ours() -> None:
    cancelled = shown(1, 2, SalesOrderNumber="SO-000041", SalesOrderStatus="Canceled")
    assert (await place(far_end(collection(cancelled, shown(1, 2)), DONE))).number == NUMBER


async def test_an_order_cancelled_before_it_was_complete_is_not_completed() -> None:
    end = far_end(collection(shown(1, SalesOrderStatus="Canceled")))
    with pytest.raises(Rejected, match="cancelled before it was complete"):
        await place(end)
    assert end.calls == ["token", READ]


async def test_a_line_that_stands_twice_is_for_people() -> None:
    with pytest.raises(Rejected) as failed:
        await place(far_end(collection(shown(1, 1, 2))))
    assert (failed.value.kind, failed.value.subject) == ("erp_duplicate", "line N000001-A-1")
    assert "Delete the line" in failed.value.remedy


@pytest.mark.parametrize("step", [0, 1], ids=["header", "line"])
async def test_a_refusal_names_the_item_and_nobody(step: int) -> None:
    no = refused(odata_error("Item ITEM-001 is blocked for Shopper One."))
    before = [[collection()], [collection(shown())]][step]
    with pytest.raises(Rejected) as failed:
        await place(far_end(*before, no))
    assert (failed.value.kind, failed.value.subject) == ("erp_refused", "item ITEM-001")
    assert "Shopper" not in str(failed.value)


@pytest.mark.parametrize(
    ("answer", "at_the_header", "later"),
    [
        (httpx.ConnectError, Unavailable, UnknownOutcome),
        (httpx.Response(429), Throttled, UnknownOutcome),
        (httpx.Response(403), Unauthorized, UnknownOutcome),
        (httpx.ReadTimeout, UnknownOutcome, UnknownOutcome),
        (httpx.Response(500), UnknownOutcome, UnknownOutcome),
        (html(), UnknownOutcome, UnknownOutcome),
        (refused(odata_error("Update conflict.")), UnknownOutcome, UnknownOutcome),
    ],
)
async def test_once_the_order_stands_every_failure_is_a_doubt(
    answer: Planned, at_the_header: type[BridgeError], later: type[BridgeError]
) -> None:
    """Nothing happened is true of the header; afterwards a part of the order is there."""
    before: list[tuple[type[BridgeError], list[Planned]]] = [
        (at_the_header, [collection()]),
        (later, [collection(shown())]),
        (later, [collection(shown()), posted()]),
        (later, [collection(shown(1, 2))]),
        (later, [collection(shown(stopped=False))]),
    ]
    for expected, planned in before:
        with pytest.raises(expected) as failed:
            await place(far_end(*planned, answer))
        assert type(failed.value) is expected


@pytest.mark.parametrize(
    "planned",
    [
        [collection(), posted(), collection()],
        [collection(), posted(), httpx.ReadTimeout],
        [collection(shown(1)), posted(), collection(shown(1))],
        [collection(shown(1)), posted(), collection()],
        [collection(shown(1)), posted(), html()],
    ],
    ids=["no header yet", "no answer", "no line yet", "no order any more", "no OData"],
)
async def test_what_was_answered_and_is_not_shown_is_in_doubt(planned: list[Planned]) -> None:
    with pytest.raises(UnknownOutcome):
        await place(far_end(*planned))


async def test_retry_after_is_kept() -> None:
    with pytest.raises(UnknownOutcome) as failed:
        await place(far_end(collection(shown()), httpx.Response(429, headers={"retry-after": "9"})))
    assert failed.value.retry_after == timedelta(seconds=9)


async def test_a_long_order_is_placed_in_parts() -> None:
    """No placing outlives its claim: what is left over follows when it is placed again."""
    order = replace(DRAFT, lines=tuple(draft_line(number) for number in range(1, 41)))
    first = far_end(collection(), posted(), collection(shown()), *[posted() for _ in range(32)])
    with pytest.raises(UnknownOutcome, match="32 lines are in, the rest follows"):
        await place(first, order)
    assert len(first.calls) <= 40
    rest = far_end(
        collection(shown(*range(1, 33))), *[posted() for _ in range(8)], collection(shown(*range(1, 41))), DONE
    )
    assert len((await place(rest, order)).lines) == 40


async def test_a_text_that_does_not_fit_leaves_nothing_behind() -> None:
    end = far_end()
    with pytest.raises(Rejected) as failed:
        await place(end, replace(DRAFT, lines=(draft_line(1), draft_line(2, reference="N" * 61))))
    assert failed.value.kind == "text_does_not_fit"
    assert end.calls == []
