"""Whether a shipment without a tracking number may be told, and what is said of it while it waits."""

from __future__ import annotations

from datetime import datetime

from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment
from shared.rules import deadlines
from shared.rules.carriers import Chosen

_BROUGHT_BY = {
    "erp": "no tracking number yet",
    "files": "no tracking number yet: the ERP knows none, a despatch file or bridge shipments enter brings it",
    "people": "no tracking number yet: the ERP knows no tracking, bridge shipments enter brings it",
}


def may_go(chosen: Chosen, shipment: ErpShipment, order: Order, *, policy: ShippingPolicy, now: datetime) -> bool:
    """As the client allows, once its time is over, or at once where no tracking can come by itself.

    Mirakl's own wish (OR23, ST01: a registered carrier whose URL holds a number) is above the client's.
    """
    if policy.untracked == "wait" or chosen.refused_without:
        return False
    return goes_at_once(policy) or now >= _due(shipment, order, policy)


def goes_at_once(policy: ShippingPolicy) -> bool:
    return policy.untracked == "ship" and policy.tracking_from == "people"


def awaited(policy: ShippingPolicy) -> str:
    """In words, what is missing and where it comes from."""
    return _BROUGHT_BY[policy.tracking_from]


def _due(shipment: ErpShipment, order: Order, policy: ShippingPolicy) -> datetime:
    due = deadlines.shipping_due(order.created, order.shipping_deadline, policy=policy)
    return deadlines.tracking_due(shipment.shipped, due, policy=policy)
