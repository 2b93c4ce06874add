"""Put a created order on record: its number, the lines that it holds, and the steps that follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.creating.after_creation import changing, way_back
from shared.flows.creating.close_creation import answered
from shared.flows.creating.creation import WOULD_HAVE, Ports, released
from shared.flows.open_work import open_work
from shared.model.order import Order
from shared.model.outcome import Done, Outcome
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.model.steps import Step
from shared.ports.own import Change, History, OpenWork, OrderRecord
from shared.rules import drafted
from shared.rules import order_states as states
from shared.rules.comparing import differing_lines, expected_totals


async def record_creation(
    order: Order,
    step: Step,
    record: OrderRecord,
    wanted: SalesOrderDraft,
    placed: ErpOrder,
    *,
    lost: tuple[str, ...],
    policy: CreationPolicy,
    shipping: ShippingPolicy,
    ports: Ports,
) -> Outcome:
    """`step.lines` are the lines that the ERP's order holds, `lost` those of them that were cancelled since."""
    now, number = ports.clock.now(), placed.number
    done = replace(released(step), state="done", reference=number, kind="", sent=None, due=None)
    done = replace(done, reason=_told(wanted, placed, ports), seen=now)
    following = changing(record, lost, number=number, now=now)
    if placed.status != WOULD_HAVE:
        following += _totals(wanted, placed, record, now, policy, ports)
        following += _way_back(record, order, number, wanted, shipping, now)
    reasons = differing_lines(wanted, placed)
    raised = [Rejected("amounts_differ", subject=number, reason="; ".join(reasons))] if reasons else []
    raised += _fewer_units(order)
    named = {(reason.kind, reason.subject) for reason in raised}
    change = Change(
        steps=(done, *following),
        history=(History(now, step.name, step.attempt, done.reason, reference=number),),
        opened=tuple(opened(record.key, reason, step=step.name, now=now, stand=record.exceptions) for reason in raised),
        closed=tuple(one for one in answered(record) if one.identity not in named),
        lookup=_named(step, wanted, number),
        open_work=_soon(record, (done, *following), now),
    )
    await ports.progress.commit(record.key, change)
    return Done(done.reason)


def _way_back(
    record: OrderRecord, order: Order, number: str, wanted: SalesOrderDraft, policy: ShippingPolicy, now: datetime
) -> tuple[Step, ...]:
    return way_back(record, order, number=number, drafted=drafted.kept(wanted.lines), policy=policy, now=now)


def _named(claimed: Step, wanted: SalesOrderDraft, number: str) -> tuple[tuple[str, str], ...]:
    """What is new to the index: our claim has filed the number that we gave, and one that is the reference names its
    order itself.
    """
    filed = claimed.state == "claimed" and number == wanted.number
    return () if filed or number == wanted.reference else (("erp_number", number),)


def _fewer_units(order: Order) -> list[Rejected]:
    """A sales order holds each line whole, whatever was cancelled of it before."""
    return [
        Rejected(
            "cancelled_after_creation",
            subject=line.id,
            reason=f"{line.cancelled_quantity} of {line.quantity} units of line {line.id} were cancelled in Mirakl, "
            "and the ERP's order holds the whole line",
        )
        for line in states.shippable_lines(order.lines)
        if line.cancelled_quantity
    ]


def _told(wanted: SalesOrderDraft, placed: ErpOrder, ports: Ports) -> str:
    if placed.status == WOULD_HAVE:
        return WOULD_HAVE + " created"
    returns = wanted.shopper is not None and ports.sales_orders.capabilities.shoppers == "returned"
    return "created; the ERP returned no account of the shopper" if returns and not placed.customer else "created"


def _soon(record: OrderRecord, moved: tuple[Step, ...], now: datetime) -> OpenWork | None:
    """`watch` sends what is outstanding; on the happy path nothing is, and the row stays as it is."""
    if not any(step.state == "outstanding" for step in moved):
        return None
    work = open_work(record.key, {**record.steps, **{step.name: step for step in moved}}, now=now)
    return replace(work, due=now) if work else None


def _totals(
    wanted: SalesOrderDraft,
    placed: ErpOrder,
    record: OrderRecord,
    now: datetime,
    policy: CreationPolicy,
    ports: Ports,
) -> tuple[Step, ...]:
    if not ports.sales_orders.capabilities.shows_totals:
        return ()
    before = record.steps.get("compare_totals")
    comparing = Step(
        "compare_totals",
        "waiting",
        waiting_for="totals",
        reference=placed.number,
        expected=expected_totals(wanted),
        due=now,
        deadline=now + policy.totals_within,
        version=before.version if before else None,
    )
    return (comparing,)
