"""Mirakl's writes in shadow: recorded, never sent. What leads to a parcel's way is not recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.flows.creating.creation import WOULD_HAVE
from shared.model.shipment import Carrier, NewShipment, ShipmentAnswer, ShownShipment
from shared.ports.marketplace import MultiShipping
from shared.wiring.shadow import Shadow


class ShadowAcceptance:
    def __init__(self, shadow: Shadow) -> None:
        self._shadow = shadow

    async def accept(self, order_id: str, lines: Sequence[str]) -> None:
        await self._shadow.record(f"accepted {order_id} ({len(lines)} lines)")


class ShadowShipping:
    def __init__(self, shadow: Shadow) -> None:
        self._shadow = shadow

    async def set_tracking(self, order_id: str, carrier: Carrier, tracking: str) -> None:  # noqa: ARG002 -- personal
        await self._shadow.record(f"told Mirakl who carries {order_id} ({_named(carrier)})")

    async def ship(self, order_id: str) -> None:
        await self._shadow.record(f"confirmed {order_id} as shipped")


class ShadowMultiShipping:
    """Reads reach Mirakl, writes do not; every entry is answered as done."""

    def __init__(self, real: MultiShipping, shadow: Shadow) -> None:
        self._real, self._shadow = real, shadow

    async def create(self, shipments: Sequence[NewShipment]) -> Sequence[ShipmentAnswer]:
        for one in shipments:
            state = "shipped" if one.shipped else "not shipped yet"
            await self._shadow.record(f"created shipment {one.package} of {one.order_id} ({state})")
        return [ShipmentAnswer(one.order_id, f"{WOULD_HAVE} {one.package}") for one in shipments]

    async def shown(self, order_ids: Sequence[str]) -> Sequence[ShownShipment]:
        return await self._real.shown(order_ids)

    async def track(self, tracking: Sequence[tuple[str, Carrier, str]]) -> Sequence[ShipmentAnswer]:
        for shipment, carrier, _ in tracking:
            await self._shadow.record(f"told Mirakl who carries shipment {shipment} ({_named(carrier)})")
        return [ShipmentAnswer(shipment, shipment) for shipment, _, _ in tracking]

    async def ship(self, shipment_ids: Sequence[str]) -> Sequence[ShipmentAnswer]:
        for shipment in shipment_ids:
            await self._shadow.record(f"confirmed shipment {shipment} as shipped")
        return [ShipmentAnswer(shipment, shipment) for shipment in shipment_ids]


class ShadowOrderNumbers:
    def __init__(self, shadow: Shadow) -> None:
        self._shadow = shadow

    async def report(self, numbers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
        for order_id, number in numbers:
            await self._shadow.record(f"reported {number} as the number of {order_id}")
        return {}


def _named(carrier: Carrier) -> str:
    return carrier.code or carrier.name
