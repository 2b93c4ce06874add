"""What an order's showing makes of its acceptance and of its creation in the ERP."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shared.model.order import OrderLine, SightedLine, Sighting
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.rules import order_states as states

RESEND = timedelta(minutes=15)
"""How long a message may be on its way before it is sent again. The steps bear it twice, but a queue that takes longer
than this (the backlog of an outage) would be made longer still."""


def acceptance(sighting: Sighting, step: Step | None, *, shop: Shop, now: datetime) -> Step | None:
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


def creation(sighting: Sighting, step: Step | None, *, policy: CreationPolicy, now: datetime) -> Step | None:
    """The create_order step as it should be now; None where it stays as it is."""
    shippable = ids(states.shippable_lines(sighting.lines))
    if step is None:
        return _first_creation(sighting, shippable, policy=policy, now=now)
    match step.state:
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
