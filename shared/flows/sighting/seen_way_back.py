"""What an order's showing makes of its way back: confirm_shipment, and change_order once it stands in the ERP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from shared.flows.sighting.seen_creation import RESEND, ids, is_past_shipping
from shared.flows.waits import REST, SHOWN
from shared.model.order import SightedLine, Sighting, Snapshot
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.rules import order_states as states

TOLD_WITHIN = timedelta(hours=4)
"""How long Mirakl may be out of reach for a parcel that has left before a person knows."""


def confirmation(sighting: Sighting, record: OrderRecord, *, fresh: bool, now: datetime) -> Step | None:
    """The confirm_shipment step as it should be now; None where it stays as it is."""
    step = record.steps.get("confirm_shipment")
    if step is None or step.closed or step.claimed_at(now):
        return None
    over = ended(step, sighting.lines)
    if over is not None:
        return over
    if step.state != "waiting":
        return None
    if step.waiting_for == REST and fresh and _cancelled_more(sighting.snapshot, record.snapshot):
        return _again(step, "lines were cancelled in Mirakl", now)
    if step.waiting_for == SHOWN and _is_not_shown(step, sighting, now):
        return _again(step, "Mirakl still shows it in SHIPPING", now)
    return None


def ended(step: Step, lines: Sequence[SightedLine]) -> Step | None:
    """The open step closed by what Mirakl shows; None where something is still to be shipped."""
    over = replace(step, claims=0, claim_owner="", claim_until=None, due=None, waiting_for="", kind="")
    if is_past_shipping(lines):
        return replace(over, state="done", reason="Mirakl shows it shipped")
    if states.is_cancelled(lines):
        return replace(over, state="not_needed", reason="cancelled in Mirakl")
    return None


def change(sighting: Sighting, record: OrderRecord, *, now: datetime) -> Step | None:
    """The change_order step where lines of the ERP's order were withdrawn that it does not know of yet."""
    created = record.steps.get("create_order")
    if created is None or not created.reference:
        return None
    step = record.steps.get("change_order")
    known = step.lines if step else ()
    withdrawn = ids(states.withdrawn_lines(sighting.lines))
    lost = tuple(line for line in withdrawn if line in created.lines and line not in known)
    if not lost:
        return None
    step = replace(step, attempt=step.attempt + 1) if step else Step("change_order", "outstanding")
    return replace(
        step,
        state="outstanding",
        due=now + RESEND,
        waiting_for="",
        kind="",
        reference=created.reference,
        reason=f"cancelled in Mirakl: {', '.join(lost)}",
        lines=(*known, *lost),
    )


def snapshot_lines(snapshot: Snapshot | None) -> tuple[SightedLine, ...]:
    """The lines as the stored answer shows them; what cannot be read is of no known state."""
    return tuple(
        SightedLine(str(line.get("order_line_id", "")), str(line.get("order_line_state", "")))
        for line in _order_lines(snapshot)
    )


def _again(step: Step, reason: str, now: datetime) -> Step:
    again = replace(step, state="outstanding", attempt=step.attempt + 1, due=now + RESEND, waiting_for="")
    return replace(again, deadline=now + TOLD_WITHIN, reason=reason)


def _is_not_shown(step: Step, sighting: Sighting, now: datetime) -> bool:
    """Its time is over, and an answer asked for after we told Mirakl still has something to ship."""
    late = step.due is None or step.due <= now
    asked_since = step.sent is None or sighting.seen > step.sent
    return late and asked_since and bool(states.shippable_lines(sighting.lines))


def _cancelled_more(shown: Snapshot | None, stored: Snapshot | None) -> bool:
    return bool(_cancellations(shown) - _cancellations(stored))


def _cancellations(snapshot: Snapshot | None) -> frozenset[tuple[str, str]]:
    """Those of units, and the lines withdrawn as a whole."""
    withdrawn = states.withdrawn_lines(snapshot_lines(snapshot))
    return cancelled_units(snapshot) | {(line.id, line.state) for line in withdrawn}


def cancelled_units(snapshot: Snapshot | None) -> frozenset[tuple[str, str]]:
    """Each line's cancellations by id (OR11 `cancelations[]`)."""
    return frozenset(
        (str(line.get("order_line_id", "")), str(one.get("id", "")))
        for line in _order_lines(snapshot)
        for one in _objects(line.get("cancelations"))
    )


def _order_lines(snapshot: Snapshot | None) -> Sequence[Mapping[str, Any]]:
    return _objects(snapshot.facts.get("order_lines")) if snapshot else ()


def _objects(value: object) -> Sequence[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list | tuple) else ()
