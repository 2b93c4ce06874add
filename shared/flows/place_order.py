"""Claim, place, and put on record: the one call that creates an order in the ERP."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from shared.errors import Conflict, Rejected, Transient, UnknownOutcome
from shared.exceptions import opened
from shared.flows.close_creation import answered
from shared.flows.creation import WOULD_HAVE, Claiming, Ports, after_claim, blocked, last_send, released
from shared.flows.hold_order import hold
from shared.flows.seen_order import ids
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.outcome import Done, Exceptional, Later, Outcome
from shared.model.policy import CreationPolicy
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.model.shop import Shop
from shared.model.steps import MAXIMUM_CLAIMS, Step
from shared.ports.own import Change, History, OrderRecord
from shared.rules import order_states as states
from shared.rules import retry
from shared.rules.comparing import differing_lines, expected_totals
from shared.rules.drafting import draft
from shared.rules.mapping_lookup import ORDER_TABLES, OrderMappings


async def place(
    key: OrderKey,
    order: Order,
    step: Step,
    record: OrderRecord,
    *,
    shop: Shop,
    policy: CreationPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    """Draft before the claim, so that what fails before the call has nothing to release."""
    try:
        configuration = await ports.platform.configuration()
    except Transient as problem:
        return blocked(problem, step)
    order = replace(order, platform_tax_mode=configuration.order_tax_mode)
    wanted = await _draft(order, shop=shop, policy=policy, ports=ports)
    if step.claims >= MAXIMUM_CLAIMS:
        text = f"claimed {step.claims} times without a clean outcome"
        return Exceptional(step, (Rejected("unexpected", subject=step.name, reason=text),))
    claimed = await _claim(key, step, ports=ports, claiming=claiming)
    if claimed is None:
        return after_claim(ports.clock.now() + claiming.length, ports.clock.now(), claiming)
    sent = ports.clock.now()
    try:
        placed = await ports.sales_orders.place(wanted)
    except UnknownOutcome as problem:
        return _in_doubt(claimed, sent, problem, claiming)
    except Transient as problem:
        return blocked(problem, released(claimed))
    except Rejected as reason:
        by_hand = await _entered_by_hand(wanted, ports)
        if by_hand is None:
            return Exceptional(released(claimed), (reason,))
        placed = by_hand
    lost = tuple(line for line in ids(states.withdrawn_lines(order.lines)) if _holds(placed, line))
    held = replace(claimed, lines=(*ids(states.shippable_lines(order.lines)), *lost))
    outcome = await _created(key, held, record, wanted, placed, lost=bool(lost), policy=policy, ports=ports)
    return await _hold_created(key, lost, shop=shop, ports=ports) if lost else outcome


def _holds(placed: ErpOrder, line: str) -> bool:
    """A set's components carry the line's id with `#` and their number."""
    return any(one.reference == line or one.reference.startswith(f"{line}#") for one in placed.lines)


async def _hold_created(key: OrderKey, lost: tuple[str, ...], *, shop: Shop, ports: Ports) -> Outcome:
    """An earlier placing went through late, with lines that were cancelled since."""
    record = await ports.progress.load(key)
    step = record.steps["create_order"]
    return await hold(key, step, record, step.reference, lost, shop=shop, ports=ports)


async def _entered_by_hand(wanted: SalesOrderDraft, ports: Ports) -> ErpOrder | None:
    """What the ERP refuses from us a person may have entered, under our number and with our reference."""
    if not wanted.number:
        return None
    try:
        found = await ports.sales_orders.find(company=wanted.company, number=wanted.number, reference="")
    except Transient:
        return None
    return found if found is not None and found.reference == wanted.reference else None


async def _draft(order: Order, *, shop: Shop, policy: CreationPolicy, ports: Ports) -> SalesOrderDraft:
    marketplace = shop.marketplace.id
    skus = sorted({line.sku for line in order.lines})
    items = await ports.mappings.items(marketplace, skus)
    tables = {table: tuple(await ports.mappings.table(table, marketplace)) for table in ORDER_TABLES}
    return draft(
        order,
        shop=shop,
        rows=OrderMappings(items=tuple(items), tables=tables),
        policy=policy,
        client_numbers=ports.sales_orders.capabilities.client_numbers,
    )


async def _claim(key: OrderKey, step: Step, *, ports: Ports, claiming: Claiming) -> Step | None:
    """Our claim as it is on record; None when another invocation has it."""
    claim = replace(
        step,
        state="claimed",
        claims=step.claims + 1,
        claim_owner=claiming.token,
        claim_until=ports.clock.now() + claiming.length,
        sent=last_send(step),
    )
    try:
        return (await ports.progress.commit(key, Change(steps=(claim,))))[0]
    except Conflict:
        # The table client repeats by itself after a lost answer: what stands there may be our own claim.
        there = (await ports.progress.load(key)).steps.get(step.name)
        return there if there is not None and there.claim_owner == claiming.token else None


def _in_doubt(step: Step, sent: datetime, problem: UnknownOutcome, claiming: Claiming) -> Later:
    """It may exist now or appear later; the same request again, under the same number, tells."""
    wait = retry.delay(step.attempt, jitter=claiming.jitter(), retry_after=problem.retry_after)
    unknown = replace(released(step), state="unknown", sent=sent, due=sent + wait, reason=str(problem))
    return Later(wait, str(problem), unknown, scope=problem.scope)


async def _created(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    wanted: SalesOrderDraft,
    placed: ErpOrder,
    *,
    lost: bool,
    policy: CreationPolicy,
    ports: Ports,
) -> Outcome:
    """On record: the number, the lines that it holds, and what of it must still be compared.

    `lost`: some of these lines were cancelled since; the step stays open until the order is held.
    """
    now = ports.clock.now()
    done = replace(released(step), reference=placed.number, kind="", reason=_told(placed), sent=None)
    done = replace(done, due=now) if lost else replace(done, state="done", due=None)
    reasons = differing_lines(wanted, placed)
    raised = [Rejected("amounts_differ", subject=placed.number, reason="; ".join(reasons))] if reasons else []
    totals = [] if placed.status == WOULD_HAVE else [_totals(wanted, placed, record, now, policy)]
    change = Change(
        steps=(done, *totals),
        history=(History(now, step.name, step.attempt, done.reason, reference=placed.number),),
        opened=tuple(opened(key, reason, step=step.name, now=now, stand=record.exceptions) for reason in raised),
        closed=answered(record),
        lookup=(("erp_number", placed.number),),
    )
    await ports.progress.commit(key, change)
    return Done(done.reason)


def _told(placed: ErpOrder) -> str:
    return WOULD_HAVE + " created" if placed.status == WOULD_HAVE else "created"


def _totals(
    wanted: SalesOrderDraft, placed: ErpOrder, record: OrderRecord, now: datetime, policy: CreationPolicy
) -> Step:
    before = record.steps.get("compare_totals")
    return Step(
        "compare_totals",
        "waiting",
        waiting_for="totals",
        reference=placed.number,
        expected=expected_totals(wanted),
        due=now,
        deadline=now + policy.totals_within,
        version=before.version if before else None,
    )
