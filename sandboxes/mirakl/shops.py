"""The shops of an instance, and the API keys of the users who may act for them."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ConfigDict

from sandboxes.mirakl.platform import Acceptance

SHOP_ADMIN = "ROLE_SHOP_ADMIN"
ORDER_READ = "ROLE_PARTNER_ORDER_READ"
ORDER_ACCEPT = "ROLE_PARTNER_ORDER_ACCEPT"
ORDER_EDIT = "ROLE_PARTNER_ORDER_EDIT"
ORDER_SHIP = "ROLE_PARTNER_ORDER_SHIP"
ORDER_TRACKING_WRITE = "ROLE_PARTNER_ORDER_TRACKING_WRITE"
ORDER_SETTINGS_READ = "ROLE_PARTNER_ORDER_SETTINGS_READ"
SHIPPING_SETTINGS_READ = "ROLE_PARTNER_SHIPPING_SETTINGS_READ"
OFFER_READ = "ROLE_PARTNER_OFFER_READ"
OFFER_WRITE = "ROLE_PARTNER_OFFER_WRITE"
OFFER_TRACKING_READ = "ROLE_PARTNER_OFFER_TRACKING_READ"
OFFER_STOCK_WRITE = "ROLE_PARTNER_OFFER_STOCK_WRITE"
ANY_ROLE = "any role"
"""Of an operation that asks for a key and names no role."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """`id` is unique within its instance only. `partial_acceptance` off: an order is taken or refused as a whole.

    `order_acceptance` counts where the platform says BOTH. `decimals` is the currency's number of minor digits.
    `warehouses` are the codes that its stock may be split by.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    platform: str
    id: int
    name: str = "Sandbox shop"
    currency: str = "EUR"
    decimals: int = 2
    country: str = "FRA"
    partial_acceptance: bool = True
    order_acceptance: Acceptance = "NOT_AUTOMATIC"
    warehouses: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """How the books and the journal call it: `north/2001`."""
        return f"{self.platform}/{self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A user's key: one instance, one or several shops (the first is the default one), and roles."""

    __pydantic_config__ = ConfigDict(extra="forbid")

    platform: str
    key: str
    shops: tuple[int, ...]
    roles: tuple[str, ...] = (SHOP_ADMIN,)

    def may(self, roles: tuple[str, ...]) -> bool:
        return ANY_ROLE in roles or any(role in self.roles for role in roles)
