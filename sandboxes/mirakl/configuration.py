"""PC01: what an instance tells of itself. The acceptance time-out is not part of it."""

from __future__ import annotations

from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.platform import Platform
from sandboxes.wire import Response


def pc01(call: Call) -> Response:
    platform = call.platform
    return Response.of(
        200,
        {
            "features": {**_order_features(platform), **_other_features()},
            "modules": _modules(),
            "platform_configuration": {
                "customer_model": {"b2b": True, "b2c": True},
                "enhanced_seller_invoicing": {"enabled": False},
                "platform_model": {"drop_ship": False, "marketplace": True, "one_creditor": False},
            },
            "platform_name": platform.name,
            "tenant_name": f"{platform.code}-sandbox",
            "timezone": platform.timezone,
        },
    )


def _order_features(platform: Platform) -> dict[str, Any]:
    return {
        "order_tax_mode": platform.order_tax_mode,
        "order_workflows": {
            "no_customer_payment_confirmation": platform.payment_workflow == "NO_CUSTOMER_PAYMENT_CONFIRMATION",
            "order_acceptance": platform.order_acceptance,
            "pause_debit_workflow": False,
            "pay_on_due_date": platform.payment_workflow == "PAY_ON_DUE_DATE",
            "pay_on_shipment": platform.payment_workflow == "PAY_ON_SHIPMENT",
            "sellers_edit_shipping_origin": False,
            "shipping_and_billing_details_before_acceptance": platform.details_before_acceptance,
        },
        "order_conditions": {
            "lead_time_to_ship": False,
            "maximum_order_quantity": False,
            "minimum_order_quantity": False,
            "package_order_quantity": False,
        },
        "shipment": {"multi_part_item_shipment": False, "multi_shipment": platform.multi_shipment},
        "disable_seller_alternative_carrier": not platform.alternative_carriers,
        "offer_prices_decimals": "2",
        "operator_csv_delimiter": platform.csv_delimiter,
    }


def _other_features() -> dict[str, Any]:
    return {
        **dict.fromkeys(
            (
                "circular_economy_data_collection", "competitive_pricing_tool", "kyc_status_per_seller",
                "multi_currency", "multi_payout_psp_per_seller", "no_reply_needed", "payment_confirmation",
                "product_data_validation_by_channel",
            ),
            False,
        ),
        "lead_time_to_ship_by_sellers_enabled": "NO",
        "catalog": _catalog(),
        "direct_payment_customer_store": {"activated": False, "refund_cancel_authorized": False},
        "dropship": {"retail_pricing_edition_enabled": "NO", "retail_pricing_enabled": False},
        "pricing": _pricing(),
        "promotion": {"cart_promotion_campaign": True, "discount_campaign": False, "seller_promotion": True},
        "returns": {"drop_ship": False, "marketplace": False, "one_creditor": False},
        "shop_tax_options": {
            "local_tax_number": {"mandatory": False},
            "tax_identification_number": {"mandatory": False},
        },
        "tax_collection": {"activated": "NO", "product_tax_code_mandatory": False, "tax_collection_by_operator": False},
        "tax_id_number": {"mandatory": False},
        "warehouses": {"geolocation": False, "restricted_countries": []},
    }  # fmt: skip


def _catalog() -> dict[str, Any]:
    return {
        "allow_shop_contribution_to_all_channels": False,
        "exclude_invalid_products": False,
        "list_of_multiple_values_separator": "|",
        "product_acceptance_by_channel": False,
        "product_data_validation_by_channel": False,
        "product_import_only_on_leaf": True,
    }


def _pricing() -> dict[str, Any]:
    return {
        "channel_pricing": "DISABLED",
        "discount_period_required": False,
        "discount_price_creation_in_the_past_blocked": False,
        "scheduled_pricing": False,
        "volume_discount": False,
        "volume_pricing": False,
    }


def _modules() -> dict[str, Any]:
    return {
        "mirakl_catalog_integrator": True,
        "mirakl_catalog_manager": False,
        "mirakl_catalog_transformer": False,
        "mirakl_platform_services": False,
        "offer_management": True,
        "offer_management_mode": "SIMPLE",
        "order_management": True,
        "order_management_mode": "SIMPLE",
        "promotions": True,
        "quotes": False,
        "tax_manager": {"activated": False, "tax_provider": {"avalara": False, "vertex": False}},
    }
