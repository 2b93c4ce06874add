"""Sales order drafts, an environment and answers, as these tests need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from shared.erp.business_central.codes import LOCATIONS, METHODS, variants
from shared.erp.business_central.companies import Company
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.sales_order import Known
from shared.erp.microsoft.odata import dumps
from shared.erp.transport import Answer
from shared.model.keys import OrderKey
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, DraftLine, ItemCode, SalesOrderDraft

URL = "https://api.businesscentral.dynamics.com/v2.0/tenant/production"
TOKEN_URL = "https://login.example.com/tenant/oauth2/v2.0/token"
COMPANY = Company("c0ffee00-0000-4000-8000-000000000001", "CRONUS")
LOCATION_ID = "10000000-0000-4000-8000-000000000011"
METHOD_ID = "20000000-0000-4000-8000-000000000001"
VARIANT_ID = "30000000-0000-4000-8000-000000000001"
KNOWN = Known(
    {LOCATIONS: {"11": LOCATION_ID}, METHODS: {"STD": METHOD_ID}, variants("SHIRT-01"): {"M-RED": VARIANT_ID}}
)


def configuration(**terms: Any) -> Configuration:
    plain = Configuration(
        url=URL,
        token_url=TOKEN_URL,
        client_id="00000000-0000-0000-0000-000000000001",
        client_secret="bc-client-secret",
        time_zone=ZoneInfo("Europe/Paris"),
        channel_dimension="shortcut_1",
    )
    return replace(plain, **terms)


ADDRESS = Address(
    name="Shopper One",
    company="",
    street_1="Test Street 5",
    street_2="",
    additional_info="",
    zip_code="00001",
    city="Testville",
    state="",
    country="DEU",
    phone="",
)


def address(**fields: str) -> Address:
    return replace(ADDRESS, **fields)


def draft_line(number: int = 1, **fields: Any) -> DraftLine:
    plain = DraftLine(
        number=number,
        reference=f"N000001-A-{number}",
        item=ItemCode(f"ITEM-{number:03}"),
        quantity=Decimal(2),
        unit="PCS",
        unit_price=Decimal("19.90"),
        amount=Decimal("39.80"),
        tax_group="",
        item_tax_group="",
        site="",
        warehouse="",
    )
    return replace(plain, **fields)


def draft(**fields: Any) -> SalesOrderDraft:
    plain = SalesOrderDraft(
        key=OrderKey("north-de", "N000001-A"),
        number="",
        reference="NO-N000001-A",
        commercial_reference="N000001",
        company="CRONUS",
        customer="C-NORTH",
        currency="EUR",
        prices_include_tax=True,
        origin="",
        dimensions="",
        delivery_mode="",
        delivery_service="",
        country="DE",
        address=ADDRESS,
        pickup_point="",
        note="",
        requested_shipping_date=None,
        tax_group="",
        on_hold=False,
        lines=(draft_line(),),
        total=Decimal("39.80"),
        tax=None,
    )
    return replace(plain, **fields)


def full_draft() -> SalesOrderDraft:
    """Every field of a draft in use."""
    return draft(
        reference="NO-n000001-a",
        origin="MIRAKL",
        delivery_mode="STD",
        invoice_customer="MKP-DE",
        ordered=datetime(2026, 3, 1, 23, 30, tzinfo=UTC),
        address=address(
            company="Company Two",
            street_1="Straße 5 “A”",
            street_2="Łódź Yard",
            additional_info="2nd floor",
            state="Teststate",
            phone="+00 000 0001",
        ),
        pickup_point="PUDO-17",
        note="Ring twice\nat the green door",
        requested_shipping_date=date(2026, 3, 4),
        lines=(
            draft_line(
                1,
                item=ItemCode("SHIRT-01", configuration="m-red"),
                quantity=Decimal("2.50"),
                unit_price=Decimal("19.9050"),
                item_tax_group="FULL",
                warehouse="11",
            ),
            draft_line(
                2,
                reference="shipping-1",
                item=ItemCode("SHIPPING"),
                quantity=Decimal(1),
                unit_price=Decimal("4.90"),
                item_tax_group="FULL",
                warehouse="11",
                purpose="shipping",
            ),
        ),
    )


def customer(**fields: Any) -> CustomerDraft:
    plain = CustomerDraft(
        company="CRONUS",
        account="NO-ABCDEFGHIJKLMNOPQ",
        group="",
        currency="EUR",
        tax_group="",
        invoice_account="",
        first_name="Shopper",
        last_name="One",
        organization="",
        tax_number="",
        identification_number="",
        country="DE",
        address=ADDRESS,
    )
    return replace(plain, **fields)


def coded(code: str, text: str = "It does not go.", *, status: int = 400) -> Answer:
    """An error body as Business Central writes it."""
    correlation = "7f5c0000-0000-4000-8000-000000000000"
    return Answer(status, dumps({"error": {"code": code, "message": f"{text}  CorrelationId:  {correlation}."}}))
