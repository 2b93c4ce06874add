"""An order as OR11 and OR15 answer it: documented fields, nulls and absent keys as seen in the field."""

from __future__ import annotations

from typing import Any

from sandboxes.mirakl.customer_rendering import customer_json
from sandboxes.mirakl.dates import written, written_or_null
from sandboxes.mirakl.line_rendering import CANCELED_LABEL, line_json, promotion_json
from sandboxes.mirakl.orders import ZERO, Order, OrderLine, summed
from sandboxes.mirakl.platform import Platform, TaxMode
from sandboxes.mirakl.shipments import Tracking

SHIPPING_LABELS = {"STD": "Standard", "EXP": "Express", "PUDO": "Pick-up point"}
DAY_IN_SECONDS = 86400


def order_json(order: Order, platform: Platform, mode: TaxMode) -> dict[str, Any]:
    """`mode` decides what the price fields mean; with no taxes on the order both modes give the same amounts."""
    return {
        **_identity(order, mode),
        **_states(order),
        **_amounts(order, platform, mode),
        **_payment(order),
        **_shipping(order),
        "customer": customer_json(order.shopper, shown=addresses_shown(order, platform)),
        "customer_notification_email": order.shopper.email,
        "order_lines": [line_json(line, order, platform, mode) for line in order.lines],
    }


def addresses_shown(order: Order, platform: Platform) -> bool:
    """From SHIPPING on, or from the shop's turn on where the operator shows details before acceptance (PC01)."""
    return order.was("SHIPPING") or (platform.details_before_acceptance and order.state != "STAGING")


def _identity(order: Order, mode: TaxMode) -> dict[str, Any]:
    return {
        "order_id": order.id,
        "commercial_id": order.commercial_id,
        "created_date": written(order.created),
        "last_updated_date": written(order.updated),
        "acceptance_decision_date": written_or_null(order.acceptance_decision_date),
        "currency_iso_code": order.currency,
        "order_tax_mode": mode,
        "channel": {"code": order.channel, "label": order.channel} if order.channel else None,
        "fulfillment": {"center": {"code": order.fulfillment_center}},
        "order_additional_fields": [],
        "quote_id": None,
        "references": {
            "order_reference_for_customer": order.commercial_id,
            "order_reference_for_seller": order.seller_reference.value,
        },
    }


def _states(order: Order) -> dict[str, Any]:
    canceled = order.state == "CANCELED" and any(line.cancelation for line in order.lines)
    return {
        "order_state": order.state,
        "order_state_reason_code": _reason(order) if canceled else None,
        "order_state_reason_label": CANCELED_LABEL if canceled else None,
        "can_cancel": order.state in ("WAITING_DEBIT", "WAITING_DEBIT_PAYMENT"),
        "can_shop_ship": bool(order.lines_in("SHIPPING")),
        "fully_refunded": False,
        "has_customer_message": False,
        "has_incident": False,
        "has_invoice": False,
    }


def _reason(order: Order) -> str | None:
    return next((line.cancelation.reason_code for line in order.lines if line.cancelation), None)


def _amounts(order: Order, platform: Platform, mode: TaxMode) -> dict[str, Any]:
    """Sums of what the lines show: cancelled lines show nothing, refused ones count where the platform says so."""
    counted = [
        line
        for line in order.lines
        if not line.cancelation and (platform.refused_lines_in_totals or line.state != "REFUSED")
    ]
    price = sum((line.price.shown(mode) for line in counted), ZERO)
    shipping = sum((line.shipping.shown(mode) for line in counted), ZERO)
    deduced = sum((promotion.deduced for line in order.lines for promotion in line.promotions), ZERO)
    amounts: dict[str, Any] = {
        "price": price,
        "shipping_price": shipping,
        "total_price": price + shipping + sum((line.fee for line in counted), ZERO),
        "total_commission": sum((line.commission.shown("TAX_INCLUDED") for line in counted), ZERO),
        "promotions": {"applied_promotions": _promotions(order), "total_deduced_amount": deduced},
    }
    if platform.order_taxes != "absent":
        amounts["order_taxes"] = _order_taxes(counted)
    return amounts


def _promotions(order: Order) -> list[dict[str, Any]]:
    return [promotion_json(promotion) for line in order.lines for promotion in line.promotions]


def _order_taxes(lines: list[OrderLine]) -> list[dict[str, Any]]:
    """Products and shipping together, per code and rate."""
    taxes = [tax for line in lines for tax in (*line.price.taxes, *line.shipping.taxes)]
    return [{"code": tax.code, "rate": tax.rate, "total_amount": tax.amount} for tax in summed(taxes)]


def _payment(order: Order) -> dict[str, Any]:
    return {
        "payment_type": "CARD",
        "paymentType": "CARD",
        "payment_workflow": order.payment_workflow,
        "customer_debited_date": written_or_null(order.debited),
        "customer_directly_pays_seller": False,
        "transaction_date": written_or_null(order.debited),
        "transaction_number": f"T-{order.commercial_id}" if order.debited else None,
    }


def _shipping(order: Order) -> dict[str, Any]:
    deadline = order.shipping_deadline
    return {
        "shipping_type_code": order.shipping_type,
        "shipping_type_label": SHIPPING_LABELS.get(order.shipping_type, order.shipping_type),
        "shipping_zone_code": "ZONE1",
        "shipping_zone_label": "Zone 1",
        "shipping_pudo_id": order.pudo_id,
        "shipping_deadline": written_or_null(deadline if order.was("SHIPPING") else None),
        "leadtime_to_ship": int((deadline - order.created).total_seconds()) // DAY_IN_SECONDS if deadline else 0,
        "delivery_date": None,
        **_tracking(order.tracking),
    }


def _tracking(tracking: Tracking | None) -> dict[str, Any]:
    """The order's own (OR23); what its shipments carry is told by ST11 alone (inferred)."""
    return {
        "shipping_carrier_code": tracking.carrier_code if tracking else None,
        "shipping_carrier_standard_code": tracking.standard_code if tracking else None,
        "shipping_company": tracking.carrier_name if tracking else None,
        "shipping_tracking": tracking.number if tracking else None,
        "shipping_tracking_url": tracking.url if tracking else None,
    }
