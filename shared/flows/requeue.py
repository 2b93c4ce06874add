"""Send a step again from our records: a fresh message first, then its dead letters go."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Conflict, Transient
from shared.flows.open_work import open_work
from shared.flows.sighting.seen_creation import RESEND
from shared.flows.sighting.seen_way_back import TOLD_WITHIN
from shared.flows.waits import SHOWN, TRACKING
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.mappings import ANY, MappingRow
from shared.model.steps import POLLS, Step, StepMessage, StepName
from shared.ports.own import Change, Clock, DeadLetters, History, OpenWork, Outbox, Progress

QUEUED_STEPS = ("acknowledge_order", "create_order", "confirm_shipment", "change_order")
_SENT_AGAIN = frozenset({TRACKING, SHOWN})
"""What a waiting confirm_shipment may be tried again in spite of: the mapping may ask for no tracking any more, and the
reason why Mirakl did not take the shipment may be gone."""
_LOOKS = 3


@dataclass(frozen=True, slots=True)
class Ports:
    """`held_for` is how long others may go on with a mapping that they have read."""

    progress: Progress
    outbox: Outbox
    clock: Clock
    held_for: timedelta = timedelta(0)


async def run(key: OrderKey, *, who: str, ports: Ports, after: timedelta = timedelta(0)) -> Sequence[StepMessage]:
    """Every step of the order that can do something now; answers what was sent, to arrive `after` this.

    Raises Conflict where the order moves at every look: somebody is at it.
    """
    for _ in range(_LOOKS - 1):
        with contextlib.suppress(Conflict):
            return await _run(key, who=who, ports=ports, after=after)
    return await _run(key, who=who, ports=ports, after=after)


async def _run(key: OrderKey, *, who: str, ports: Ports, after: timedelta) -> Sequence[StepMessage]:
    record, now = await ports.progress.load(key), ports.clock.now()
    again = [_again(step, who, now) for step in record.steps.values() if _can_go_again(step)]
    if not again:
        return ()
    change = Change(
        steps=tuple(again),
        history=tuple(History(now, step.name, step.attempt, step.reason) for step in again),
        open_work=_row(key, {**record.steps, **{step.name: step for step in again}}, now),
    )
    await ports.progress.commit(key, change)
    # An acceptance sent again by a person counts as shown now: OR21 is guarded by the order's own state.
    messages = tuple(
        StepMessage(step.name, key.shop, key.order, step.attempt, now) for step in again if step.name in QUEUED_STEPS
    )
    await _send(messages, after, ports.outbox)
    return messages


async def _send(messages: Sequence[StepMessage], after: timedelta, outbox: Outbox) -> None:
    if not after:
        await outbox.send(messages)
        return
    for message in messages:
        await outbox.later(message, after)


def _can_go_again(step: Step) -> bool:
    """A creation that has its order is not placed again, whatever became of that order in the ERP since."""
    if step.name == "create_order" and step.reference:
        return False
    if step.name == "report_order_numbers":
        return step.state == "exception"
    if step.name == "confirm_shipment" and step.state == "waiting":
        return step.waiting_for in _SENT_AGAIN
    return step.name in QUEUED_STEPS and step.state in {"exception", "outstanding", "unknown"}


def _again(step: Step, who: str, now: datetime) -> Step:
    """The doubt about an earlier send stays on record (`sent`); claims start anew. `watch` reports numbers itself."""
    again = replace(step, attempt=step.attempt + 1, claims=0, kind="", reason=f"re-queued ({who})")
    if step.name == "report_order_numbers":
        return replace(again, state="waiting", waiting_for="report", due=now)
    if step.name == "confirm_shipment":
        again = replace(again, deadline=now + TOLD_WITHIN)
    return replace(again, state="outstanding", due=now + RESEND)


def _row(key: OrderKey, steps: Mapping[StepName, Step], now: datetime) -> OpenWork | None:
    """Due at once where `watch` itself does the step: no message wakes it."""
    work = open_work(key, steps, now=now)
    reported = any(step.waiting_for == "report" and step.state == "waiting" for step in steps.values())
    return replace(work, due=now) if work and reported else work


async def mapping_saved(
    rows: Iterable[MappingRow], stand: Iterable[OpenException], *, who: str, ports: Ports
) -> Sequence[StepMessage]:
    """Re-queue every order whose open exception names a row that was just saved or removed, or only its table.

    They go once nobody holds the rows of before any more: read again, those would judge the order again.
    """
    saved = tuple(rows)
    keys = {one.key for one in stand if any(_may_end(one, row) for row in saved)}
    sent: list[StepMessage] = []
    for key in sorted(keys):
        with contextlib.suppress(Conflict):
            sent += await run(key, who=who, ports=ports, after=ports.held_for)
    return sent


def _may_end(one: OpenException, row: MappingRow) -> bool:
    if one.kind == "quantity_not_representable":
        return row.table == "items" and row.key[1] == one.subject
    if one.kind == "tracking_late":
        # It names no row; any may say now that its carrier has no tracking numbers.
        return row.table == "carriers"
    return one.mapping == row.table and (not _names_a_row(one) or _answers(row, one.subject))


def _names_a_row(one: OpenException) -> bool:
    """An adapter knows the ERP's codes only ("location 99" of `warehouses`), so that any row may answer it.

    A row's key begins with a marketplace, which is one word.
    """
    return " " not in one.subject.partition("|")[0]


def _answers(row: MappingRow, subject: str) -> bool:
    """Whether the row may be the one that was missing or wrong; `subject` holds the key columns joined by `|`.

    The row is laid over the subject, because a column's own text may hold a `|`. Any component of a SKU may answer
    for it: they are missing, or out of proportion, together.
    """
    key = (*row.key[:-1], ANY) if row.table == "items" else row.key
    columns = (".*" if column == ANY else rf"(?:{re.escape(column)}|\*)" for column in key)
    return re.fullmatch(r"\|".join(columns), subject, re.DOTALL) is not None


async def clear_dead_letters(queue: str, dead_letters: DeadLetters, *, progress: Progress, limit: int = 100) -> int:
    """Remove every dead letter whose step is closed or has a newer attempt, and polls and batches on record as such."""
    letters = await dead_letters.peek(queue, limit)
    over = [one.sequence for one in letters if one.message is not None and await _is_over(one.message, progress)]
    return await dead_letters.remove(queue, over) if over else 0


async def _is_over(message: StepMessage, progress: Progress) -> bool:
    try:
        record = await progress.load(OrderKey(message.shop, message.order))
    except Transient:
        return False  # what cannot be read now stays, and hides no other
    if message.step in POLLS or not message.order:
        # A timer brings the next poll, and `watch` sends each order of a batch; only the exception is worth keeping.
        return any(one.step == message.step for one in record.exceptions)
    step = next((one for one in record.steps.values() if one.name == message.step), None)
    return step is not None and (step.closed or step.attempt > message.attempt)
