"""A step as a row: `step|<name>`, with the last thing that it told the timeline."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from shared.model.steps import State, Step, StepName
from shared.store.columns import columns, moment, needed_time, number, read, short, stamp, text, texts, time, unstamp
from shared.store.history_rows import Told
from shared.store.keys import join
from shared.store.tables import Insert, Operation, Replace, Row

STEP = "step"


def step_operation(step: Step, told: Told | None) -> Operation:
    """`told` is what the step has told last, this commit included."""
    values = columns(
        name=step.name,
        state=step.state,
        attempt=step.attempt,
        claims=step.claims,
        due=step.due,
        deadline=step.deadline,
        claim_owner=step.claim_owner,
        claim_until=step.claim_until,
        waiting_for=step.waiting_for,
        reference=step.reference,
        reason=short(step.reason),
        kind=step.kind,
        sent=step.sent,
        seen=step.seen,
        lines=step.lines,
        expected=step.expected,
        number=step.number,
    )
    if told is not None:
        values |= columns(told_row=told.row, told_at=told.at, told_text=told.digest, told_count=told.count)
    row = join(STEP, step.name)
    return Insert(row, values) if step.version is None else Replace(row, values, str(unstamp(step.version)[0]))


def told_by(step: Step) -> Told | None:
    """What the row said when the step was read: it travels in the version, which flows pass on unread."""
    match unstamp(step.version) if step.version else ():
        case [_, row, at, digest, count]:
            return Told(str(row), datetime.fromisoformat(str(at)), str(digest), int(count))
        case _:
            return None


def step_of(row: Row) -> Step:
    values = read(row)
    return Step(
        name=cast(StepName, text(values, "name")),
        state=cast(State, text(values, "state")),
        attempt=number(values, "attempt", 1),
        claims=number(values, "claims"),
        due=time(values, "due"),
        deadline=time(values, "deadline"),
        claim_owner=text(values, "claim_owner"),
        claim_until=time(values, "claim_until"),
        waiting_for=text(values, "waiting_for"),
        reference=text(values, "reference"),
        reason=text(values, "reason"),
        kind=text(values, "kind"),
        sent=time(values, "sent"),
        seen=time(values, "seen"),
        lines=texts(values, "lines"),
        expected=text(values, "expected"),
        number=text(values, "number"),
        version=_version(row),
    )


def step_version(version: str, told: Told | None) -> str:
    """The ETag, and with it what the step told last."""
    if told is None:
        return stamp(version)
    return stamp(version, told.row, moment(told.at), told.digest, told.count)


def _version(row: Row) -> str:
    values = row.values
    if "told_row" not in values:
        return step_version(row.version, None)
    told_at, count = needed_time(values, "told_at"), number(values, "told_count", 1)
    return step_version(row.version, Told(text(values, "told_row"), told_at, text(values, "told_text"), count))
