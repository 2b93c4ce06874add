"""Tracking that follows the shipping document: asked once a poll, for all orders that wait for it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shared.flows.leaving.record_shipments import Ports, Shown, record
from shared.flows.leaving.seen_shipment import Terms
from shared.model.shipment import ErpShipment, Tracked, Tracking
from shared.model.shop import Shop
from shared.ports.own import Mark, OpenWork, OrderRecord, WorkList

_MARK: Mark = "tracking"
_MOST = 1000


async def missing_tracking(
    company: str, shops: Sequence[Shop], terms: Mapping[str, Terms], ports: Ports
) -> frozenset[str]:
    """The shops that now have something for their next ST01. Raises Transient."""
    waiting = [work for shop in shops for work in await _waiting(shop.id, ports.work) if work.reference]
    if not waiting:
        return frozenset()
    numbers = sorted({work.reference for work in waiting})
    tracked = _by_number(await ports.shipments.tracking(company=company, numbers=numbers))
    came = [_shown(work, tracked[work.reference]) for work in waiting if work.reference in tracked]
    return (await record(came, terms, ports)).batched


async def _waiting(shop: str, work: WorkList) -> Sequence[OpenWork]:
    found: list[OpenWork] = []
    while True:
        some = await work.marked(shop, _MARK, _MOST, after=found[-1].key.order if found else "")
        found += some
        if len(some) < _MOST:
            return found


def _by_number(tracked: Sequence[Tracked]) -> Mapping[str, Mapping[str, tuple[Tracking, ...]]]:
    """Sales order number -> shipping document -> its tracking."""
    found: dict[str, dict[str, tuple[Tracking, ...]]] = {}
    for one in tracked:
        documents = found.setdefault(one.number, {})
        documents[one.document] = (*documents.get(one.document, ()), *one.tracking)
    return found


def _shown(work: OpenWork, tracked: Mapping[str, tuple[Tracking, ...]]) -> Shown:
    def shipments(record: OrderRecord) -> Sequence[ErpShipment]:
        known = (one.erp for one in record.shipments if one.erp.document in tracked)
        return [replace(one, tracking=tracked[one.document]) for one in known]

    return Shown(work.key, shipments)
