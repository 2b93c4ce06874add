"""Posted invoices of our orders: what is asked, and what a row comes to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import httpx
import pytest

from shared.erp.finance_supply_chain.connect import open_erp
from shared.errors import BridgeError, Throttled, Unauthorized, Unavailable
from shared.model.sales_order import ErpInvoice
from tests.erp.finance_supply_chain.drafts import configuration
from tests.erp.finance_supply_chain.far_end import FarEnd, Planned, around, collection, far_end, html

INVOICES = "GET SalesInvoiceHeadersV2"


def row(number: str = "CIV-1", order: str = "NO-A", **fields: Any) -> dict[str, Any]:
    return {
        "InvoiceNumber": number,
        "InvoiceDate": "2026-03-04T12:00:00Z",
        "LedgerVoucher": f"V-{number}",
        "SalesOrderNumber": order,
        "CustomersOrderReference": order,
        "CurrencyCode": "EUR",
        "TotalInvoiceAmount": Decimal("44.70"),
        "TotalTaxAmount": Decimal("7.45"),
    } | fields


def invoice(number: str = "CIV-1", order: str = "NO-A", total: str = "44.70", tax: str = "7.45") -> ErpInvoice:
    return ErpInvoice(number, order, order, date(2026, 3, 4), "EUR", Decimal(total), Decimal(tax))


async def invoices(end: FarEnd, *numbers: str) -> Sequence[ErpInvoice]:
    return await open_erp(configuration(), around(end)).invoices.of(company="USMF", numbers=numbers or ("NO-A",))


async def test_the_address() -> None:
    end = far_end(collection(row()))
    assert await invoices(end, "NO-A", "NO-B") == (invoice(),)
    assert end.asked[1].url.raw_path == (
        b"/data/SalesInvoiceHeadersV2?cross-company=true&$filter=dataAreaId%20eq%20'usmf'%20and%20"
        b"(SalesOrderNumber%20eq%20'NO-A'%20or%20SalesOrderNumber%20eq%20'NO-B')"
        b"&$select=InvoiceNumber,InvoiceDate,LedgerVoucher,SalesOrderNumber,CustomersOrderReference,CurrencyCode,"
        b"TotalInvoiceAmount,TotalTaxAmount&$orderby=InvoiceNumber"
    )


async def test_several_invoices_of_an_order_and_a_credit_note() -> None:
    credit = row("CIV-2", TotalInvoiceAmount=Decimal("-10.00"), TotalTaxAmount=Decimal("-1.67"))
    found = await invoices(far_end(collection(row(), credit, row("CIV-3", TotalInvoiceAmount=5, TotalTaxAmount=0))))
    assert found == (invoice(), invoice("CIV-2", total="-10.00", tax="-1.67"), invoice("CIV-3", total="5", tax="0"))
    assert not any(one.cancelled for one in found)


async def test_twenty_orders_a_call_each_once() -> None:
    end = far_end(collection(), collection(row(order="NO-20")), collection())
    numbers = [f"NO-{number}" for number in range(41)]
    assert await invoices(end, *numbers, "NO-0") == (invoice(order="NO-20"),)
    assert end.calls == ["token", INVOICES, INVOICES, INVOICES]


async def test_no_orders_need_no_call() -> None:
    end = far_end()
    assert await open_erp(configuration(), around(end)).invoices.of(company="usmf", numbers=[]) == ()
    assert end.calls == []


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (httpx.ReadTimeout, Unavailable),
        (html(), Unavailable),
        (httpx.Response(429), Throttled),
        (httpx.Response(403), Unauthorized),
        (collection(row(TotalInvoiceAmount="44.70")), Unavailable),
        (collection(row(InvoiceDate="1900-01-01T12:00:00Z")), Unavailable),
        (collection({"InvoiceNumber": "CIV-1"}), Unavailable),
    ],
)
async def test_no_answer_is_not_no_invoice(answer: Planned, expected: type[BridgeError]) -> None:
    with pytest.raises(expected) as failed:
        await invoices(far_end(answer))
    assert type(failed.value) is expected
