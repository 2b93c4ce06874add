"""What a sales order says once, above its lines: who orders and pays, in which currency, and the delivery."""

from __future__ import annotations

from dataclasses import dataclass

from shared.model.order import Address, Order
from shared.model.sales_order import CustomerDraft
from shared.model.shop import Shop
from shared.rules.delivery import (
    DeliveryMode,
    Warehouse,
    delivered_to,
    delivery_mode,
    erp_country,
    warehouse_of,
)
from shared.rules.mapping_lookup import OrderMappings, text
from shared.rules.reasons import ask, require
from shared.rules.shoppers import buyer, customer_draft, terms


@dataclass(frozen=True, slots=True)
class Channel:
    """What the order is attributed to in the ERP."""

    origin: str
    dimensions: str


@dataclass(frozen=True, slots=True)
class Heading:
    """Personal data: `address`, `shopper`. `country` is the ERP's code, the address's own is alpha-3.

    `invoice_customer` and `shopper` are as in `SalesOrderDraft`.
    """

    address: Address
    country: str
    customer: str
    invoice_customer: str
    shopper: CustomerDraft | None
    currency: str
    channel: Channel
    delivery: DeliveryMode
    warehouse: Warehouse


def heading(
    order: Order, *, shop: Shop, rows: OrderMappings, groups: bool = True, returned: str | None = None
) -> Heading:
    """`groups` and `returned` are as for `draft`. Raises Refused with every reason at once."""
    address = ask(delivered_to, order)
    country = ask(lambda: erp_country(address.value.country, shop=shop, rows=rows))
    buying = ask(buyer, order, shop=shop, rows=rows, returned=returned)
    paying = ask(lambda: terms(order, address.value.country, shop=shop, rows=rows, groups=groups, returned=returned))
    currency = ask(_currency, order.currency, shop=shop, rows=rows)
    channel = ask(_channel, shop, rows)
    delivery = ask(delivery_mode, order, shop=shop, rows=rows)
    warehouse = ask(warehouse_of, shop, rows)
    require(address, country, buying, paying, currency, channel, delivery, warehouse)
    by_shopper = bool(buying.value.account) or buying.value.is_new
    return Heading(
        address=address.value,
        country=country.value,
        customer=buying.value.account if by_shopper else paying.value.customer,
        invoice_customer=paying.value.customer if by_shopper else "",
        shopper=customer_draft(
            buying.value,
            paying.value,
            order,
            shop=shop,
            currency=currency.value,
            country=country.value,
            address=address.value,
        ),
        currency=currency.value,
        channel=channel.value,
        delivery=delivery.value,
        warehouse=warehouse.value,
    )


def _currency(currency: str, *, shop: Shop, rows: OrderMappings) -> str:
    return text(rows.row("currencies", shop.marketplace.id, currency), "currency")


def _channel(shop: Shop, rows: OrderMappings) -> Channel:
    row = rows.row("channels", shop.marketplace.id, shop.id)
    return Channel(text(row, "origin"), text(row, "dimensions"))
