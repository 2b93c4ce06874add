"""An order as OrderStatus shows it: a word, from which follows whether it waits, has left or was cancelled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.erp.prima.codec.status_reply import StatusReply
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.status_words import role_of
from shared.model.sales_order import ErpOrder
from shared.model.shipment import ErpShipment

_LEFT = frozenset({"part", "despatched"})


def shown_order(number: str, reply: StatusReply, configuration: Configuration, now: datetime) -> ErpOrder:
    """Reference, customer and currency stay empty: OrderStatus tells none of them."""
    order, role = told(number, reply, configuration), role_of(reply.word, configuration.words)
    return replace(order, left=_left(number, configuration, now)) if role == "despatched" else order


def told(number: str, reply: StatusReply, configuration: Configuration) -> ErpOrder:
    """What the word says, without a shipment."""
    role = role_of(reply.word, configuration.words)
    return replace(
        unclear(number),
        status=reply.word,
        on_hold=role == "held",
        cancelled=role == "cancelled",
        shipped=role in _LEFT,
        status_known=role is not None,
    )


def unclear(number: str) -> ErpOrder:
    """An answer that says nothing about the order, not even that it is gone."""
    return ErpOrder(
        number=number,
        reference="",
        customer="",
        currency="",
        status="",
        on_hold=False,
        lines=(),
        lines_shown=False,
        status_known=False,
    )


def _left(number: str, configuration: Configuration, now: datetime) -> ErpShipment | None:
    """The whole order as one shipment. No time of despatch is told: it left at the latest when it was first seen, so
    whoever keeps shipments keeps the first; the id stays the same from look to look.
    """
    told = configuration.despatch
    if told is None:
        return None
    return ErpShipment(
        id=number,
        document=number,
        number=number,
        reference="",
        shipped=now,
        delivery_mode=told.delivery_mode,
        carrier=told.carrier,
        service=told.service,
        lines=(),
    )
