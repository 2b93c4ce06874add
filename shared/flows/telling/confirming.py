"""What may become of an order whose shipment Mirakl must be told of, and how that is put on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.creating.creation import SHORTEST, released
from shared.flows.sighting.seen_exceptions import LASTING, lost_parcels
from shared.flows.sighting.seen_order import is_past_shipping
from shared.flows.waits import REST, SHIPMENT, SHOWN, TRACKING
from shared.model.exception import OpenException
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Shipment
from shared.model.steps import Step, StepName
from shared.ports.own import Change, OrderRecord
from shared.rules import order_states as states
from shared.rules.shipped import unmatched

STEP: StepName = "confirm_shipment"
SHOWN_WITHIN = timedelta(hours=2)
"""How long Mirakl may take to show a shipment before it is told again, or somebody looks."""
_SOON = timedelta(minutes=1)
_SAME_WAIT = {SHIPMENT: "not_shipped", REST: "shipment_incomplete", TRACKING: "tracking_late"}


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing can be told until this comes."""

    waiting_for: str
    due: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Over:
    """Nothing is left to tell; `late` is the exception where something left all the same."""

    state: Literal["done", "not_needed"]
    reason: str
    late: Rejected | None = None


def may_go(step: Step | None, now: datetime) -> bool:
    """Whether a shop's batch takes this order along: what was judged, or was sent just now, goes by itself."""
    if step is None or step.state not in {"outstanding", "unknown", "claimed"} or step.claimed_at(now):
        return False
    return step.sent is None or now >= step.sent + SHORTEST


def over(order: Order, record: OrderRecord) -> Over | None:
    """What Mirakl shows may leave nothing to tell."""
    if is_past_shipping(order.lines):
        return Over("done", "Mirakl shows it shipped")
    if not states.is_cancelled(order.lines):
        return None
    late = [reason for _, reason in lost_parcels(Step(STEP, "not_needed"), record)]
    return Over("not_needed", "cancelled in Mirakl", late[0] if late else None)


def closed(step: Step, over: Over) -> Step:
    return replace(_settled(step), state=over.state, reason=over.reason)


def waiting(step: Step, wait: Wait, now: datetime) -> Step:
    """`sent` tells the next OR11 answers from those that left before Mirakl was told."""
    due, sent = max(wait.due, now + _SOON), now if wait.waiting_for == SHOWN else None
    return replace(
        _settled(step), state="waiting", waiting_for=wait.waiting_for, due=due, reason=wait.reason, sent=sent
    )


def _settled(step: Step) -> Step:
    return replace(
        step, waiting_for="", kind="", due=None, deadline=None, claims=0, claim_owner="", claim_until=None, sent=None
    )


def exceptional(step: Step, reasons: tuple[Rejected, ...]) -> Step:
    """A refusal is an answer: nothing is in doubt any more."""
    kinds = sorted({reason.kind for reason in reasons})
    return replace(released(step), state="exception", kind="+".join(kinds), waiting_for="", due=None, sent=None)


def shown_soon(reason: str, now: datetime) -> Wait:
    return Wait(SHOWN, now + SHOWN_WITHIN, reason)


def untold(record: OrderRecord, wait: Wait, *, policy: ShippingPolicy, now: datetime) -> tuple[OpenException, ...]:
    """A shipment that would go without tracking now, and that Mirakl does not take so: `watch` sent it for nothing."""
    if wait.waiting_for != TRACKING or policy.untracked == "wait" or now < wait.due:
        return ()
    text = f"{wait.reason}; Mirakl takes none of its carrier's without"
    reason = Rejected("tracking_late", subject="order", reason=text)
    return (opened(record.key, reason, step=STEP, now=now, stand=record.exceptions),)


def resting(record: OrderRecord, wait: Wait) -> Change:
    """What a wait rests on, written again with it.

    Only a newer answer of Mirakl's wakes a wait for the rest, and only once: whoever stores one meanwhile, or has read
    the record before this wait, must meet a conflict and look again.
    """
    if wait.waiting_for != REST:
        return Change()
    return Change(snapshot=record.snapshot, snapshot_version=record.snapshot_version)


def answered(
    record: OrderRecord, order: Order, *, waiting_for: str = "", keep: frozenset[str] = frozenset()
) -> tuple[OpenException, ...]:
    """The step's exceptions that are over; the one that tells of the same wait stands."""
    kept = LASTING | keep | {_SAME_WAIT.get(waiting_for, "")}
    if any(unmatched(order, one.erp) for one in record.shipments):
        kept |= {"shipment_unmatched"}
    return tuple(one for one in record.exceptions if one.step == STEP and one.kind not in kept)


def erps(shipments: Sequence[Shipment]) -> tuple[ErpShipment, ...]:
    return tuple(one.erp for one in shipments)
