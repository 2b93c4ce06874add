"""The port over recorded answers: which calls are made, and what follows from each answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.erp.finance_supply_chain.adapter import check
from shared.errors import (
    BridgeError,
    Rejected,
    SettingsError,
    Throttled,
    Unauthorized,
    Unavailable,
    UnknownOutcome,
)
from shared.model.sales_order import ErpLine, ErpOrder, ErpTotals, ItemCode
from shared.ports.erp import SalesOrders
from tests.erp.finance_supply_chain.drafts import configuration, draft, odata_error
from tests.erp.finance_supply_chain.far_end import (
    Planned,
    batch_answer,
    collection,
    created,
    erp,
    far_end,
    header_row,
    html,
    refused,
)

BATCH, READ, PATCH = "POST $batch", "GET SalesOrderHeadersV3", "PATCH SalesOrderHeadersV3"
SHOWN = ErpOrder(
    number="NO-N000001-A",
    reference="NO-N000001-A",
    customer="C-NORTH",
    currency="EUR",
    status="Backorder",
    on_hold=False,
    lines=(ErpLine("N000001-A-1", ItemCode("ITEM-001"), Decimal(2), "PCS", Decimal("39.80")),),
)


def test_is_the_port_and_says_what_it_promises() -> None:
    port: SalesOrders = erp(far_end(), settings=configuration(settle=timedelta(minutes=7)))
    capabilities = port.capabilities
    assert (capabilities.uniqueness, capabilities.numbers, capabilities.holds) == ("enforced", "derived", True)
    assert capabilities.name == "Dynamics 365 Finance & Supply Chain"
    assert (capabilities.settle, capabilities.lanes, capabilities.calls) == (timedelta(minutes=7), 1, 4)
    assert capabilities.cancels_lines


def test_numbers_of_the_erps_own_promise_less() -> None:
    capabilities = erp(far_end(), settings=replace(configuration(), order_numbers="automatic")).capabilities
    assert (capabilities.uniqueness, capabilities.numbers, capabilities.calls) == ("looked_up", "drawn", 40)
    assert (capabilities.holds, capabilities.cancels_lines) == (True, True)


async def test_place_takes_two_calls_and_returns_what_is_shown() -> None:
    end = far_end(created(), collection(header_row()))
    assert await erp(end).place(draft()) == SHOWN
    assert end.calls == ["token", BATCH, READ]
    assert dict(end.asked[2].url.params) == {
        "cross-company": "true",
        "$filter": "dataAreaId eq 'usmf' and (SalesOrderNumber eq 'NO-N000001-A')",
        "$select": "SalesOrderNumber,CustomersOrderReference,OrderingCustomerAccountNumber,CurrencyCode,"
        "SalesOrderStatus,SalesOrderProcessingStatus,IsSalesProcessingStopped",
        "$expand": "SalesOrderLines",
    }


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.ConnectError, Unavailable),
        (httpx.ConnectTimeout, Unavailable),
        (httpx.ReadTimeout, UnknownOutcome),
        (httpx.ReadError, UnknownOutcome),
        (httpx.RemoteProtocolError, UnknownOutcome),
        (httpx.Response(429, headers={"retry-after": "5"}), Throttled),
        (httpx.Response(403), Unauthorized),
        (httpx.Response(500), UnknownOutcome),
        (refused(odata_error("An outer 500 may be a gateway's.", status=500)), UnknownOutcome),
        (httpx.Response(503), UnknownOutcome),
        (httpx.Response(302, headers={"location": "https://login.example.com"}), UnknownOutcome),
        (httpx.Response(404, html="<html>"), UnknownOutcome),
        (html(), UnknownOutcome),
        (httpx.Response(200, content=created().content[:80], headers=created().headers), UnknownOutcome),
    ],
)
async def test_place_where_the_batch_is_not_answered(answer: Planned, expected: type[BridgeError]) -> None:
    """Without a word of F&O's own there is nothing to look up: the same request is repeated later."""
    end = far_end(answer)
    with pytest.raises(expected) as failed:
        await erp(end).place(draft())
    assert type(failed.value) is expected
    assert end.calls == ["token", BATCH]


@pytest.mark.parametrize(
    "answer",
    [batch_answer(odata_error("It exists already.")), refused(odata_error("It exists already."))],
    ids=["inside the batch", "instead of the batch"],
)
@pytest.mark.parametrize(
    ("row", "kind"),
    [(None, "erp_refused"), (header_row(CustomersOrderReference="NO-other"), "erp_number_taken"), (header_row(), None)],
)
async def test_an_error_is_judged_after_a_look(
    answer: httpx.Response, row: dict[str, Any] | None, kind: str | None
) -> None:
    end = far_end(answer, collection(*([row] if row else [])))
    if kind is None:
        assert await erp(end).place(draft()) == SHOWN
    else:
        with pytest.raises(Rejected) as failed:
            await erp(end).place(draft())
        assert failed.value.kind == kind
    assert end.calls == ["token", BATCH, READ]


@pytest.mark.parametrize("batch", [created(), batch_answer(odata_error("Refused."))], ids=["created", "refused"])
@pytest.mark.parametrize(
    "look",
    [
        httpx.ConnectError,
        httpx.ReadTimeout,
        httpx.Response(429, headers={"retry-after": "8"}),
        httpx.Response(403),
        httpx.Response(500),
        html(),
        collection({"SalesOrderNumber": "NO-N000001-A"}),
        collection(header_row(SalesOrderLines=None)),
    ],
)
async def test_an_order_that_cannot_be_read_back_is_in_doubt(batch: httpx.Response, look: Planned) -> None:
    with pytest.raises(UnknownOutcome) as failed:
        await erp(far_end(batch, look)).place(draft())
    throttled = isinstance(look, httpx.Response) and look.status_code == 429
    assert failed.value.retry_after == (timedelta(seconds=8) if throttled else None)


async def test_a_401_renews_the_token_and_repeats_the_call_once() -> None:
    end = far_end(httpx.Response(401), created(), httpx.Response(401), collection(header_row()))
    assert await erp(end).place(draft()) == SHOWN
    assert end.calls == ["token", BATCH, "token", BATCH, READ, "token", READ]
    bearers = [request.headers["authorization"] for request in end.asked if "authorization" in request.headers]
    assert bearers == ["Bearer token-1", "Bearer token-2", "Bearer token-2", "Bearer token-3"]


async def test_a_second_401_is_for_people() -> None:
    with pytest.raises(Unauthorized, match="renew the client secret"):
        await erp(far_end(httpx.Response(401), httpx.Response(401))).place(draft())


async def test_find_under_the_number_needs_one_call() -> None:
    end = far_end(collection(header_row(IsSalesProcessingStopped="Yes")))
    found = await erp(end).find(company="usmf", number="NO-N000001-A", reference="NO-N000001-A")
    assert found == replace(SHOWN, on_hold=True)
    assert end.calls == ["token", READ]


async def test_find_under_the_reference_takes_no_other_case() -> None:
    rows = [header_row(SalesOrderNumber=number, CustomersOrderReference=reference) for number, reference in _NAMED]
    end = far_end(collection(), collection(*rows))
    found = await erp(end).find(company="usmf", number="NO-1", reference="NO-a")
    assert found is not None
    assert found.number == "SO-2"
    assert end.asked[2].url.params["$filter"] == "dataAreaId eq 'usmf' and CustomersOrderReference eq 'NO-a'"


_NAMED = (("SO-1", "NO-A"), ("SO-3", "NO-a"), ("SO-2", "NO-a"))


async def test_find_under_the_reference_prefers_an_order_that_is_not_cancelled() -> None:
    rows = [header_row(SalesOrderNumber="SO-1", SalesOrderStatus="Canceled"), header_row(SalesOrderNumber="SO-2")]
    found = await erp(far_end(collection(*rows))).find(company="usmf", number="", reference="NO-N000001-A")
    assert found is not None
    assert found.number == "SO-2"


async def test_find_nothing() -> None:
    assert await erp(far_end(collection(), collection())).find(company="usmf", number="NO-1", reference="NO-a") is None


@pytest.mark.parametrize(
    ("look", "expected"),
    [
        (httpx.ReadTimeout, Unavailable),
        (httpx.Response(400, content=odata_error("x").body), Unavailable),
        (httpx.Response(429), Throttled),
        (httpx.Response(403), Unauthorized),
        (collection({"SalesOrderNumber": 1}), Unavailable),
    ],
)
async def test_find_that_cannot_be_answered_is_no_answer(look: Planned, expected: type[BridgeError]) -> None:
    with pytest.raises(expected) as failed:
        await erp(far_end(look)).find(company="usmf", number="NO-1", reference="NO-a")
    assert type(failed.value) is expected


@pytest.mark.parametrize(
    ("fields", "total", "tax"),
    [
        ({}, None, None),
        ({"OrderTotalAmount": Decimal("47.76"), "OrderTotalTaxAmount": Decimal("7.96")}, "47.76", "7.96"),
        ({"OrderTotalAmount": Decimal("39.80")}, "39.80", "0"),
        ({"SalesOrderLines": []}, "0", "0"),
        ({"SalesOrderLines": [{"LineAmount": Decimal("0.00")}]}, "0", "0"),
    ],
)
async def test_totals_of_nothing_and_no_totals_yet(fields: dict[str, Any], total: str | None, tax: str | None) -> None:
    (found,) = await erp(far_end(collection(header_row(**fields)))).totals(company="USMF", numbers=["NO-N000001-A"])
    assert found == ErpTotals("NO-N000001-A", *(None if text is None else Decimal(text) for text in (total, tax)))


async def test_totals_of_twenty_orders_are_one_call() -> None:
    end = far_end(collection())
    numbers = [f"NO-{number}" for number in range(20)]
    assert await erp(end).totals(company="usmf", numbers=[*numbers, "NO-0"]) == ()
    asked = end.asked[1].url.params
    assert asked["$filter"].count("SalesOrderNumber eq ") == 20
    assert asked["$select"] == "SalesOrderNumber,OrderTotalAmount,OrderTotalTaxAmount"
    assert end.calls == ["token", READ]


async def test_totals_of_none_need_no_call_and_of_more_than_twenty_are_a_bug() -> None:
    end = far_end()
    assert await erp(end).totals(company="usmf", numbers=[]) == ()
    with pytest.raises(ValueError, match="at most 20"):
        await erp(end).totals(company="usmf", numbers=[f"NO-{number}" for number in range(21)])
    assert end.calls == []


async def test_hold_is_one_patch_across_companies() -> None:
    end = far_end(httpx.Response(204))
    await erp(end).hold(company="USMF", number="NO-1")
    assert end.calls == ["token", PATCH]
    assert end.asked[1].url.raw_path == (
        b"/data/SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='NO-1')?cross-company=true"
    )
    assert end.asked[1].content == b'{"IsSalesProcessingStopped":"Yes"}'


@pytest.mark.parametrize(
    ("answer", "expected", "text"),
    [
        (refused(odata_error("Update conflict.")), UnknownOutcome, "a write conflict"),
        (httpx.Response(500), UnknownOutcome, "HTTP 500"),
        (httpx.ReadTimeout, UnknownOutcome, "ReadTimeout"),
        (httpx.ConnectError, Unavailable, "ConnectError"),
        (httpx.Response(429), Throttled, "HTTP 429"),
        (httpx.Response(403), Unauthorized, "HTTP 403"),
        (httpx.Response(404, html="<html>"), UnknownOutcome, "HTTP 404"),
        (html(), UnknownOutcome, "HTTP 200"),
        (refused(odata_error("Field 'Delivery name' holds 'Shopper One'.")), Rejected, "the field Delivery name"),
        (refused(odata_error("No resources were found when selecting for update.")), Rejected, "answers 400"),
    ],
)
async def test_hold_that_fails(answer: Planned, expected: type[BridgeError], text: str) -> None:
    with pytest.raises(expected) as failed:
        await erp(far_end(answer)).hold(company="usmf", number="NO-1")
    assert type(failed.value) is expected
    assert text in str(failed.value)
    assert "Shopper" not in str(failed.value)


def test_note_field_without_a_length_is_refused_at_start() -> None:
    with pytest.raises(SettingsError, match=r"delivery_note_field='MyNote'.*add it to lengths"):
        check(configuration(note_field="MyNote"))
    check(configuration(note_field="MyNote", MyNote=100))
    check(configuration(note_field=""))
