"""Which shipments a listing (ST11) asks for."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.parameters import Query, choice, moment
from sandboxes.mirakl.shipment_rendering import DEBIT_STATES, NO_DEBIT, STATES, shipment_state
from sandboxes.mirakl.shipments import Shipment


@dataclass(frozen=True, slots=True, kw_only=True)
class ShipmentFilter:
    """None means not asked for. Dates include their ends (chosen)."""

    order_ids: Collection[str] | None
    states: Collection[str] | None
    debit_states: Collection[str] | None
    updated_from: datetime | None
    updated_to: datetime | None

    def meets(self, order: Order, shipment: Shipment) -> bool:
        return (
            (self.order_ids is None or order.id in self.order_ids)
            and (self.states is None or shipment_state(shipment, order) in self.states)
            and (self.debit_states is None or NO_DEBIT in self.debit_states)
            and (self.updated_from is None or self.updated_from <= shipment.updated)
            and (self.updated_to is None or shipment.updated <= self.updated_to)
        )


def shipment_filter(query: Query) -> ShipmentFilter:
    return ShipmentFilter(
        order_ids=query.repeated("order_id"),
        states=_words(query, "shipment_state_code", STATES),
        debit_states=_words(query, "shipment_customer_debit_state_code", DEBIT_STATES),
        updated_from=query.read("last_updated_from", moment),
        updated_to=query.read("last_updated_to", moment),
    )


def _words(query: Query, name: str, allowed: Sequence[str]) -> tuple[str, ...] | None:
    given = query.repeated(name)
    return None if given is None else tuple(choice(allowed)(name, word) for word in given)
