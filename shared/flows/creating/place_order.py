"""Draft, place, and put on record: what becomes of an order that is to be in the ERP."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Rejected, Transient
from shared.flows.change_order import cancel_now
from shared.flows.creating.creation import Claiming, Ports, blocked, last_send
from shared.flows.creating.draft_order import draft_order
from shared.flows.creating.number_order import addressed, numbered
from shared.flows.creating.record_creation import record_creation
from shared.flows.creating.send_order import Sent, send
from shared.flows.creating.shopper_account import known, settle_account
from shared.flows.sighting.seen_order import ids
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.outcome import Exceptional, Outcome
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shop import Shop
from shared.model.steps import MAXIMUM_CLAIMS, Step
from shared.ports.own import OrderRecord
from shared.rules import order_states as states
from shared.rules import standing


async def place(
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
    """Draft before the claim, so that what fails before the call has nothing to release."""
    try:
        configuration = await ports.platform.configuration()
    except Transient as problem:
        return blocked(problem, step)
    order = replace(order, platform_tax_mode=configuration.order_tax_mode)
    account = await known(order, shop=shop, ports=ports)
    returned = account.account if account else None
    wanted = await draft_order(order, shop=shop, policy=policy, ports=ports, returned=returned)
    if step.claims >= MAXIMUM_CLAIMS:
        text = f"claimed {step.claims} times without a clean outcome"
        return Exceptional(step, (Rejected("unexpected", subject=step.name, reason=text),))
    match await numbered(order, step, shop=shop, ports=ports):
        case ErpOrder() as found:
            step = replace(step, number=found.number, lines=ids(order.lines))
            if account is not None and wanted.shopper is not None:
                await settle_account(account, found.customer, ports=ports)
            sent: Sent | Outcome = Sent(step, found)
        case Step() as step:
            wanted = addressed(wanted, step)
            sent = await send(key, order, step, wanted, account, shop=shop, ports=ports, claiming=claiming)
        case blocked_now:
            return blocked_now
    if not isinstance(sent, Sent):
        return sent
    lost = standing.held(sent.order, ids(states.withdrawn_lines(order.lines)), sent=sent.step.lines)
    holds = replace(sent.step, lines=(*_held(order, step, sent.order), *lost))
    outcome = await record_creation(
        order, holds, record, wanted, sent.order, lost=lost, policy=policy, shipping=shipping, ports=ports
    )
    if not lost:
        return outcome
    # An earlier placing went through late, with lines that were cancelled since.
    return await cancel_now(key, shop=shop, policy=shipping, ports=ports, jitter=claiming.jitter)


def _held(order: Order, before: Step, placed: ErpOrder) -> tuple[str, ...]:
    """The lines in SHIPPING that the ERP's order holds for certain.

    Where it shows none, an earlier sending may be what stands there: lines that were not in it are told as late.
    """
    shippable = ids(states.shippable_lines(order.lines))
    if placed.lines_shown or last_send(before) is None or not before.lines:
        return shippable
    return tuple(line for line in shippable if line in before.lines)
