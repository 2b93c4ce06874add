"""Compare the ERP's own order totals with what the shopper pays, once the ERP has calculated them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Rejected, UnknownOutcome
from shared.exceptions import opened
from shared.model.keys import OrderKey
from shared.model.policy import CreationPolicy
from shared.model.sales_order import ErpTotals
from shared.model.steps import State, Step
from shared.ports.erp import SalesOrders
from shared.ports.own import Change, Clock, History, OrderRecord
from shared.rules.comparing import differing_tax, differing_totals
from shared.telemetry import event

AT_ONCE = 20


@dataclass(frozen=True, slots=True)
class Ports:
    sales_orders: SalesOrders
    clock: Clock


async def run(
    company: str, records: Sequence[OrderRecord], *, policy: CreationPolicy, ports: Ports
) -> Mapping[OrderKey, Change]:
    """Ask once for the totals of at most 20 orders; what that changes of each. Raises Transient."""
    numbers = [record.steps["compare_totals"].reference for record in records]
    shown = {one.number: one for one in await ports.sales_orders.totals(company=company, numbers=numbers)}
    changes: dict[OrderKey, Change] = {}
    for record in records:
        step = record.steps["compare_totals"]
        change = decide(record, step, shown.get(step.reference), policy=policy, now=ports.clock.now())
        if change is not None and policy.hold_until_compared and _may_go_on(record, change):
            change = await _released(company, record, step, change, ports)
        if change is not None:
            changes[record.key] = change
    return changes


def decide(
    record: OrderRecord, step: Step, totals: ErpTotals | None, *, policy: CreationPolicy, now: datetime
) -> Change | None:
    """None: the ERP has not calculated them yet, and nobody must know yet."""
    if totals is None or totals.total is None:
        return _late(record, step, missing=totals is None, now=now)
    tolerance = policy.total_tolerance
    differences = differing_totals(step.expected, totals, tolerance=tolerance)
    differences += differing_tax(step.expected, totals, tolerance=tolerance)
    if differences and _is_cancelled_in_part(record):
        # What was drafted is not what stands there any more; a person sees to the cancellation.
        return _closed(step, "done", "not compared: lines were cancelled since", now)
    text = "; ".join(differences)
    done = replace(step, state="done", waiting_for="", due=None, reason=text or "totals are equal")
    raised = [Rejected("totals_differ", subject=step.reference, reason=text)] if differences else []
    return Change(
        steps=(done,),
        history=(History(now, step.name, step.attempt, done.reason, reference=step.reference),),
        opened=tuple(opened(record.key, reason, step=step.name, now=now, stand=record.exceptions) for reason in raised),
        closed=tuple(one for one in record.exceptions if one.kind == "totals_late"),
    )


async def _released(company: str, record: OrderRecord, step: Step, change: Change, ports: Ports) -> Change | None:
    """Released before it is on record, because releasing twice is fine.

    None: nobody knows whether it was; the next look asks again, and it keeps back no other. Raises Transient.
    """
    try:
        await ports.sales_orders.release(company=company, number=step.reference)
    except UnknownOutcome:
        event("release_in_doubt", shop=record.key.shop, order=record.key.order)
        return None
    except Rejected as reason:
        one = opened(record.key, reason, step=step.name, now=ports.clock.now(), stand=record.exceptions)
        return replace(change, opened=(*change.opened, one))
    return change


def _may_go_on(record: OrderRecord, change: Change) -> bool:
    """Compared and equal, and nothing else keeps it."""
    compared = any(step.state == "done" for step in change.steps)
    kept = {"cancelled_after_creation", "amounts_differ", "totals_differ"}
    return compared and not any(one.kind in kept for one in (*record.exceptions, *change.opened))


def _is_cancelled_in_part(record: OrderRecord) -> bool:
    step = record.steps.get("change_order")
    return step is not None and bool(step.lines)


def _closed(step: Step, state: State, reason: str, now: datetime) -> Change:
    closed = replace(step, state=state, waiting_for="", due=None, reason=reason)
    return Change(steps=(closed,), history=(History(now, step.name, step.attempt, reason, reference=step.reference),))


def _late(record: OrderRecord, step: Step, *, missing: bool, now: datetime) -> Change | None:
    if missing and _is_cancelled_in_part(record):
        return _closed(step, "not_needed", "cancelled, and gone from the ERP", now)
    if step.deadline is None or now < step.deadline or any(one.kind == "totals_late" for one in record.exceptions):
        return None
    text = "the ERP does not show the order" if missing else "no totals although they are due"
    late = Rejected("totals_late", subject=step.reference, reason=text)
    return Change(opened=(opened(record.key, late, step=step.name, now=now),))
