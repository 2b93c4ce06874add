"""An order line as OR11 and OR15 answer it, in either tax mode."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sandboxes.mirakl.dates import written, written_or_null
from sandboxes.mirakl.orders import Cancelation, Fee, Order, OrderLine, Promotion, Tax, TaxedAmount
from sandboxes.mirakl.platform import Platform, TaxMode
from sandboxes.mirakl.pricing import rounded

CANCELED_LABEL = "Cancelled by the client prior to shipping"


def line_json(line: OrderLine, order: Order, platform: Platform, mode: TaxMode) -> dict[str, Any]:
    return {
        **_offer(line),
        **_states(line),
        **_amounts(line, order, platform, mode),
        **_dates(line),
        "order_line_additional_fields": [],
        "product_medias": [],
        "shipping_from": {"address": {"country_iso_code": "FRA"}, "warehouse": None},
        "refunds": [],
        "cancelations": [_cancelation(line, line.cancelation, platform, mode)] if line.cancelation else [],
    }


def _offer(line: OrderLine) -> dict[str, Any]:
    return {
        "order_line_id": line.id,
        "order_line_index": line.index,
        "offer_id": line.offer_id or 1000 + line.index,
        "offer_sku": line.sku,
        "offer_state_code": "11",
        "product_sku": f"MKP-{line.sku}",
        "product_shop_sku": line.sku,
        "product_title": f"Sample product {line.sku}",
        "category_code": "10",
        "category_label": "Samples",
        "description": None,
        "quantity": line.quantity,
        "price_additional_info": None,
        "measurement": None,
        "tax_legal_notice": None,
    }


def _states(line: OrderLine) -> dict[str, Any]:
    canceled = line.cancelation
    return {
        "order_line_state": line.state,
        "order_line_state_reason_code": canceled.reason_code if canceled else None,
        "order_line_state_reason_label": CANCELED_LABEL if canceled else None,
        "can_refund": line.state in ("SHIPPING", "SHIPPED", "RECEIVED"),
    }


def _dates(line: OrderLine) -> dict[str, Any]:
    return {
        "created_date": written(line.created),
        "last_updated_date": written(line.updated),
        "debited_date": written_or_null(line.debited),
        "shipped_date": written_or_null(line.reached("SHIPPED")),
        "received_date": written_or_null(line.reached("RECEIVED")),
    }


def _amounts(line: OrderLine, order: Order, platform: Platform, mode: TaxMode) -> dict[str, Any]:
    """A cancelled line shows nothing: its amounts stand in `cancelations[]`."""
    gone = line.cancelation is not None
    price, shipping = (line.price.nothing(), line.shipping.nothing()) if gone else (line.price, line.shipping)
    fees = () if gone else line.fees
    unit = unit_price(line, order, platform, mode)
    return {
        "price_unit": unit,
        "origin_unit_price": unit,
        "price": price.shown(mode),
        "shipping_price": shipping.shown(mode),
        "total_price": price.shown(mode) + shipping.shown(mode) + sum((fee.amount for fee in fees), Decimal(0)),
        "fees": _fees(fees),
        "taxes": _line_taxes(price, platform),
        "shipping_taxes": _line_taxes(shipping, platform),
        "promotions": [promotion_json(promotion) for promotion in line.promotions],
        **_commission(line.commission.nothing() if gone else line.commission),
    }


def unit_price(line: OrderLine, order: Order, platform: Platform, mode: TaxMode) -> Decimal:
    """The offer's price in the platform's own mode; in the other one a quotient, rounded as no price is by rule."""
    if mode == platform.order_tax_mode or not line.price.taxes:
        return line.unit_price
    return rounded(line.price.shown(mode) / line.quantity, order.decimals)


def promotion_json(promotion: Promotion) -> dict[str, Any]:
    return {
        "id": promotion.id,
        "promo_code": None,
        "deduced_amount": promotion.deduced,
        "apportioned": False,
        "offered_quantity": None,
        "configuration": {
            "type": "AMOUNT_OFF",
            "amount_off": promotion.deduced,
            "free_items_quantity": None,
            "internal_description": "Sample promotion",
            "percentage_off": None,
            "reduced_unit_price": None,
        },
    }


def _fees(fees: Iterable[Fee]) -> list[dict[str, Any]]:
    return [{"code": fee.code, "amount": fee.amount} for fee in fees]


def _line_taxes(amount: TaxedAmount, platform: Platform) -> list[dict[str, Any]]:
    """With taxes calculated for the order only, lines show none."""
    taxes = () if platform.order_taxes == "only" else amount.taxes
    return [{**tax_json(tax), "tax_calculation_rule": "PROPORTIONAL_TO_AMOUNT"} for tax in taxes]


def tax_json(tax: Tax) -> dict[str, Any]:
    """A tax without a rate has no such key: seen in Mirakl's own example."""
    plain: dict[str, Any] = {"code": tax.code, "amount": tax.amount}
    return plain if tax.rate is None else {**plain, "rate": tax.rate}


def _commission(commission: TaxedAmount) -> dict[str, Any]:
    """The two `_vat` fields are deprecated and carry the first tax only."""
    first = commission.taxes[0] if commission.taxes else Tax("", Decimal(0), Decimal(0))
    return {
        "commission_fee": commission.net,
        "commission_taxes": [tax_json(tax) for tax in commission.taxes],
        "commission_vat": first.amount,
        "commission_rate_vat": first.rate,
        "total_commission": commission.shown("TAX_INCLUDED"),
    }


def _cancelation(line: OrderLine, cancelation: Cancelation, platform: Platform, mode: TaxMode) -> dict[str, Any]:
    taxes = () if platform.order_taxes == "only" else line.price.taxes
    shipping_taxes = () if platform.order_taxes == "only" else line.shipping.taxes
    return {
        "id": cancelation.id,
        "created_date": written(cancelation.at),
        "reason_code": cancelation.reason_code,
        "quantity": line.quantity,
        "amount": line.price.shown(mode),
        "shipping_amount": line.shipping.shown(mode),
        "taxes": [tax_json(tax) for tax in taxes],
        "shipping_taxes": [tax_json(tax) for tax in shipping_taxes],
        "fees": _fees(line.fees),
        "commission_amount": line.commission.net,
        "commission_taxes": [{"code": tax.code, "amount": tax.amount} for tax in line.commission.taxes],
        "commission_total_amount": line.commission.shown("TAX_INCLUDED"),
    }
