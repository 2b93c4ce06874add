"""Several shipments an order, where the operator offers it: ST01, ST11, ST23 and ST24."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any

from shared.errors import BridgeError, FeatureOff, UnknownOutcome
from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import Refused
from shared.mirakl.shipment_answers import shipment_answers
from shared.mirakl.shipment_list import MiraklShipmentList
from shared.mirakl.shipping import plain_refusal
from shared.mirakl.tracking import tracking_fields
from shared.model.keys import operation_scope
from shared.model.shipment import Carrier, NewShipment, ShipmentAnswer, ShownShipment

MOST = 1000

Entries = Mapping[str, tuple[dict[str, Any], str]]
"""By key of the answer: what is sent, and the tracking number that Mirakl's message may quote."""


class MiraklMultiShipping:
    """Port `MultiShipping`."""

    def __init__(self, client: MiraklClient) -> None:
        self._client = client
        self._list = MiraklShipmentList(client)

    async def create(self, shipments: Sequence[NewShipment]) -> Sequence[ShipmentAnswer]:
        """ST01's answers name nothing but the order: raises ValueError for two shipments of one order in a call."""
        entries = {one.order_id: (_creation(one), one.tracking) for one in shipments}
        return await self._answers("ST01", self._client.st01, entries, asked=len(shipments), key="order_id")

    async def shown(self, order_ids: Sequence[str]) -> Sequence[ShownShipment]:
        try:
            return await self._list.of(order_ids)
        except Refused as refused:
            if refused.status == 404:
                raise _off("ST11") from refused
            raise

    async def track(self, tracking: Sequence[tuple[str, Carrier, str]]) -> Sequence[ShipmentAnswer]:
        entries = {
            shipment: ({"id": shipment, "tracking": tracking_fields(carrier, number, url="tracking_url")}, number)
            for shipment, carrier, number in tracking
        }
        return await self._answers("ST23", self._client.st23, entries, asked=len(tracking), key="id")

    async def ship(self, shipment_ids: Sequence[str]) -> Sequence[ShipmentAnswer]:
        entries = {shipment: ({"id": shipment}, "") for shipment in shipment_ids}
        return await self._answers("ST24", self._client.st24, entries, asked=len(shipment_ids), key="id")

    async def _answers(
        self,
        operation: str,
        send: Callable[[Mapping[str, Any]], Awaitable[Any]],
        entries: Entries,
        *,
        asked: int,
        key: str,
    ) -> Sequence[ShipmentAnswer]:
        """Raises UnknownOutcome where an entry has no clear answer: it may have happened."""
        if len(entries) != asked or asked > MOST:
            raise ValueError(f"{operation} takes each {key} once and at most {MOST} of them, not {asked}")
        if not entries:
            return ()
        try:
            content = await send({"shipments": [sent for sent, _ in entries.values()]})
        except Refused as refused:
            raise _meaning(operation, refused, self._client.shop) from refused
        answers = shipment_answers(content, {one: number for one, (_, number) in entries.items()}, key=key)
        if len(answers) != len(entries):
            what = f"{operation}: no clear answer for {len(entries) - len(answers)} of {len(entries)} shipments"
            raise UnknownOutcome(what, scope=operation_scope(self._client.shop, operation))
        return answers


def _meaning(operation: str, refused: Refused, shop: str) -> BridgeError:
    """States are refused per entry, so a refusal of the whole is no question of one order's state."""
    return _off(operation) if refused.status == 404 else plain_refusal(operation, refused, shop)


def _off(operation: str) -> FeatureOff:
    return FeatureOff(f"{operation}: HTTP 404: the operator does not offer several shipments an order")


def _creation(new: NewShipment) -> dict[str, Any]:
    """The package stands at every line, because ST01 has no reference of ours for the whole."""
    lines = [
        {"order_line_id": line, "package_reference": new.package, "quantity": quantity} for line, quantity in new.lines
    ]
    sent: dict[str, Any] = {"order_id": new.order_id, "shipment_lines": lines, "shipped": new.shipped}
    if new.carrier is not None:
        sent["tracking"] = tracking_fields(new.carrier, new.tracking, url="tracking_url")
    return sent
