"""Releases an order by the client's own bound action: no standard action does."""

from __future__ import annotations

from dataclasses import replace

from shared.erp.business_central.companies import Company
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import entity, in_company
from shared.erp.business_central.reading import ORDERS, RELEASED
from shared.errors import Transient, UnknownOutcome
from shared.model.sales_order import ErpOrder


async def released(
    order: ErpOrder, id_: str, *, company: Company, configuration: Configuration, connection: Connection
) -> ErpOrder:
    """The order stands whatever becomes of this: where the action fails it is shown unreleased; done again is fine."""
    if configuration.release != "action" or order.released or order.shipped:
        return order
    action = f"{entity(ORDERS, id_)}/Microsoft.NAV.{configuration.release_action}"
    try:
        answer = await connection.act(in_company(company.id, action))
    except (Transient, UnknownOutcome):
        return order
    return replace(order, released=True, status=RELEASED) if answer.succeeded else order
