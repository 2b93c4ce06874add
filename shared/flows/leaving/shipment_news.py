"""What is told of shipping documents: lines of the order's timeline, and what a person must look at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from shared.errors import Rejected
from shared.exceptions import opened
from shared.model.exception import OpenException
from shared.model.order import Order
from shared.model.shipment import ErpShipment
from shared.model.steps import Step, StepName
from shared.ports.own import History, OrderRecord
from shared.rules import shipped
from shared.rules.shipping_documents import Met, quantities

STEP: StepName = "confirm_shipment"


def told(met: Met, step: Step | None, now: datetime) -> History:
    document = met.shipment.erp.document
    if met.new:
        text = f"{document} left the warehouse"
    elif met.corrected or met.rerouted:
        text = f"{document} was corrected"
    else:
        text = f"{document} has tracking"
    if met.new and step is not None and step.closed:
        text += " after this step was closed; Mirakl is not told of it"
    return History(now, STEP, step.attempt if step else 1, text)


def raised(
    record: OrderRecord, news: Sequence[Met], *, order: Order | None, now: datetime
) -> tuple[OpenException, ...]:
    """Without a readable order only corrections can be judged."""
    step = record.steps.get(STEP)
    confirmed = step is not None and step.state == "done"
    reasons = [_corrected(one) for one in news if one.corrected and (one.before or confirmed)]
    if order is not None:
        documents = [one.shipment.erp for one in news if one.new or one.corrected]
        reasons += [reason for one in documents for reason in (*_unmatched(order, one), *_unpaid(order, one))]
    return tuple(opened(record.key, one, step=STEP, now=now, stand=record.exceptions) for one in reasons)


def _corrected(met: Met) -> Rejected:
    document, now = met.shipment.erp.document, quantities(met.shipment.erp)
    text = f"{document} now says {_in_words(now)}"
    before = f"; Mirakl was told when it said {_in_words(met.before)}" if met.before else "; Mirakl shows it shipped"
    return Rejected("shipment_corrected", subject=document, reason=text + before)


def _in_words(left: Collection[tuple[str, object]]) -> str:
    return ", ".join(f"{quantity} of line {reference or 'without reference'}" for reference, quantity in left) or "none"


def _unmatched(order: Order, shipment: ErpShipment) -> Sequence[Rejected]:
    strange = shipped.unmatched(order, shipment)
    if not strange:
        return ()
    text = f"{shipment.document} of sales order {shipment.number} holds what is no line of the order: "
    return (Rejected("shipment_unmatched", subject=shipment.document, reason=text + ", ".join(strange)),)


def _unpaid(order: Order, shipment: ErpShipment) -> Sequence[Rejected]:
    lines = shipped.nobody_pays(order, shipment)
    if not lines:
        return ()
    text = f"{shipment.document} of sales order {shipment.number} holds lines that Mirakl shows withdrawn: "
    return (Rejected("shipped_after_cancellation", subject="order", reason=text + ", ".join(lines)),)
