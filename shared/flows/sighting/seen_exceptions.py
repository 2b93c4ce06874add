"""Which exceptions an order's showing opens, and which it answers by itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.sighting.seen_creation import ids
from shared.flows.sighting.seen_way_back import cancelled_units
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.order import Sighting
from shared.model.steps import Step, StepName
from shared.ports.own import OrderRecord
from shared.rules import order_states as states

Moved = Mapping[StepName, Step]
"""The steps that the showing changed, as they are now."""

_POLL = "poll_orders"
LASTING = frozenset({"shipment_corrected", "shipped_after_cancellation"})
"""Kinds that telling Mirakl does not answer, nor its showing the order shipped."""
FOUND_ELSEWHERE = LASTING | {"shipment_unmatched", "cancelled_in_erp"}
"""Kinds that a poll or a look opens at a step: a verdict of the step's own run says nothing about them."""
_ENDS_WHEN_SENT = frozenset({"not_shipped", "tracking_late", "shipment_incomplete"})


def raised(
    sighting: Sighting, key: OrderKey, moved: Moved, record: OrderRecord, *, now: datetime, refused: Rejected | None
) -> tuple[OpenException, ...]:
    """`refused` is why our store does not take the snapshot."""
    reasons = (
        *_of_the_answer(sighting, record, refused),
        *_of_creation(sighting, moved, record),
        *lost_parcels(moved.get("confirm_shipment"), record),
        *_of_acceptance(sighting, record),
    )
    return tuple(opened(key, reason, step=step, now=now, stand=record.exceptions) for step, reason in reasons)


def _of_the_answer(sighting: Sighting, record: OrderRecord, refused: Rejected | None) -> Iterator[tuple[str, Rejected]]:
    if refused is not None and not _stands(record, refused.kind):
        yield _POLL, refused
    if sighting.unreadable and not _stands(record, "order_unreadable"):
        yield _POLL, Rejected("order_unreadable", subject="snapshot", reason=sighting.unreadable)


def _of_creation(sighting: Sighting, moved: Moved, record: OrderRecord) -> Iterator[tuple[str, Rejected]]:
    creation = moved.get("create_order")
    if creation is not None and creation.state == "not_needed" and creation.reason.startswith("shipped"):
        text = "Mirakl shows the order shipped and the bridge never created it in the ERP"
        yield "create_order", Rejected("shipped_without_order", subject="order", reason=text)
    late = _late_lines(sighting, record.steps.get("create_order"))
    if late and not _stands(record, "lines_after_creation"):
        text = f"lines {', '.join(late)} became due after the ERP's order was created without them"
        yield "create_order", Rejected("lines_after_creation", subject="lines", reason=text)
    for line in _fewer_units(sighting, record):
        text = f"units of line {line} were cancelled in Mirakl, and the ERP's order holds the whole line"
        yield "create_order", Rejected("cancelled_after_creation", subject=line, reason=text)


def lost_parcels(confirmation: Step | None, record: OrderRecord) -> Sequence[tuple[str, Rejected]]:
    """Nobody pays for what has left: the order ended as cancelled, and shipments of it are on record."""
    if confirmation is None or confirmation.state != "not_needed" or not record.shipments:
        return ()
    if _stands(record, "shipped_after_cancellation"):
        return ()
    documents = ", ".join(dict.fromkeys(one.erp.document for one in record.shipments))
    text = f"{documents} left the warehouse, and Mirakl shows every line cancelled"
    return [(confirmation.name, Rejected("shipped_after_cancellation", subject="order", reason=text))]


def _of_acceptance(sighting: Sighting, record: OrderRecord) -> Iterator[tuple[str, Rejected]]:
    step = record.steps.get("acknowledge_order")
    if step is None or step.closed or sighting.snapshot is None:
        return
    phases = {states.phase(line.state) for line in sighting.lines}
    by_itself = sighting.snapshot.facts.get("acceptance_decision_date") is None
    if "refused" in phases and states.is_cancelled(sighting.lines) and by_itself:
        text = "the acceptance window ended before the order was accepted"
        yield "acknowledge_order", Rejected("auto_refused", subject="order", reason=text)


def _late_lines(sighting: Sighting, creation: Step | None) -> Sequence[str]:
    if creation is None or not creation.reference:
        return ()
    return tuple(line for line in ids(states.shippable_lines(sighting.lines)) if line not in creation.lines)


def _fewer_units(sighting: Sighting, record: OrderRecord) -> Sequence[str]:
    """Lines still to ship of which units were cancelled since; no ERP call of ours takes units out of a line."""
    creation = record.steps.get("create_order")
    if creation is None or not (creation.reference or creation.state == "claimed"):
        return ()
    new = {line for line, _ in cancelled_units(sighting.snapshot) - cancelled_units(record.snapshot)}
    return tuple(line for line in ids(states.shippable_lines(sighting.lines)) if line in new)


def _stands(record: OrderRecord, kind: str) -> bool:
    return any(one.kind == kind for one in record.exceptions)


def is_over(one: OpenException, moved: Moved, *, readable: bool) -> bool:
    """Whether what moved answers the exception by itself; `readable` is whether the answer's record could be."""
    if one.step == _POLL:
        return readable
    step = next((step for step in moved.values() if step.name == one.step), None)
    if step is None:
        return False
    match step.name, step.state:
        case "acknowledge_order", "done":
            return one.kind != "auto_refused"
        case "create_order", "not_needed":
            return True
        case "create_order", "outstanding":
            return one.kind == "waits_too_long"
        case "confirm_shipment", "done" | "not_needed":
            return one.kind not in LASTING
        case "confirm_shipment", "outstanding":
            return one.kind in _ENDS_WHEN_SENT
    return False
