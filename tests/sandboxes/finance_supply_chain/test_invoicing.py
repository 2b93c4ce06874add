"""Sales invoices that people post: what stands on each, what is read of it, and what it does to the order."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from sandboxes.finance_supply_chain.controls import controls
from tests.sandboxes.finance_supply_chain.caller import Caller, line

INVOICES = "SalesInvoiceHeadersV2?cross-company=true"
ONE = "SalesOrderHeadersV3(dataAreaId='usmf',SalesOrderNumber='MKA-0001-A')?cross-company=true"
GOODS, FEE = "MKA-0001-A-1", "fee"


def control(caller: Caller, name: str, **content: Any) -> Any:
    return controls(caller.sandbox)[name]({"number": "MKA-0001-A", **content}, caller.now)


def ordered(**changes: Any) -> Caller:
    """Three pieces at 10.00 and a fee of 4.90, with 20 % of tax."""
    caller = Caller()
    goods = line(OrderedSalesQuantity=3, SalesPrice=10)
    fee = line(ItemNumber="SHIPPING", ExternalItemNumber=FEE, OrderedSalesQuantity=1, SalesPrice=Decimal("4.90"))
    caller.order(goods, fee, SalesTaxGroupCode="FR", **changes)
    return caller


def invoices(caller: Caller) -> list[dict[str, Any]]:
    return list(caller.get(INVOICES)["value"])


def statuses(caller: Caller) -> tuple[Any, ...]:
    found = caller.get(f"{ONE}&$expand=SalesOrderLines($select=SalesOrderLineStatus)")
    lines = [one["SalesOrderLineStatus"] for one in found["SalesOrderLines"]]
    return found["SalesOrderStatus"], found["SalesOrderProcessingStatus"], lines


def test_an_invoice_names_its_order_and_its_amounts() -> None:
    caller = ordered()
    control(caller, "ship")
    assert control(caller, "invoice") == {"invoice": "CIV000001"}
    (found,) = invoices(caller)
    expected = {
        "InvoiceNumber": "CIV000001",
        "InvoiceDate": "2026-03-02T12:00:00Z",
        "SalesOrderNumber": "MKA-0001-A",
        "CustomersOrderReference": "MKA-0001-A",
        "InvoiceCustomerAccountNumber": "MKP-FR-EUR",
        "CurrencyCode": "EUR",
        "TotalInvoiceAmount": Decimal("34.90"),
        "TotalTaxAmount": Decimal("5.82"),
    }
    assert {name: found[name] for name in expected} == expected
    assert statuses(caller) == ("Invoiced", "Invoiced", ["Invoiced", "Invoiced"])


def test_tax_comes_on_top_where_prices_do_not_include_it() -> None:
    caller = ordered(ArePricesIncludingSalesTax="No")
    control(caller, "ship")
    control(caller, "invoice")
    (found,) = invoices(caller)
    assert (found["TotalInvoiceAmount"], found["TotalTaxAmount"]) == (Decimal("41.88"), Decimal("6.98"))


def test_each_part_is_invoiced_once_and_services_go_with_the_first() -> None:
    caller = ordered()
    control(caller, "ship", lines={GOODS: 1})
    control(caller, "invoice")
    assert statuses(caller) == ("Backorder", "PartiallyInvoiced", ["Backorder", "Invoiced"])
    with pytest.raises(ValueError, match="nothing of sales order MKA-0001-A is to be invoiced"):
        control(caller, "invoice")
    control(caller, "ship")
    assert statuses(caller) == ("Delivered", "DeliveredPartiallyInvoiced", ["Delivered", "Invoiced"])
    control(caller, "invoice")
    assert statuses(caller)[0] == "Invoiced"
    assert [one["TotalInvoiceAmount"] for one in invoices(caller)] == [Decimal("14.90"), 20]


def test_parts_that_do_not_divide_come_to_the_lines_amount() -> None:
    caller = Caller()
    caller.order(line(OrderedSalesQuantity=3, SalesPrice=Decimal("3.333")))
    for _ in range(3):
        control(caller, "ship", lines={GOODS: 1})
        control(caller, "invoice")
    assert [one["TotalInvoiceAmount"] for one in invoices(caller)] == [
        Decimal("3.33"),
        Decimal("3.34"),
        Decimal("3.33"),
    ]


def test_the_cancelled_rest_of_a_line_is_not_invoiced() -> None:
    caller = ordered()
    control(caller, "ship", lines={GOODS: 1})
    control(caller, "cancel_line", reference=GOODS)
    control(caller, "invoice")
    assert statuses(caller) == ("Invoiced", "Invoiced", ["Invoiced", "Invoiced"])


@pytest.mark.parametrize("name", ["ship", "cancel_order", "delete_order"])
def test_what_is_invoiced_stays(name: str) -> None:
    caller = ordered()
    control(caller, "ship")
    control(caller, "invoice")
    with pytest.raises(ValueError, match="MKA-0001-A"):
        control(caller, name)
    assert statuses(caller)[0] == "Invoiced"


def test_a_slip_is_not_corrected_below_what_is_invoiced() -> None:
    caller = ordered()
    slip = control(caller, "ship", lines={GOODS: 2})["slip"]
    control(caller, "invoice")
    caller.later(5)
    with pytest.raises(ValueError, match="cannot have left"):
        control(caller, "correct_slip", slip=slip, lines={GOODS: 1})


def test_an_invoiced_service_is_not_deleted() -> None:
    caller = ordered()
    control(caller, "invoice")
    lots = {one["ExternalItemNumber"]: one["InventoryLotId"] for one in caller.get("SalesOrderLinesV3")["value"]}
    answer = caller.call("DELETE", f"SalesOrderLinesV3(dataAreaId='usmf',InventoryLotId='{lots[FEE]}')")
    assert answer.status == 400
    with pytest.raises(ValueError, match="cannot be deleted"):
        control(caller, "delete_order")
    assert statuses(caller) == ("Backorder", "PartiallyInvoiced", ["Backorder", "Invoiced"])


def test_the_books_have_every_invoice_and_when_the_order_left() -> None:
    caller = ordered()
    control(caller, "ship")
    control(caller, "invoice")
    books = control(caller, "books")
    (entry,) = books["invoices"]
    assert (entry["number"], entry["reference"], entry["currency"]) == ("MKA-0001-A", "MKA-0001-A", "EUR")
    assert (entry["total"], entry["tax"]) == (Decimal("34.90"), Decimal("5.82"))
    assert (books["orders"][0]["status"], books["orders"][0]["shipped_at"]) == ("Invoiced", caller.now)


def test_an_invoice_of_no_order_is_refused() -> None:
    with pytest.raises(ValueError, match="there is no sales order MKA-0001-A"):
        control(Caller(), "invoice")


def test_invoices_are_filtered_by_order_and_only_read() -> None:
    caller = ordered()
    control(caller, "ship")
    control(caller, "invoice")
    assert len(caller.get(f"{INVOICES}&$filter=SalesOrderNumber eq 'mka-0001-a'")["value"]) == 1
    assert caller.get(f"{INVOICES}&$filter=SalesOrderNumber eq 'other'")["value"] == []
    assert caller.call("GET", f"{INVOICES}&$filter=startswith(SalesOrderNumber,'MKA')").status == 400
    assert caller.call("POST", INVOICES, {"dataAreaId": "usmf"}).status == 405
