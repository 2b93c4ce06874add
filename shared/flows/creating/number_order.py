"""Which number an order gets where the bridge allocates them: the one that it has, that Mirakl shows, or a new one."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Transient
from shared.flows.creating.allocate_number import allocate
from shared.flows.creating.creation import Ports, blocked, last_send
from shared.flows.sighting.seen_order import ids
from shared.model.keys import ERP_SCOPE
from shared.model.order import Order
from shared.model.outcome import Blocked
from shared.model.sales_order import ErpOrder, NumberFormat, SalesOrderDraft
from shared.model.shop import Shop
from shared.model.steps import Step


async def numbered(order: Order, step: Step, *, shop: Shop, ports: Ports) -> Step | ErpOrder | Blocked:
    """The step with its number, or the order itself where it turns out to be in the ERP.

    Raises Rejected (`number_range_stopped`), and Conflict or Transient of our own tables.
    """
    if ports.sales_orders.capabilities.numbers != "allocated" or step.number:
        return step
    try:
        return await _reported(order, step, shop, ports) or replace(step, number=await allocate(shop, ports=ports))
    except Transient as problem:
        if problem.scope != ERP_SCOPE:
            raise
        return blocked(problem, step)


async def _reported(order: Order, step: Step, shop: Shop, ports: Ports) -> ErpOrder | Step | None:
    """By the number that Mirakl shows for the seller, which OR04 has set: our own record of it is lost.

    One of our range that the ERP does not show is kept as sent: a new one could make the order twice.
    """
    number = order.seller_reference
    if not number:
        return None
    found = await ports.sales_orders.find(company=shop.company, number=number, reference="")
    if found is not None:
        return found
    if not _is_of(ports.sales_orders.capabilities.ranges[shop.id], number):
        return None
    return replace(step, number=number, sent=order.updated, lines=ids(order.lines))


def _is_of(form: NumberFormat, number: str) -> bool:
    digits = number.removeprefix(form.prefix)
    return number.startswith(form.prefix) and len(digits) == form.digits and digits.isdecimal()


def addressed(wanted: SalesOrderDraft, step: Step) -> SalesOrderDraft:
    """As it is sent now: under the step's number where it has one."""
    return replace(wanted, number=wanted.number or step.number, sent_before=last_send(step) is not None)
