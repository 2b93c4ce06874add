"""Sales order drafts and an installation's configuration, as these tests need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from shared.erp.prima.configuration import Configuration
from shared.erp.prima.endpoint import Basic, Endpoint
from shared.model.keys import OrderKey, external_reference
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, DraftLine, ItemCode, NumberFormat, SalesOrderDraft
from tests.contract.erp.world import Purpose

COMPANY = "1"
USER, PASSWORD = "bridge", "synthetic"
RANGE = NumberFormat("201", 6)
_CHARGES: dict[Purpose, str] = {"shipping": "SHIPPING", "fee": "FEE", "rounding": "ROUNDING"}
ADDRESS = Address(
    name="Shopper Seventeen",
    company="",
    street_1="Test Street 5",
    street_2="",
    additional_info="",
    zip_code="00017",
    city="Testville",
    state="",
    country="FRA",
    phone="+00 000 0017",
)


def configuration(**changes: Any) -> Configuration:
    plain = Configuration(
        endpoint=Endpoint(url="https://prima.example.com/wsalive/wsalive", authorization=Basic(USER, "prima-secret")),
        company=COMPANY,
        price="line",
        vat_inclusive=True,
        ranges={"north-fr": RANGE},
    )
    return replace(plain, **changes)


def draft(order: str = "N000001-A", **changes: Any) -> SalesOrderDraft:
    plain = SalesOrderDraft(
        key=OrderKey("north-fr", order),
        number=RANGE.number(1),
        reference=external_reference("NO", order),
        commercial_reference=order.rpartition("-")[0],
        company=COMPANY,
        customer="MKP-FR-EUR",
        currency="EUR",
        prices_include_tax=True,
        origin="MIRAKL",
        dimensions="",
        delivery_mode="CARRIER-1",
        delivery_service="GROUND",
        country="FR",
        address=ADDRESS,
        pickup_point="",
        note="Ring twice",
        requested_shipping_date=date(2026, 3, 4),
        tax_group="FR",
        on_hold=False,
        lines=(line(1, quantity="2", price="19.90"), line(2, purpose="shipping", price="4.90")),
        total=Decimal("44.70"),
        tax=None,
    )
    return replace(plain, **changes)


def line(
    number: int,
    item: str = "ITEM-001",
    *,
    purpose: Purpose = "item",
    quantity: str = "1",
    price: str = "1",
    **more: Any,
) -> DraftLine:
    plain = DraftLine(
        number=number,
        reference=f"N000001-A-{number}",
        item=ItemCode(_CHARGES.get(purpose, item)),
        quantity=Decimal(quantity),
        unit="pcs",
        unit_price=Decimal(price),
        amount=Decimal(quantity) * Decimal(price),
        tax_group="FR",
        item_tax_group="FULL",
        site="1",
        warehouse="11",
        purpose=purpose,
    )
    return replace(plain, **more)


def customer(**changes: Any) -> CustomerDraft:
    plain = CustomerDraft(
        company=COMPANY,
        account="",
        group="",
        currency="EUR",
        tax_group="FR",
        invoice_account="MKP-FR-EUR",
        first_name="Shopper",
        last_name="Seventeen",
        organization="",
        tax_number="",
        identification_number="",
        country="FR",
        address=ADDRESS,
    )
    return replace(plain, **changes)
