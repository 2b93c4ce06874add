"""Carriers before a parcel needs them: codes the operator withdrew, and delivery modes that no mapping covers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from shared.errors import Conflict, Rejected
from shared.exceptions import opened
from shared.model.keys import OrderKey
from shared.model.mappings import MappingRow
from shared.model.shipment import RegisteredCarrier
from shared.model.shop import Shop
from shared.ports.marketplace import Carriers
from shared.ports.own import Change, Clock, Lists, Mappings, Progress
from shared.rules.carriers import allowed, uncovered, unregistered, withdrawn
from shared.telemetry import event

STEP = "check_carriers"
KINDS = frozenset({"carrier_withdrawn", "delivery_mode_uncovered"})


@dataclass(frozen=True, slots=True)
class Ports:
    carriers: Carriers
    lists: Lists
    mappings: Mappings
    progress: Progress
    clock: Clock


async def run(shop: Shop, *, ports: Ports) -> None:
    """Once an hour and shop; in between it costs nothing, the day's lists being held. Raises Transient."""
    mark, hour = f"carriers-checked|{shop.id}", f"{ports.clock.now():%Y-%m-%dT%H}"
    if await ports.lists.load(mark) == hour:
        return
    registered = await ports.carriers.registered()
    seen = frozenset(json.loads(await ports.lists.last(_before(shop)) or "[]"))
    rows = await ports.mappings.table("carriers", shop.marketplace.id)
    modes = _modes(await ports.mappings.table("shipping", shop.marketplace.id))
    before = [RegisteredCarrier(code, "") for code in seen]
    bare = uncovered(rows, modes, marketplace=shop.marketplace.id)
    reasons = [*_lost(rows, registered, before), *(_bare(mode) for mode in bare)]
    await _tell(OrderKey(shop.id, ""), reasons, ports)
    await _remember(shop, seen, seen | {one.code for one in registered}, ports)
    await ports.lists.save(mark, hour)


def _lost(
    rows: Collection[MappingRow], registered: Sequence[RegisteredCarrier], before: Sequence[RegisteredCarrier]
) -> Iterator[Rejected]:
    """A code that never was there will be refused as surely as one that is gone."""
    gone, codes = withdrawn(rows, registered, before=before), allowed(registered)
    for code in unregistered(rows, registered):
        why = "has withdrawn" if code in gone else "does not have"
        text = f"carriers rows use {code}, which the marketplace {why}; its codes are {codes}"
        yield Rejected("carrier_withdrawn", subject=code, reason=text)


def _bare(mode: str) -> Rejected:
    text = f"the shipping mapping uses delivery mode {mode}, and no row of the carriers mapping matches it"
    return Rejected("delivery_mode_uncovered", subject=mode, reason=text)


def _modes(rows: Collection[MappingRow]) -> Collection[str]:
    return {mode for row in rows if (mode := row.values.get("delivery_mode", "").strip())}


def _before(shop: Shop) -> str:
    return f"SH21-before|{shop.id}"


async def _remember(shop: Shop, before: Collection[str], seen: Collection[str], ports: Ports) -> None:
    """Every code that was ever registered: one that comes back and goes again is withdrawn again."""
    if seen != before:
        await ports.lists.save(_before(shop), json.dumps(sorted(seen)))


async def _tell(key: OrderKey, reasons: Sequence[Rejected], ports: Ports) -> None:
    """Opens what is missing and closes what is over; what stands is left alone."""
    record, now = await ports.progress.load(key), ports.clock.now()
    stand = {one.identity: one for one in record.exceptions if one.kind in KINDS}
    found = {(one.kind, one.subject): one for one in reasons}
    new = tuple(opened(key, one, step=STEP, now=now) for name, one in found.items() if name not in stand)
    over = tuple(one for name, one in stand.items() if name not in found)
    if not new and not over:
        return
    try:
        await ports.progress.commit(key, Change(opened=new, closed=over))
    except Conflict:
        event("carriers_told_by_another", shop=key.shop)
