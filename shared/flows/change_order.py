"""Carry into the ERP what was cancelled in Mirakl after the order was created there, and see what the ERP shows.

No claim is made: an order is stopped, released, or rid of lines as often as one likes, with the same end.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shared.errors import Rejected, Transient, UnknownOutcome
from shared.exceptions import opened
from shared.flows.cancelling.cancel_in_erp import Erp, Made, make
from shared.flows.cancelling.cancellation import are_compared
from shared.flows.cancelling.look_at_erp import Looking, look
from shared.flows.creating.creation import SHORTEST, Claiming, after_claim, blocked
from shared.flows.open_work import awake
from shared.flows.turns import Busy, Stale, current
from shared.flows.waits import CANCELLED, HELD, IN_THE_ERP
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later, Outcome
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shop import Shop
from shared.model.steps import Delivery, Step, StepMessage
from shared.ports.erp import SalesOrderChanges, SalesOrders
from shared.ports.marketplace import OrderReader
from shared.ports.own import Change, Clock, History, OrderRecord, Progress, WorkList
from shared.rules import retry

__all__ = ["Claiming", "Looking", "Ports", "cancel_now", "look", "run"]

_STUCK = {"dead_letter", "unexpected", "erp_refused"}


@dataclass(frozen=True, slots=True)
class Ports:
    sales_orders: SalesOrders
    changes: SalesOrderChanges
    progress: Progress
    work: WorkList
    reader: OrderReader
    clock: Clock


class Cancelling(Erp, Protocol):
    """What cancelling asks for, of these ports or of a creation's."""

    @property
    def progress(self) -> Progress: ...

    @property
    def clock(self) -> Clock: ...


async def run(
    message: StepMessage,
    delivery: Delivery,
    *,
    shop: Shop,
    policy: ShippingPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    key, now = OrderKey(message.shop, message.order), ports.clock.now()
    record = await ports.progress.load(key)
    step, created = record.steps.get("change_order"), record.steps.get("create_order")
    match current(message, delivery, step, now, apart=SHORTEST):
        case Stale(text):
            return Done(text, answered=False)
        case AlreadyJudged() as judged:
            return judged
        case Busy(until):
            return after_claim(until, now, claiming)
    if step is None or created is None or not created.reference:
        return Done("nothing of it is in the ERP", answered=False)
    return await _carry_out(step, record, shop=shop, policy=policy, ports=ports, jitter=claiming.jitter)


async def cancel_now(
    key: OrderKey, *, shop: Shop, policy: ShippingPolicy, ports: Cancelling, jitter: Callable[[], float]
) -> Outcome:
    """For whoever put an order on record with an outstanding change_order; what fails here `watch` sends as that."""
    record = await ports.progress.load(key)
    step = record.steps["change_order"]
    match await _carry_out(step, record, shop=shop, policy=policy, ports=ports, jitter=jitter):
        case Done() as done:
            return done
        case Blocked() as down:
            return replace(down, step=None)
        case Later(step=Step() as doubt) as later:
            if doubt != step:  # or the hold, seen again, is somebody else's
                await ports.progress.commit(key, Change(steps=(doubt,)))
            if later.down:
                return Blocked(later.scope, later.text, None, "UnknownOutcome", later.retry_after)
            return Done("created; its cancellation is in doubt", answered=False)
        case _:
            return Done("created; its cancellation follows", answered=False)


async def _carry_out(
    step: Step,
    record: OrderRecord,
    *,
    shop: Shop,
    policy: ShippingPolicy,
    ports: Cancelling,
    jitter: Callable[[], float],
) -> Outcome:
    number = record.steps["create_order"].reference
    ours = False
    try:
        shown = next(iter(await ports.changes.shown(company=shop.company, numbers=[number])), None)
        ours = _is_our_hold(step, record, shown)
        made = await make(step, record, shown, shop=shop, policy=policy, erp=ports)
    except UnknownOutcome as problem:
        wait = retry.delay(step.attempt, jitter=jitter(), retry_after=problem.retry_after)
        doubt = _doubtful(step, ours, policy)
        return Later(wait, str(problem), doubt, problem.scope, problem.down, problem.retry_after)
    except Transient as problem:
        return blocked(problem, step)
    except Rejected as reason:
        return Exceptional(step, (reason,))
    change = _recorded(step, record, replace(made, held=made.held and ours), ports.clock.now())
    await ports.progress.commit(record.key, change)
    return Done(change.steps[0].reason)


def _is_our_hold(step: Step, record: OrderRecord, shown: ErpOrder | None) -> bool:
    """A hold that stood before ours is another's, unless it only waits for totals: that one ends with ours."""
    return step.expected == HELD or shown is None or not (shown.on_hold and are_compared(record))


def _doubtful(step: Step, ours: bool, policy: ShippingPolicy) -> Step:
    """The hold may have been set: seen again it would pass for another's."""
    return replace(step, expected=HELD) if ours and policy.cancellation == "hold" else step


def _recorded(step: Step, record: OrderRecord, made: Made, now: datetime) -> Change:
    after = _after(step, record, made)
    stand, told = record.exceptions, after.waiting_for == CANCELLED
    reasons = [Rejected("cancelled_after_creation", subject=after.reference, reason=after.reason)] if told else []
    if made.charges:
        text = f"{', '.join(step.lines)} taken out; what was charged with them stands in {', '.join(made.charges)}"
        reasons.append(Rejected("totals_differ", subject=after.reference, reason=text))
    work = awake(record.key, {**record.steps, step.name: after}, now=now)
    return Change(
        steps=(after,),
        history=(History(now, step.name, step.attempt, after.reason, reference=after.reference),),
        opened=tuple(opened(record.key, one, step=step.name, now=now, stand=stand) for one in reasons),
        closed=tuple(one for one in stand if one.step == step.name and _is_answered(one, told)),
        open_work=None if after.closed else work,
        remove_open_work=work is None,
    )


def _after(step: Step, record: OrderRecord, made: Made) -> Step:
    number = record.steps["create_order"].reference
    reason = f"cancelled in Mirakl: {', '.join(step.lines) or 'the order'}; {made.text}"
    after = replace(step, claims=0, due=None, kind="", reason=reason, reference=number)
    if not made.over:
        expected = HELD if made.held else step.expected
        return replace(after, state="waiting", waiting_for=made.waiting_for or CANCELLED, expected=expected)
    if any(one.kind == "cancelled_in_erp" for one in record.exceptions):
        return replace(after, state="waiting", waiting_for=IN_THE_ERP, expected="")
    return replace(after, state="done", waiting_for="", expected="")


def _is_answered(one: OpenException, told: bool) -> bool:
    return one.kind in _STUCK or (one.kind == "cancelled_after_creation" and not told)
