"""Claim, and make the one call that creates an order in the ERP."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Conflict, Rejected, Transient, UnknownOutcome
from shared.flows.creating.allocate_number import stop, stopped
from shared.flows.creating.claim_order import claim
from shared.flows.creating.creation import Claiming, Ports, after_claim, blocked, last_send, released
from shared.flows.creating.earlier_send import settled
from shared.flows.creating.shopper_account import free, reserve, settle_account
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.outcome import Blocked, Exceptional, Later, Outcome
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import Change, ShopperAccount
from shared.rules import retry


@dataclass(frozen=True, slots=True)
class Sent:
    """The order as the ERP shows it, and our step about it. Where the ERP shows no lines, `step.lines` are those that
    may have been sent.
    """

    step: Step
    order: ErpOrder


async def send(
    key: OrderKey,
    order: Order,
    step: Step,
    wanted: SalesOrderDraft,
    account: ShopperAccount | None,
    *,
    shop: Shop,
    ports: Ports,
    claiming: Claiming,
) -> Sent | Outcome:
    """`account` is the shopper's, where the ERP makes the customer with the first order."""
    placed = await settled(step, wanted, ports=ports, claiming=claiming)
    first = account if wanted.shopper is not None else None
    if placed is None:
        if first is not None:
            match await reserve(key, step, first, shop=shop, ports=ports, claiming=claiming):
                case Later() as later:
                    return later
                case ShopperAccount() as first:
                    pass
        claimed = await claim(key, step, order, wanted, ports=ports, claiming=claiming)
        if claimed is None:
            return after_claim(ports.clock.now() + claiming.length, ports.clock.now(), claiming)
        step, placed = claimed, await _placed(key, claimed, wanted, shop=shop, ports=ports, claiming=claiming)
    if first is not None:
        await _concluded(first, placed, ports)
    return Sent(step, placed) if isinstance(placed, ErpOrder) else placed


async def _concluded(account: ShopperAccount, placed: ErpOrder | Outcome, ports: Ports) -> None:
    """While the order is in doubt, the account stays its own."""
    match placed:
        case ErpOrder():
            await settle_account(account, placed.customer, ports=ports)
        case Later(step=Step() as step) | Blocked(step=Step() as step) | Exceptional(step=step):
            if last_send(step) is None:
                await free(account, ports=ports)


async def _placed(
    key: OrderKey, step: Step, wanted: SalesOrderDraft, *, shop: Shop, ports: Ports, claiming: Claiming
) -> ErpOrder | Outcome:
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
        if _is_taken(reason, wanted, ports):
            return await _collided(key, step, wanted, shop, ports)
        return await _entered_by_hand(wanted, ports) or Exceptional(_refused(step, reason, sent, ports), (reason,))


async def _without_customer(step: Step, wanted: SalesOrderDraft, *, ports: Ports, claiming: Claiming) -> Outcome | None:
    """None where the customer exists now, or comes with the order. Nothing of the order was sent, so that none of this
    leaves it in doubt.
    """
    if wanted.shopper is None or ports.sales_orders.capabilities.shoppers != "ensured":
        return None
    try:
        await ports.customers.ensure(wanted.shopper)
    except UnknownOutcome as problem:
        return _later(problem, released(step), claiming)
    except Transient as problem:
        return blocked(problem, released(step))
    except Rejected as reason:
        return Exceptional(released(step), (reason,))
    return None


def _refused(step: Step, reason: Rejected, sent: datetime, ports: Ports) -> Step:
    """Where the ERP numbers the order, a part of it may stand there: a cancellation must ask first.

    An order under an allocated number stands whole or not at all: refused after the settle time of its last sending,
    it is in doubt no more.
    """
    can = ports.sales_orders.capabilities
    if can.uniqueness != "enforced":
        return replace(released(step), sent=sent)
    over = can.numbers == "allocated" and reason.kind == "erp_refused"
    in_doubt = step.sent is not None and not (over and step.sent + can.settle <= sent)
    return released(step) if in_doubt else replace(released(step), sent=None)


def _is_taken(reason: Rejected, wanted: SalesOrderDraft, ports: Ports) -> bool:
    """The number was this order's alone and is sent for the first time: somebody else uses the range."""
    first = not wanted.sent_before and ports.sales_orders.capabilities.numbers == "allocated"
    return first and reason.kind == "erp_number_taken"


async def _collided(key: OrderKey, step: Step, wanted: SalesOrderDraft, shop: Shop, ports: Ports) -> Outcome:
    """Nothing of ours was made; the order gets another number once a person has moved the range.

    It loses this one first: a death from here on must leave no claim, by which the other order would pass for ours.
    Raises Conflict where our claim had run out and another invocation sent the order meanwhile: then it is ours.
    """
    why = f"the ERP has another order under the number {wanted.number}, which was sent for the first time"
    step = replace(released(step), number="", lines=())
    with suppress(Transient):  # the verdict says it again
        [step] = await ports.progress.commit(key, Change(steps=(step,)))
    with suppress(Conflict, Transient):  # the next order meets it again
        await stop(shop, why, ports=ports)
    return Exceptional(step, (stopped(shop, why),))


async def _entered_by_hand(wanted: SalesOrderDraft, ports: Ports) -> ErpOrder | None:
    """What the ERP refuses from us a person may have entered, under our number and with our reference.

    A number out of a range nobody but us can know.
    """
    if not wanted.number or ports.sales_orders.capabilities.numbers != "derived":
        return None
    try:
        found = await ports.sales_orders.find(company=wanted.company, number=wanted.number, reference="")
    except Transient:
        return None
    return found if found is not None and found.reference == wanted.reference else None


def _in_doubt(step: Step, sent: datetime, problem: UnknownOutcome, claiming: Claiming) -> Later:
    """It may exist now or appear later; the same request again, or a settled look-up, tells."""
    later = _later(problem, replace(released(step), state="unknown", sent=sent, reason=str(problem)), claiming)
    return replace(later, step=replace(later.step, due=sent + later.after) if later.step else None)


def _later(problem: UnknownOutcome, step: Step, claiming: Claiming) -> Later:
    wait = retry.delay(step.attempt, jitter=claiming.jitter(), retry_after=problem.retry_after)
    return Later(wait, str(problem), step, problem.scope, problem.down, problem.retry_after)
