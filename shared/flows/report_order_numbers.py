"""Tell Mirakl the ERP's order numbers: OR04, for up to a hundred orders of a shop at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Rejected, Transient
from shared.exceptions import opened
from shared.flows import outages
from shared.flows.call_limits import limited_as
from shared.flows.sighting.fresh_snapshot import number_shown
from shared.model.keys import OrderKey, operation_scope, shop_scope
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.marketplace import OrderNumbers
from shared.ports.own import CallBudget, Change, Clock, History, OrderRecord, Pauses, Progress
from shared.telemetry import event

OPERATION = "OR04"
AT_ONCE = 100
EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Ports:
    order_numbers: OrderNumbers
    budget: CallBudget
    pauses: Pauses
    progress: Progress
    clock: Clock


async def run(shop: Shop, records: Sequence[OrderRecord], *, ports: Ports) -> Mapping[OrderKey, Change]:
    """What becomes of these orders' numbers; those without a change wait for a later call."""
    now = ports.clock.now()
    changes = {one.key: reported(one, refused="", now=now) for one in records if _is_shown(one)}
    missing = [one for one in records if one.key not in changes][:AT_ONCE]
    if missing:
        try:
            changes |= await _report(shop, missing, ports)
        except Transient as problem:
            event("order_numbers_postponed", shop=shop.id, reason=type(problem).__name__)
    return changes


async def _report(shop: Shop, records: Sequence[OrderRecord], ports: Ports) -> Mapping[OrderKey, Change]:
    """One OR04, unless a pause or the call limit forbids it. It overwrites, so a lost answer costs a call."""
    scopes = (shop_scope(shop.id), operation_scope(shop.id, OPERATION))
    if await ports.pauses.standing(scopes) or await ports.budget.take(limited_as(shop), OPERATION, EVERY):
        return {}
    refused = await ports.order_numbers.report([(one.key.order, number(one)) for one in records])
    for scope in scopes:
        await outages.over(scope, pauses=ports.pauses, progress=ports.progress)  # this may have been the probe
    now = ports.clock.now()
    return {one.key: reported(one, refused=refused.get(one.key.order, ""), now=now) for one in records}


def reported(record: OrderRecord, *, refused: str, now: datetime) -> Change:
    """`refused` is Mirakl's reason, empty where it has taken the number."""
    step = record.steps["report_order_numbers"]
    closed = replace(step, waiting_for="", due=None, reference=number(record))
    if not refused:
        return _told(record, replace(closed, state="done", kind="", reason="Mirakl has the ERP's number"), now)
    reason = Rejected("order_number_refused", subject=closed.reference, reason=refused)
    change = _told(record, replace(closed, state="exception", kind=reason.kind, reason=f"OR04: {refused}"), now)
    return replace(change, opened=(opened(record.key, reason, step=step.name, now=now, stand=record.exceptions),))


def _told(record: OrderRecord, step: Step, now: datetime) -> Change:
    return Change(
        steps=(step,),
        history=(History(now, step.name, step.attempt, step.reason, reference=step.reference),),
        closed=tuple(one for one in record.exceptions if one.step == step.name and step.closed),
    )


def _is_shown(record: OrderRecord) -> bool:
    """The number that the last answer shows is ours already."""
    shown = number_shown(record.snapshot) if record.snapshot else ""
    return bool(shown) and shown == number(record)


def number(record: OrderRecord) -> str:
    """What the ERP calls the order; empty where it is not on record."""
    created = record.steps.get("create_order")
    return created.reference if created else record.steps["report_order_numbers"].reference
