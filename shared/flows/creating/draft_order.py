"""Read the mapping rows that an order needs, and draft it."""

from __future__ import annotations

from dataclasses import replace

from shared.flows.creating.creation import Ports
from shared.model.mappings import MappingRow, TableName
from shared.model.order import Order
from shared.model.policy import CreationPolicy
from shared.model.sales_order import SalesOrderDraft
from shared.model.shop import Shop
from shared.rules.drafting import draft
from shared.rules.mapping_lookup import ORDER_TABLES, OrderMappings


async def draft_order(
    order: Order, *, shop: Shop, policy: CreationPolicy, ports: Ports, returned: str | None = None
) -> SalesOrderDraft:
    """`returned` is as for `draft`. Raises Refused with every reason at once."""
    can, marketplace = ports.sales_orders.capabilities, shop.marketplace.id
    skus = sorted({line.sku for line in order.lines})
    items = await ports.mappings.items(marketplace, skus)
    tables: dict[TableName, tuple[MappingRow, ...]] = {
        table: tuple(await ports.mappings.table(table, marketplace)) for table in ORDER_TABLES
    }
    tables["customers"] = await _customer(order, shop, ports)
    drafted = draft(
        order,
        shop=shop,
        rows=OrderMappings(items=tuple(items), tables=tables),
        policy=policy,
        client_numbers=can.numbers == "derived",
        groups=can.customer_groups,
        returned=returned,
    )
    # What can be neither let go nor compared would stay on hold.
    return replace(drafted, on_hold=drafted.on_hold and can.holds and can.shows_totals)


async def _customer(order: Order, shop: Shop, ports: Ports) -> tuple[MappingRow, ...]:
    """The shopper's own row: the table may be large, and most shoppers are not in it."""
    if shop.marketplace.customers == "per_marketplace" or not order.shopper.id:
        return ()
    row = await ports.mappings.customer(shop.marketplace.id, order.shopper.id)
    return () if row is None else (row,)
