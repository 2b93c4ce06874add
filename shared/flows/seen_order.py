"""What an order's showing in an OR11 answer changes in our records, and which steps it calls for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Rejected
from shared.exceptions import opened
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.order import OrderLine, SightedLine, Sighting
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage
from shared.ports.own import Change, History, OpenWork, OrderRecord
from shared.rules import order_states as states

_POLL = "poll_orders"
RESEND = timedelta(minutes=15)
"""How long a message may be on its way before it is sent again. The steps bear it twice, but a queue that takes longer
than this (the backlog of an outage) would be made longer still."""


@dataclass(frozen=True, slots=True)
class Seen:
    """`change` None: nothing is new."""

    change: Change | None = None
    messages: tuple[StepMessage, ...] = ()


def decide(
    sighting: Sighting,
    record: OrderRecord,
    *,
    shop: Shop,
    policy: CreationPolicy,
    now: datetime,
    refused: Rejected | None = None,
) -> Seen:
    """`refused` is why our store does not take the snapshot; the sighting then comes without it."""
    key = OrderKey(shop.id, sighting.order_id)
    fresh = _fresh_snapshot(sighting, record)
    if sighting.created < shop.orders_from:
        return _tracked(sighting, record, fresh=fresh, now=now)
    acceptance = _acceptance(sighting, record.steps.get("acknowledge_order"), shop=shop, now=now)
    creation = _creation(sighting, record.steps.get("create_order"), policy=policy, now=now)
    moved = tuple(step for step in (acceptance, creation) if step is not None)
    raised = _exceptions(sighting, key, creation, record, now=now, refused=refused)
    risen = tuple(one for one in record.exceptions if _is_over(one, acceptance, creation, sighting))
    if not (moved or fresh or raised or risen):
        return Seen()
    change = Change(
        steps=moved,
        snapshot=sighting.snapshot if fresh else None,
        snapshot_version=record.snapshot_version,
        history=tuple(_told(step, now) for step in moved),
        opened=raised,
        closed=risen,
        open_work=_opens(key, record, moved),
        remove_open_work=_closes(record, moved),
    )
    return Seen(change, _messages(key, moved, sighting))


def _tracked(sighting: Sighting, record: OrderRecord, *, fresh: bool, now: datetime) -> Seen:
    """Placed before the go-live date: kept, never touched."""
    if not fresh:
        return Seen()
    told = () if record.snapshot else (History(now, "poll_orders", 1, "tracked only: placed before orders_from"),)
    change = Change(snapshot=sighting.snapshot, snapshot_version=record.snapshot_version, history=told)
    return Seen(change)


def _fresh_snapshot(sighting: Sighting, record: OrderRecord) -> bool:
    if sighting.snapshot is None:
        return False
    if record.snapshot is None:
        return True
    # Mirakl's dates may be whole seconds: two changes within one have the same date, and the later answer counts.
    stored, shown = record.snapshot, sighting.snapshot
    return shown.updated > stored.updated or (shown.updated == stored.updated and shown.facts != stored.facts)


def _acceptance(sighting: Sighting, step: Step | None, *, shop: Shop, now: datetime) -> Step | None:
    """The acknowledge_order step as it should be now; None where it stays as it is."""
    waiting = ids(states.waiting_lines(sighting.lines))
    if not waiting:
        return _decided(sighting, step)
    if step is None:
        half = sighting.created + shop.marketplace.acceptance_window / 2
        return Step(
            "acknowledge_order", "outstanding", due=now + RESEND, deadline=half, seen=sighting.seen, lines=waiting
        )
    if not _acceptance_is_due(step, sighting, now):
        return None
    # One that may still be in its queue goes again under its own number: a newer one would outdate it before its turn.
    attempt = step.attempt if step.state == "outstanding" else step.attempt + 1
    again = replace(step, state="outstanding", attempt=attempt, due=now + RESEND, waiting_for="", kind="")
    return replace(again, seen=sighting.seen, lines=waiting)


def _acceptance_is_due(step: Step, sighting: Sighting, now: datetime) -> bool:
    if step.state == "outstanding":
        return step.due is None or step.due <= now
    if step.state == "exception":
        # A message that died on the way says nothing about the order; what Mirakl refused needs a person.
        return step.kind in {"dead_letter", "unexpected"}
    # Mirakl showed it waiting after our OR21, whatever we believe became of that call.
    return step.sent is None or sighting.seen > step.sent


def _decided(sighting: Sighting, step: Step | None) -> Step | None:
    if step is None or step.closed:
        return None
    word = "refused" if states.is_cancelled(sighting.lines) else "accepted"
    return replace(step, state="done", claims=0, due=None, waiting_for="", kind="", reason=f"Mirakl shows it {word}")


def _creation(sighting: Sighting, step: Step | None, *, policy: CreationPolicy, now: datetime) -> Step | None:
    """The create_order step as it should be now; None where it stays as it is."""
    shippable = ids(states.shippable_lines(sighting.lines))
    if step is None:
        return _first_creation(sighting, shippable, policy=policy, now=now)
    match step.state:
        case "done" if _lost_since_creation(sighting, step):
            return replace(step, state="outstanding", attempt=step.attempt + 1, due=now + RESEND, reason="cancelled")
        case "waiting" if shippable and step.waiting_for != "totals":
            return replace(step, state="outstanding", waiting_for="", due=now + RESEND)
        case "waiting" | "exception" if states.is_cancelled(sighting.lines) and step.sent is not None:
            # An earlier placing is in doubt: create_order settles that first.
            return replace(step, state="outstanding", attempt=step.attempt + 1, due=now + RESEND, reason="cancelled")
        case "waiting" | "exception" if states.is_cancelled(sighting.lines):
            return replace(step, state="not_needed", due=None, waiting_for="", kind="", reason="cancelled in Mirakl")
        case "waiting" if not shippable and is_past_shipping(sighting.lines):
            return replace(step, state="not_needed", due=None, waiting_for="", reason="shipped before creation")
        case "waiting":
            waiting_for = _waits_for(sighting.lines)
            return None if waiting_for == step.waiting_for else replace(step, waiting_for=waiting_for)
        case "outstanding" if step.due is not None and step.due <= now:
            return replace(step, due=now + RESEND)
    return None


def _first_creation(
    sighting: Sighting, shippable: Sequence[str], *, policy: CreationPolicy, now: datetime
) -> Step | None:
    if shippable:
        return Step("create_order", "outstanding", due=now + RESEND)
    if states.is_cancelled(sighting.lines):
        return Step("create_order", "not_needed", reason="cancelled before anything was owed")
    if is_past_shipping(sighting.lines):
        return Step("create_order", "not_needed", reason="shipped before it was seen")
    due = max(sighting.created + policy.wait_at_most, now + RESEND)
    return Step("create_order", "waiting", waiting_for=_waits_for(sighting.lines), due=due)


def ids(lines: Iterable[SightedLine | OrderLine]) -> tuple[str, ...]:
    return tuple(line.id for line in lines)


def _waits_for(lines: Iterable[SightedLine]) -> str:
    phases = {states.phase(line.state) for line in lines}
    if "staging" in phases:
        return "fraud check"
    if "waiting_acceptance" in phases:
        return "acceptance"
    return "payment" if "waiting_payment" in phases else "a known state"


def is_past_shipping(lines: Iterable[SightedLine | OrderLine]) -> bool:
    """Something was shipped and nothing is left to ship."""
    phases = {states.phase(line.state) for line in lines}
    return bool(phases & {"shipped", "closed"}) and phases <= {"shipped", "closed", "refused", "cancelled"}


def _lost_since_creation(sighting: Sighting, step: Step) -> bool:
    """Lines that are in the ERP's order and that Mirakl shows cancelled or refused."""
    return bool(step.reference) and bool(set(ids(states.withdrawn_lines(sighting.lines))) & set(step.lines))


def _exceptions(
    sighting: Sighting,
    key: OrderKey,
    creation: Step | None,
    record: OrderRecord,
    *,
    now: datetime,
    refused: Rejected | None,
) -> tuple[OpenException, ...]:
    reasons: list[tuple[str, Rejected]] = []
    if refused is not None and not _stands(record, refused.kind):
        reasons.append((_POLL, refused))
    if sighting.unreadable and not _stands(record, "order_unreadable"):
        reason = Rejected("order_unreadable", subject="snapshot", reason=sighting.unreadable)
        reasons.append((_POLL, reason))
    if creation is not None and creation.state == "not_needed" and creation.reason.startswith("shipped"):
        text = "Mirakl shows the order shipped and the bridge never created it in the ERP"
        reasons.append(("create_order", Rejected("shipped_without_order", subject="order", reason=text)))
    late = _late_lines(sighting, record.steps.get("create_order"))
    if late and not _stands(record, "lines_after_creation"):
        text = f"lines {', '.join(late)} became due after the ERP's order was created without them"
        reasons.append(("create_order", Rejected("lines_after_creation", subject="lines", reason=text)))
    if _was_auto_refused(sighting, record):
        text = "the acceptance window ended before the order was accepted"
        reasons.append(("acknowledge_order", Rejected("auto_refused", subject="order", reason=text)))
    return tuple(opened(key, reason, step=step, now=now, stand=record.exceptions) for step, reason in reasons)


def _late_lines(sighting: Sighting, creation: Step | None) -> Sequence[str]:
    if creation is None or not creation.reference:
        return ()
    return tuple(line for line in ids(states.shippable_lines(sighting.lines)) if line not in creation.lines)


def _was_auto_refused(sighting: Sighting, record: OrderRecord) -> bool:
    step = record.steps.get("acknowledge_order")
    if step is None or step.closed or sighting.snapshot is None:
        return False
    phases = {states.phase(line.state) for line in sighting.lines}
    by_itself = sighting.snapshot.facts.get("acceptance_decision_date") is None
    return "refused" in phases and states.is_cancelled(sighting.lines) and by_itself


def _stands(record: OrderRecord, kind: str) -> bool:
    return any(one.kind == kind for one in record.exceptions)


def _is_over(one: OpenException, acceptance: Step | None, creation: Step | None, sighting: Sighting) -> bool:
    """Exceptions that this sighting answers by itself."""
    if one.step == _POLL:
        return sighting.snapshot is not None
    if one.step == "create_order":
        moved = creation.state if creation is not None else ""
        return moved == "not_needed" or (moved == "outstanding" and one.kind == "waits_too_long")
    accepted = acceptance is not None and acceptance.state == "done"
    return accepted and one.step == "acknowledge_order" and one.kind != "auto_refused"


def _told(step: Step, now: datetime) -> History:
    return History(now, step.name, step.attempt, step.reason or f"{step.state} {step.waiting_for}".strip())


def _opens(key: OrderKey, record: OrderRecord, moved: Sequence[Step]) -> OpenWork | None:
    """The open-work row exists exactly while a step is open; while it does, the happy path leaves it alone."""
    dues = [(step.due, step.name) for step in _after(record, moved) if not step.closed and step.due is not None]
    if not dues or _is_open(record.steps.values()):
        return None
    due, name = min(dues)
    return OpenWork(key, name, due)


def _closes(record: OrderRecord, moved: Sequence[Step]) -> bool:
    return _is_open(record.steps.values()) and not _is_open(_after(record, moved))


def _is_open(steps: Iterable[Step]) -> bool:
    return any(not step.closed for step in steps)


def _after(record: OrderRecord, moved: Sequence[Step]) -> Sequence[Step]:
    return tuple({**record.steps, **{step.name: step for step in moved}}.values())


def _messages(key: OrderKey, moved: Sequence[Step], sighting: Sighting) -> tuple[StepMessage, ...]:
    return tuple(
        StepMessage(step.name, key.shop, key.order, step.attempt, sighting.seen)
        for step in moved
        if step.state == "outstanding"
    )
