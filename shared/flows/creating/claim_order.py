"""Take an order for ourselves, on record, before anything of it is sent."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Conflict
from shared.flows.creating.creation import Claiming, Ports, last_send
from shared.flows.sighting.seen_order import ids
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.sales_order import SalesOrderDraft
from shared.model.steps import Step
from shared.ports.own import Change
from shared.rules import order_states as states


async def claim(
    key: OrderKey, step: Step, order: Order, wanted: SalesOrderDraft, *, ports: Ports, claiming: Claiming
) -> Step | None:
    """Our claim as it is on record; None when another invocation has it.

    Its number names the order from now on: goods may leave before we know that it was created.
    """
    claimed = replace(
        step,
        state="claimed",
        claims=step.claims + 1,
        claim_owner=claiming.token,
        claim_until=ports.clock.now() + claiming.length,
        sent=last_send(step),
        lines=_sent_lines(step, order, ports),
    )
    try:
        return (await ports.progress.commit(key, Change(steps=(claimed,), lookup=_numbered(wanted))))[0]
    except Conflict:
        # The table client repeats by itself after a lost answer: what stands there may be our own claim.
        there = (await ports.progress.load(key)).steps.get(step.name)
        return there if there is not None and there.claim_owner == claiming.token else None


def _numbered(wanted: SalesOrderDraft) -> tuple[tuple[str, str], ...]:
    """What the index holds of the number that we give; one that is the reference names its order itself."""
    return () if wanted.number in {"", wanted.reference} else (("erp_number", wanted.number),)


def _sent_lines(step: Step, order: Order, ports: Ports) -> tuple[str, ...]:
    """What may stand in the ERP once this is sent, for an ERP that will not show it."""
    if ports.sales_orders.capabilities.shows_lines:
        return step.lines
    before = step.lines if last_send(step) is not None else ()
    return tuple(dict.fromkeys((*before, *ids(states.shippable_lines(order.lines)))))
