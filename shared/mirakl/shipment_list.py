"""The shipments that Mirakl shows for orders (ST11), every page of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import unusable
from shared.mirakl.wire import FieldError, identifier, text
from shared.model.shipment import ShownShipment, ShownState

PAGE = 100
"""ST11's largest page; as many orders a call keep the address short enough for everything on the way."""

_STATES: Mapping[str, ShownState] = {
    "SHIPPED": "shipped",
    "TO_COLLECT": "shipped",
    "RECEIVED": "shipped",
    "CLOSED": "shipped",
    "CANCELED": "cancelled",
}
"""SHIPPING, READY_FOR_PICK_UP, SHIPMENT_PREPARED and whatever Mirakl adds are open."""


class MiraklShipmentList:
    def __init__(self, client: MiraklClient) -> None:
        self._client = client

    async def of(self, order_ids: Sequence[str]) -> tuple[ShownShipment, ...]:
        """Without any order, Mirakl would list every shipment. Raises as a read, and Unavailable for a shipment that
        cannot be read: passed over, it would be created again.
        """
        asked = list(dict.fromkeys(order_ids))
        found: list[ShownShipment] = []
        for start in range(0, len(asked), PAGE):
            found += await self._of(asked[start : start + PAGE])
        return tuple(found)

    async def _of(self, order_ids: Sequence[str]) -> list[ShownShipment]:
        query: Mapping[str, str | Sequence[str]] = {"order_id": order_ids, "limit": str(PAGE)}
        found: list[ShownShipment] = []
        met: set[str] = set()
        while True:
            content = await self._client.st11(query)
            found += self._shown(content)
            token = content.get("next_page_token")
            if not token:
                return found
            if not isinstance(token, str) or token in met:
                raise unusable("ST11", self._client.shop, "its pages do not end")
            met.add(token)
            query = {"page_token": token}

    def _shown(self, content: Any) -> Iterator[ShownShipment]:
        listed = content.get("data") if isinstance(content, dict) else None
        if not isinstance(listed, list):
            raise unusable("ST11", self._client.shop, "the answer has no list of shipments")
        for position, record in enumerate(listed):
            try:
                yield _shipment(record)
            except FieldError as problem:
                what = f"data[{position}] cannot be read: a field {problem}"
                raise unusable("ST11", self._client.shop, what) from problem


def _shipment(record: Any) -> ShownShipment:
    fields = _object(record)
    lines = fields.get("shipment_lines")
    packages = [text(_object(line).get("package_reference")) for line in (lines if isinstance(lines, list) else ())]
    return ShownShipment(
        id=identifier(fields.get("id")),
        order_id=identifier(fields.get("order_id")),
        packages=frozenset(package for package in packages if package),
        state=_STATES.get(text(fields.get("status")), "open"),
        tracking=text(_object(fields.get("tracking")).get("tracking_number")),
    )


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
