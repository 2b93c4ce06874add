"""Tell Mirakl what has left: one order's shipment, or with multi-shipment everything that waits in a shop."""

from __future__ import annotations

from shared.errors import Transient
from shared.flows.creating.creation import Claiming, after_claim, blocked
from shared.flows.open_work import wake
from shared.flows.telling import confirm_multi, confirm_single
from shared.flows.telling.carrying import Desk, Ports, carrying
from shared.flows.telling.confirming import STEP
from shared.flows.turns import Busy, Stale, current
from shared.model.keys import OrderKey
from shared.model.outcome import AlreadyJudged, Done, Outcome
from shared.model.policy import ShippingPolicy
from shared.model.shop import Shop
from shared.model.steps import Delivery, StepMessage

__all__ = ["Claiming", "Ports", "run"]


async def run(
    message: StepMessage,
    delivery: Delivery,
    *,
    shop: Shop,
    policy: ShippingPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    """An empty order means all of the shop's that wait for its next ST01.

    `claiming.length` outlasts ST01 and the ST11 behind it. Raises Conflict and, where our store fails, Transient.
    """
    if not message.order:
        return await _all_waiting(shop=shop, policy=policy, ports=ports, claiming=claiming)
    now = ports.clock.now()
    record = await ports.progress.load(OrderKey(message.shop, message.order))
    step = record.steps.get(STEP)
    match current(message, delivery, step, now):
        case Stale(text):
            return Done(text, answered=False)
        case AlreadyJudged() as judged:
            return judged
        case Busy(until):
            return after_claim(until, now, claiming)
    if step is None:
        return Done("nothing on record", answered=False)
    await wake(record, progress=ports.progress, now=now)
    try:
        desk = Desk(shop, policy, ports, claiming, await carrying(shop, ports))
    except Transient as problem:
        return blocked(problem, step)
    if desk.carrying.multi:
        return await confirm_multi.one(record, desk)
    return await confirm_single.confirm(step, record, desk=desk)


async def _all_waiting(*, shop: Shop, policy: ShippingPolicy, ports: Ports, claiming: Claiming) -> Outcome:
    keys = await confirm_multi.marked(shop, ports)
    if not keys:
        return Done("no shipment waits", answered=False)
    try:
        desk = Desk(shop, policy, ports, claiming, await carrying(shop, ports))
    except Transient as problem:
        return blocked(problem, None)
    return await confirm_multi.every(keys, desk)
