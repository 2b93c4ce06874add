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


def remembered(order: Order, step: Step, *, shop: Shop, ports: Ports) -> Step:
    """With the number of our range that Mirakl shows for the seller, which OR04 has set: our own record of it is lost.

    It counts as sent: a new number could make the order twice, and of a cancelled one the ERP has to be asked.
    """
    form, shown = ports.sales_orders.capabilities.ranges.get(shop.id), order.seller_reference
    if form is None or step.number or step.reference or not _is_of(form, shown):
        return step
    return replace(step, number=shown, sent=order.updated, lines=ids(order.lines))


async def numbered(order: Order, step: Step, *, shop: Shop, ports: Ports) -> Step | ErpOrder | Blocked:
    """The step with its number, or the order itself where it turns out to be in the ERP.

    Raises Rejected (`number_range_stopped`), and Conflict or Transient of our own tables.
    """
    if ports.sales_orders.capabilities.numbers != "allocated" or step.number:
        return step
    try:
        return await _reported(order, shop, ports) or replace(step, number=await allocate(shop, ports=ports))
    except Transient as problem:
        if problem.scope != ERP_SCOPE:
            raise
        return blocked(problem, step)


async def _reported(order: Order, shop: Shop, ports: Ports) -> ErpOrder | None:
    """By the number that Mirakl shows for the seller, of another range: the settings have changed since."""
    if not order.seller_reference:
        return None
    return await ports.sales_orders.find(company=shop.company, number=order.seller_reference, reference="")


def _is_of(form: NumberFormat, number: str) -> bool:
    digits = number.removeprefix(form.prefix)
    return number.startswith(form.prefix) and len(digits) == form.digits and digits.isdecimal()


def addressed(wanted: SalesOrderDraft, step: Step) -> SalesOrderDraft:
    """As it is sent now: under the step's number where it has one."""
    return replace(wanted, number=wanted.number or step.number, sent_before=last_send(step) is not None)
