"""The row by which an open order is found: what it is looked for, and when `watch` looks by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from shared.flows.waits import BATCH, TRACKING
from shared.model.keys import OrderKey
from shared.model.steps import Step, StepName
from shared.ports.own import Change, Mark, OpenWork, OrderRecord, Progress

LOOK_AGAIN = timedelta(minutes=15)
"""The longest that an order goes without a look while something of it may be on its way: a message can be lost, and
the happy path leaves the row alone."""
SLEEP = timedelta(hours=12)
"""The longest where every open step waits for the other side. Whoever ends such a wait puts the row anew."""
READ_HERE = frozenset({"compare_totals", "report_order_numbers"})
"""Steps that no message is sent for: `watch` does them itself, for many orders at once."""


def open_work(key: OrderKey, steps: Mapping[StepName, Step], *, now: datetime) -> OpenWork | None:
    """None where nothing is open."""
    open_steps = [step for step in steps.values() if not step.closed]
    if not open_steps:
        return None
    longest = SLEEP if sleeps(open_steps) else LOOK_AGAIN
    dues = [(due, step.name) for step in open_steps if (due := _due(step)) is not None and due > now]
    due, name = min(dues, default=(now + longest, open_steps[0].name))
    created = steps.get("create_order")
    mark = _mark(steps)
    if mark == "erp":
        name = next((step.name for step in open_steps if step.name == "change_order"), name)
    reference, since = (created.reference, created.seen) if created else ("", None)
    return OpenWork(key, name, min(due, now + longest), mark=mark, reference=reference, lines=_owed(steps), since=since)


def awake(key: OrderKey, steps: Mapping[StepName, Step], *, now: datetime) -> OpenWork | None:
    """As a writer of one step puts it, who may have read the others just before they moved: no version guards the row.

    `watch` alone, which looks at whether the row still stands, sends such an order to sleep.
    """
    work = open_work(key, steps, now=now)
    return replace(work, due=min(work.due, now + LOOK_AGAIN)) if work else None


async def wake(record: OrderRecord, *, progress: Progress, now: datetime) -> None:
    """Before a message acts on an order that sleeps, whose row may lie hours ahead: a death from here on is found soon.

    Costs nothing where the order does not sleep. Raises Transient.
    """
    if sleeps(step for step in record.steps.values() if not step.closed):
        await progress.commit(record.key, Change(open_work=awake(record.key, record.steps, now=now)))


def sleeps(open_steps: Iterable[Step]) -> bool:
    """Nothing of it is on its way: each open step waits for the other side or for a person.

    What `watch` itself asks for wakes nobody when it comes.
    """
    return all(
        step.state == "exception" or (step.state == "waiting" and step.name not in READ_HERE) for step in open_steps
    )


def _owed(steps: Mapping[StepName, Step]) -> int:
    created, changed = steps.get("create_order"), steps.get("change_order")
    gone = changed.lines if changed else ()
    return len([line for line in created.lines if line not in gone]) if created and created.reference else 0


def _due(step: Step) -> datetime | None:
    return step.claim_until if step.state == "claimed" else step.due or step.deadline


def _mark(steps: Mapping[StepName, Step]) -> Mark:
    acceptance, created, shipment = (
        steps.get(name) for name in ("acknowledge_order", "create_order", "confirm_shipment")
    )
    if acceptance is not None and acceptance.state == "unknown":
        return "acceptance_doubt"
    if shipment is not None and shipment.state == "waiting" and shipment.waiting_for == TRACKING:
        return "tracking"
    if shipment is not None and not shipment.closed and shipment.waiting_for == BATCH:
        return "shipment_batch"
    return "erp" if created is not None and created.reference else ""
