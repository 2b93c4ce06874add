"""An offer as OF54 writes it, in JSON and in CSV, and as OF21 and OF22 answer it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sandboxes.mirakl.dates import written, written_or_null
from sandboxes.mirakl.offers import Offer

CHANNELS: tuple[str, ...] = ()


def exported_json(offer: Offer, now: datetime) -> dict[str, Any]:
    """OF54; fields that say nothing are left out, as in Mirakl's example."""
    terms = offer.terms
    content = {
        **_both(offer, now),
        "available_end_date": written_or_null(terms.available_until),
        "available_start_date": written_or_null(terms.available_from),
        "date_created": written(offer.created),
        "deleted": offer.deleted,
        "is_professional": False,
        "last_updated": written(offer.updated),
        "logistic_class": {"code": terms.logistic_class},
        "premium": False,
        "prices": [
            {
                "origin_price": terms.price,
                "volume_prices": [{"quantity_threshold": 1, "unit_origin_price": terms.price}],
            }
        ],
        "shop_id": offer.shop.id,
        "shop_name": offer.shop.name,
    }
    return {name: value for name, value in content.items() if value is not None}


def exported_cells(offer: Offer, now: datetime) -> Mapping[str, str]:
    """OF54 as CSV: some of its columns; the split by warehouse is in the JSON alone (documented)."""
    return {
        "offer-id": str(offer.id),
        "product-sku": offer.product_sku,
        "price": str(offer.terms.price),
        "quantity": str(offer.quantity),
        "description": offer.terms.description or "",
        "state-code": offer.terms.state_code,
        "shop-id": str(offer.shop.id),
        "shop-name": offer.shop.name,
        "active": _word(_active(offer, now)),
        "deleted": _word(offer.deleted),
        "date-created": written(offer.created),
        "last-updated": written(offer.updated),
        "leadtime-to-ship": str(offer.terms.leadtime_to_ship),
        "currency-iso-code": offer.shop.currency,
        "shop-sku": offer.sku,
    }


def listed_json(offer: Offer, now: datetime) -> dict[str, Any]:
    """OF21 and OF22."""
    terms = offer.terms
    return {
        **_both(offer, now),
        "all_prices": [_price(offer)],
        "applicable_pricing": _price(offer),
        "available_end_date": written_or_null(terms.available_until),
        "available_start_date": written_or_null(terms.available_from),
        "category_code": "10",
        "category_label": "Samples",
        "inactivity_reasons": offer.inactivity(now),
        "internal_description": terms.internal_description,
        "logistic_class": {"code": terms.logistic_class, "label": terms.logistic_class},
        "min_quantity_alert": terms.min_quantity_alert,
        "price": terms.price,
        "product_references": [],
        "product_title": f"Sample product {offer.sku}",
        "shipping_deadline": written(now + timedelta(days=terms.leadtime_to_ship)),
        "total_price": terms.price,
    }


def _both(offer: Offer, now: datetime) -> dict[str, Any]:
    terms = offer.terms
    split = [{"code": code, "quantity": quantity} for code, quantity in offer.warehouses.items()]
    return {
        "active": _active(offer, now),
        "allow_quote_requests": terms.allow_quote_requests,
        "channels": list(CHANNELS),
        "currency_iso_code": offer.shop.currency,
        "description": terms.description,
        "fulfillment": {"center": {"code": "DEFAULT"}},
        "leadtime_to_ship": terms.leadtime_to_ship,
        "max_order_quantity": terms.max_order_quantity,
        "min_order_quantity": terms.min_order_quantity,
        "min_shipping_price": 0,
        "min_shipping_price_additional": 0,
        "min_shipping_type": "STD",
        "min_shipping_zone": "FR",
        "offer_id": offer.id,
        "package_quantity": terms.package_quantity,
        "price_additional_info": terms.price_additional_info,
        "product_sku": offer.product_sku,
        "quantity": offer.quantity,
        "shop_sku": offer.sku,
        "state_code": terms.state_code,
        **({"warehouses": split} if split else {}),
    }


def _active(offer: Offer, now: datetime) -> bool:
    return not offer.deleted and not offer.inactivity(now)


def _price(offer: Offer) -> dict[str, Any]:
    price = offer.terms.price
    volume = {"price": price, "quantity_threshold": 1, "unit_discount_price": None, "unit_origin_price": price}
    return {
        "channel_code": None,
        "discount_end_date": None,
        "discount_start_date": None,
        "price": price,
        "unit_discount_price": None,
        "unit_origin_price": price,
        "volume_prices": [volume],
    }


def _word(flag: bool) -> str:
    return "true" if flag else "false"
