"""Tell Mirakl of every shipment of a shop that waits, with as few calls as there are shipments of one order."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace

from shared.errors import Conflict, FeatureOff, Rejected, Transient
from shared.flows.creating.creation import SHORTEST, after_claim, blocked, released
from shared.flows.telling.carrying import Desk, Ports
from shared.flows.telling.claim_shipments import each
from shared.flows.telling.conclude_shipments import conclude
from shared.flows.telling.confirm_each import put_on_record, singly
from shared.flows.telling.confirming import STEP, may_go, over
from shared.flows.telling.shipment_batch import Batch
from shared.flows.telling.shipment_calls import create, follow, settle
from shared.flows.telling.shipment_cases import Case, is_unsettled, plan
from shared.flows.telling.shipment_ends import has_more, in_doubt
from shared.model.keys import OrderKey
from shared.model.outcome import Blocked, Done, Exceptional, Later, Outcome
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.telemetry import event

MOST = 200
"""Orders of one round."""
_PAGES = 5
_ROUNDS = 10
"""Shipments of one order that one message tells: each takes a call of its own."""


async def marked(shop: Shop, ports: Ports) -> Sequence[OrderKey]:
    """The orders that wait for the shop's next ST01."""
    keys: list[OrderKey] = []
    for _ in range(_PAGES):
        page = await ports.work.marked(shop.id, "shipment_batch", MOST, after=keys[-1].order if keys else "")
        keys += [work.key for work in page]
        if len(page) < MOST:
            break
    return keys


async def every(keys: Sequence[OrderKey], desk: Desk) -> Outcome:
    """Each order's own record tells what becomes of it; `watch` sends again what is in doubt. Raises Transient."""
    outcome: Outcome = Done("no shipment waits", answered=False)
    for start in range(0, len(keys), MOST):
        ready, lost = await _ready(keys[start : start + MOST], desk)
        outcome = await (_tell(ready, desk) if desk.carrying.multi else singly(ready, desk))
        if lost:
            raise lost[0]
        if isinstance(outcome, Blocked):
            return outcome
    return outcome


async def one(record: OrderRecord, desk: Desk) -> Outcome:
    """The order of a message of its own. Raises Transient."""
    step, now = record.steps.get(STEP), desk.now()
    if step is not None and step.sent is not None and now < step.sent + SHORTEST:
        return after_claim(step.sent + SHORTEST, now, desk.claiming)
    return await _tell([record], desk, named=True)


async def _ready(keys: Sequence[OrderKey], desk: Desk) -> tuple[list[OrderRecord], list[Transient]]:
    """Those that may go now, and what our store did not give."""
    records: dict[OrderKey, OrderRecord] = {}

    async def load(key: OrderKey) -> None:
        records[key] = await desk.ports.progress.load(key)

    lost = await each(keys, load, what="shipment_not_looked_at")
    found = (records[key] for key in keys if key in records)
    return [record for record in found if may_go(record.steps.get(STEP), desk.now())], lost


async def _tell(records: Sequence[OrderRecord], desk: Desk, *, named: bool = False) -> Outcome:
    answered, told = False, 0
    for _ in range(_ROUNDS):
        batch = Batch(await _cases(records, desk))
        stopped = await _round(batch, desk)
        cases = list(batch.cases.values())
        lost = await conclude([case for case in cases if not (named and case.doubt)], desk)
        answered, told = answered or batch.answered, told + sum(bool(case.texts) for case in cases)
        if lost:
            raise lost[0]
        if isinstance(stopped, FeatureOff):
            event("multi_shipment_off", shop=desk.shop.id)
            ready, _ = await _ready([case.key for case in batch.going()], desk)
            return await singly(ready, desk, named=named)
        if isinstance(stopped, Transient):
            return blocked(stopped, None)
        if named and (late := _later(cases, desk)) is not None:
            return late
        again = [case.key for case in cases if case.texts and not case.stopped and has_more(case, desk)]
        if not again:
            break
        records, _ = await _ready(again, desk)
    return Done(f"Mirakl was told of {told} shipments", answered)


async def _round(batch: Batch, desk: Desk) -> Transient | FeatureOff | None:
    """Why it stopped before its end; what was done until then is in the batch."""
    try:
        await settle(batch, desk)
        _plan(batch, desk)
        await follow(batch, desk)
        await create(batch, desk)
    except (FeatureOff, Transient) as problem:
        return problem
    return None


async def _cases(records: Sequence[OrderRecord], desk: Desk) -> dict[str, Case]:
    """By order id. Without a snapshot the next answer of OR11 shows the order again."""
    cases: dict[str, Case] = {}
    for record in records:
        step = record.steps.get(STEP)
        if step is None or record.snapshot is None:
            continue
        try:
            order = desk.ports.reader(record.key, record.snapshot)
        except Rejected as reason:
            await _unreadable(record, step, reason, desk)
            continue
        case = Case(record, order, step, record.shipments, unsettled=is_unsettled(step), over=over(order, record))
        cases[record.key.order] = case
    return cases


async def _unreadable(record: OrderRecord, step: Step, reason: Rejected, desk: Desk) -> None:
    with contextlib.suppress(Conflict, Transient):
        await put_on_record(record, Exceptional(released(step), (reason,)), desk)


def _plan(batch: Batch, desk: Desk) -> None:
    """Before anything is sent: a carrier that Mirakl would refuse is a person's, now."""
    for case in batch.going():
        try:
            batch.put(replace(case, plan=plan(case.order, case.shipments, desk.chooser(case.order))))
        except Rejected as reason:
            batch.stop(case.key.order, reason)


def _later(cases: Sequence[Case], desk: Desk) -> Later | None:
    """The message of one order comes back by itself."""
    for case in cases:
        if case.doubt is not None:
            now = desk.now()
            step = in_doubt(case, desk, now)
            return Later((step.due or now) - now, step.reason, step, scope=case.doubt.scope)
    return None
