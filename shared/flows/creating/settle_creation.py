"""A creation in doubt of an order that is wanted no more: the ERP is asked, and believed after its settle time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.errors import Transient
from shared.flows.change_order import cancel_now
from shared.flows.creating.after_creation import changing, reporting, shipped_before
from shared.flows.creating.close_creation import close, close_unneeded
from shared.flows.creating.creation import MISSED, Claiming, NotNeeded, Ports, Settle, blocked, doubtful, released
from shared.model.keys import OrderKey, derived_number, external_reference
from shared.model.outcome import Blocked, Later, Outcome
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.rules import standing


async def settle(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    doubt: Settle,
    *,
    shop: Shop,
    shipping: ShippingPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    now = ports.clock.now()
    found = await _look_up(key, step, shop, ports)
    if isinstance(found, Blocked):
        return replace(found, step=doubtful(step))
    if found is not None:
        return await _created(
            key, step, record, doubt, found, shop=shop, shipping=shipping, ports=ports, claiming=claiming
        )
    if now < doubt.settled:
        wait = doubt.settled - now + timedelta(seconds=5 * claiming.jitter())
        return Later(wait, "in doubt: not found in the ERP yet", replace(doubtful(step), due=doubt.settled))
    absent = NotNeeded("cancelled in Mirakl; a settled look-up did not find it in the ERP")
    step = replace(released(step), sent=None)
    return await close_unneeded(key, step, MISSED if doubt.kept else absent, record, ports=ports)


async def _created(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    doubt: Settle,
    found: ErpOrder,
    *,
    shop: Shop,
    shipping: ShippingPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    """With number and lines on record: a cancellation that fails here is tried again, and not taken for done."""
    now, number = ports.clock.now(), found.number
    lost = standing.held(found, doubt.lost, sent=step.lines)
    if not doubt.kept:
        lost = lost or doubt.lost
    created = replace(released(step), state="done", reference=number, lines=(*doubt.kept, *lost), sent=None)
    following = (*changing(record, lost, number=number, now=now), *shipped_before(record, now))
    if doubt.kept:
        following += (reporting(record, number, now),)
    created = replace(created, reason="created: a look-up found it")
    outcome = await close(key, created, record, ports=ports, following=following)
    if not lost:
        return outcome
    return await cancel_now(key, shop=shop, policy=shipping, ports=ports, jitter=claiming.jitter)


async def _look_up(key: OrderKey, step: Step, shop: Shop, ports: Ports) -> ErpOrder | Blocked | None:
    number = _number(key, step, shop, ports)
    reference = external_reference(shop.marketplace.prefix, key.order)
    try:
        return await ports.sales_orders.find(company=shop.company, number=number, reference=reference)
    except Transient as problem:
        return blocked(problem, None)


def _number(key: OrderKey, step: Step, shop: Shop, ports: Ports) -> str:
    match ports.sales_orders.capabilities.numbers:
        case "derived":
            return derived_number(shop.marketplace.prefix, shop.marketplace.id, key.order)
        case "allocated":
            return step.number
        case "drawn":
            return ""
