"""What an order's showing in an OR11 answer changes in our records, and which steps it calls for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Rejected
from shared.flows.open_work import LOOK_AGAIN, open_work, sleeps
from shared.flows.sighting import seen_creation, seen_way_back
from shared.flows.sighting.fresh_snapshot import is_fresh
from shared.flows.sighting.seen_creation import RESEND, ids, is_past_shipping
from shared.flows.sighting.seen_exceptions import Moved, is_over, raised
from shared.model.keys import OrderKey
from shared.model.order import Sighting
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.model.steps import Step, StepMessage, StepName
from shared.ports.own import Change, History, OpenWork, OrderRecord

__all__ = ["RESEND", "Seen", "decide", "ids", "is_past_shipping"]


@dataclass(frozen=True, slots=True)
class Seen:
    """`change` None: nothing is new. `work` is put before it is committed; `over`: afterwards the row goes.

    The row is not part of the change, so that one request may write those of many orders.
    """

    change: Change | None = None
    messages: tuple[StepMessage, ...] = ()
    work: OpenWork | None = None
    over: bool = False


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
    fresh = is_fresh(sighting.snapshot, record)
    if sighting.created < shop.orders_from:
        return _tracked(sighting, record, fresh=fresh, now=now)
    moved = _moved(sighting, record, shop=shop, policy=policy, fresh=fresh, now=now)
    new = raised(sighting, key, moved, record, now=now, refused=refused)
    readable = sighting.snapshot is not None
    risen = tuple(one for one in record.exceptions if is_over(one, moved, readable=readable))
    if not (moved or fresh or new or risen):
        return Seen()
    change = Change(
        steps=tuple(moved.values()),
        snapshot=sighting.snapshot if fresh else None,
        snapshot_version=record.snapshot_version,
        history=tuple(_told(step, now) for step in moved.values()),
        opened=new,
        closed=risen,
    )
    work, over = _pointer(key, record.steps, {**record.steps, **moved}, now)
    return Seen(change, _messages(key, moved, sighting), work, over)


def _moved(
    sighting: Sighting, record: OrderRecord, *, shop: Shop, policy: CreationPolicy, fresh: bool, now: datetime
) -> Moved:
    steps = (
        seen_creation.acceptance(sighting, record.steps.get("acknowledge_order"), shop=shop, now=now),
        seen_creation.creation(sighting, record.steps.get("create_order"), policy=policy, now=now),
        seen_way_back.confirmation(sighting, record, fresh=fresh, now=now),
        seen_way_back.change(sighting, record, now=now),
    )
    return {step.name: step for step in steps if step is not None}


def _tracked(sighting: Sighting, record: OrderRecord, *, fresh: bool, now: datetime) -> Seen:
    """Placed before the go-live date: kept, never touched."""
    if not fresh:
        return Seen()
    told = () if record.snapshot else (History(now, "poll_orders", 1, "tracked only: placed before orders_from"),)
    change = Change(snapshot=sighting.snapshot, snapshot_version=record.snapshot_version, history=told)
    return Seen(change)


def _told(step: Step, now: datetime) -> History:
    return History(now, step.name, step.attempt, step.reason or f"{step.state} {step.waiting_for}".strip())


def _pointer(
    key: OrderKey, before: Mapping[StepName, Step], after: Mapping[StepName, Step], now: datetime
) -> tuple[OpenWork | None, bool]:
    """The row exists exactly while a step is open, and the happy path leaves it alone.

    It is put anew where an order that slept wakes up (its row may lie hours ahead), and where it is looked for
    otherwise than before; then it comes due soon, because somebody may have put it so meanwhile.
    """
    had, has = open_work(key, before, now=now), open_work(key, after, now=now)
    if has is None:
        return None, had is not None
    if had is None or (_sleeps(before) and not _sleeps(after)):
        return has, False
    return (None if had.mark == has.mark else replace(has, due=min(has.due, now + LOOK_AGAIN))), False


def _sleeps(steps: Mapping[StepName, Step]) -> bool:
    return sleeps([step for step in steps.values() if not step.closed])


def _messages(key: OrderKey, moved: Moved, sighting: Sighting) -> tuple[StepMessage, ...]:
    return tuple(
        StepMessage(step.name, key.shop, key.order, step.attempt, sighting.seen)
        for step in moved.values()
        if step.state == "outstanding"
    )
