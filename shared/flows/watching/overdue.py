"""What an open order comes to that is looked at: what of it is overdue, what is at risk, what has ended."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.open_work import READ_HERE
from shared.flows.sighting.seen_creation import RESEND
from shared.flows.sighting.seen_exceptions import Moved, is_over, lost_parcels
from shared.flows.sighting.seen_way_back import TOLD_WITHIN, ended, snapshot_lines
from shared.flows.waits import TRACKING
from shared.flows.watching.late_waits import late
from shared.model.exception import OpenException
from shared.model.policy import ShippingPolicy
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change, History, OrderRecord
from shared.rules import deadlines

_LATE = "tracking_late"


@dataclass(frozen=True, slots=True)
class Looked:
    """`change` None: nothing is to be done about it now."""

    change: Change | None = None
    messages: tuple[StepMessage, ...] = ()


def look(record: OrderRecord, *, shop: Shop, shipping: ShippingPolicy, now: datetime) -> Looked:
    """Pure; the record as it stands once this run's own steps are done."""
    over = _ended(record, now)
    unclosed = [step for step in record.steps.values() if not step.closed and step.name not in over]
    bare = tuple(_without_tracking(step, now) for step in unclosed if _goes_bare(step, record, shipping, now))
    open_steps = [step for step in unclosed if step.name not in {one.name for one in bare}]
    overdue = tuple(_sent_again(step, now) for step in open_steps if _is_overdue(step, now))
    again = (*overdue, *bare)
    raised = (
        *_raised(record, open_steps, shop=shop, now=now),
        *lost_parcels(over.get("confirm_shipment"), record),
    )
    if not (over or again or raised):
        return Looked()
    named = {step for step, _ in raised}
    told_of = (step for step in open_steps if step.state == "waiting" and step.name in named)
    change = Change(
        # A wait that ends while it is told of must meet a conflict: nobody would close its exception any more.
        steps=(*over.values(), *again, *told_of),
        history=(
            *(History(now, step.name, step.attempt, step.reason) for step in over.values()),
            *(History(now, step.name, step.attempt, "overdue: sent again") for step in overdue),
            *(History(now, step.name, step.attempt, step.reason) for step in bare),
        ),
        opened=tuple(_opened(record, step, reason, shop=shop, now=now) for step, reason in raised),
        closed=tuple(one for one in record.exceptions if is_over(one, over, readable=False)),
    )
    return Looked(change, tuple(_message(record, step) for step in again))


def _message(record: OrderRecord, step: Step) -> StepMessage:
    """Each by itself, those of a shop's batch too: whatever made the batch fail then keeps back no other."""
    return StepMessage(step.name, record.key.shop, record.key.order, step.attempt, step.seen)


def _ended(record: OrderRecord, now: datetime) -> Moved:
    """A showing that met a live claim left the step open; no other need come."""
    step = record.steps.get("confirm_shipment")
    if step is None or step.closed or step.claimed_at(now):
        return {}
    over = ended(step, snapshot_lines(record.snapshot))
    return {} if over is None else {over.name: over}


def _opened(record: OrderRecord, step: str, reason: Rejected, *, shop: Shop, now: datetime) -> OpenException:
    """An acceptance at risk becomes critical at three quarters of its window (`deadline` is half of it)."""
    one = opened(record.key, reason, step=step, now=now, stand=record.exceptions)
    acceptance = record.steps.get("acknowledge_order")
    if reason.kind != "acceptance_at_risk" or acceptance is None or acceptance.deadline is None:
        return one
    return replace(one, escalates=acceptance.deadline + shop.marketplace.acceptance_window / 4)


def _is_overdue(step: Step, now: datetime) -> bool:
    """Waiting steps wait for the other side: they become exceptions, not messages.

    An acceptance in doubt waits for the next OR11 answer, which alone may send OR21 again.
    """
    if step.name in READ_HERE or step.claimed_at(now):
        return False
    if step.name == "acknowledge_order" and step.state == "unknown":
        return False
    if step.state == "claimed":
        return True
    return step.state in {"outstanding", "unknown"} and (step.due is None or step.due <= now)


def _sent_again(step: Step, now: datetime) -> Step:
    """Under its own number, because the first message may only be late: were it outdated by each new one, a queue
    longer than `RESEND` would never get anything done. A claim whose holder died may have sent: its doubt stays.
    """
    again = replace(step, due=now + RESEND)
    if step.state != "claimed":
        return again
    attempt = step.attempt + 1
    return replace(again, attempt=attempt, state="unknown", sent=step.claim_until, claim_owner="", claim_until=None)


def _goes_bare(step: Step, record: OrderRecord, shipping: ShippingPolicy, now: datetime) -> bool:
    """Its tracking has not come in time, and the client lets it go without; once, for it may have to wait all the same.

    Whether its carrier and the operator allow is confirm_shipment's to find out.
    """
    waits = step.name == "confirm_shipment" and step.state == "waiting" and step.waiting_for == TRACKING
    due = step.due is not None and step.due <= now
    return shipping.untracked == "ship" and waits and due and not any(one.kind == _LATE for one in record.exceptions)


def _without_tracking(step: Step, now: datetime) -> Step:
    going = replace(step, state="outstanding", attempt=step.attempt + 1, due=now + RESEND, waiting_for="")
    return replace(going, deadline=now + TOLD_WITHIN, reason="no tracking number came in time: told without")


def _raised(
    record: OrderRecord, open_steps: Sequence[Step], *, shop: Shop, now: datetime
) -> Iterator[tuple[str, Rejected]]:
    """Each once, as long as its exception stands."""
    stands = {one.kind for one in record.exceptions}
    for step in open_steps:
        reason = _at_risk(step, shop=shop, now=now) if step.name == "acknowledge_order" else late(step, now)
        if reason is not None and reason.kind not in stands:
            yield step.name, reason


def _at_risk(step: Step, *, shop: Shop, now: datetime) -> Rejected | None:
    """`deadline` is half of the window; an acceptance that Mirakl has answered is not at risk."""
    if step.state == "waiting" or step.deadline is None or now < step.deadline:
        return None
    created = step.deadline - shop.marketplace.acceptance_window / 2
    risk = deadlines.risk(created, shop.marketplace.acceptance_window, now)
    text = f"not accepted, and {risk.replace('_', ' ')} of the acceptance window has passed"
    return Rejected("acceptance_at_risk", subject="order", reason=text)
