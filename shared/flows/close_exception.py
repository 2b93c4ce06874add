"""A person says that an exception is dealt with: it closes, and the timeline tells who said so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import BridgeError
from shared.flows.waits import ORDER
from shared.flows.watching.late_waits import ASKED_AGAIN, tells_of
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.steps import Step
from shared.ports.own import Change, Clock, History, OrderRecord, Progress


class StillStuck(BridgeError):
    """Closing would leave a step that nobody owns; the text names the remedy."""


@dataclass(frozen=True, slots=True)
class Ports:
    progress: Progress
    clock: Clock


async def run(key: OrderKey, kind: str, *, who: str, ports: Ports) -> Sequence[OpenException]:
    """What was closed: every exception of this kind at this order (or shop). Raises StillStuck or Conflict."""
    record, now = await ports.progress.load(key), ports.clock.now()
    closed = closable(record, kind)
    if not closed:
        return ()
    over = _given_up(record, kind)
    moved = (*over, *_left_in_peace(record, kind, now))
    after = {**record.steps, **{step.name: step for step in moved}}
    change = Change(
        steps=moved,
        history=tuple(History(now, one.step, 1, f"{kind} closed ({who})") for one in closed),
        closed=closed,
        remove_open_work=bool(over) and all(step.closed for step in after.values()),
    )
    await ports.progress.commit(key, change)
    return closed


def closable(record: OrderRecord, kind: str) -> tuple[OpenException, ...]:
    """Raises StillStuck where the exception is all that a stopped step has."""
    found = tuple(one for one in record.exceptions if one.kind == kind)
    steps = {str(step.name): step for step in record.steps.values()}
    for one in found:
        step = steps.get(one.step)
        if step is not None and step.state == "exception" and kind in step.kind.split("+"):
            raise StillStuck(f"{one.step} of {record.key.order} stopped at it; deal with it, then bridge requeue")
    return found


def _given_up(record: OrderRecord, kind: str) -> tuple[Step, ...]:
    """What a person does not wait for any more: totals of an order that was deleted in the ERP, and an order for a
    shipment that is of none on record.
    """
    given_up = {"totals_late": ("compare_totals", "totals"), "shipment_unmatched": ("confirm_shipment", ORDER)}
    name, waits = given_up.get(kind, ("", ""))
    return tuple(
        replace(step, state="not_needed", waiting_for="", due=None, reason="given up by a person")
        for step in record.steps.values()
        if (step.name, step.state, step.waiting_for) == (name, "waiting", waits)
    )


def _left_in_peace(record: OrderRecord, kind: str, now: datetime) -> tuple[Step, ...]:
    """A wait goes on; its exception does not open again at once."""
    over = {step.name for step in _given_up(record, kind)}
    late = tuple(step for step in record.steps.values() if tells_of(step, kind) and step.name not in over)
    return tuple(replace(step, due=max(step.due or now, now + ASKED_AGAIN)) for step in late)
