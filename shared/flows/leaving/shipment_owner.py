"""Whose a shipment is: from the sales order's reference to the order on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from shared.errors import Conflict, Rejected, Transient
from shared.exceptions import opened
from shared.flows.at_once import at_once
from shared.flows.leaving.record_shipments import Ports, Shown
from shared.model.keys import BRIDGE_SHOP, OrderKey, external_reference
from shared.model.shipment import ErpShipment
from shared.model.shop import Shop
from shared.ports.own import Change
from shared.telemetry import event

_MOST = 50
"""Exceptions that one commit opens."""
_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Owned:
    """`told` are nobody's, and a person knows; what could not be looked up is in neither."""

    orders: Mapping[OrderKey, Sequence[ErpShipment]] = field(default_factory=dict)
    told: Sequence[ErpShipment] = ()

    def shown(self) -> Sequence[Shown]:
        return [_shown(key, shipments) for key, shipments in self.orders.items()]


async def owned(shipments: Sequence[ErpShipment], shops: Sequence[Shop], ports: Ports) -> Owned:
    open_orders = await _open_orders(shipments, shops, ports)

    async def whose(shipment: ErpShipment) -> OrderKey | Transient | None:
        try:
            return open_orders.get(shipment.reference) or await owner(shipment, shops, ports)
        except Transient as problem:
            event("shipment_not_recorded", reason=type(problem).__name__)
            return problem

    keys = await at_once(shipments, whose)
    orders: dict[OrderKey, list[ErpShipment]] = {}
    for shipment, key in zip(shipments, keys, strict=True):
        if isinstance(key, OrderKey):
            orders.setdefault(key, []).append(shipment)
    nobodys = [shipment for shipment, key in zip(shipments, keys, strict=True) if key is None]
    return Owned(orders, await _tell_unmatched(nobodys, ports))


async def owner(shipment: ErpShipment, shops: Iterable[Shop], ports: Ports) -> OrderKey | None:
    """The reference names the marketplace and the order; which of its shops it is may have to be looked up.

    Some ERPs show a short form of the reference only: then the sales order's number tells.
    """
    keys = _candidates(shipment, shops)
    if not keys or (len(keys) == 1 and await _is_on_record(keys[0], ports)):
        return keys[0] if keys else None
    numbered = await ports.lookup.resolve("erp_number", shipment.number)
    for found in numbered:
        if found in keys:
            return found
    for key in keys if len(keys) > 1 else ():
        if await _is_on_record(key, ports):
            return key
    of_the_marketplace = {key.shop for key in keys}
    in_full = next((found for found in numbered if found.shop in of_the_marketplace), None)
    return in_full or (keys[0] if len(keys) == 1 else None)


async def _is_on_record(key: OrderKey, ports: Ports) -> bool:
    """Not what a shipment alone has opened, which waits for its order."""
    record = await ports.progress.load(key)
    return record.snapshot is not None or "create_order" in record.steps


def _candidates(shipment: ErpShipment, shops: Iterable[Shop]) -> Sequence[OrderKey]:
    prefix, _, order_id = shipment.reference.partition("-")
    return [OrderKey(shop.id, order_id) for shop in shops if shop.marketplace.prefix == prefix and order_id]


async def _open_orders(shipments: Iterable[ErpShipment], shops: Sequence[Shop], ports: Ports) -> Mapping[str, OrderKey]:
    """By reference, the orders that one shop alone has open: a request a shop.

    Where only one shop has the prefix, an order counts that is known to be in the ERP: the others are looked at.
    """
    asked: dict[str, list[OrderKey]] = {}
    single: set[OrderKey] = set()
    for shipment in shipments:
        candidates = _candidates(shipment, shops)
        single |= set(candidates) if len(candidates) == 1 else set()
        for key in candidates:
            asked.setdefault(key.shop, []).append(key)
    found: dict[str, list[OrderKey]] = {}
    prefixes = {shop.id: shop.marketplace.prefix for shop in shops}
    for shop, keys in asked.items():
        try:
            works = await ports.work.among(shop, [key.order for key in keys])
        except Transient as problem:
            event("open_orders_not_read", shop=shop, reason=type(problem).__name__)
            return {}
        for work in (one for one in works if one.reference or one.key not in single):
            found.setdefault(external_reference(prefixes[shop], work.key.order), []).append(work.key)
    return {reference: keys[0] for reference, keys in found.items() if len(keys) == 1}


def _shown(key: OrderKey, shipments: Sequence[ErpShipment]) -> Shown:
    return Shown(key, lambda _: shipments)


async def _tell_unmatched(shipments: Sequence[ErpShipment], ports: Ports) -> Sequence[ErpShipment]:
    """Each is told once, at the bridge itself: nobody knows its shop. Answers those that are told."""
    told: list[ErpShipment] = []
    for start in range(0, len(shipments), _MOST):
        some = shipments[start : start + _MOST]
        try:
            told += some if await _tell(some, ports) else ()
        except Transient as problem:
            event("shipment_not_recorded", reason=type(problem).__name__)
    return told


async def _tell(shipments: Sequence[ErpShipment], ports: Ports) -> bool:
    """False: somebody wrote at every look."""
    key = OrderKey(BRIDGE_SHOP, "")
    for _ in range(_ATTEMPTS):
        stand = (await ports.progress.load(key)).exceptions
        known = {one.subject for one in stand if one.kind == "shipment_unmatched"}
        new = {_subject(one): one for one in shipments if _subject(one) not in known}
        raised = [opened(key, _reason(one), step="poll_shipments", now=ports.clock.now()) for one in new.values()]
        try:
            if raised:
                await ports.progress.commit(key, Change(opened=tuple(raised)))
        except Conflict:
            continue
        return True
    return False


def _reason(shipment: ErpShipment) -> Rejected:
    text = f"{shipment.document} of sales order {shipment.number} belongs to no order on record"
    return Rejected("shipment_unmatched", subject=_subject(shipment), reason=text)


def _subject(shipment: ErpShipment) -> str:
    """One document may be of several orders, and each company numbers its own."""
    return f"{shipment.number} {shipment.document}"
