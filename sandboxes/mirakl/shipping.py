"""OR24, validate the shipment of an order as a whole; a wrong state is a bare 400, as seen in the field."""

from __future__ import annotations

from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.access import Call
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import OWN_STOCK, Order
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.refusals import Refusal
from sandboxes.wire import Response

REFUSED = "Bad Request"
TRACKING_IS_MANDATORY = "Tracking details are mandatory for this shipping method"


def or24(call: Call, book: OrderBook) -> Response:
    """204 once; a repetition finds the order SHIPPED (400)."""
    order = shipped_as_a_whole(call, book)
    if order.state != "SHIPPING":
        raise Refusal(400, REFUSED)
    if order.tracking is None and needs_tracking(order, call.platform):
        raise Refusal(400, TRACKING_IS_MANDATORY)
    life_cycle.ship(order, call.now)
    book.changed(order)
    return Response(204)


def shipped_as_a_whole(call: Call, book: OrderBook) -> Order:
    """The order of OR23 and OR24. Once it has shipments, those are what is tracked and shipped (inferred)."""
    order = book.of_seller(call.platform.code, call.shop.id, call.subject)
    if order is None:
        raise Refusal(404, "Not Found")
    if order.fulfillment_center != OWN_STOCK or order.shipments:
        raise Refusal(400, REFUSED)
    return order


def needs_tracking(order: Order, platform: Platform) -> bool:
    return order.shipping_type in platform.tracking_required_types
