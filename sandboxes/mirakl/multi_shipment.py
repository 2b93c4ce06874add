"""ST01, ST23 and ST24: several shipments of an order, where the operator allows them (else 404).

Each entry stands for itself: what cannot be done is an error inside 200 or 201. Two of its texts are Mirakl's own
examples ("The order status must be …", "Shipment quantity is invalid."), as is ST23's about an unknown id.
"""

from __future__ import annotations

import random
import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.access import Call
from sandboxes.mirakl.carriers import Carriers
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import OWN_STOCK, Order
from sandboxes.mirakl.packing import packed
from sandboxes.mirakl.refusals import Refusal
from sandboxes.mirakl.shipment_bodies import Fields, WantedShipment, read_ids, read_shipments, read_trackings
from sandboxes.mirakl.shipment_rendering import shipment_json
from sandboxes.mirakl.shipments import Shipment
from sandboxes.mirakl.shipping import TRACKING_IS_MANDATORY, needs_tracking
from sandboxes.mirakl.tracking import accepted
from sandboxes.wire import Response

Change = Callable[[Order, Shipment], None]
"""What ST23 or ST24 does to one shipment. Raises Refusal."""


class MultiShipment:
    """Every shipment ever made, by id."""

    def __init__(self, book: OrderBook, carriers: Carriers, chance: random.Random) -> None:
        self._book = book
        self._carriers = carriers
        self._chance = chance
        self._known: dict[str, tuple[Order, Shipment]] = {}

    def st01(self, call: Call) -> Response:
        """201. Several entries of one order are all carried out, in their order; the tally keeps that they came."""
        require_multi_shipment(call)
        wanted = read_shipments(call)
        counted = Counter(one.order_id for one in wanted)
        call.doubled.extend(order_id for order_id, count in counted.items() if count > 1)
        made: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for one in wanted:
            try:
                made.append(self._create(call, one))
            except Refusal as refusal:
                failed.append({"order_id": one.order_id, "message": refusal.message})
        return Response.of(201, {"shipment_success": made, "shipment_errors": failed})

    def st23(self, call: Call) -> Response:
        """200; a repetition overwrites, before shipping and after it."""
        require_multi_shipment(call)
        return self._each(call, ((one, self._track(call, given)) for one, given in read_trackings(call)))

    def st24(self, call: Call) -> Response:
        """200; a repetition finds the shipment SHIPPED, which is an error of its own."""
        require_multi_shipment(call)
        ship = self._ship(call)
        return self._each(call, ((one, ship) for one in read_ids(call)))

    def _create(self, call: Call, wanted: WantedShipment) -> dict[str, Any]:
        order = self._order(call, wanted.order_id)
        lines = packed(order, wanted.lines)
        tracking = accepted(call, wanted.tracking, self._carriers) if wanted.tracking is not None else None
        if wanted.shipped and tracking is None and needs_tracking(order, call.platform):
            raise Refusal(400, TRACKING_IS_MANDATORY)
        shipment = Shipment(
            id=str(uuid.UUID(int=self._chance.getrandbits(128), version=4)),
            number=len(self._known) + 1,
            order_id=order.id,
            lines=lines,
            created=call.now,
            updated=call.now,
            invoice_reference=wanted.invoice_reference,
            tracking=tracking,
        )
        self._add(order, shipment, call, shipped=wanted.shipped)
        return shipment_json(shipment, order)

    def _add(self, order: Order, shipment: Shipment, call: Call, *, shipped: bool) -> None:
        self._known[shipment.id] = order, shipment
        order.shipments.append(shipment)
        order.updated = call.now
        if shipped:
            life_cycle.ship_part(order, shipment, call.now)
        self._book.changed(order)

    def _order(self, call: Call, order_id: str) -> Order:
        order = self._book.of_seller(call.platform.code, call.shop.id, order_id)
        if order is None or order.fulfillment_center != OWN_STOCK:
            raise Refusal(404, "The requested order does not exist")
        if order.state != "SHIPPING":
            raise Refusal(400, f"The order status must be 'SHIPPING' but it is '{order.state}'.")
        return order

    def _track(self, call: Call, given: Fields) -> Change:
        def track(order: Order, shipment: Shipment) -> None:
            if order.state not in ("SHIPPING", "SHIPPED"):
                raise Refusal(400, f"The tracking of a shipment cannot change when its order is '{order.state}'.")
            shipment.tracking = accepted(call, given, self._carriers)
            shipment.updated = order.updated = call.now

        return track

    def _ship(self, call: Call) -> Change:
        def ship(order: Order, shipment: Shipment) -> None:
            if shipment.shipped_at is not None:
                raise Refusal(400, "The shipment status must be 'SHIPPING' but it is 'SHIPPED'.")
            if shipment.tracking is None and needs_tracking(order, call.platform):
                raise Refusal(400, TRACKING_IS_MANDATORY)
            life_cycle.ship_part(order, shipment, call.now)

        return ship

    def _each(self, call: Call, changes: Iterable[tuple[str, Change]]) -> Response:
        done: list[dict[str, Any]] = []
        failed: list[dict[str, Any]] = []
        for shipment_id, change in changes:
            try:
                order, shipment = self._shipment(call, shipment_id)
                change(order, shipment)
                self._book.changed(order)
                done.append({"id": shipment_id})
            except Refusal as refusal:
                failed.append({"id": shipment_id, "message": refusal.message})
        return Response.of(200, {"shipment_success": done, "shipment_errors": failed})

    def _shipment(self, call: Call, shipment_id: str) -> tuple[Order, Shipment]:
        known = self._known.get(shipment_id)
        if known is None or (known[0].platform, known[0].shop_id) != (call.platform.code, call.shop.id):
            raise Refusal(404, f"No shipment with id '{shipment_id}'.")
        return known


def require_multi_shipment(call: Call) -> None:
    if not call.platform.multi_shipment:
        raise Refusal(404, "Not Found")
