"""Nothing is forgotten: what is overdue is sent again, what is at risk is said, dead letters get their record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Conflict, Rejected, Transient, UnknownOutcome
from shared.exceptions import opened
from shared.flows import compare_totals, outages
from shared.flows.requeue import clear_dead_letters
from shared.flows.seen_order import RESEND
from shared.model.exception import OpenException
from shared.model.keys import BRIDGE_SHOP, ERP_SCOPE, OrderKey
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage
from shared.ports.erp import SalesOrders
from shared.ports.own import (
    Change,
    Clock,
    DeadLetter,
    DeadLetters,
    History,
    OpenWork,
    OrderRecord,
    Outbox,
    Pauses,
    Progress,
    WorkList,
)
from shared.rules import deadlines
from shared.telemetry import event

MOST = 200
"""How many open orders one run looks at, per shop: a run must end before the next one starts."""
MOST_DEAD = 1000
"""How many dead letters of a queue one run looks at: the judged ones stay there until their cause is gone."""
LOOK_AGAIN = timedelta(minutes=15)
"""The longest that an open order goes without a look: the happy path leaves its row alone, so the row must come due
by itself soon after anything that could be lost."""


@dataclass(frozen=True, slots=True)
class Ports:
    progress: Progress
    work: WorkList
    outbox: Outbox
    dead_letters: DeadLetters
    pauses: Pauses
    sales_orders: Callable[[Shop], SalesOrders]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Looked:
    """What looking at one overdue order comes to: a change, messages, and when to look again (None: it is closed)."""

    change: Change | None = None
    messages: tuple[StepMessage, ...] = ()
    again: datetime | None = None
    totals: bool = False


async def run(shops: Mapping[str, Shop], queues: Iterable[str], *, policy: CreationPolicy, ports: Ports) -> None:
    for shop in shops.values():
        await _look_at(shop, policy=policy, ports=ports)
    for queue in queues:
        await _dead_letters(queue, ports)


async def _look_at(shop: Shop, *, policy: CreationPolicy, ports: Ports) -> None:
    now = ports.clock.now()
    pending: list[tuple[Shop, OrderRecord]] = []
    for work in await ports.work.due(shop.id, now, MOST):
        try:
            record = await ports.progress.load(work.key)
            looked = look(record, shop=shop, now=now)
            await _carry_out(work, looked, ports)
        except Transient as problem:
            event("order_not_looked_at", shop=shop.id, order=work.key.order, reason=type(problem).__name__)
            continue  # its row stays due, and hides no other
        if looked.totals:
            pending.append((shop, record))
    if pending:
        await _compare(pending, policy=policy, ports=ports)


def look(record: OrderRecord, *, shop: Shop, now: datetime) -> Looked:
    """Pure: which steps are overdue, what is at risk, and when to look next."""
    open_steps = [step for step in record.steps.values() if not step.closed]
    if not open_steps:
        return Looked()
    overdue = [step for step in open_steps if _is_overdue(step, now)]
    again = tuple(_sent_again(step, now) for step in overdue)
    raised = tuple(_raised(record, open_steps, shop=shop, now=now))
    change = Change(
        steps=again,
        history=tuple(History(now, step.name, step.attempt, "overdue: sent again") for step in again),
        opened=tuple(_opened(record, step, reason, shop=shop, now=now) for step, reason in raised),
    )
    messages = tuple(
        StepMessage(step.name, record.key.shop, record.key.order, step.attempt, step.seen) for step in again
    )
    totals = any(step.name == "compare_totals" for step in open_steps)
    return Looked(change if again or raised else None, messages, _next_look(open_steps, again, now), totals)


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
    if step.name == "compare_totals" or step.claimed_at(now):
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


def _raised(
    record: OrderRecord, open_steps: Sequence[Step], *, shop: Shop, now: datetime
) -> Sequence[tuple[str, Rejected]]:
    stands = {one.kind for one in record.exceptions}
    raised: list[tuple[str, Rejected]] = []
    for step in open_steps:
        if step.name == "acknowledge_order" and "acceptance_at_risk" not in stands:
            raised += _at_risk(step, shop=shop, now=now)
        if step.name == "create_order" and step.state == "waiting" and "waits_too_long" not in stands:
            raised += _too_long(step, now)
    return raised


def _at_risk(step: Step, *, shop: Shop, now: datetime) -> Sequence[tuple[str, Rejected]]:
    """`deadline` is half of the window; an acceptance that Mirakl has answered is not at risk."""
    if step.state == "waiting" or step.deadline is None or now < step.deadline:
        return []
    created = step.deadline - shop.marketplace.acceptance_window / 2
    risk = deadlines.risk(created, shop.marketplace.acceptance_window, now)
    text = f"not accepted, and {risk.replace('_', ' ')} of the acceptance window has passed"
    return [(step.name, Rejected("acceptance_at_risk", subject="order", reason=text))]


def _too_long(step: Step, now: datetime) -> Sequence[tuple[str, Rejected]]:
    if step.due is None or step.due > now:
        return []
    text = f"it still waits for {step.waiting_for}"
    return [(step.name, Rejected("waits_too_long", subject="order", reason=text))]


def _next_look(open_steps: Sequence[Step], again: Sequence[Step], now: datetime) -> datetime:
    moved = {step.name: step for step in again}
    dues = [_due(moved.get(step.name, step)) for step in open_steps]
    soonest = min((due for due in dues if due is not None and due > now), default=now + LOOK_AGAIN)
    return min(max(soonest, now + timedelta(minutes=1)), now + LOOK_AGAIN)


def _due(step: Step) -> datetime | None:
    return step.claim_until if step.state == "claimed" else step.due or step.deadline


async def _carry_out(work: OpenWork, looked: Looked, ports: Ports) -> None:
    try:
        if looked.change is not None:
            await ports.progress.commit(work.key, looked.change)
    except Conflict:
        return  # it moved while we looked; the row stays due
    if looked.messages:
        await ports.outbox.send(looked.messages)
    if looked.again is None:
        await ports.work.remove([work.key])
    else:
        await ports.work.put([replace(work, due=looked.again)])


async def _compare(pending: Sequence[tuple[Shop, OrderRecord]], *, policy: CreationPolicy, ports: Ports) -> None:
    shop = pending[0][0]
    if await ports.pauses.standing([ERP_SCOPE]):
        return
    try:
        reader = compare_totals.Ports(ports.sales_orders(shop), ports.progress, ports.clock)
        await compare_totals.run(pending, policy=policy, ports=reader)
        await outages.over(ERP_SCOPE, pauses=ports.pauses, progress=ports.progress)  # this may have been the probe
    except (Transient, UnknownOutcome) as problem:
        event("totals_postponed", shop=shop.id, reason=type(problem).__name__)


async def _dead_letters(queue: str, ports: Ports) -> None:
    for letter in await ports.dead_letters.peek(queue, MOST_DEAD):
        try:
            await _record_dead_letter(letter, ports)
        except Transient as problem:
            event("dead_letter_not_told", queue=queue, reason=type(problem).__name__)
    await clear_dead_letters(queue, ports.dead_letters, progress=ports.progress, limit=MOST_DEAD)


async def _record_dead_letter(letter: DeadLetter, ports: Ports) -> None:
    """A dead letter that no exception explains gets one, so that a person sees it."""
    message = letter.message
    key = OrderKey(message.shop, message.order) if message else OrderKey(BRIDGE_SHOP, "")
    record = await ports.progress.load(key)
    step = next((one for one in record.steps.values() if message and one.name == message.step), None)
    subject = message.step if message else f"{letter.queue}#{letter.sequence}"
    if _is_explained(record, step, letter, subject):
        return
    now = ports.clock.now()
    kind = "dead_letter" if message else "message_unreadable"
    reason = Rejected(kind, subject=subject, reason=letter.reason or "no reason given")
    stuck = () if step is None else (replace(step, state="exception", kind=kind, due=None, claim_owner=""),)
    history = (History(now, subject, message.attempt if message else 0, f"dead-lettered: {reason.reason}"),)
    change = Change(
        steps=stuck, history=history, opened=(opened(key, reason, step=subject, now=now, stand=record.exceptions),)
    )
    try:
        await ports.progress.commit(key, change)
    except Conflict:
        return  # it is being worked on; the next run looks again


def _is_explained(record: OrderRecord, step: Step | None, letter: DeadLetter, subject: str) -> bool:
    if letter.message is None:
        # Whoever received it has told of its queue already.
        return any(one.subject in {subject, letter.queue} for one in record.exceptions)
    if step is None:
        return any(one.step == letter.message.step for one in record.exceptions)
    return step.closed or step.attempt > letter.message.attempt or step.state in {"exception", "claimed"}
