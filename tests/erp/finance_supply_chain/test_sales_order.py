"""What F&O is sent, byte for byte, and the rules behind single fields."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shared.erp.finance_supply_chain.batch import changeset
from shared.erp.finance_supply_chain.sales_order import header, order_line, posts
from shared.erp.microsoft.odata import dumps
from shared.errors import Rejected
from shared.model.sales_order import SalesOrderDraft
from tests.erp.finance_supply_chain.drafts import URL, configuration, draft, draft_line, full_draft

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "order"), [("plain", draft()), ("full", full_draft())])
def test_batch_is_the_recorded_bytes(name: str, order: SalesOrderDraft) -> None:
    sent = changeset(URL, posts(order, configuration()))
    assert sent.content == (GOLDEN / f"{name}.batch").read_bytes()


def test_lines_follow_the_header_in_the_order_of_their_numbers() -> None:
    order = draft(lines=(draft_line(2), draft_line(1)))
    sent = posts(order, configuration())
    assert [post.entity_set for post in sent] == ["SalesOrderHeadersV3", "SalesOrderLinesV3", "SalesOrderLinesV3"]
    assert [post.body["CustomersLineNumber"] for post in sent[1:]] == [1, 2]


def test_amounts_keep_their_digits_on_the_wire() -> None:
    line = draft_line(quantity=Decimal("3.50"), unit_price=Decimal("1E-7"))
    body = dumps(order_line(draft(), line, configuration()))
    assert b'"OrderedSalesQuantity":3.50,' in body
    assert b'"SalesPrice":0.0000001,' in body


@pytest.mark.parametrize(
    ("reference", "field"),
    [("N" * 20, "CustomerRequisitionNumber"), ("N" * 21, "SalesOrderName"), ("", None)],
)
def test_commercial_reference_is_a_requisition_or_the_name(reference: str, field: str | None) -> None:
    body = header(draft(commercial_reference=reference), configuration())
    found = [name for name in ("CustomerRequisitionNumber", "SalesOrderName") if name in body]
    assert found == ([field] if field else [])
    assert not field or body[field] == reference


@pytest.mark.parametrize(
    ("order", "field"),
    [
        (draft(reference="N" * 61), "CustomersOrderReference"),
        (draft(commercial_reference="N" * 61), "SalesOrderName"),
        (draft(lines=(draft_line(reference="N" * 61),)), "OrderLineReference"),
    ],
)
def test_reference_that_does_not_fit_is_never_cut(order: SalesOrderDraft, field: str) -> None:
    with pytest.raises(Rejected) as refused:
        posts(order, configuration())
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", field)
    assert "61" in refused.value.reason
    assert "NNN" not in str(refused.value)


def test_long_line_reference_is_left_out_of_the_short_field_only() -> None:
    body = order_line(draft(), draft_line(reference="N" * 21), configuration())
    assert "ExternalItemNumber" not in body
    assert body["OrderLineReference"] == "N" * 21


def test_on_hold_is_asked_for_only_where_wanted() -> None:
    assert "IsSalesProcessingStopped" not in header(draft(), configuration())
    assert header(draft(on_hold=True), configuration())["IsSalesProcessingStopped"] == "Yes"


def test_header_takes_site_and_warehouse_of_the_first_line_that_has_them() -> None:
    lines = (draft_line(1, site="", warehouse=""), draft_line(2, site="2", warehouse="22"))
    body = header(draft(lines=lines), configuration())
    assert (body["DefaultShippingSiteId"], body["DefaultShippingWarehouseId"]) == ("2", "22")


def test_order_that_the_erp_numbers_names_no_number_and_is_stopped_until_it_is_complete() -> None:
    body = header(draft(number=""), replace(configuration(), order_numbers="automatic"))
    assert "SalesOrderNumber" not in body
    assert body["IsSalesProcessingStopped"] == "Yes"


@pytest.mark.parametrize(("invoiced", "expected"), [("", "C-NORTH"), ("C-INVOICE", "C-INVOICE")])
def test_who_orders_and_who_is_invoiced(invoiced: str, expected: str) -> None:
    body = header(draft(invoice_customer=invoiced), configuration())
    assert (body["OrderingCustomerAccountNumber"], body["InvoiceCustomerAccountNumber"]) == ("C-NORTH", expected)


@pytest.mark.parametrize("missing", [{"number": ""}, {"lines": ()}])
def test_draft_without_number_or_lines_is_a_bug(missing: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="without number or lines"):
        header(draft(**missing), configuration())
