"""What became of an earlier placing, where the ERP numbers its orders itself and no key prevents a second one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from shared.errors import Transient
from shared.flows.creating.creation import Claiming, Ports, blocked, doubtful, last_send
from shared.model.outcome import Later, Outcome
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.model.steps import Step
from shared.rules import standing


async def settled(
    step: Step, wanted: SalesOrderDraft, *, ports: Ports, claiming: Claiming
) -> ErpOrder | Outcome | None:
    """The order, where it stands whole; None where placing is safe.

    Until the settle time has passed since the last send, a header or a line may still appear: placing then could
    make it twice. A whole order has nothing that placing could add, so that one left on hold is placed to let it go.
    """
    sent, can = last_send(step), ports.sales_orders.capabilities
    if sent is None or can.uniqueness == "enforced":
        return None
    doubt = replace(doubtful(step), claims=step.claims)
    try:
        found = await ports.sales_orders.find(company=wanted.company, number=wanted.number, reference=wanted.reference)
    except Transient as problem:
        return blocked(problem, doubt)
    if found is not None and _is_whole(found, wanted):
        return found if found.cancelled or found.on_hold == wanted.on_hold else None
    now, until = ports.clock.now(), sent + can.settle
    if now >= until:
        return None
    wait = until - now + timedelta(seconds=5 * claiming.jitter())
    return Later(wait, "in doubt: not whole in the ERP yet", replace(doubt, due=until))


def _is_whole(found: ErpOrder, wanted: SalesOrderDraft) -> bool:
    return all(standing.carries(found, line.reference) for line in wanted.lines)
