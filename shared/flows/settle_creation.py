"""A creation in doubt of an order that is wanted no more: the ERP is asked, and believed after its settle time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.errors import Transient
from shared.flows.close_creation import close, close_unneeded
from shared.flows.creation import MISSED, Claiming, NotNeeded, Ports, Settle, blocked, last_send, released
from shared.flows.hold_order import hold
from shared.model.keys import OrderKey, derived_number, external_reference
from shared.model.outcome import Blocked, Later, Outcome
from shared.model.sales_order import ErpOrder
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import OrderRecord


async def settle(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    doubt: Settle,
    *,
    shop: Shop,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    now = ports.clock.now()
    found = await _look_up(key, shop, ports)
    if isinstance(found, Blocked):
        return replace(found, step=_doubtful(step))
    if found is not None and doubt.kept:
        created = replace(released(step), state="done", reference=found.number, lines=doubt.kept, sent=None)
        return await close(key, replace(created, reason="created: a look-up found it"), record, ports=ports)
    if found is not None:
        # With its number and lines on the step, a hold that fails is tried again and not taken for done.
        created = replace(released(step), reference=found.number, lines=doubt.lost)
        return await hold(key, created, record, found.number, doubt.lost, shop=shop, ports=ports)
    if now < doubt.settled:
        wait = doubt.settled - now + timedelta(seconds=5 * claiming.jitter())
        return Later(wait, "in doubt: not found in the ERP yet", replace(_doubtful(step), due=doubt.settled))
    absent = NotNeeded("cancelled in Mirakl; a settled look-up did not find it in the ERP")
    step = replace(released(step), sent=None)
    return await close_unneeded(key, step, MISSED if doubt.kept else absent, record, ports=ports)


def _doubtful(step: Step) -> Step:
    return replace(released(step), state="unknown", sent=last_send(step))


async def _look_up(key: OrderKey, shop: Shop, ports: Ports) -> ErpOrder | Blocked | None:
    marketplace = shop.marketplace
    client_numbers = ports.sales_orders.capabilities.client_numbers
    number = derived_number(marketplace.prefix, marketplace.id, key.order) if client_numbers else ""
    reference = external_reference(marketplace.prefix, key.order)
    try:
        return await ports.sales_orders.find(company=shop.company, number=number, reference=reference)
    except Transient as problem:
        return blocked(problem, None)
