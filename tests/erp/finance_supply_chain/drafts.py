"""Sales order drafts, an environment and answers, as these tests need them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from shared.erp.finance_supply_chain.configuration import DEFAULT_LENGTHS, Configuration
from shared.erp.microsoft.odata import dumps
from shared.erp.transport import Answer
from shared.model.keys import OrderKey
from shared.model.order import Address
from shared.model.sales_order import CustomerDraft, DraftLine, ItemCode, SalesOrderDraft

URL = "https://north.operations.example.com"
TOKEN_URL = "https://login.example.com/tenant/oauth2/v2.0/token"


def configuration(
    *, note_field: str = "DeliveryAddressDescription", settle: timedelta = timedelta(minutes=10), **lengths: int
) -> Configuration:
    return Configuration(
        url=URL,
        token_url=TOKEN_URL,
        client_id="00000000-0000-0000-0000-000000000001",
        client_secret="fo-client-secret",
        settle=settle,
        lengths={**DEFAULT_LENGTHS, **lengths},
        delivery_note_field=note_field,
    )


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
        site="1",
        warehouse="11",
    )
    return replace(plain, **fields)


def draft(**fields: Any) -> SalesOrderDraft:
    plain = SalesOrderDraft(
        key=OrderKey("north-de", "N000001-A"),
        number="NO-N000001-A",
        reference="NO-N000001-A",
        commercial_reference="N000001",
        company="USMF",
        customer="C-NORTH",
        currency="EUR",
        prices_include_tax=True,
        origin="",
        dimensions="",
        delivery_mode="",
        delivery_service="",
        country="DEU",
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
        origin="MIRAKL",
        dimensions="-001-",
        delivery_mode="PICKUP",
        delivery_service="STANDARD",
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
        tax_group="DOM",
        on_hold=True,
        lines=(
            draft_line(
                1,
                item=ItemCode("ITEM-001", configuration="C1", size="M", colour="RED", style="S1", version="V1"),
                quantity=Decimal("2.50"),
                unit_price=Decimal("19.9050"),
                tax_group="DOM",
                item_tax_group="STD",
            ),
            draft_line(
                2,
                reference="N000001-A-1/shipping-of-the-line",
                item=ItemCode("SHIPPING"),
                quantity=Decimal("1E+1"),
                unit_price=Decimal("0.0000001"),
                purpose="shipping",
            ),
        ),
    )


def customer(**fields: Any) -> CustomerDraft:
    plain = CustomerDraft(
        company="USMF",
        account="NO-ABCDEFGHIJKLMNOPQ",
        group="30",
        currency="EUR",
        tax_group="",
        invoice_account="",
        first_name="Shopper",
        last_name="One",
        organization="",
        tax_number="",
        identification_number="",
        country="DEU",
        address=ADDRESS,
    )
    return replace(plain, **fields)


def odata_error(text: str, *, status: int = 400) -> Answer:
    """An error body as F&O writes it: no code, the infolog innermost, stack traces on every level."""
    inner = {
        "message": f"Write failed for table row of type 'SalesOrderHeaderV3Entity'. Infolog: {text}",
        "type": "UpdateException",
        "stacktrace": "   at a place of no interest",
    }
    outer = {
        "message": "An exception occurred.",
        "type": "Exception",
        "stacktrace": "   at elsewhere",
        "internalexception": inner,
    }
    return Answer(status, dumps({"error": {"code": "", "message": "An error has occurred.", "innererror": outer}}))
