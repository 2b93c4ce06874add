"""Create the order in the ERP, once: from the lines that Mirakl shows in SHIPPING, decided from the latest snapshot."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Rejected
from shared.flows.change_order import cancel_now
from shared.flows.creating.after_creation import changing
from shared.flows.creating.close_creation import close, close_unneeded
from shared.flows.creating.creation import (
    SHORTEST,
    WOULD_HAVE,
    Cancel,
    Claiming,
    Create,
    NotNeeded,
    NotYet,
    Ports,
    Settle,
    after_claim,
    decide,
    released,
)
from shared.flows.creating.number_order import remembered
from shared.flows.creating.place_order import place
from shared.flows.creating.settle_creation import settle
from shared.flows.open_work import wake
from shared.flows.turns import Busy, Stale, current
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.outcome import AlreadyJudged, Done, Exceptional, Outcome
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.shop import Shop
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.own import OrderRecord
from shared.rules.drafting import Refused

__all__ = ["WOULD_HAVE", "Claiming", "Ports", "decide", "run"]


async def run(
    message: StepMessage,
    delivery: Delivery,
    *,
    shop: Shop,
    policy: CreationPolicy,
    shipping: ShippingPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    key, now = OrderKey(message.shop, message.order), ports.clock.now()
    record = await ports.progress.load(key)
    step = record.steps.get("create_order")
    match current(message, delivery, step, now, apart=SHORTEST):
        case Stale(text):
            return Done(text, answered=False)
        case AlreadyJudged() as judged:
            return judged
        case Busy(until):
            return after_claim(until, now, claiming)
    if step is None or record.snapshot is None:
        return Done("no snapshot on record; the next poll shows it again", answered=False)
    await wake(record, progress=ports.progress, now=now)
    try:
        order = ports.reader(key, record.snapshot)
        return await _act(
            key, order, step, record, shop=shop, policy=policy, shipping=shipping, ports=ports, claiming=claiming
        )
    except Refused as refused:
        return Exceptional(step, refused.reasons)
    except Rejected as reason:
        return Exceptional(step, (reason,))


async def _act(
    key: OrderKey,
    order: Order,
    step: Step,
    record: OrderRecord,
    *,
    shop: Shop,
    policy: CreationPolicy,
    shipping: ShippingPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    step = remembered(order, step, shop=shop, ports=ports)
    match decide(order, step, settle=ports.sales_orders.capabilities.settle):
        case Create():
            return await place(
                key, order, step, record, shop=shop, policy=policy, shipping=shipping, ports=ports, claiming=claiming
            )
        case Settle() as doubt:
            return await settle(key, step, record, doubt, shop=shop, shipping=shipping, ports=ports, claiming=claiming)
        case Cancel(lines):
            created = replace(released(step), state="done", sent=None, reason="created")
            following = changing(record, lines, number=step.reference, now=ports.clock.now())
            await close(key, created, record, ports=ports, following=following)
            return await cancel_now(key, shop=shop, policy=shipping, ports=ports, jitter=claiming.jitter)
        case Stale(text):
            return await close(key, replace(step, state="done", reason=text), record, ports=ports)
        case NotNeeded() as over:
            outcome = await close_unneeded(key, step, over, record, ports=ports)
            return replace(outcome, answered=False)  # nobody was asked
        case NotYet():
            return Done("Mirakl does not show it in SHIPPING; the next poll decides", answered=False)
