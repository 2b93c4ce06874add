"""What has left a company's warehouses: read page by page and put on record; then the tracking that is still missing.

The cursor moves only past what is stored, and each reading begins an overlap before it: an ERP commits late.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.errors import Conflict
from shared.flows.leaving.late_tracking import missing_tracking
from shared.flows.leaving.record_shipments import Ports, record, send_batches, terms_of
from shared.flows.leaving.seen_shipment import Terms
from shared.flows.leaving.shipment_owner import owned
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import Capabilities
from shared.model.shipment import ErpShipment, Position
from shared.model.shop import Shop
from shared.ports.erp import ShipmentPage
from shared.ports.own import ShipmentCursor
from shared.telemetry import event

__all__ = ["PAGES", "Ports", "run"]

PAGES = 20
"""How many pages one run reads; what follows is the next run's. A run that has moved nothing on reads on."""
MOST_RECENT = 2000


@dataclass(slots=True)
class _Poll:
    """One run. `batched` gathers the shops with something for their next ST01."""

    company: str
    shops: Sequence[Shop]
    terms: Mapping[str, Terms]
    overlap: timedelta
    ports: Ports
    batched: set[str] = field(default_factory=set)


async def run(
    company: str,
    shops: Sequence[Shop],
    *,
    capabilities: Capabilities,
    policy: ShippingPolicy,
    overlap: timedelta,
    ports: Ports,
) -> bool:
    """True: read to the end; False: more follows. `shops` are all shops of the company. Raises Transient.

    An ERP that lists no shipping documents is asked nothing here: look_at_erp sees what has left.
    """
    if capabilities.shipments != "listed":
        return True
    poll = _Poll(company, shops, await terms_of(shops, policy, ports), overlap, ports)
    try:
        whole = await _read(poll)
        if capabilities.tracks:
            poll.batched |= await missing_tracking(company, shops, poll.terms, ports)
    finally:
        await send_batches(poll.batched, ports)
    return whole


async def _read(poll: _Poll) -> bool:
    cursor = await poll.ports.cursors.load(poll.company)
    after, passed_over = _start(cursor, poll), False
    began = cursor.position
    for pages in itertools.count(1):
        page = await _page(poll, after, cursor)
        stored = await _store(poll, page.shipments)
        passed_over |= len(stored) < len(page.shipments)
        try:
            cursor = await _save(cursor, _moved(cursor, page, stored, stay=passed_over, overlap=poll.overlap), poll)
        except Conflict:
            event("poll_overtaken", company=poll.company)  # another instance polls too; what is stored is stored
            return True
        if page.whole or page.last is None:
            break
        if pages >= PAGES and _is_moved(cursor, began):
            return False
        after = page.last
    return True


def _is_moved(cursor: ShipmentCursor, began: Position | None) -> bool:
    """Else the next run would read the same pages: the overlap is full, or something in front cannot be stored."""
    return cursor.position is not None and (began is None or cursor.position.at > began.at)


def _start(cursor: ShipmentCursor, poll: _Poll) -> Position:
    first = min(shop.orders_from for shop in poll.shops)
    return Position(first if cursor.position is None else max(cursor.position.at - poll.overlap, first))


async def _page(poll: _Poll, after: Position, cursor: ShipmentCursor) -> ShipmentPage:
    prefixes = sorted({shop.marketplace.prefix for shop in poll.shops})
    known = frozenset(document for _, document in cursor.recent)
    return await poll.ports.shipments.since(company=poll.company, after=after, prefixes=prefixes, known=known)


async def _store(poll: _Poll, shipments: Sequence[ErpShipment]) -> Sequence[ErpShipment]:
    """Those that are on record, or that a person knows of."""
    whose = await owned(shipments, poll.shops, poll.ports)
    recorded = await record(whose.shown(), poll.terms, poll.ports)
    poll.batched |= recorded.batched
    return [*whose.told, *(one for key in recorded.settled for one in whose.orders[key])]


def _moved(
    cursor: ShipmentCursor, page: ShipmentPage, stored: Sequence[ErpShipment], *, stay: bool, overlap: timedelta
) -> ShipmentCursor:
    """`stay`: something before the end of this page could not be stored. What has no lines yet is read again."""
    position = cursor.position
    if not stay and page.last is not None and (position is None or page.last.at >= position.at):
        position = page.last
    recent = {document: left for left, document in cursor.recent} | {one.id: one.shipped for one in stored if one.lines}
    kept = sorted((left, document) for document, left in recent.items() if _is_recent(left, position, overlap))
    return replace(cursor, position=position, recent=tuple(kept[-MOST_RECENT:]))


def _is_recent(left: datetime, position: Position | None, overlap: timedelta) -> bool:
    return position is None or left >= position.at - overlap


async def _save(cursor: ShipmentCursor, moved: ShipmentCursor, poll: _Poll) -> ShipmentCursor:
    return cursor if moved == cursor else await poll.ports.cursors.save(moved)
