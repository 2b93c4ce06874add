"""OR21, accept or refuse the lines of an order: every waiting line in one call, once, each as a whole.

Mirakl documents the codes and neither their HTTP status nor their order: here all are 400 but for ORDER_NOT_FOUND
(404), shape is checked before state, and state before content.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.access import Call
from sandboxes.mirakl.bodies import invalid, json_body, note_unknown
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import OWN_STOCK, Order
from sandboxes.mirakl.refusals import Refusal
from sandboxes.wire import Response


def or21(call: Call, book: OrderBook) -> Response:
    """204 once; a repetition finds the order decided (ORDER_INVALID_STATE)."""
    lines = _lines(call)
    order = book.of_seller(call.platform.code, call.shop.id, call.subject)
    if order is None:
        raise Refusal(404, "The requested order does not exist", "ORDER_NOT_FOUND", "order_id")
    _check_order(order)
    decisions = _check_lines(order, lines, call.platform.decided_line_code)
    if not call.shop.partial_acceptance and len(set(decisions.values())) > 1:
        raise Refusal(400, "Partial acceptance is disabled for this shop", "ORDER_PARTIAL_ACCEPTANCE_DISABLED")
    life_cycle.decide(order, decisions, call.now)
    book.changed(order)
    return Response(204)


def _lines(call: Call) -> list[tuple[str, bool]]:
    content = json_body(call.request)
    if not isinstance(content, dict) or not isinstance(content.get("order_lines"), list):
        raise invalid("order_lines", "It is required and must be a list.")
    note_unknown(call, content, ("order_lines",))
    return [_line(call, position, line) for position, line in enumerate(content["order_lines"])]


def _line(call: Call, position: int, line: Any) -> tuple[str, bool]:
    path = f"order_lines[{position}]"
    if line is None:
        raise Refusal(400, "The order lines list contains a null element", "ORDER_LINE_NULL_ELEMENT", path)
    if not isinstance(line, dict):
        raise invalid(path, "It must be an object.")
    if not isinstance(line.get("id"), str) or not line["id"]:
        raise invalid(f"{path}.id", "It is required and must be a text.")
    if not isinstance(line.get("accepted"), bool):
        raise invalid(f"{path}.accepted", "It is required and must be a boolean.")
    note_unknown(call, line, ("id", "accepted"), "order_lines[].")
    return line["id"], line["accepted"]


def _check_order(order: Order) -> None:
    if order.fulfillment_center != OWN_STOCK:
        raise Refusal(
            400,
            "An unauthorized action has been requested on a fulfilled order",
            "ORDER_FULFILLED_UNAUTHORIZED",
        )
    if order.state != "WAITING_ACCEPTANCE":
        raise Refusal(400, "Order is not in the expected state for this operation", "ORDER_INVALID_STATE")


def _check_lines(order: Order, lines: list[tuple[str, bool]], decided_line_code: str) -> Mapping[str, bool]:
    """Exactly the lines that wait, each once. A line that was decided or cancelled may not be named any more."""
    decisions = dict(lines)
    if len(decisions) < len(lines):
        raise Refusal(400, "The order lines list contains duplicate order line IDs", "ORDER_LINE_DUPLICATE_ID")
    known = {line.id for line in order.lines}
    waiting = {line.id for line in order.lines_in("WAITING_ACCEPTANCE")}
    if not decisions.keys() <= known:
        message = "The requested order line does not exist or is not associated with the order"
        raise Refusal(400, message, "ORDER_LINE_NOT_FOUND")
    if not decisions.keys() <= waiting:
        raise Refusal(400, "An order line no longer waits for acceptance", decided_line_code)
    if decisions.keys() < waiting:
        message = "Some order lines are missing from the acceptance decision"
        raise Refusal(400, message, "ORDER_LINE_ACCEPTANCE_DECISION_MISSING")
    return decisions
