"""What the judge reads: every order with its exact amounts and history, and every call as this side saw it."""

from __future__ import annotations

from typing import Any

from sandboxes.mirakl.customer_rendering import address_json
from sandboxes.mirakl.orders import ZERO, Order, OrderLine, Tax, TaxedAmount
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.rendering import addresses_shown
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.shipping_books import carriers_entry, shipping_entry
from sandboxes.mirakl.stock_books import stock_entry
from sandboxes.mirakl.tally import DoubledOrder, IgnoredInput


def books(sandbox: MiraklSandbox) -> dict[str, Any]:
    """Times are datetimes and amounts Decimals; both are written out by whoever sends it."""
    return {
        "now": sandbox.now,
        "platforms": {platform.code: _platform(platform, sandbox) for platform in sandbox.world.platforms},
        "shops": [
            {"platform": shop.platform, "shop_id": shop.id, "label": shop.label, "currency": shop.currency}
            for shop in sandbox.world.shops
        ],
        "orders": [order_entry(order, sandbox) for order in sandbox.book],
        **stock_entry(sandbox.assortment, sandbox.book),
        "ignored_inputs": [_ignored(one) for one in sandbox.tally.ignored],
        "refused_carriers": dict(sandbox.carriers.refused),
        "doubled_shipments": [_doubled(one) for one in sandbox.tally.doubled],
        "calls": sandbox.tally.calls(),
        "answers": sandbox.tally.answers(),
        "throttled": sandbox.tally.count(429),
    }


def overview(sandbox: MiraklSandbox) -> list[dict[str, Any]]:
    """The orders in few words each, for whoever looks often."""
    return [
        {
            "platform": order.platform,
            "shop": f"{order.platform}/{order.shop_id}",
            "order_id": order.id,
            "state": order.state,
            "placed": order.created,
            "window_end": order.window_end,
            "accepted": order.or21_effects > 0,
            "decided_at": order.decided_at,
            "debit": order.debit,
            "shipped_at": order.reached("SHIPPED"),
            "history": [{"at": at, "state": state} for at, state in order.history],
        }
        for order in sandbox.book
    ]


def order_entry(order: Order, sandbox: MiraklSandbox) -> dict[str, Any]:
    """One order. Amounts are as ordered, whatever was refused or cancelled since: the line's state tells that."""
    platform = sandbox.world.platform(order.platform)
    assert platform is not None
    return {
        "platform": order.platform,
        "shop_id": order.shop_id,
        "shop": f"{order.platform}/{order.shop_id}",
        "order_id": order.id,
        "commercial_id": order.commercial_id,
        "currency": order.currency,
        "state": order.state,
        "placed": order.created,
        "updated": order.updated,
        "window_end": order.window_end,
        "history": [{"at": at, "state": state} for at, state in order.history],
        "decided_at": order.decided_at,
        "decided_how": order.decided_how,
        "acceptance_decision_date": order.acceptance_decision_date,
        "or21_effects": order.or21_effects,
        "shown_waiting": {
            "first": order.shown_waiting.first,
            "last": order.shown_waiting.last,
            "count": order.shown_waiting.count,
        },
        "debit": order.debit,
        "debited": order.debited,
        "fulfillment_center": order.fulfillment_center,
        "customer_id": order.shopper.customer_id,
        **shipping_entry(order),
        **_delivery(order, shown=addresses_shown(order, platform)),
        **_totals(order, platform),
        "lines": [_line(line) for line in order.lines],
    }


def _platform(platform: Platform, sandbox: MiraklSandbox) -> dict[str, Any]:
    return {
        "order_tax_mode": platform.order_tax_mode,
        "acceptance_window_seconds": int(platform.acceptance_window.total_seconds()),
        "order_acceptance": platform.order_acceptance,
        "order_taxes": platform.order_taxes,
        "multi_shipment": platform.multi_shipment,
        "alternative_carriers": platform.alternative_carriers,
        "csv_delimiter": platform.csv_delimiter,
        "stock_imports": platform.stock_imports,
        "carriers": carriers_entry(sandbox.carriers.of(platform.code)),
    }


def _delivery(order: Order, *, shown: bool) -> dict[str, Any]:
    address = order.shopper.shipping
    return {
        "shipping_type_code": order.shipping_type,
        "shipping_pudo_id": order.pudo_id,
        "shipping_deadline": order.shipping_deadline,
        "channel": order.channel,
        "address_shown": shown,
        "shipping_address": {**address_json(address), "additional_info": address.additional_info},
    }


def _totals(order: Order, platform: Platform) -> dict[str, Any]:
    """`total_price` is in the platform's own mode; `shopper_pays` always has the taxes in it."""
    return {
        "net": sum((line.total("TAX_EXCLUDED") for line in order.lines), ZERO),
        "tax": sum((line.price.tax + line.shipping.tax for line in order.lines), ZERO),
        "fees": sum((line.fee for line in order.lines), ZERO),
        "total_price": sum((line.total(platform.order_tax_mode) for line in order.lines), ZERO),
        "shopper_pays": sum((line.total("TAX_INCLUDED") for line in order.lines), ZERO),
    }


def _line(line: OrderLine) -> dict[str, Any]:
    return {
        "id": line.id,
        "index": line.index,
        "sku": line.sku,
        "quantity": line.quantity,
        "state": line.state,
        "history": [{"at": at, "state": state} for at, state in line.history],
        "unit_price": line.unit_price,
        "price": _amount(line.price),
        "shipping": _amount(line.shipping),
        "fees": [{"code": fee.code, "amount": fee.amount} for fee in line.fees],
        "promotions": [{"id": one.id, "deduced": one.deduced} for one in line.promotions],
        "commission": line.commission.shown("TAX_INCLUDED"),
        "shopper_pays": line.total("TAX_INCLUDED"),
        "cancelled_at": line.cancelation.at if line.cancelation else None,
    }


def _amount(amount: TaxedAmount) -> dict[str, Any]:
    return {"net": amount.net, "taxes": [_tax(tax) for tax in amount.taxes], "gross": amount.net + amount.tax}


def _tax(tax: Tax) -> dict[str, Any]:
    return {"code": tax.code, "rate": tax.rate, "amount": tax.amount}


def _doubled(one: DoubledOrder) -> dict[str, Any]:
    return {"at": one.at, "shop": one.shop, "order_id": one.order_id}


def _ignored(one: IgnoredInput) -> dict[str, Any]:
    return {"at": one.at, "operation": one.operation, "shop": one.shop, "name": one.name}
