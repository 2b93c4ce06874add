"""The one gate for writing outside: in shadow a call is recorded as *would have*, and nothing leaves."""

from __future__ import annotations

from shared.model.shop import Shop
from shared.ports.erp import Customers, SalesOrderChanges, SalesOrders
from shared.ports.marketplace import Acceptance, MultiShipping, OrderNumbers, Shipping
from shared.ports.own import Audit
from shared.wiring.gate_erp import ShadowChanges, ShadowCustomers, ShadowSalesOrders
from shared.wiring.gate_marketplace import (
    ShadowAcceptance,
    ShadowMultiShipping,
    ShadowOrderNumbers,
    ShadowShipping,
)
from shared.wiring.shadow import Shadow


def acceptance(real: Acceptance, shop: Shop, audit: Audit) -> Acceptance:
    return real if shop.mode == "live" else ShadowAcceptance(Shadow(shop, audit))


def shipping(real: Shipping, shop: Shop, audit: Audit) -> Shipping:
    return real if shop.mode == "live" else ShadowShipping(Shadow(shop, audit))


def multi_shipping(real: MultiShipping, shop: Shop, audit: Audit) -> MultiShipping:
    return real if shop.mode == "live" else ShadowMultiShipping(real, Shadow(shop, audit))


def order_numbers(real: OrderNumbers, shop: Shop, audit: Audit) -> OrderNumbers:
    return real if shop.mode == "live" else ShadowOrderNumbers(Shadow(shop, audit))


def sales_orders(real: SalesOrders, shop: Shop, audit: Audit) -> SalesOrders:
    return real if shop.mode == "live" else ShadowSalesOrders(real, Shadow(shop, audit))


def changes(real: SalesOrderChanges, shop: Shop, audit: Audit) -> SalesOrderChanges:
    return real if shop.mode == "live" else ShadowChanges(real, Shadow(shop, audit))


def customers(real: Customers, shop: Shop, audit: Audit) -> Customers:
    return real if shop.mode == "live" else ShadowCustomers(Shadow(shop, audit))
