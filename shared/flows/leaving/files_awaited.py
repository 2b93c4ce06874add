"""Where despatch files tell who carries what, an order's status alone waits for them, for as long as tracking may.

Put on record at once, it would be one parcel by a carrier of the settings, which Mirakl may know before the file comes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.flows.leaving.seen_shipment import tracking_until
from shared.flows.open_work import awake
from shared.flows.waits import FILES, REST, SHIPMENT
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord

LOOKED_AT_WITHIN = timedelta(hours=4)
"""How long after its wait the order may go without a look at the ERP before a person must know."""


@dataclass(frozen=True, slots=True)
class Since:
    """`told` is when the status told first; no file has come in time."""

    told: datetime


@dataclass(frozen=True, slots=True)
class Waits:
    """`change` None: it waits already, or somebody is at it, and the next look decides."""

    change: Change | None = None


def decide(record: OrderRecord, *, order: Order | None, policy: ShippingPolicy, now: datetime) -> Since | Waits:
    """About an order whose status tells that all has left, and of which something is on record of no document yet."""
    step = record.steps.get("confirm_shipment")
    if step is None or step.closed:
        return Since(now)
    if step.seen is not None:
        return Waits() if now < tracking_until(step.seen, order, policy) else Since(step.seen)
    return Waits() if step.claimed_at(now) else Waits(_begun(step, record, order, policy, now))


def _begun(step: Step, record: OrderRecord, order: Order | None, policy: ShippingPolicy, now: datetime) -> Change:
    """What is on its way to Mirakl, or waits for something of its own, goes on."""
    reason = "the ERP says that all has left; a despatch file tells how"
    after = replace(step, seen=now)
    if step.state == "waiting" and step.waiting_for in {SHIPMENT, REST} and not record.shipments:
        due = tracking_until(now, order, policy) + LOOKED_AT_WITHIN
        after = replace(after, waiting_for=FILES, due=due, reason=reason)
    return Change(
        steps=(after,),
        history=(History(now, step.name, step.attempt, reason),),
        closed=tuple(one for one in record.exceptions if one.kind == "not_shipped"),
        open_work=awake(record.key, {**record.steps, step.name: after}, now=now),
    )
