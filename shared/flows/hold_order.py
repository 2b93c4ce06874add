"""Hold an order in the ERP that Mirakl shows cancelled, wholly or partly, and tell operations."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Rejected, Transient, UnknownOutcome
from shared.exceptions import opened
from shared.flows.close_creation import answered
from shared.flows.creation import Ports, blocked, released
from shared.model.keys import OrderKey
from shared.model.outcome import Done, Later, Outcome
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord
from shared.rules import retry


async def hold(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    number: str,
    lines: tuple[str, ...],
    *,
    shop: Shop,
    ports: Ports,
) -> Outcome:
    """Stop the ERP's order where the ERP can, and tell operations; setting a hold twice does no harm."""
    now = ports.clock.now()
    held = ""
    try:
        if ports.sales_orders.capabilities.holds:
            await ports.sales_orders.hold(company=shop.company, number=number)
            held = "; the order is on hold in the ERP"
    except UnknownOutcome as problem:
        return Later(retry.delay(step.attempt, jitter=0.5), str(problem), step, scope=problem.scope)
    except Transient as problem:
        return blocked(problem, step)
    except Rejected as refusal:
        held = f"; the ERP refused the hold ({refusal.reason})"
    reason = f"cancelled in Mirakl: {', '.join(lines) or 'the order'}{held}"
    rejected = Rejected("cancelled_after_creation", subject=number, reason=reason)
    left = tuple(line for line in step.lines if line not in lines)
    done = replace(released(step), state="done", lines=left, reference=number, sent=None, due=None, reason=reason)
    change = Change(
        steps=(done,),
        history=(History(now, step.name, step.attempt, reason, reference=number),),
        opened=(opened(key, rejected, step="change_order", now=now, stand=record.exceptions),),
        closed=tuple(one for one in answered(record) if one.kind != "amounts_differ"),
    )
    await ports.progress.commit(key, change)
    return Done(reason)
