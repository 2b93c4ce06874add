"""Which fields of an order are facts (OR11): nothing else is kept once the person is purged."""

from __future__ import annotations

from typing import TypeAlias

Rule: TypeAlias = "dict[str, Rule] | list[dict[str, Rule]] | None"
"""A dict: an object with these fields. A list of one dict: a list of such objects. None: a plain value."""


def _kept(names: str, **nested: Rule) -> dict[str, Rule]:
    return {**dict.fromkeys(names.split()), **nested}


_CODE = _kept("code")
_AMOUNT = _kept("code amount")
_ECO = _kept("epr_category_code producer_id producer_id_owner unit_amount total_amount")
_BREAKDOWN = _kept("", parts=[_kept("amount commissionable debitable_from_customer payable_to_shop")])
_TAX = _kept(
    "code rate amount origin_unit_amount tax_calculation_rule",
    amount_breakdown=_BREAKDOWN,
    purchase_tax=_kept("purchase_amount purchase_rate"),
)
_PURCHASE = _kept(
    "purchase_commission_on_price purchase_commission_on_shipping purchase_price purchase_shipping_price "
    "purchase_unit_price",
    purchase_commission_on_fees=_kept("total_amount"),
    purchase_fee_amount=_kept("total_amount"),
)
_PROMOTION = _kept(
    "id apportioned deduced_amount offered_quantity",
    campaign=_kept("identifier"),
    configuration=_kept("type amount_off free_items_quantity percentage_off reduced_unit_price"),
)
_REVERSAL = _kept(
    "id quantity amount shipping_amount reason_code created_date commission_amount commission_tax_amount "
    "commission_total_amount order_refund_id refund_state state transaction_date",
    amount_breakdown=_BREAKDOWN,
    shipping_amount_breakdown=_BREAKDOWN,
    commission_taxes=[_AMOUNT],
    taxes=[_TAX],
    shipping_taxes=[_TAX],
    fees=[_AMOUNT],
    eco_contributions=[_ECO],
    purchase_information=_PURCHASE,
)
"""A cancellation or a refund of a line."""

_LINE = _kept(
    "order_line_id order_line_index order_line_state order_line_state_reason_code order_line_state_reason_label "
    "offer_id offer_sku offer_state_code product_sku product_shop_sku product_title category_code category_label "
    "quantity price price_unit origin_unit_price total_price shipping_price shipping_price_unit "
    "shipping_price_additional_unit can_refund commission_fee commission_rate_vat commission_vat total_commission "
    "created_date last_updated_date debited_date shipped_date received_date",
    cancelations=[_REVERSAL],
    commission_taxes=[_kept("code rate amount")],
    discount_campaign=_kept("identifier"),
    eco_contributions=[_ECO],
    fees=[_AMOUNT],
    measurement=_kept("actual_measurement adjustment_limit measurement_unit ordered_measurement"),
    price_amount_breakdown=_BREAKDOWN,
    promotions=[_PROMOTION],
    purchase_information=_PURCHASE,
    refunds=[_REVERSAL],
    shipping_from=_kept("", address=_kept("country_iso_code"), warehouse=_CODE),
    shipping_price_amount_breakdown=_BREAKDOWN,
    shipping_taxes=[_TAX],
    taxes=[_TAX],
)

FACTS: dict[str, Rule] = _kept(
    "order_id commercial_id order_state order_state_reason_code order_state_reason_label created_date "
    "last_updated_date acceptance_decision_date customer_debited_date transaction_date can_cancel can_shop_ship "
    "has_customer_message has_incident has_invoice fully_refunded customer_directly_pays_seller currency_iso_code "
    "order_tax_mode payment_workflow payment_type paymentType payment_duration price shipping_price total_price "
    "total_commission quote_id leadtime_to_ship shipping_deadline shipping_type_code shipping_type_label "
    "shipping_type_standard_code shipping_zone_code shipping_zone_label shipping_carrier_code "
    "shipping_carrier_standard_code shipping_company shipping_pudo_id",
    channel=_kept("code label"),
    customer=_kept("", shipping_address=_kept("country_iso_code")),
    delivery_date=_kept("earliest latest"),
    discount_campaigns=[_kept("identifier")],
    fulfillment=_kept("", center=_CODE),
    invoice_details=_kept("", payment_terms=_kept("days type")),
    order_lines=[_LINE],
    order_refunds=[_kept("order_refund_id", taxes=[_kept("code rate total_amount")])],
    order_taxes=[_kept("code rate total_amount")],
    promotions=_kept("total_deduced_amount", applied_promotions=[_PROMOTION]),
    references=_kept("order_reference_for_seller"),
)
