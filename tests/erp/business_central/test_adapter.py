"""The ports over recorded answers: which calls are made, and what follows from each answer."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.erp.business_central.references import document_number
from shared.erp.transport import Answer
from shared.errors import BridgeError, NotOffered, Rejected, Throttled, Unauthorized, Unavailable, UnknownOutcome
from shared.model.sales_order import ErpLine, ErpOrder, ErpTotals, ItemCode
from tests.erp.business_central.drafts import COMPANY, LOCATION_ID, VARIANT_ID, coded, configuration, draft, draft_line
from tests.erp.business_central.far_end import (
    LINE_ID,
    Planned,
    answered,
    batch,
    collection,
    created,
    erp,
    far_end,
    found,
    html,
    line_row,
    lists,
    nothing,
    order_row,
    rows,
)
from tests.fakes.memory_lists import MemoryLists

LOOK, INSERT = "POST $batch", "POST salesOrders"
SHOWN = ErpOrder(
    number="101001",
    reference="NO-N000001-A",
    customer="C-NORTH",
    currency="EUR",
    status="Draft",
    on_hold=False,
    lines=(ErpLine("N000001-A-1", ItemCode("ITEM-001"), Decimal(2), "PCS", Decimal("39.80")),),
    released=False,
)
NOT_ANSWERED: list[tuple[Planned, type[BridgeError]]] = [
    (httpx.ConnectError, Unavailable),
    (httpx.ConnectTimeout, Unavailable),
    (httpx.ReadTimeout, UnknownOutcome),
    (httpx.ReadError, UnknownOutcome),
    (httpx.RemoteProtocolError, UnknownOutcome),
    (httpx.Response(429, headers={"retry-after": "5"}), Throttled),
    (httpx.Response(403), Unauthorized),
    (httpx.Response(408), UnknownOutcome),
    (answered(coded("Internal_Timeout", status=408)), UnknownOutcome),
    (httpx.Response(500), UnknownOutcome),
    (answered(coded("Internal_ServerError", status=500)), UnknownOutcome),
    (httpx.Response(502), UnknownOutcome),
    (httpx.Response(503, headers={"retry-after": "9"}), UnknownOutcome),
    (httpx.Response(504), UnknownOutcome),
    (httpx.Response(302, headers={"location": "https://login.example.com"}), UnknownOutcome),
    (httpx.Response(404, html="<html>"), UnknownOutcome),
    (httpx.Response(400, content=b"null"), UnknownOutcome),
    (html(), UnknownOutcome),
    (httpx.Response(204), UnknownOutcome),
    (httpx.Response(201, content=created().content[:80]), UnknownOutcome),
    (created(number=None), UnknownOutcome),
    (created(salesOrderLines=None), UnknownOutcome),
    (created(status=7), UnknownOutcome),
]


async def test_place_takes_two_calls_and_returns_what_is_answered() -> None:
    end = far_end(nothing(), created())
    assert await erp(end).sales_orders.place(draft()) == SHOWN
    assert end.calls == [LOOK, INSERT]
    assert str(end.asked[1].url).endswith("/salesOrders?$expand=salesOrderLines")
    assert not any("data-access-intent" in one.headers for one in end.asked)
    assert end.asked[0].headers["prefer"] == "odata.continue-on-error", "one part that fails hides no other"


async def test_the_look_that_decides_asks_orders_first_and_then_what_is_posted() -> None:
    end = far_end(nothing())
    await erp(end).sales_orders.find(company="cronus", number="", reference=draft().reference)
    sets = [path.partition("?")[0].partition("/")[2] for path in end.paths]
    assert sets == ["salesOrders", "salesShipments", "salesInvoices"]
    assert all("externalDocumentNumber%20eq%20'NO-N000001-A'" in path for path in end.paths)


@pytest.mark.parametrize(("answer", "expected"), NOT_ANSWERED)
async def test_place_where_the_insert_is_not_answered(answer: Planned, expected: type[BridgeError]) -> None:
    end = far_end(nothing(), answer)
    with pytest.raises(expected) as failed:
        await erp(end).sales_orders.place(draft())
    assert type(failed.value) is expected
    if isinstance(failed.value, UnknownOutcome):
        down = isinstance(answer, httpx.Response) and answer.status_code in (502, 503)
        assert failed.value.down == down


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.ReadTimeout, Unavailable),
        (httpx.Response(500), Unavailable),
        (httpx.Response(429), Throttled),
        (httpx.Response(403), Unauthorized),
        (html(), Unavailable),
        (answered(coded("BadRequest", status=400)), Unavailable),
        (batch(rows(), rows()), Unavailable),
        (batch(rows(), rows(), coded("Internal_ServerError", status=500)), Unavailable),
        (batch(rows(), coded("Application_Throttled", status=429), rows()), Throttled),
        (batch(rows({"number": "101001"}), rows(), rows()), Unavailable),
    ],
)
async def test_where_the_look_fails_nothing_is_sent(answer: Planned, expected: type[BridgeError]) -> None:
    end = far_end(answer)
    with pytest.raises(expected):
        await erp(end).sales_orders.place(draft())
    assert end.calls == [LOOK]


POSTED = {
    "number": "102001",
    "orderNumber": "101001",
    "externalDocumentNumber": "NO-N000001-A",
    "customerNumber": "C-NORTH",
    "currencyCode": "EUR",
    "status": "Open",
}


@pytest.mark.parametrize(
    "look",
    [
        batch(rows(), rows(POSTED), rows()),
        batch(rows(), rows(), rows(POSTED)),
        batch(rows(), rows(POSTED, {**POSTED, "number": "102002"}), rows(POSTED)),
    ],
    ids=["shipped", "invoiced", "both"],
)
async def test_an_order_that_vanished_is_the_order(look: httpx.Response) -> None:
    end = far_end(look)
    order = await erp(end).sales_orders.place(draft())
    assert (order.number, order.reference, order.shipped, order.lines_shown) == (
        "101001",
        draft().reference,
        True,
        False,
    )
    assert end.calls == [LOOK]


async def test_an_order_that_vanished_under_its_short_form_is_ours_in_full() -> None:
    reference = "NO-n000001-a"
    look = batch(rows(), rows({**POSTED, "externalDocumentNumber": document_number(reference)}), rows())
    assert (await erp(far_end(look)).sales_orders.place(draft(reference=reference))).reference == reference


@pytest.mark.parametrize(
    ("fields", "line", "shipped"),
    [
        ({"fullyShipped": True}, {}, True),
        ({"fullyShipped": False}, {"shippedQuantity": 1}, True),
        ({"fullyShipped": None}, {}, False),
    ],
)
async def test_shipped_is_an_order_of_which_anything_has_left(
    fields: dict[str, Any], line: dict[str, Any], shipped: bool
) -> None:
    look = found(order_row(**fields, salesOrderLines=[line_row(**line)]))
    assert (await erp(far_end(look)).sales_orders.place(draft())).shipped == shipped


async def test_a_token_that_ends_in_the_middle_is_renewed_and_the_call_repeated() -> None:
    end = far_end(nothing(), httpx.Response(401), created())
    assert await erp(end).sales_orders.place(draft()) == SHOWN
    assert end.calls == [LOOK, INSERT, INSERT]
    with pytest.raises(Unauthorized):
        await erp(far_end(nothing(), httpx.Response(401), httpx.Response(401))).sales_orders.place(draft())


async def test_an_order_and_what_was_posted_of_it_are_one() -> None:
    end = far_end(batch(rows(order_row()), rows(POSTED), rows()))
    assert await erp(end).sales_orders.place(draft()) == SHOWN


async def test_an_invoice_made_of_shipments_is_no_second_order() -> None:
    combined = {**POSTED, "number": "103001", "orderNumber": ""}
    order = await erp(far_end(batch(rows(), rows(POSTED), rows(combined)))).sales_orders.place(draft())
    assert (order.number, order.shipped) == ("101001", True)
    order = await erp(far_end(batch(rows(), rows(), rows(combined, POSTED)))).sales_orders.place(draft())
    assert order.number == "101001"
    alone = await erp(far_end(batch(rows(), rows(), rows(combined)))).sales_orders.place(draft())
    assert alone.number == "103001"


async def test_two_orders_under_one_reference_are_for_people() -> None:
    another = {**POSTED, "orderNumber": "101002"}
    end = far_end(batch(rows(order_row()), rows(another), rows()))
    with pytest.raises(Rejected) as refused:
        await erp(end).sales_orders.place(draft())
    assert (refused.value.kind, refused.value.subject) == ("erp_duplicate", draft().reference)
    assert "101001, 101002" in refused.value.reason


async def test_another_reference_in_upper_case_is_another_order() -> None:
    """The id in small letters is under its short form, so that the one in capitals is not taken for it."""
    end = far_end(found(order_row()), created())
    await erp(end).sales_orders.place(draft(reference="NO-n000001-a"))
    assert end.calls == [LOOK, INSERT]


async def test_another_user_who_has_changed_the_record_is_asked_again_soon() -> None:
    end = far_end(nothing(), answered(coded("Request_EntityChanged", status=409)))
    with pytest.raises(Throttled) as again:
        await erp(end).sales_orders.place(draft())
    assert again.value.retry_after == timedelta(seconds=5)


async def test_lists_are_read_once_a_day_and_again_for_a_code_that_is_not_in_them() -> None:
    kept = lists()
    line = draft_line(item=ItemCode("SHIRT-01", configuration="M-RED"))
    red = {"id": VARIANT_ID, "code": "M-RED"}
    shown = created(salesOrderLines=[line_row(lineObjectNumber="SHIRT-01", itemVariantId=VARIANT_ID.upper())])
    first = far_end(nothing(), batch(rows(red)), shown)
    order = await erp(first, kept=kept).sales_orders.place(draft(lines=(line,)))
    assert [one.item for one in order.lines] == [line.item]
    second = far_end(nothing(), shown)
    await erp(second, kept=kept).sales_orders.place(draft(lines=(line,)))
    unknown = draft_line(item=ItemCode("SHIRT-01", configuration="XL"))
    third = far_end(nothing(), batch(rows(red)))
    with pytest.raises(Rejected) as refused:
        await erp(third, kept=kept).sales_orders.place(draft(lines=(unknown,)))
    assert refused.value.kind == "mapping_invalid"
    assert third.calls == [LOOK, LOOK]


OPEN, STILL_DRAFT = found(order_row(status="Open")), found(order_row())


@pytest.mark.parametrize(
    ("answers", "status"),
    [
        ((httpx.Response(204), OPEN), "Open"),
        ((httpx.Response(200, json={"value": True}), OPEN), "Open"),
        ((httpx.Response(204), STILL_DRAFT), "Draft"),
        ((httpx.Response(204), httpx.Response(503)), "Draft"),
        ((httpx.Response(204), nothing()), "Draft"),
        ((answered(coded("Application_DialogException")), STILL_DRAFT), "Draft"),
        *(((answer,), "Draft") for answer in (httpx.Response(503), httpx.ReadTimeout, html())),
    ],
)
async def test_the_clients_action_releases_the_order_which_stands_whatever_comes_of_it(
    answers: tuple[Planned, ...], status: str
) -> None:
    settings = configuration(release="action", release_action="Release")
    for look in ([nothing(), created()], [found(order_row())]):
        end = far_end(*look, *answers)
        order = await erp(end, settings=settings).sales_orders.place(draft())
        assert (order.number, order.status, order.released) == ("101001", status, status == "Open")
        assert str(end.asked[len(look)].url).endswith("/Microsoft.NAV.Release")


@pytest.mark.parametrize(
    "look",
    [found(order_row(status="Open")), found(order_row(fullyShipped=True)), batch(rows(), rows(POSTED), rows())],
    ids=["released", "shipped", "posted"],
)
async def test_what_needs_no_release_is_not_released(look: httpx.Response) -> None:
    end = far_end(look)
    await erp(end, settings=configuration(release="action", release_action="Release")).sales_orders.place(draft())
    assert end.calls == [LOOK]


@pytest.mark.parametrize(("status", "released"), [("Draft", False), ("In_x0020_Review", False), ("Open", True)])
async def test_released_is_what_is_no_draft(status: str, released: bool) -> None:
    order = await erp(far_end(found(order_row(status=status)))).sales_orders.place(draft())
    assert order.released == released
    nobody = configuration(release="none")
    assert (await erp(far_end(found(order_row(status=status))), settings=nobody).sales_orders.place(draft())).released


async def test_a_status_that_nobody_knows_is_said_to_be_unknown() -> None:
    order = await erp(far_end(found(order_row(status="Pending_x0020_Prepayment")))).sales_orders.place(draft())
    assert (order.status, order.status_known) == ("Pending Prepayment", False)
    assert SHOWN.status_known


async def test_a_line_that_came_back_as_a_comment_or_discounted_is_shown_as_it_stands() -> None:
    lines = [
        line_row(lineType="Comment", lineObjectNumber="", quantity=0, unitOfMeasureCode="", netAmountIncludingTax=0),
        line_row(id="50000000-0000-4000-8000-000000000002", description2="L-2", netAmountIncludingTax=35),
        line_row(lineType="Comment", lineObjectNumber="", description="Ring twice", description2=""),
    ]
    order = await erp(far_end(nothing(), created(salesOrderLines=lines))).sales_orders.place(draft())
    assert [(line.reference, line.item.item, line.quantity, line.amount) for line in order.lines] == [
        ("N000001-A-1", "", Decimal(0), Decimal(0)),
        ("L-2", "ITEM-001", Decimal(2), Decimal(35)),
    ]


async def test_amounts_are_without_tax_where_prices_are() -> None:
    order = await erp(far_end(nothing(), created(pricesIncludeTax=False))).sales_orders.place(draft())
    assert [line.amount for line in order.lines] == [Decimal("33.45")]


async def test_find_by_number_and_only_then_by_reference() -> None:
    end = far_end(nothing(), found(order_row()))
    order = await erp(end).sales_orders.find(company="CRONUS", number="1", reference=draft().reference)
    assert order == SHOWN
    assert end.calls == [LOOK, LOOK]
    first = far_end(found(order_row()))
    assert await erp(first).sales_orders.find(company="CRONUS", number="101001", reference="NO-other") == SHOWN
    assert first.calls == [LOOK]


async def test_an_order_shown_by_number_takes_its_full_reference_from_its_comment() -> None:
    short = created_under("NO-n000001-a")
    end = far_end(found(short))
    (order,) = await erp(end).changes.shown(company="CRONUS", numbers=["101001"])
    assert order.reference == "NO-n000001-a"


def created_under(reference: str) -> dict[str, Any]:
    comment = line_row(lineType="Comment", lineObjectNumber="", description=reference, description2="")
    return order_row(externalDocumentNumber=document_number(reference), salesOrderLines=[line_row(), comment])


async def test_totals_of_an_order_and_of_the_invoices_of_one_that_vanished() -> None:
    invoice = {"orderNumber": "101002", "totalTaxAmount": 1, "totalAmountIncludingTax": 6}
    end = far_end(batch(rows(order_row()), rows(invoice, invoice, {**invoice, "orderNumber": "101001"})))
    found_ = await erp(end).sales_orders.totals(company="CRONUS", numbers=["101001", "101002", "1"])
    assert list(found_) == [
        ErpTotals("101001", Decimal("39.80"), Decimal("6.35")),
        ErpTotals("101002", Decimal(12), Decimal(2)),
    ]


async def test_more_than_twenty_orders_are_no_one_call() -> None:
    with pytest.raises(ValueError, match="21 numbers"):
        await erp(far_end()).changes.shown(company="CRONUS", numbers=[str(number) for number in range(21)])


async def test_a_page_behind_the_first_is_read_on_our_host_only() -> None:
    first = rows(order_row())
    more = json.loads(first.body) | {"@odata.nextLink": "https://elsewhere.example.com/next"}
    end = far_end(batch(replace(first, body=json.dumps(more).encode()), rows(), rows()))
    with pytest.raises(Unavailable, match="another host"):
        await erp(end).sales_orders.place(draft())
    more["@odata.nextLink"] = "https://api.businesscentral.dynamics.com/next?token=1"
    second = order_row(id=LINE_ID, number="101002")
    end = far_end(batch(replace(first, body=json.dumps(more).encode()), rows(), rows()), collection(second))
    with pytest.raises(Rejected, match="101002"):
        await erp(end).sales_orders.place(draft())


async def test_an_empty_page_is_not_the_end_and_a_page_that_follows_itself_is_no_answer() -> None:
    more = {"value": [], "@odata.nextLink": "https://api.businesscentral.dynamics.com/next?token=1"}
    empty = Answer(200, json.dumps(more).encode())
    end = far_end(batch(empty, rows(), rows()), collection(order_row()))
    assert await erp(end).sales_orders.place(draft()) == SHOWN
    with pytest.raises(Unavailable, match="follow itself"):
        await erp(far_end(batch(empty, rows(), rows()), answered(empty))).sales_orders.place(draft())


async def test_holding_is_not_offered() -> None:
    sales_orders = erp(far_end()).sales_orders
    for act in (sales_orders.hold, sales_orders.release):
        with pytest.raises(NotOffered):
            await act(company="CRONUS", number="101001")


async def test_each_company_has_its_own_lists_and_codes_in_any_case() -> None:
    """The same location code is another id in another company."""
    other = "c0ffee00-0000-4000-8000-000000000002"
    kept = MemoryLists({"business_central|companies": json.dumps({COMPANY.id: COMPANY.name, other: "CRONUS 2"})})
    ids = {"CRONUS": LOCATION_ID, "CRONUS 2": VARIANT_ID}
    for company, id_ in ids.items():
        order = draft(company=company, lines=(draft_line(warehouse="main"),))
        end = far_end(nothing(), batch(rows({"code": "Main", "id": id_})), created())
        await erp(end, kept=kept).sales_orders.place(order)
        assert json.loads(end.asked[-1].content)["salesOrderLines"][0]["locationId"] == id_


async def test_an_id_that_is_not_in_the_list_of_today_is_looked_for_once_more() -> None:
    kept = lists()
    shown = found(order_row(salesOrderLines=[line_row(lineObjectNumber="SHIRT-01", itemVariantId=VARIANT_ID)]))
    kept.kept[f"business_central|{COMPANY.id}|itemVariants|SHIRT-01"] = json.dumps({"S": LOCATION_ID})
    end = far_end(shown, batch(rows({"id": VARIANT_ID, "code": "M-RED"})))
    order = await erp(end, kept=kept).sales_orders.place(draft())
    assert order.lines[0].item.configuration == "M-RED"


@pytest.mark.parametrize("name", ["CRONUS", "cronus", "C0FFEE00-0000-4000-8000-000000000001"])
async def test_a_company_by_name_or_id(name: str) -> None:
    end = far_end(nothing(), created())
    await erp(end).sales_orders.place(draft(company=name))
    assert "companies(c0ffee00-0000-4000-8000-000000000001)" in str(end.asked[1].url)


async def test_a_company_that_is_not_there_names_the_setting_and_stops_its_own_shops_only() -> None:
    company = {"id": "c0ffee00-0000-4000-8000-000000000001", "name": "CRONUS"}
    with pytest.raises(Rejected) as refused:
        await erp(far_end(collection(company))).sales_orders.place(draft(company="CRNOUS"))
    assert (refused.value.kind, refused.value.subject) == ("shop_misconfigured", "company CRNOUS")
    assert "ERP.company" in refused.value.reason
    with pytest.raises(Unauthorized, match="CRNOUS") as unknown:
        await erp(far_end(collection(company))).changes.shown(company="CRNOUS", numbers=["1"])
    assert unknown.value.scope == "erp:company CRNOUS"
