"""Mirakl's JSON as the tests use it, plainly synthetic. Every text that is about a person contains `PERSON`."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

import simplejson

PERSON = "PERSON"


def tax(code: str = "VAT", rate: str = "20.0000", amount: str = "20.00") -> dict[str, Any]:
    return {"code": code, "rate": Decimal(rate), "amount": Decimal(amount), "tax_calculation_rule": "NONE"}


def raw_line(order_id: str = "N000001-A", index: int = 1, **changes: Any) -> dict[str, Any]:
    """Two pieces for 100.00 and 5.00 of shipping, both net, with 20 % on each."""
    line = {
        "order_line_id": f"{order_id}-{index}",
        "order_line_index": index,
        "order_line_state": "SHIPPING",
        "order_line_state_reason_code": None,
        "offer_id": 2130,
        "offer_sku": f"SKU-00{index}",
        "product_title": "Sample product",
        "category_code": "4",
        "quantity": 2,
        "price_unit": Decimal("50.00"),
        "price": Decimal("100.00"),
        "shipping_price": Decimal("5.00"),
        "total_price": Decimal("105.00"),
        "commission_fee": Decimal("10.00"),
        "commission_taxes": [tax("TAXDEFAULT", amount="2.00")],
        "taxes": [tax()],
        "shipping_taxes": [tax(amount="1.00")],
        "fees": [{"code": "eco", "amount": Decimal("0.35")}],
        "cancelations": [],
        "refunds": [],
        "promotions": [],
        "order_line_additional_fields": [{"code": "engraving", "type": "STRING", "value": f"{PERSON} for a birthday"}],
        "description": f"{PERSON} wishes",
        "shipping_from": {
            "address": {"country_iso_code": "DEU", "city": f"{PERSON} seller city"},
            "warehouse": {"code": "WH1"},
        },
        "created_date": "2026-03-02T09:00:00Z",
        "last_updated_date": "2026-03-02T10:00:00Z",
    }
    return line | changes


def raw_address(**changes: Any) -> dict[str, Any]:
    address = {
        "additional_info": f"{PERSON} second door",
        "city": f"{PERSON} city",
        "civility": f"{PERSON} Dr",
        "company": f"{PERSON} Ltd",
        "company_2": None,
        "country": "Germany",
        "country_iso_code": "DEU",
        "firstname": f"{PERSON}-first",
        "lastname": f"{PERSON}-last",
        "phone": f"{PERSON} 0100",
        "state": None,
        "street_1": f"{PERSON} street 1",
        "street_2": None,
        "zip_code": f"{PERSON} 00001",
    }
    return address | changes


def raw_order(order_id: str = "N000001-A", **changes: Any) -> dict[str, Any]:
    order = {
        "order_id": order_id,
        "commercial_id": order_id.rpartition("-")[0] or order_id,
        "order_state": "SHIPPING",
        "order_state_reason_code": None,
        "created_date": "2026-03-02T09:00:00Z",
        "last_updated_date": "2026-03-02T10:00:00.250Z",
        "acceptance_decision_date": "2026-03-02T09:05:00Z",
        "shipping_deadline": "2026-03-04T21:59:59.999Z",
        "customer_debited_date": None,
        "can_cancel": False,
        "channel": {"code": "DE", "label": "Germany"},
        "currency_iso_code": "EUR",
        "customer": {
            "customer_id": f"{PERSON}-id",
            "firstname": f"{PERSON}-one",
            "lastname": f"{PERSON}-two",
            "locale": "de_DE",
            "billing_address": raw_address(),
            "shipping_address": raw_address(),
            "organization": None,
        },
        "customer_notification_email": f"{PERSON}@example.com",
        "delivery_date": {"earliest": "2026-03-05T00:00:00Z", "latest": "2026-03-06T00:00:00Z"},
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "order_additional_fields": [{"code": "gift", "type": "STRING", "value": f"{PERSON} greets"}],
        "order_lines": [raw_line(order_id, 1), raw_line(order_id, 2)],
        "order_tax_mode": "TAX_EXCLUDED",
        "order_taxes": [],
        "payment_workflow": "PAY_ON_ACCEPTANCE",
        "price": Decimal("200.00"),
        "shipping_price": Decimal("10.00"),
        "total_price": Decimal("210.00"),
        "promotions": {"applied_promotions": [{"id": "P1", "deduced_amount": 1, "promo_code": PERSON}]},
        "references": {"order_reference_for_customer": f"{PERSON} PO 7", "order_reference_for_seller": "SO-1"},
        "shipping_pudo_id": "PUDO-9",
        "shipping_carrier_code": "CA1",
        "shipping_company": "Carrier One",
        "shipping_tracking": f"{PERSON}-tracking",
        "shipping_tracking_url": f"https://carrier-one.example.com/{PERSON}-tracking",
        "shipping_type_code": "STD",
        "transaction_number": f"{PERSON}-payment",
    }
    return copy.deepcopy(order | changes)


def encoded(content: Any) -> bytes:
    return simplejson.dumps(content, use_decimal=True).encode()


def without(content: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key != name}
