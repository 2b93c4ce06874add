"""Whose calls Mirakl counts against a limit."""

from __future__ import annotations

from shared.model.shop import Shop


def limited_as(shop: Shop) -> str:
    """The scope of the shop's call budgets: the shop's own, or that of all shops under its key."""
    marketplace = shop.marketplace
    return marketplace.id + "|" + (shop.key_secret if marketplace.limit_scope == "key" else shop.id)
