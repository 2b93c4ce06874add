"""Posted shipments over recorded answers: the keyset, whose they are, who carries them, and their tracking numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import unquote

import httpx
import pytest

from shared.erp.business_central.configuration import TrackingFields
from shared.erp.business_central.references import document_number
from shared.errors import Throttled, Transient, Unauthorized, Unavailable
from shared.model.shipment import Position, ShippedLine, Tracked, Tracking
from shared.ports.erp import ShipmentPage
from tests.erp.business_central.drafts import coded, configuration
from tests.erp.business_central.far_end import (
    FarEnd,
    Planned,
    answered,
    batch,
    collection,
    erp,
    far_end,
    html,
    order_row,
    rows,
)

AT = datetime(2026, 3, 2, 8, 0, 0, 123000, tzinfo=UTC)
FIELDS = TrackingFields("ODataV4/Company('{company_name}')/Posted", "Order_No", "No", "Tracking", carrier="Agent")


def header(**fields: Any) -> dict[str, Any]:
    return {
        "number": "102001",
        "orderNumber": "101001",
        "externalDocumentNumber": "NO-N000001-A",
        "shipmentMethodCode": "STD",
        "lastModifiedDateTime": "2026-03-02T08:00:00.123Z",
    } | fields


def line(**fields: Any) -> dict[str, Any]:
    return {
        "sequence": 10000,
        "lineType": "Item",
        "lineObjectNumber": "ITEM-001",
        "unitOfMeasureCode": "PCS",
        "quantity": 1,
        "description": "Item 1",
        "description2": "N000001-A-1",
    } | fields


def with_lines(*lines: dict[str, Any]) -> dict[str, Any]:
    return {"number": "102001", "salesShipmentLines": list(lines)}


async def since(end: FarEnd, after: Position | None = None, *, tracking: TrackingFields | None = None) -> ShipmentPage:
    shipments = erp(end, settings=configuration(tracking=tracking)).shipments
    return await shipments.since(company="CRONUS", after=after or Position(AT), prefixes=("NO",), known=frozenset())


async def test_a_shipment_with_its_lines_in_two_calls() -> None:
    end = far_end(batch(rows(header())), batch(rows(with_lines(line())), rows(order_row())))
    page = await since(end)
    (one,) = page.shipments
    assert (one.document, one.number, one.reference, one.shipped) == ("102001", "101001", "NO-N000001-A", AT)
    assert (one.delivery_mode, one.carrier, one.service, one.tracking) == ("STD", "STD", "", ())
    assert one.lines == (ShippedLine("N000001-A-1", Decimal(2), Decimal(1)),)
    assert page == ShipmentPage((one,), Position(AT, "102001"), whole=True)


async def test_the_keyset_is_two_reads_because_or_takes_one_field_only() -> None:
    end = far_end(batch(rows(), rows()))
    assert await since(end, Position(AT, "102001")) == ShipmentPage((), None, whole=True)
    where = [unquote(path).partition("$filter=")[2].partition("&")[0] for path in end.paths]
    assert where == [
        "lastModifiedDateTime eq 2026-03-02T08:00:00.123000Z and number gt '102001'",
        "lastModifiedDateTime gt 2026-03-02T08:00:00.123000Z",
    ]


async def test_the_first_reading_takes_in_its_own_moment() -> None:
    end = far_end(batch(rows()))
    await since(end)
    assert "lastModifiedDateTime ge 2026-03-02T08:00:00.123000Z" in unquote(end.paths[0])


async def test_a_full_page_says_that_more_follows_and_ends_where_the_next_begins() -> None:
    others = [header(number=f"{102001 + at}", externalDocumentNumber="PO-1") for at in range(201)]
    page = await since(far_end(batch(rows(*others[:150]), rows(*others[150:]))), Position(AT, "102000"))
    assert page == ShipmentPage((), Position(AT, "102200"), whole=False)


async def test_a_document_that_is_known_is_passed_over_until_it_changes() -> None:
    async def read(known: frozenset[str], **fields: Any) -> list[str]:
        end = far_end(batch(rows(header(**fields))), batch(rows(with_lines(line())), rows(order_row())))
        shipments = erp(end).shipments
        page = await shipments.since(company="CRONUS", after=Position(AT), prefixes=("NO",), known=known)
        return [one.id for one in page.shipments]

    [id_] = await read(frozenset())
    assert await read(frozenset({id_})) == []
    [later] = await read(frozenset({id_}), lastModifiedDateTime="2026-03-02T09:00:00Z")
    assert later != id_


async def test_others_documents_cost_no_further_call() -> None:
    end = far_end(batch(rows(header(externalDocumentNumber="PO-1"))))
    assert await since(end) == ShipmentPage((), Position(AT, "102001"), whole=True)


@pytest.mark.parametrize("lines", [[], [line(lineType="_x0020_", lineObjectNumber="", quantity=0)], [line(quantity=0)]])
async def test_a_document_without_goods_is_no_shipment(lines: list[dict[str, Any]]) -> None:
    end = far_end(batch(rows(header())), batch(rows(with_lines(*lines)), rows(order_row())))
    assert await since(end) == ShipmentPage((), Position(AT, "102001"), whole=True)


@pytest.mark.parametrize("copied", [True, False], ids=["comment on the shipment", "comment on the order"])
async def test_a_short_form_is_told_by_the_comment(copied: bool) -> None:
    reference = "NO-n000001-a"
    comment = line(lineType="_x0020_", lineObjectNumber="", quantity=0, description=reference, description2="")
    kept = {
        "itemVariantId": "00000000-0000-0000-0000-000000000000",
        "id": "1",
        "shippedQuantity": 0,
        "netAmount": 0,
        "netAmountIncludingTax": 0,
    }
    row = order_row(
        externalDocumentNumber=document_number(reference), salesOrderLines=[] if copied else [{**comment, **kept}]
    )
    lines = [line(), *([comment] if copied else [])]
    end = far_end(
        batch(rows(header(externalDocumentNumber=document_number(reference)))),
        batch(rows(with_lines(*lines)), rows(row)),
    )
    assert [one.reference for one in (await since(end)).shipments] == [reference]


async def test_a_short_form_that_nothing_tells_stays() -> None:
    short = document_number("NO-n000001-a")
    end = far_end(batch(rows(header(externalDocumentNumber=short))), batch(rows(with_lines(line())), rows()))
    assert [one.reference for one in (await since(end)).shipments] == [short]


async def test_the_source_names_carrier_and_numbers_and_gets_no_number_in_its_address() -> None:
    row = {"Order_No": "101001", "No": "102001", "Tracking": " T-1 ", "Agent": "CARRIER-1"}
    other = {**row, "No": "102000", "Tracking": "T-0", "Agent": "CARRIER-2"}
    end = far_end(batch(rows(header())), batch(rows(with_lines(line())), rows(order_row())), collection(row, other))
    (one,) = (await since(end, tracking=FIELDS)).shipments
    assert (one.carrier, one.tracking) == ("CARRIER-1", (Tracking("T-1"),))
    assert unquote(str(end.asked[-1].url)).endswith(
        "/production/ODataV4/Company('CRONUS')/Posted?$filter=(Order_No eq '101001')&$select=Order_No,No,Tracking,Agent"
    )


async def test_tracking_of_many_orders_from_an_api_page_of_their_own() -> None:
    fields = replace(FIELDS, path="api/north/erp/v1.0/companies({company})/parcels", carrier="", url="Link")
    row = {"Order_No": "101001", "No": "102001", "Tracking": "T-2", "Link": None}
    first = {**row, "Tracking": "T-1", "Link": "https://carrier.example.com/T-1"}
    end = far_end(collection(row, first, {**row, "No": "102002", "Tracking": ""}), *[collection()] * 2)
    shipments = erp(end, settings=configuration(tracking=fields)).shipments
    found = await shipments.tracking(company="CRONUS", numbers=[str(101001 + at) for at in range(60)])
    numbers = (Tracking("T-1", "https://carrier.example.com/T-1"), Tracking("T-2"))
    assert found == (Tracked("101001", "102001", numbers),)
    assert len(end.asked) == 3
    assert "/companies(c0ffee00-0000-4000-8000-000000000001)/parcels?" in str(end.asked[0].url)


async def test_without_a_source_nothing_is_asked() -> None:
    assert await erp(far_end()).shipments.tracking(company="CRONUS", numbers=["101001"]) == ()


@pytest.mark.parametrize("row", [{}, {"Order_No": "101001", "No": "102001"}])
async def test_rows_without_the_fields_of_the_setting_are_no_tracking_at_all(row: dict[str, Any]) -> None:
    shipments = erp(far_end(collection(row)), settings=configuration(tracking=FIELDS)).shipments
    with pytest.raises(Unavailable, match="tracking_source") as failed:
        await shipments.tracking(company="CRONUS", numbers=["101001"])
    assert failed.value.scope == "tracking_source"


@pytest.mark.parametrize(
    ("answer", "kind", "scope"),
    [
        (httpx.Response(404), Unavailable, "tracking_source"),
        (answered(coded("BadRequest_NotFound", status=400)), Unavailable, "tracking_source"),
        (html(), Unavailable, "tracking_source"),
        (httpx.ReadTimeout, Unavailable, "tracking_source"),
        (httpx.Response(403), Unauthorized, "tracking_source"),
        (httpx.Response(429), Throttled, "erp"),
    ],
)
async def test_a_source_that_cannot_be_read_stops_no_creation(
    answer: Planned, kind: type[Transient], scope: str
) -> None:
    """And no shipment is put on record without what the source says of its carrier."""
    look = (batch(rows(header())), batch(rows(with_lines(line())), rows(order_row())))
    with pytest.raises(kind) as failed:
        await since(far_end(*look, answer), tracking=FIELDS)
    assert failed.value.scope == scope


@pytest.mark.parametrize(
    "answers",
    [
        (httpx.Response(503),),
        (batch(rows(header(lastModifiedDateTime=None))),),
        (batch(rows(header())), batch(rows(with_lines(line(quantity=None))), rows())),
        (batch(rows(header())), batch(rows({"number": "102001"}), rows())),
    ],
)
async def test_what_cannot_be_read_is_not_nothing(answers: tuple[httpx.Response, ...]) -> None:
    with pytest.raises(Unavailable):
        await since(far_end(*answers))
