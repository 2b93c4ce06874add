"""What Business Central is sent, byte for byte, and the rules behind single properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from shared.erp.business_central.codes import LOCATIONS, METHODS, variants
from shared.erp.business_central.configuration import ChannelDimension
from shared.erp.business_central.sales_order import Known, named_codes, sales_order
from shared.erp.microsoft.odata import dumps
from shared.errors import Rejected
from shared.model.sales_order import ItemCode, SalesOrderDraft
from tests.erp.business_central.drafts import KNOWN, configuration, draft, draft_line, full_draft

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize(("name", "order"), [("plain", draft()), ("full", full_draft())])
def test_the_deep_insert_is_the_recorded_bytes(name: str, order: SalesOrderDraft) -> None:
    """The order of the properties decides what they come to: it changes only on purpose."""
    sent = dumps(sales_order(order, configuration(), KNOWN))
    assert sent == (GOLDEN / f"{name}.json").read_bytes().rstrip(b"\n")


def test_what_asks_for_a_price_stands_before_the_price_and_the_discount_is_last() -> None:
    line = sales_order(full_draft(), configuration(), KNOWN)["salesOrderLines"][0]
    assert list(line) == [
        "lineType",
        "lineObjectNumber",
        "itemVariantId",
        "locationId",
        "shipmentDate",
        "quantity",
        "unitOfMeasureCode",
        "taxCode",
        "description2",
        "unitPrice",
        "discountPercent",
    ]


def test_the_customer_is_first_and_the_lines_are_last() -> None:
    names = list(sales_order(full_draft(), configuration(), KNOWN))
    assert names[:5] == [
        "customerNumber",
        "billToCustomerNumber",
        "currencyCode",
        "pricesIncludeTax",
        "shortcutDimension1Code",
    ]
    assert names[-1] == "salesOrderLines"
    assert "postingDate" not in names


@pytest.mark.parametrize(
    ("dimension", "field"),
    [("shortcut_1", "shortcutDimension1Code"), ("shortcut_2", "shortcutDimension2Code"), ("customer", None)],
)
def test_the_channel_is_a_global_dimension_or_the_customers(dimension: ChannelDimension, field: str | None) -> None:
    body = sales_order(draft(origin="MIRAKL"), configuration(channel_dimension=dimension), KNOWN)
    found = {name: value for name, value in body.items() if name.startswith("shortcut")}
    assert found == ({field: "MIRAKL"} if field else {})


def test_a_dimension_of_the_mapping_goes_before_the_origin() -> None:
    body = sales_order(draft(origin="MIRAKL", dimensions="MKPA"), configuration(), KNOWN)
    assert body["shortcutDimension1Code"] == "MKPA"


def test_the_order_date_is_mirakls_date_where_the_company_is() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert sales_order(draft(ordered=late), configuration(), KNOWN)["orderDate"] == "2026-03-02"
    assert "orderDate" not in sales_order(draft(), configuration(), KNOWN)


@pytest.mark.parametrize(("charge_lines", "line_type"), [("item", "Item"), ("account", "Account")])
def test_charges_are_items_or_accounts(charge_lines: Any, line_type: str) -> None:
    lines = sales_order(full_draft(), configuration(charge_lines=charge_lines), KNOWN)["salesOrderLines"]
    assert [line["lineType"] for line in lines[:2]] == ["Item", line_type]
    assert "locationId" not in lines[1]


def test_lines_stand_in_the_order_of_their_numbers() -> None:
    body = sales_order(draft(lines=(draft_line(2), draft_line(1))), configuration(), KNOWN)
    assert [line["description2"] for line in body["salesOrderLines"]] == ["N000001-A-1", "N000001-A-2"]


def test_a_discount_of_nothing_is_stated() -> None:
    body = dumps(sales_order(draft(), configuration(), KNOWN))
    assert b'"unitPrice":19.90,"discountPercent":0}' in body


def test_an_id_that_business_central_would_change_stands_in_full_in_the_first_comment() -> None:
    body = sales_order(draft(reference="NO-n000001-a", note="Ring twice"), configuration(), KNOWN)
    comments = [line["description"] for line in body["salesOrderLines"] if line["lineType"] == "Comment"]
    assert comments == ["NO-n000001-a", "Ring twice"]
    assert body["externalDocumentNumber"] != "NO-N000001-A"


def test_the_shippers_invoice_goes_to_whom_the_draft_says() -> None:
    assert "billToCustomerNumber" not in sales_order(draft(invoice_customer="C-NORTH"), configuration(), KNOWN)
    body = sales_order(draft(invoice_customer="MKP-DE"), configuration(), KNOWN)
    assert body["billToCustomerNumber"] == "MKP-DE"


def test_a_line_reference_that_does_not_fit_is_never_cut() -> None:
    with pytest.raises(Rejected) as refused:
        sales_order(draft(lines=(draft_line(reference="N" * 51),)), configuration(), KNOWN)
    assert (refused.value.kind, refused.value.subject) == ("text_does_not_fit", "description2")


def test_the_codes_that_need_an_id() -> None:
    assert named_codes(full_draft()) == {
        METHODS: {"STD"},
        LOCATIONS: {"11"},
        variants("SHIRT-01"): {"M-RED"},
    }
    assert named_codes(draft()) == {}
    assert named_codes(draft(lines=(draft_line(purpose="fee", warehouse="11"),))) == {}


@pytest.mark.parametrize(
    ("order", "subject"),
    [
        (draft(lines=(draft_line(warehouse="99"),)), "warehouses:location 99"),
        (draft(delivery_mode="NONE"), "shipping:shipment method NONE"),
        (draft(delivery_mode="STD", delivery_service="AIR"), "shipping:service AIR"),
        (draft(lines=(draft_line(item=ItemCode("SHIRT-01", configuration="XL")),)), "items:variant XL of SHIRT-01"),
        *(
            (draft(lines=(draft_line(item=replace(ItemCode("SHIRT-01"), **{part: "M"})),)), "items:item SHIRT-01")
            for part in ("size", "colour", "style", "version")
        ),
    ],
)
def test_a_code_without_an_id_is_the_mappings_fault(order: SalesOrderDraft, subject: str) -> None:
    with pytest.raises(Rejected) as refused:
        sales_order(order, configuration(), KNOWN)
    assert (refused.value.kind, refused.value.subject) == ("mapping_invalid", subject)
    assert refused.value.remedy


def test_nothing_known_blames_nothing_that_is_not_asked_for() -> None:
    assert sales_order(draft(), configuration(), Known())["externalDocumentNumber"] == "NO-N000001-A"


def test_amounts_keep_their_digits_on_the_wire() -> None:
    line = draft_line(quantity=Decimal("3.50"), unit_price=Decimal("1E-5"))
    body = dumps(sales_order(draft(lines=(line,)), configuration(), KNOWN))
    assert b'"quantity":3.50,' in body
    assert b'"unitPrice":0.00001,' in body
