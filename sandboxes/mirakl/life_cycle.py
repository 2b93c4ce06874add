"""What time, the seller, the shopper and the bank do to an order; every change carries the time it happened."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sandboxes.mirakl.orders import Cancelation, Order, order_state
from sandboxes.mirakl.shipments import Shipment

CANCELABLE = ("STAGING", "WAITING_ACCEPTANCE", "WAITING_DEBIT", "WAITING_DEBIT_PAYMENT", "SHIPPING")
UNPAID = ("WAITING_DEBIT", "WAITING_DEBIT_PAYMENT")
SHOPPER_CANCELS = "34"


def begin(order: Order) -> None:
    """A new order waits for the fraud check, or at once for the shop, or for nobody."""
    every = [line.id for line in order.lines]
    if order.staging:
        _move(order, every, "STAGING", order.created)
    elif order.automatic:
        _accept_by_itself(order, every, order.created)
    else:
        _move(order, every, "WAITING_ACCEPTANCE", order.created)


def due(order: Order) -> datetime | None:
    """When time alone changes the order next."""
    match order.state:
        case "STAGING":
            return order.created + order.staging
        case "WAITING_ACCEPTANCE":
            return max(order.window_end, order.since)
        case "WAITING_DEBIT":
            return order.since + order.debit_sending
        case "WAITING_DEBIT_PAYMENT":
            return None if order.debit == "held" else order.since + order.debit_delay
        case "SHIPPED":
            return order.since + order.received_after
        case "RECEIVED":
            return order.since + order.closed_after
        case _:
            return None


def pass_time(order: Order, at: datetime) -> None:
    """Apply the change that was due at that time."""
    waiting = [line.id for line in order.lines_in(order.state)]
    match order.state:
        case "STAGING" if order.automatic:
            _accept_by_itself(order, waiting, at)
        case "STAGING":
            _move(order, waiting, "WAITING_ACCEPTANCE", at)
        case "WAITING_ACCEPTANCE":
            _move(order, waiting, "REFUSED", at)
            _decide(order, "auto_refused", at)
        case "WAITING_DEBIT":
            _move(order, waiting, "WAITING_DEBIT_PAYMENT", at)
        case "WAITING_DEBIT_PAYMENT":
            settle_debit(order, at) if order.debit == "settles" else refuse_debit(order, at)
        case "SHIPPED":
            _move(order, waiting, "RECEIVED", at)
        case "RECEIVED":
            _move(order, waiting, "CLOSED", at)


def decide(order: Order, accepted: Mapping[str, bool], at: datetime) -> None:
    """OR21 takes effect: each waiting line is accepted or refused as a whole."""
    order.or21_effects += 1
    decide_by_hand(order, accepted, at)


def decide_by_hand(order: Order, accepted: Mapping[str, bool], at: datetime) -> None:
    """The same on Mirakl's own pages, by a person of the shop."""
    refused = [line for line, taken in accepted.items() if not taken]
    taken = [line for line, taken in accepted.items() if taken]
    order.acceptance_decision_date = at
    _decide(order, "accepted" if not refused else "partly_accepted" if taken else "refused", at)
    _move(order, refused, "REFUSED", at)
    _go_on(order, taken, at)


def settle_debit(order: Order, at: datetime) -> None:
    """The payment is confirmed: what was accepted may be shipped. Asked for too early, it is what will happen."""
    order.debit = "settles"
    if order.state not in UNPAID:
        return
    order.debited = at
    for line in order.lines_in(*UNPAID):
        line.debited = at
    _move(order, [line.id for line in order.lines_in(*UNPAID)], "SHIPPING", at)


def refuse_debit(order: Order, at: datetime) -> None:
    """The payment is refused: the order is cancelled, its amounts stay. Asked for too early, it is what will happen."""
    order.debit = "refused"
    if order.state in UNPAID:
        _move(order, [line.id for line in order.lines_in(*UNPAID)], "CANCELED", at)


def ship(order: Order, at: datetime) -> None:
    """OR24 takes effect: every line that may be shipped is."""
    order.or24_effects += 1
    _move(order, [line.id for line in order.lines_in("SHIPPING")], "SHIPPED", at)


def ship_part(order: Order, shipment: Shipment, at: datetime) -> None:
    """ST01 or ST24 takes effect: a line is shipped when all of it is in shipped shipments (inferred)."""
    shipment.shipped_at = shipment.updated = at
    whole = [line.id for line in order.lines_in("SHIPPING") if order.packed(line.id, shipped=True) >= line.quantity]
    _move(order, whole, "SHIPPED", at)


def cancel(order: Order, lines: Collection[str], at: datetime, *, number: int) -> list[str]:
    """The shopper cancels whole lines, before or after payment; returns those that could be.

    A line of which anything is in a shipment cannot (chosen). With its last open line gone, a partly shipped order is
    SHIPPED.
    """
    affected = [line for line in order.lines_in(*CANCELABLE) if line.id in lines and not order.packed(line.id)]
    for line in affected:
        line.cancelation = Cancelation(f"{number}{line.index:03d}", at, SHOPPER_CANCELS)
    if affected:
        _move(order, [line.id for line in affected], "CANCELED", at)
    if order.state == "CANCELED" and not order.decided_how:
        _decide(order, "cancelled", at)
    return [line.id for line in affected]


def touch(order: Order, at: datetime) -> None:
    """An update that changes nothing which a seller sees."""
    order.updated = at


def _accept_by_itself(order: Order, lines: Collection[str], at: datetime) -> None:
    _decide(order, "auto_accepted", at)
    _go_on(order, lines, at)


def _go_on(order: Order, lines: Collection[str], at: datetime) -> None:
    """After acceptance only PAY_ON_ACCEPTANCE waits for the shopper's money."""
    if order.payment_workflow != "PAY_ON_ACCEPTANCE":
        _move(order, lines, "SHIPPING", at)
    else:
        _move(order, lines, "WAITING_DEBIT" if order.debit_sending else "WAITING_DEBIT_PAYMENT", at)


def _decide(order: Order, how: str, at: datetime) -> None:
    order.decided_at, order.decided_how = at, how


def _move(order: Order, lines: Collection[str], state: str, at: datetime) -> None:
    for line in order.lines:
        if line.id in lines:
            line.move(state, at)
    order.updated = at
    reached = order_state(line for line in order.lines if line.history)
    if not order.history or order.state != reached:
        order.history.append((at, reached))
