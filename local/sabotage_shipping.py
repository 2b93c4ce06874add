"""Safety rules of the way back, switched off one at a time; see `local/sabotage.py`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from shared.errors import Conflict
from shared.model.shipment import Carrier, NewShipment, Position, ShipmentAnswer, ShownShipment, Tracked
from shared.model.shop import Shop
from shared.ports.erp import ShipmentPage, Shipments
from shared.ports.marketplace import MultiShipping
from shared.ports.own import Lists, Mappings, ShipmentCursor, ShipmentCursors
from shared.wiring import Parts
from shared.wiring.parts import MarketplacePorts

OVERLAP = timedelta(minutes=5)
_CARRIERS = "SH21|"


@dataclass
class AnyCarrier:
    """carriers: whatever a mapping names passes for registered. `marketplaces` are by shop."""

    real: Lists
    mappings: Mappings
    marketplaces: Mapping[str, str]

    async def load(self, name: str) -> str | None:
        return await self._with_mapped(name, await self.real.load(name))

    async def last(self, name: str) -> str | None:
        return await self._with_mapped(name, await self.real.last(name))

    async def save(self, name: str, content: str) -> None:
        await self.real.save(name, content)

    async def _with_mapped(self, name: str, content: str | None) -> str | None:
        marketplace = self.marketplaces.get(name.removeprefix(_CARRIERS), "")
        if content is None or not name.startswith(_CARRIERS) or not marketplace:
            return content
        known = json.loads(content)
        codes = {row.values.get("carrier_code", "") for row in await self.mappings.table("carriers", marketplace)}
        new = sorted(codes - {"", *(one["code"] for one in known)})
        return json.dumps([*known, *({"code": code, "label": code, "tracking_url": ""} for code in new)])


class ShipmentCursorFirst:
    """shipment_cursor: it moves to now before anything is stored."""

    def __init__(self, cursors: ShipmentCursors, parts: Parts) -> None:
        self._cursors, self._clock = cursors, parts.clock

    async def load(self, company: str) -> ShipmentCursor:
        cursor = await self._cursors.load(company)
        try:
            saved = await self.save(cursor)
        except Conflict:
            return cursor
        return replace(cursor, version=saved.version)

    async def save(self, cursor: ShipmentCursor) -> ShipmentCursor:
        return await self._cursors.save(replace(cursor, position=Position(self._clock.now())))


@dataclass
class NoOverlap:
    """overlap: a reading begins where the last one ended. A position without an id is where a reading begins."""

    real: Shipments

    async def since(
        self, *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        begin = after if after.id else Position(after.at + OVERLAP)
        return await self.real.since(company=company, after=begin, prefixes=prefixes, known=known)

    async def tracking(self, *, company: str, numbers: Sequence[str]) -> Sequence[Tracked]:
        return await self.real.tracking(company=company, numbers=numbers)


@dataclass
class NoPackageLookUp:
    """package: a shipment in doubt is taken for not having been created, without asking for its package."""

    real: MultiShipping

    async def create(self, shipments: Sequence[NewShipment]) -> Sequence[ShipmentAnswer]:
        return await self.real.create(shipments)

    async def shown(self, order_ids: Sequence[str]) -> Sequence[ShownShipment]:  # noqa: ARG002
        return ()

    async def track(self, tracking: Sequence[tuple[str, Carrier, str]]) -> Sequence[ShipmentAnswer]:
        return await self.real.track(tracking)

    async def ship(self, shipment_ids: Sequence[str]) -> Sequence[ShipmentAnswer]:
        return await self.real.ship(shipment_ids)


def carriers(parts: Parts) -> Parts:
    marketplaces: dict[str, str] = {}

    def marketplace(shop: Shop) -> MarketplacePorts:
        marketplaces[shop.id] = shop.marketplace.id
        return parts.marketplace(shop)

    return replace(parts, marketplace=marketplace, lists=AnyCarrier(parts.lists, parts.mappings, marketplaces))


def shipment_cursor(parts: Parts) -> Parts:
    return replace(parts, shipment_cursors=ShipmentCursorFirst(parts.shipment_cursors, parts))


def overlap(parts: Parts) -> Parts:
    return replace(parts, shipments=NoOverlap(parts.shipments))


def package(parts: Parts) -> Parts:
    def marketplace(shop: Shop) -> MarketplacePorts:
        side = parts.marketplace(shop)
        return replace(side, multi_shipping=NoPackageLookUp(side.multi_shipping))

    return replace(parts, marketplace=marketplace)
