"""When an order may be told shipped as a whole, and with which carrier and number. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from shared.flows.telling.carrying import Choose
from shared.flows.telling.confirming import Over, Wait, erps, over
from shared.flows.waits import REST, SHIPMENT, TRACKING
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import Carrier, Shipment
from shared.ports.own import OrderRecord
from shared.rules import deadlines, untracked
from shared.rules.shipped import is_complete
from shared.rules.telling import missing, number_of, speaking


@dataclass(frozen=True, slots=True)
class Tell:
    """`ship` False: Mirakl was told that it has shipped, and only the tracking number is another."""

    spokesman: Shipment
    carrier: Carrier
    number: str
    ship: bool


Decision = Tell | Wait | Over


def decide(order: Order, record: OrderRecord, *, choose: Choose, policy: ShippingPolicy) -> Decision:
    """Nothing is told before all that is still wanted has left. Raises Rejected where no carrier can be named."""
    nothing_left = over(order, record)
    if nothing_left is not None:
        return nothing_left
    due = deadlines.shipping_due(order.created, order.shipping_deadline, policy=policy)
    if not record.shipments:
        return Wait(SHIPMENT, due, "nothing has shipped yet")
    if not is_complete(order, erps(record.shipments)):
        first = min(one.erp.shipped for one in record.shipments)
        text = f"shipped in part: {missing(order, erps(record.shipments))}"
        return Wait(REST, first + policy.partial_within, text)
    spokesman = speaking(record.shipments)
    chosen, number = choose(spokesman.erp), number_of(spokesman)
    if chosen.needs_tracking and not number:
        text = f"{spokesman.erp.document}: {untracked.awaited(policy)}"
        return Wait(TRACKING, deadlines.tracking_due(spokesman.erp.shipped, due, policy=policy), text)
    told = all(one.told is not None for one in record.shipments)
    return Tell(spokesman, chosen.carrier, number, ship=not (told and number != spokesman.told_tracking))
