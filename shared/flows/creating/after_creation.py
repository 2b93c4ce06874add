"""The steps that an order takes once it is in the ERP, as the commit that puts it on record writes them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.flows.cancelling.cancellation import withdrawn
from shared.flows.sighting.seen_order import ids
from shared.flows.sighting.seen_way_back import TOLD_WITHIN
from shared.flows.waits import ORDER, SHIPMENT
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.rules import order_states as states
from shared.rules.deadlines import shipping_due


def way_back(
    record: OrderRecord, order: Order, *, number: str, drafted: str, policy: ShippingPolicy, now: datetime
) -> tuple[Step, ...]:
    """report_order_numbers for the next OR04, and confirm_shipment until the ERP shows a shipment.

    `drafted` is what the ERP's lines were drafted with.
    """
    confirming = _confirming(record, order, policy=policy, now=now)
    return (reporting(record, number, now), *(replace(step, expected=drafted) for step in confirming))


def reporting(record: OrderRecord, number: str, now: datetime) -> Step:
    before = record.steps.get("report_order_numbers")
    version = before.version if before else None
    return Step("report_order_numbers", "waiting", waiting_for="report", due=now, reference=number, version=version)


def changing(record: OrderRecord, lost: tuple[str, ...], *, number: str, now: datetime) -> tuple[Step, ...]:
    """change_order for lines that were cancelled before the order that holds them was on record."""
    return (withdrawn(record, lost, number=number, now=now),) if lost else ()


def shipped_before(record: OrderRecord, now: datetime) -> tuple[Step, ...]:
    """A shipment that waited for its order goes on; `watch` sends it."""
    step = record.steps.get("confirm_shipment")
    if step is None or step.state != "waiting" or step.waiting_for != ORDER:
        return ()
    goes = replace(step, state="outstanding", waiting_for="", due=now, deadline=now + TOLD_WITHIN)
    return (replace(goes, reason="its order is on record"),)


def _confirming(record: OrderRecord, order: Order, *, policy: ShippingPolicy, now: datetime) -> tuple[Step, ...]:
    if "confirm_shipment" in record.steps:
        return shipped_before(record, now)
    due = shipping_due(order.created, order.shipping_deadline, policy=policy)
    lines = ids(states.shippable_lines(order.lines))
    return (Step("confirm_shipment", "waiting", waiting_for=SHIPMENT, due=due, lines=lines),)
