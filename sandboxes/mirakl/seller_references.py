"""OR04, update orders field by field: here the seller's own reference; eco-contributions are off and passed over.

Mirakl documents the shape of an order's error and none of its codes: those here are chosen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandboxes.mirakl.access import Call
from sandboxes.mirakl.bodies import invalid, note_unknown, objects, required_text
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import Order
from sandboxes.wire import Response

MOST_ORDERS, LONGEST = 100, 2000
NAME = "order_reference_for_seller"


def or04(call: Call, book: OrderBook) -> Response:
    """200 whatever becomes of each order: `updated`, or `errors` that are not empty."""
    patches = objects(call, "orders", most=MOST_ORDERS, too_many="Too many orders given")
    ids = [required_text(patch, "order_id", f"orders[{position}].") for position, patch in enumerate(patches)]
    references = [_references(call, patch, position) for position, patch in enumerate(patches)]
    answers = [_update(call, book, order_id, patch) for order_id, patch in zip(ids, references, strict=True)]
    return Response.of(200, {"updated_orders": answers})


def _references(call: Call, patch: Mapping[str, Any], position: int) -> Mapping[str, Any]:
    note_unknown(call, patch, ("order_id", "references"), "orders[].")
    references = {} if patch.get("references") is None else patch["references"]
    if not isinstance(references, dict):
        raise invalid(f"orders[{position}].references", "It must be an object.")
    note_unknown(call, references, (NAME,), "orders[].references.")
    return references


def _update(call: Call, book: OrderBook, order_id: str, references: Mapping[str, Any]) -> dict[str, Any]:
    """A field that is left out stays; null removes the value."""
    order = book.of_seller(call.platform.code, call.shop.id, order_id)
    if order is None:
        return _refused(order_id, "ORDER_NOT_FOUND", "order_id", "The requested order does not exist")
    if NAME in references:
        value = references[NAME]
        if value is not None and (not isinstance(value, str) or not value.strip() or len(value) > LONGEST):
            message = f"It must be a text of 1 to {LONGEST} characters and may not be blank"
            return _refused(order_id, "VALIDATION_ERROR", f"references.{NAME}", message)
        order.seller_reference.write(value, call.now)
        order.updated = call.now
        book.changed(order)
    return _updated(order)


def _updated(order: Order) -> dict[str, Any]:
    updated = {"order_lines": [], "references": {NAME: order.seller_reference.value}}
    return {"order_id": order.id, "updated": updated, "errors": []}


def _refused(order_id: str, code: str, field: str, message: str) -> dict[str, Any]:
    return {"order_id": order_id, "errors": [{"code": code, "field": field, "message": message}]}
