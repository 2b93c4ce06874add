"""Shipments put on record, order by order: decided from what is there, pointers first, against versions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.errors import Conflict, Rejected, Transient
from shared.flows.at_once import at_once
from shared.flows.leaving.seen_shipment import Seen, Terms, decide
from shared.flows.leaving.shipment_news import STEP
from shared.flows.open_work import awake
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment
from shared.model.shop import Shop
from shared.model.steps import StepMessage
from shared.ports.erp import Shipments
from shared.ports.marketplace import OrderReader, Platform
from shared.ports.own import Clock, Lookup, Mappings, OrderRecord, Outbox, Progress, ShipmentCursors, WorkList
from shared.telemetry import event

_ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Ports:
    shipments: Shipments
    progress: Progress
    work: WorkList
    cursors: ShipmentCursors
    lookup: Lookup
    mappings: Mappings
    platform: Callable[[Shop], Platform]
    reader: OrderReader
    outbox: Outbox
    clock: Clock


@dataclass(frozen=True, slots=True)
class Shown:
    """What the ERP shows of one order, as seen from our record of it."""

    key: OrderKey
    shipments: Callable[[OrderRecord], Sequence[ErpShipment]]


@dataclass(frozen=True, slots=True)
class Recorded:
    """`settled` need not be shown again; `batched` are shops with something for their next ST01."""

    settled: frozenset[OrderKey] = frozenset()
    batched: frozenset[str] = field(default_factory=frozenset)


async def terms_of(shops: Iterable[Shop], policy: ShippingPolicy, ports: Ports) -> Mapping[str, Terms]:
    """By shop. A shop whose configuration cannot be read now is left out: its shipments are shown again."""
    found: dict[str, Terms] = {}
    for shop in shops:
        marketplace = shop.marketplace.id
        try:
            multi = (await ports.platform(shop).configuration()).multi_shipment
            rows = await ports.mappings.table("carriers", marketplace)
        except Transient as problem:
            event("shipments_postponed", shop=shop.id, reason=type(problem).__name__)
            continue
        found[shop.id] = Terms(marketplace, tuple(rows), multi, policy)
    return found


async def record(all_shown: Sequence[Shown], terms: Mapping[str, Terms], ports: Ports) -> Recorded:
    """One order that cannot be stored hides no other. Raises Transient where no pointer can be written at all."""
    known = [one for one in all_shown if one.key.shop in terms]
    looked = await at_once(known, lambda one: _look(one, terms[one.key.shop], ports))
    changes = [seen.change for seen in looked if seen is not None and seen.change is not None]
    await ports.work.put([change.open_work for change in changes if change.open_work is not None])
    pairs = list(zip(known, looked, strict=True))
    done = await at_once(pairs, lambda pair: _commit(*pair, terms[pair[0].key.shop], ports))
    went = [(one.key, seen) for one, seen in zip(known, done, strict=True) if seen is not None]
    await _send(
        [
            StepMessage(STEP, key.shop, key.order, seen.goes.attempt)
            for key, seen in went
            if seen.goes is not None and not terms[key.shop].multi
        ],
        ports,
    )
    return Recorded(
        settled=frozenset(key for key, _ in went),
        batched=frozenset(key.shop for key, seen in went if seen.goes is not None and terms[key.shop].multi),
    )


async def send_batches(shops: Collection[str], ports: Ports) -> None:
    """One message for all of a shop's orders that wait for its next ST01."""
    await _send([StepMessage(STEP, shop) for shop in sorted(shops)], ports)


async def _look(shown: Shown, terms: Terms, ports: Ports) -> Seen | None:
    """None: our store failed, or somebody is at this order."""
    try:
        record = await ports.progress.load(shown.key)
    except Transient as problem:
        event("shipment_not_recorded", shop=shown.key.shop, order=shown.key.order, reason=type(problem).__name__)
        return None
    order = _order(record, ports.reader)
    seen = decide(shown.shipments(record), record, order=order, terms=terms, now=ports.clock.now())
    return None if seen.busy else seen


async def _commit(shown: Shown, seen: Seen | None, terms: Terms, ports: Ports) -> Seen | None:
    """Its pointer is written already. A conflict means that someone wrote meanwhile: read again, decide again."""
    pointed = True
    for _ in range(_ATTEMPTS):
        if seen is None or seen.change is None:
            return seen if pointed else await _put_anew(shown.key, seen, ports)
        try:
            await ports.progress.commit(shown.key, replace(seen.change, open_work=None) if pointed else seen.change)
        except Conflict:
            pointed, seen = False, await _look(shown, terms, ports)
        except Transient as problem:
            event("shipment_not_recorded", shop=shown.key.shop, order=shown.key.order, reason=type(problem).__name__)
            return None
        else:
            return seen
    return None


async def _put_anew(key: OrderKey, seen: Seen | None, ports: Ports) -> Seen | None:
    """Our row speaks of a step that came out otherwise, and may lie hours ahead."""
    try:
        row = awake(key, (await ports.progress.load(key)).steps, now=ports.clock.now())
        if row is not None:
            await ports.work.put([row])
    except Transient as problem:
        event("shipment_not_recorded", shop=key.shop, order=key.order, reason=type(problem).__name__)
        return None
    return seen


def _order(record: OrderRecord, reader: OrderReader) -> Order | None:
    """A snapshot that cannot be read is told of by confirm_shipment, which needs it."""
    if record.snapshot is None:
        return None
    try:
        return reader(record.key, record.snapshot)
    except Rejected:
        return None


async def _send(messages: Sequence[StepMessage], ports: Ports) -> None:
    """What cannot be sent stays outstanding and due: `watch` sends it."""
    if not messages:
        return
    try:
        await ports.outbox.send(messages)
    except Transient:
        event("send_failed", messages=len(messages))
