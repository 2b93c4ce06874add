"""Claim, place, and put on record: the one call that creates an order in the ERP."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.errors import Conflict, Rejected, Transient, UnknownOutcome
from shared.flows.change_order import cancel_now
from shared.flows.creating.creation import Claiming, Ports, after_claim, blocked, last_send, released
from shared.flows.creating.draft_order import draft_order
from shared.flows.creating.earlier_send import settled
from shared.flows.creating.record_creation import record_creation
from shared.flows.sighting.seen_order import ids
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.outcome import Exceptional, Later, Outcome
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.model.shop import Shop
from shared.model.steps import MAXIMUM_CLAIMS, Step
from shared.ports.own import Change, OrderRecord
from shared.rules import order_states as states
from shared.rules import retry, standing


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
    wanted = await draft_order(order, shop=shop, policy=policy, ports=ports)
    if step.claims >= MAXIMUM_CLAIMS:
        text = f"claimed {step.claims} times without a clean outcome"
        return Exceptional(step, (Rejected("unexpected", subject=step.name, reason=text),))
    placed = await settled(step, wanted, ports=ports, claiming=claiming)
    if placed is None:
        claimed = await _claim(key, step, ports=ports, claiming=claiming)
        if claimed is None:
            return after_claim(ports.clock.now() + claiming.length, ports.clock.now(), claiming)
        step, placed = claimed, await _placed(claimed, wanted, ports=ports, claiming=claiming)
    if not isinstance(placed, ErpOrder):
        return placed
    lost = tuple(line for line in ids(states.withdrawn_lines(order.lines)) if standing.carries(placed, line))
    holds = replace(step, lines=(*ids(states.shippable_lines(order.lines)), *lost))
    outcome = await record_creation(
        order, holds, record, wanted, placed, lost=lost, policy=policy, shipping=shipping, ports=ports
    )
    if not lost:
        return outcome
    # An earlier placing went through late, with lines that were cancelled since.
    return await cancel_now(key, shop=shop, policy=shipping, ports=ports, jitter=claiming.jitter)


async def _placed(step: Step, wanted: SalesOrderDraft, *, ports: Ports, claiming: Claiming) -> ErpOrder | Outcome:
    """Under our claim: the customer first, then the order."""
    unserved = await _without_customer(step, wanted, ports=ports, claiming=claiming)
    if unserved is not None:
        return unserved
    sent = ports.clock.now()
    try:
        return await ports.sales_orders.place(wanted)
    except UnknownOutcome as problem:
        return _in_doubt(step, sent, problem, claiming)
    except Transient as problem:
        return blocked(problem, released(step))
    except Rejected as reason:
        return await _entered_by_hand(wanted, ports) or Exceptional(_refused(step, sent, ports), (reason,))


async def _without_customer(step: Step, wanted: SalesOrderDraft, *, ports: Ports, claiming: Claiming) -> Outcome | None:
    """None where the customer exists now. Nothing of the order was sent, so that none of this leaves it in doubt."""
    if wanted.shopper is None:
        return None
    try:
        await ports.customers.ensure(wanted.shopper)
    except UnknownOutcome as problem:
        wait = retry.delay(step.attempt, jitter=claiming.jitter(), retry_after=problem.retry_after)
        return Later(wait, str(problem), released(step), scope=problem.scope)
    except Transient as problem:
        return blocked(problem, released(step))
    except Rejected as reason:
        return Exceptional(released(step), (reason,))
    return None


def _refused(step: Step, sent: datetime, ports: Ports) -> Step:
    """Where the ERP numbers the order, a part of it may stand there: a cancellation must ask first."""
    enforced = ports.sales_orders.capabilities.uniqueness == "enforced"
    return released(step) if enforced else replace(released(step), sent=sent)


async def _entered_by_hand(wanted: SalesOrderDraft, ports: Ports) -> ErpOrder | None:
    """What the ERP refuses from us a person may have entered, under our number and with our reference."""
    if not wanted.number:
        return None
    try:
        found = await ports.sales_orders.find(company=wanted.company, number=wanted.number, reference="")
    except Transient:
        return None
    return found if found is not None and found.reference == wanted.reference else None


async def _claim(key: OrderKey, step: Step, *, ports: Ports, claiming: Claiming) -> Step | None:
    """Our claim as it is on record; None when another invocation has it."""
    claim = replace(
        step,
        state="claimed",
        claims=step.claims + 1,
        claim_owner=claiming.token,
        claim_until=ports.clock.now() + claiming.length,
        sent=last_send(step),
    )
    try:
        return (await ports.progress.commit(key, Change(steps=(claim,))))[0]
    except Conflict:
        # The table client repeats by itself after a lost answer: what stands there may be our own claim.
        there = (await ports.progress.load(key)).steps.get(step.name)
        return there if there is not None and there.claim_owner == claiming.token else None


def _in_doubt(step: Step, sent: datetime, problem: UnknownOutcome, claiming: Claiming) -> Later:
    """It may exist now or appear later; the same request again, or a settled look-up, tells."""
    wait = retry.delay(step.attempt, jitter=claiming.jitter(), retry_after=problem.retry_after)
    unknown = replace(released(step), state="unknown", sent=sent, due=sent + wait, reason=str(problem))
    return Later(wait, str(problem), unknown, scope=problem.scope)
