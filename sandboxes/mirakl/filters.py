"""Which orders a listing (OR11) or an export (OR13) asks for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sandboxes.mirakl.orders import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFilter:
    """None means not asked for. Dates include their ends; `updated_from` is already less Mirakl's own margin."""

    ids: Collection[str] | None = None
    references_for_customer: Collection[str] | None = None
    references_for_seller: Collection[str] | None = None
    states: Collection[str] | None = None
    channels: Collection[str] | None = None
    only_null_channel: bool = False
    created_from: datetime | None = None
    created_to: datetime | None = None
    updated_from: datetime | None = None
    updated_to: datetime | None = None
    debited: bool | None = None
    payment_workflow: str | None = None
    has_incident: bool | None = None
    fulfillment_centers: Collection[str] | None = None

    def meets(self, order: Order) -> bool:
        return (
            _among(order.id, self.ids)
            and _among(order.commercial_id, self.references_for_customer)
            and _among(order.seller_reference.value, self.references_for_seller)
            and _among(order.state, self.states)
            and self._channel(order)
            and _between(order.created, self.created_from, self.created_to)
            and _between(order.updated, self.updated_from, self.updated_to)
            and (self.debited is None or self.debited == (order.debited is not None))
            and (self.payment_workflow is None or self.payment_workflow == order.payment_workflow)
            and not self.has_incident
            and _among(order.fulfillment_center, self.fulfillment_centers)
        )

    def _channel(self, order: Order) -> bool:
        """`only_null_channel` makes Mirakl forget `channel_codes`."""
        return order.channel is None if self.only_null_channel else _among(order.channel, self.channels)


def _among(value: str | None, wanted: Collection[str] | None) -> bool:
    return wanted is None or value in wanted


def _between(moment: datetime, start: datetime | None, end: datetime | None) -> bool:
    return (start is None or start <= moment) and (end is None or moment <= end)
