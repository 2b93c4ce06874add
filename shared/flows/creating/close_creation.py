"""The end of a creation that needs no order in the ERP, or no more of it."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.creating.creation import NotNeeded, Ports
from shared.model.exception import OpenException
from shared.model.keys import OrderKey
from shared.model.outcome import Done
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord


async def close_unneeded(key: OrderKey, step: Step, over: NotNeeded, record: OrderRecord, *, ports: Ports) -> Done:
    text = "Mirakl shows the order shipped and the bridge never created it in the ERP"
    missed = (Rejected("shipped_without_order", subject="order", reason=text),) if over.missed else ()
    closed = replace(step, state="not_needed", reason=over.reason)
    return await close(key, closed, record, ports=ports, raised=missed)


async def close(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    *,
    ports: Ports,
    raised: tuple[Rejected, ...] = (),
    following: tuple[Step, ...] = (),
) -> Done:
    """`following` are the steps that go on from here."""
    now = ports.clock.now()
    closed = replace(step, due=None, waiting_for="", kind="", claims=0)
    after = {**record.steps, **{one.name: one for one in (closed, *following)}}
    change = Change(
        steps=(closed, *following),
        history=(History(now, step.name, step.attempt, step.reason),),
        opened=tuple(opened(key, reason, step=step.name, now=now, stand=record.exceptions) for reason in raised),
        closed=answered(record),
        lookup=(("erp_number", step.reference),) if step.reference else (),
        remove_open_work=all(one.closed for one in after.values()),
    )
    await ports.progress.commit(key, change)
    return Done(step.reason)


def answered(record: OrderRecord) -> tuple[OpenException, ...]:
    return tuple(one for one in record.exceptions if one.step == "create_order")
