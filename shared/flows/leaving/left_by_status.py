"""What an order's status tells where no shipping document does: all of it has left, or a part that nobody shows.

All of it is put on record as a shipment of the poll would be, under the order's own number; what other documents
(despatch files, people) have told of before is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from shared.errors import Conflict, Transient
from shared.flows.at_once import at_once
from shared.flows.leaving import files_awaited
from shared.flows.leaving.files_awaited import Since, Waits
from shared.flows.leaving.ordered import (
    drafted_lines,
    on_record,
    order_of,
    others,
    shipped_lines,
    withdrawn,
)
from shared.flows.leaving.record_shipments import Ports, Shown, record, send_batches, terms_of
from shared.flows.open_work import awake
from shared.flows.waits import REST, SHIPMENT
from shared.model.keys import OrderKey
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord
from shared.rules import drafted
from shared.telemetry import event


async def leave(
    orders: Mapping[OrderKey, ErpOrder], shops: Sequence[Shop], *, policy: ShippingPolicy, ports: Ports
) -> None:
    """One order that cannot be stored is shown again, and hides no other. Raises Transient."""
    whole = {key: order.left for key, order in orders.items() if order.left is not None}
    if policy.tracking_from == "files":
        whole = await _without_those_awaited(whole, policy, ports)
    if whole:
        terms = await terms_of(shops, policy, ports)
        recorded = await record([_shown(key, left, ports) for key, left in whole.items()], terms, ports)
        await send_batches(recorded.batched, ports)

    async def wait(key: OrderKey) -> None:
        try:
            await _wait_for_rest(key, policy, ports)
        except (Conflict, Transient) as problem:
            event("order_not_looked_at", shop=key.shop, order=key.order, reason=type(problem).__name__)

    await at_once([key for key, order in orders.items() if order.shipped and order.left is None], wait)


async def _without_those_awaited(
    whole: Mapping[OrderKey, ErpShipment], policy: ShippingPolicy, ports: Ports
) -> dict[OrderKey, ErpShipment]:
    """What is put on record now, as of when the status told first."""
    found: dict[OrderKey, ErpShipment] = {}

    async def look(key: OrderKey) -> None:
        try:
            left = await _unless_awaited(key, whole[key], policy, ports)
        except (Conflict, Transient) as problem:
            event("order_not_looked_at", shop=key.shop, order=key.order, reason=type(problem).__name__)
            return
        if left is not None:
            found[key] = left

    await at_once(list(whole), look)
    return found


async def _unless_awaited(key: OrderKey, left: ErpShipment, policy: ShippingPolicy, ports: Ports) -> ErpShipment | None:
    """What is on record as the status told stays, and where files told of everything nothing is awaited."""
    record, now = await ports.progress.load(key), ports.clock.now()
    if on_record(record, left.number) is not None or not _shipments(left, record, ports):
        return left
    match files_awaited.decide(record, order=order_of(record, ports.reader), policy=policy, now=now):
        case Since(told):
            return replace(left, shipped=told)
        case Waits(change):
            if change is not None:
                await ports.progress.commit(key, change)
            return None


def _shown(key: OrderKey, left: ErpShipment, ports: Ports) -> Shown:
    return Shown(key, lambda record: _shipments(left, record, ports))


def _shipments(left: ErpShipment, record: OrderRecord, ports: Ports) -> Sequence[ErpShipment]:
    """The same seen again is what is on record: who carries it may have become known since."""
    mine = on_record(record, left.number)
    if mine is not None and mine.lines:
        return [mine]
    order = order_of(record, ports.reader)
    ordered = drafted_lines(record, order)
    rest = drafted.rest(ordered, others(record, left.number), without=withdrawn(record))
    if ordered and not any(rest.values()):
        return []
    lines = left.lines or shipped_lines({one: quantity for one, quantity in rest.items() if quantity}, ordered)
    return [replace(left, id=left.number, document=left.number, lines=lines)]


async def _wait_for_rest(key: OrderKey, policy: ShippingPolicy, ports: Ports) -> None:
    """Which part has left nobody shows: Mirakl is told of it with the rest."""
    record, now = await ports.progress.load(key), ports.clock.now()
    waits = _waiting(record.steps.get("confirm_shipment"), policy, now)
    if waits is None:
        return
    work = awake(key, {**record.steps, waits.name: waits}, now=now)
    history = (History(now, waits.name, waits.attempt, waits.reason),)
    over = tuple(one for one in record.exceptions if one.kind == "not_shipped")
    await ports.progress.commit(key, Change(steps=(waits,), history=history, closed=over, open_work=work))


def _waiting(step: Step | None, policy: ShippingPolicy, now: datetime) -> Step | None:
    if step is None or step.state != "waiting" or step.waiting_for != SHIPMENT:
        return None
    reason = "something has left, and the ERP does not show what"
    return replace(step, waiting_for=REST, due=now + policy.partial_within, reason=reason)
