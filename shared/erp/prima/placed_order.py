"""The order that was just placed, as far as Prima shows it: no lines, and the account that it was entered under."""

from __future__ import annotations

from dataclasses import replace

from shared.erp.prima.codec.order_reply import OrderReply
from shared.erp.prima.codec.status_reply import StatusReply
from shared.erp.prima.configuration import Configuration
from shared.erp.prima.shown_order import told
from shared.model.sales_order import ErpOrder, SalesOrderDraft

CREATED = "created"
"""Stands for a status word that nobody has asked for yet."""


def created(draft: SalesOrderDraft, reply: OrderReply) -> ErpOrder:
    """`customer` is the account that Prima made of a shopper without one, or the one that was named."""
    return replace(found_by_its_number(draft), customer=reply.customer_code or draft.customer)


def found(draft: SalesOrderDraft, reply: StatusReply, configuration: Configuration) -> ErpOrder:
    """An earlier sending's. OrderStatus tells no account: a shopper's new one stays unknown."""
    shown = told(draft.number, reply, configuration)
    return replace(shown, reference=draft.reference, customer=draft.customer, currency=draft.currency)


def found_by_its_number(draft: SalesOrderDraft) -> ErpOrder:
    """It exists, and nothing is told of it."""
    return ErpOrder(
        number=draft.number,
        reference=draft.reference,
        customer=draft.customer,
        currency=draft.currency,
        status=CREATED,
        on_hold=draft.on_hold,
        lines=(),
        lines_shown=False,
    )
