"""Our references and invoices over recorded answers."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from shared.erp.business_central.references import document_number
from shared.errors import Unavailable
from shared.model.sales_order import ErpInvoice, ErpReference
from tests.erp.business_central.far_end import FarEnd, batch, collection, erp, far_end, line_row, order_row, rows

EARLY, LATE = datetime(2026, 3, 2, 8, tzinfo=UTC), datetime(2026, 3, 2, 9, tzinfo=UTC)


def listed(number: str, reference: str, at: datetime, *, posted: bool = False) -> dict[str, Any]:
    name = "orderNumber" if posted else "number"
    return {name: number, "externalDocumentNumber": reference, "lastModifiedDateTime": at.isoformat()}


async def references(end: FarEnd) -> dict[str, ErpReference]:
    found = await erp(end).sales_orders.references(company="CRONUS", changed_since=EARLY, prefixes=("NO", "SU"))
    assert len({one.number for one in found}) == len(found)
    return {one.number: one for one in found}


async def test_each_order_once_wherever_it_stands_with_its_last_change() -> None:
    end = far_end(
        batch(
            rows(listed("1", "NO-1", EARLY), listed("2", "PO-1", EARLY), listed("3", "NORTH-1", EARLY)),
            rows(listed("1", "NO-1", LATE, posted=True), listed("", "NO-4", EARLY, posted=True)),
            rows(listed("5", "SU-5", EARLY, posted=True)),
        )
    )
    assert await references(end) == {"1": ErpReference("1", "NO-1", LATE), "5": ErpReference("5", "SU-5", EARLY)}


async def test_short_forms_are_read_in_full_where_a_comment_says_it() -> None:
    ids = [f"NO-n00000{at}-a" for at in range(3)]
    here, shipped, gone = (document_number(one) for one in ids)
    comment = line_row(lineType="Comment", description=ids[0], description2="")
    end = far_end(
        batch(
            rows(listed("1", here, EARLY)),
            rows(listed("2", shipped, EARLY, posted=True)),
            rows(listed("3", gone, EARLY, posted=True)),
        ),
        batch(
            rows(order_row(number="1", externalDocumentNumber=here, salesOrderLines=[comment])),
            rows({"orderNumber": "2", "salesShipmentLines": [{"description": "Ring twice"}, {"description": ids[1]}]}),
        ),
    )
    found = {number: one.reference for number, one in (await references(end)).items()}
    assert found == {"1": ids[0], "2": ids[1], "3": gone}
    assert end.calls == ["POST $batch", "POST $batch"]


def invoice(**fields: Any) -> dict[str, Any]:
    return {
        "number": "103001",
        "externalDocumentNumber": "NO-1",
        "orderNumber": "101001",
        "postingDate": "2026-03-02",
        "currencyCode": "EUR",
        "status": "Open",
        "totalTaxAmount": Decimal("7.45"),
        "totalAmountIncludingTax": Decimal("44.70"),
    } | fields


async def test_posted_invoices_and_those_that_were_taken_back() -> None:
    drafts = [invoice(number="D", status=status) for status in ("Draft", "In_x0020_Review", "_x0020_")]
    end = far_end(collection(invoice(), invoice(number="103002", status="Canceled"), *drafts))
    found = await erp(end).invoices.of(company="CRONUS", numbers=["101001"])
    posted = ErpInvoice(
        "103001", "101001", "NO-1", date(2026, 3, 2), "EUR", Decimal("44.70"), Decimal("7.45"), cancelled=False
    )
    assert [(one.number, one.cancelled) for one in found] == [("103001", False), ("103002", True)]
    assert found[0] == posted


@pytest.mark.parametrize("fields", [{"postingDate": "0001-01-01"}, {"totalTaxAmount": None}, {"status": None}])
async def test_an_invoice_that_is_not_whole_is_not_left_out(fields: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        await erp(far_end(collection(invoice(**fields)))).invoices.of(company="CRONUS", numbers=["101001"])
