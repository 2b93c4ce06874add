"""From a marketplace order to the sales order to be, or to every reason why it cannot be one yet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from shared.model.keys import derived_number, external_reference
from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import DraftLine, SalesOrderDraft
from shared.model.shop import Shop
from shared.rules.delivery import Warehouse, requested_shipping_date
from shared.rules.heading import Heading, heading
from shared.rules.mapping_lookup import OrderMappings
from shared.rules.order_states import shippable_lines
from shared.rules.reasons import Refused, ask, require
from shared.rules.shoppers import note
from shared.rules.sold import Sold, sold

__all__ = ["Refused", "draft"]


def draft(
    order: Order,
    *,
    shop: Shop,
    rows: OrderMappings,
    policy: CreationPolicy,
    client_numbers: bool,
    groups: bool = True,
    returned: str | None = None,
) -> SalesOrderDraft:
    """The sales order for the lines in SHIPPING.

    `client_numbers` says whether the order's number is derived from Mirakl's id, `groups` whether a new customer needs
    a group. `returned` is the account that the
    ERP gave this shopper with an earlier order, empty before the first; None where it gives none.
    Raises Refused with all the reasons at once, and ValueError when no line is in SHIPPING (ask `shippable_lines`
    first).
    """
    if not shippable_lines(order.lines):
        raise ValueError("no line of the order is in SHIPPING")
    above = ask(heading, order, shop=shop, rows=rows, groups=groups, returned=returned)
    below = ask(sold, order, shop=shop, rows=rows, policy=policy)
    require(above, below)
    written = _written(order, above.value, below.value, shop=shop, policy=policy)
    return replace(written, number=_number(order, shop)) if client_numbers else written


def _written(order: Order, above: Heading, below: Sold, *, shop: Shop, policy: CreationPolicy) -> SalesOrderDraft:
    lines = tuple(_from(line, above.warehouse) for line in below.lines)
    zone = above.warehouse.time_zone
    return SalesOrderDraft(
        key=order.key,
        number="",
        reference=external_reference(shop.marketplace.prefix, order.key.order),
        commercial_reference=order.commercial_id,
        company=shop.company,
        customer=above.customer,
        currency=above.currency,
        prices_include_tax=below.prices_include_tax,
        origin=above.channel.origin,
        dimensions=above.channel.dimensions,
        delivery_mode=above.delivery.mode,
        delivery_service=above.delivery.service,
        country=above.country,
        address=above.address,
        pickup_point=order.pickup_point,
        note=note(order, shop=shop),
        requested_shipping_date=requested_shipping_date(order, policy=policy, zone=zone),
        tax_group=_shared_tax_group(lines),
        on_hold=policy.hold_until_compared,
        lines=lines,
        total=sum((line.amount for line in lines), Decimal(0)),
        tax=below.tax,
        invoice_customer=above.invoice_customer,
        shopper=above.shopper,
        ordered=order.created,
    )


def _number(order: Order, shop: Shop) -> str:
    return derived_number(shop.marketplace.prefix, shop.marketplace.id, order.key.order)


def _from(line: DraftLine, place: Warehouse) -> DraftLine:
    return replace(line, site=place.site, warehouse=place.warehouse)


def _shared_tax_group(lines: Iterable[DraftLine]) -> str:
    """The header's tax group where every line has the same; otherwise each line speaks for itself."""
    groups = {line.tax_group for line in lines}
    return groups.pop() if len(groups) == 1 else ""
