"""Releases an order by the client's own bound action: no standard action does."""

from __future__ import annotations

from dataclasses import replace

from shared.erp.business_central.companies import Company
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import entity, in_company
from shared.erp.business_central.orders import Orders
from shared.erp.business_central.reading import ORDERS
from shared.errors import Transient, UnknownOutcome
from shared.model.sales_order import ErpOrder


async def released(
    order: ErpOrder, id_: str, *, company: Company, configuration: Configuration, connection: Connection, orders: Orders
) -> ErpOrder:
    """The order stands whatever becomes of this; done again is fine. What it then shows counts, not what was answered.

    Where the action fails, or the order cannot be read after it, it is shown unreleased.
    """
    if configuration.release != "action" or order.released or order.shipped:
        return order
    action = f"{entity(ORDERS, id_)}/Microsoft.NAV.{configuration.release_action}"
    try:
        await connection.act(in_company(company.id, action))
        shown = await orders.shown(company, await orders.under_numbers(company, [order.number]))
    except (Transient, UnknownOutcome):
        return order
    return next((replace(one, reference=order.reference) for one in shown if one.lines_shown), order)
