"""Create the order in the ERP, once: from the lines that Mirakl shows in SHIPPING, decided from the latest snapshot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Conflict, Rejected, Transient, UnknownOutcome
from shared.exceptions import opened
from shared.flows.seen_order import ids, is_past_shipping
from shared.model.exception import OpenException
from shared.model.keys import OrderKey, derived_number, external_reference
from shared.model.order import Order
from shared.model.outcome import AlreadyJudged, Blocked, Done, Exceptional, Later, Outcome
from shared.model.policy import CreationPolicy
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from shared.model.shop import Shop
from shared.model.steps import MAXIMUM_CLAIMS, Delivery, Step, StepMessage
from shared.ports.erp import SalesOrders
from shared.ports.marketplace import OrderReader, Platform
from shared.ports.own import Change, Clock, History, Mappings, OrderRecord, Progress
from shared.rules import order_states as states
from shared.rules import retry
from shared.rules.comparing import differing_lines, expected_totals
from shared.rules.drafting import Refused, draft
from shared.rules.mapping_lookup import ORDER_TABLES, OrderMappings

SHORTEST = retry.FIRST * (1 - retry.SPREAD)
"""The shortest back-off: whatever messages there are, an order is not sent again before it."""
WOULD_HAVE = "would have"
"""The status of an order that the gate kept from being written."""


@dataclass(frozen=True, slots=True)
class Create:
    """Place it; placing again is safe where the ERP enforces our number."""


@dataclass(frozen=True, slots=True)
class Settle:
    """Nothing is left to create while an earlier placing is in doubt: ask the ERP.

    "Not found" is believed only from `settled` on. `kept` are the lines that somebody pays for: none, it was cancelled.
    """

    settled: datetime
    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Cancelled in Mirakl, wholly or partly, after it was created."""

    number: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NotNeeded:
    """`missed`: it was owed, and is past creating; a person must know."""

    reason: str
    missed: bool = False


@dataclass(frozen=True, slots=True)
class NotYet:
    """What is on record is neither in SHIPPING nor over: a newer answer of Mirakl's could not be stored."""


@dataclass(frozen=True, slots=True)
class Stale:
    text: str


@dataclass(frozen=True, slots=True)
class Wait:
    """Someone else holds a live claim, or sent just now."""

    until: datetime


Decision = Create | Settle | Hold | NotNeeded | NotYet | Stale
MISSED = NotNeeded("shipped in Mirakl before it was created", missed=True)


@dataclass(frozen=True, slots=True)
class Ports:
    sales_orders: SalesOrders
    reader: OrderReader
    platform: Platform
    progress: Progress
    mappings: Mappings
    clock: Clock


@dataclass(frozen=True, slots=True)
class Claiming:
    """`token` is new per invocation; `length` outlasts the HTTP time-out and what follows it."""

    token: str
    length: timedelta
    jitter: Callable[[], float]


def current(
    message: StepMessage, delivery: Delivery, step: Step | None, now: datetime
) -> Stale | Wait | AlreadyJudged | None:
    """Whether this message may act at all; None when it may."""
    if step is None:
        return Stale("nothing on record; the next poll shows it again")
    if message.attempt < step.attempt or step.closed or step.state == "waiting":
        return Stale(f"already {step.state} {step.waiting_for}".strip())
    if step.state == "exception" and delivery.count > 1:
        return AlreadyJudged(step.kind)
    if step.claimed_at(now):
        return Wait(step.claim_until or now)
    if step.sent is not None and now < step.sent + SHORTEST:
        return Wait(step.sent + SHORTEST)
    return None


def decide(order: Order, step: Step, *, settle: timedelta) -> Decision:
    """What to do about an order whose creation is open, from what Mirakl shows now and what may have been sent."""
    shippable = states.shippable_lines(order.lines)
    lost = tuple(line for line in ids(states.withdrawn_lines(order.lines)) if line in step.lines)
    if step.reference:
        return Hold(step.reference, lost) if lost else Stale("already created")
    if shippable:
        return Create()
    kept = ids(states.kept_lines(order.lines))
    if kept and not is_past_shipping(order.lines):
        return NotYet()
    sent = last_send(step)
    if sent is not None:
        return Settle(sent + settle, kept)
    return MISSED if kept else NotNeeded("cancelled in Mirakl before creation")


def last_send(step: Step) -> datetime | None:
    """When a placing may last have left us whose outcome nobody knows; a claim that died may have sent to its end."""
    return step.claim_until if step.state == "claimed" else step.sent


async def run(
    message: StepMessage,
    delivery: Delivery,
    *,
    shop: Shop,
    policy: CreationPolicy,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    key, now = OrderKey(message.shop, message.order), ports.clock.now()
    record = await ports.progress.load(key)
    step = record.steps.get("create_order")
    match current(message, delivery, step, now):
        case Stale(text):
            return Done(text, answered=False)
        case AlreadyJudged() as judged:
            return judged
        case Wait(until):
            return _after_claim(until, now, claiming)
    if step is None or record.snapshot is None:
        return Done("no snapshot on record; the next poll shows it again", answered=False)
    try:
        order = ports.reader(key, record.snapshot)
        return await _act(key, order, step, record, shop=shop, policy=policy, ports=ports, claiming=claiming)
    except Refused as refused:
        return Exceptional(step, refused.reasons)
    except Rejected as reason:
        return Exceptional(step, (reason,))


async def _act(
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
    match decide(order, step, settle=ports.sales_orders.capabilities.settle):
        case Create():
            return await _create(key, order, step, record, shop=shop, policy=policy, ports=ports, claiming=claiming)
        case Settle() as doubt:
            return await _settle(key, step, record, doubt, shop=shop, ports=ports, claiming=claiming)
        case Hold(number, lines):
            return await _hold(key, step, record, number, lines, shop=shop, ports=ports)
        case Stale(text):
            return await _close(key, replace(step, state="done", reason=text), record, ports=ports)
        case NotNeeded() as over:
            return await _not_needed(key, step, over, record, ports=ports)
        case NotYet():
            return Done("Mirakl does not show it in SHIPPING; the next poll decides", answered=False)


async def _create(
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
        return _blocked(problem, step)
    order = replace(order, platform_tax_mode=configuration.order_tax_mode)
    wanted = await _draft(order, shop=shop, policy=policy, ports=ports)
    if step.claims >= MAXIMUM_CLAIMS:
        text = f"claimed {step.claims} times without a clean outcome"
        return Exceptional(step, (Rejected("unexpected", subject=step.name, reason=text),))
    claimed = await _claim(key, step, ports=ports, claiming=claiming)
    if claimed is None:
        return _after_claim(ports.clock.now() + claiming.length, ports.clock.now(), claiming)
    sent = ports.clock.now()
    try:
        placed = await ports.sales_orders.place(wanted)
    except UnknownOutcome as problem:
        return _in_doubt(claimed, sent, problem, claiming)
    except Transient as problem:
        return _blocked(problem, _released(claimed))
    except Rejected as reason:
        by_hand = await _entered_by_hand(wanted, ports)
        if by_hand is None:
            return Exceptional(_released(claimed), (reason,))
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
    return await _hold(key, step, record, step.reference, lost, shop=shop, ports=ports)


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


def _after_claim(until: datetime, now: datetime, claiming: Claiming) -> Later:
    wait = max(until - now, timedelta(0)) + timedelta(seconds=1 + 5 * claiming.jitter())
    return Later(wait, "another invocation is at it")


def _blocked(problem: Transient, step: Step | None) -> Blocked:
    return Blocked(problem.scope, str(problem), step, type(problem).__name__, problem.retry_after)


def _released(step: Step) -> Step:
    """Nothing happened outside: the claim goes as if it had not been made."""
    return replace(step, state="outstanding", claims=0, claim_owner="", claim_until=None)


def _in_doubt(step: Step, sent: datetime, problem: UnknownOutcome, claiming: Claiming) -> Later:
    """It may exist now or appear later; the same request again, under the same number, tells."""
    wait = retry.delay(step.attempt, jitter=claiming.jitter(), retry_after=problem.retry_after)
    unknown = replace(_released(step), state="unknown", sent=sent, due=sent + wait, reason=str(problem))
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
    done = replace(_released(step), reference=placed.number, kind="", reason=_told(placed), sent=None)
    done = replace(done, due=now) if lost else replace(done, state="done", due=None)
    reasons = differing_lines(wanted, placed)
    raised = [Rejected("amounts_differ", subject=placed.number, reason="; ".join(reasons))] if reasons else []
    totals = [] if placed.status == WOULD_HAVE else [_totals(wanted, placed, record, now, policy)]
    change = Change(
        steps=(done, *totals),
        history=(History(now, step.name, step.attempt, done.reason, reference=placed.number),),
        opened=tuple(opened(key, reason, step=step.name, now=now, stand=record.exceptions) for reason in raised),
        closed=_answered(record),
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


def _answered(record: OrderRecord) -> tuple[OpenException, ...]:
    return tuple(one for one in record.exceptions if one.step == "create_order")


async def _settle(
    key: OrderKey,
    step: Step,
    record: OrderRecord,
    doubt: Settle,
    *,
    shop: Shop,
    ports: Ports,
    claiming: Claiming,
) -> Outcome:
    now = ports.clock.now()
    found = await _look_up(key, shop, ports)
    if isinstance(found, Blocked):
        return replace(found, step=_doubtful(step))
    if found is not None and doubt.kept:
        created = replace(_released(step), state="done", reference=found.number, lines=doubt.kept, sent=None)
        return await _close(key, replace(created, reason="created: a look-up found it"), record, ports=ports)
    if found is not None:
        created = replace(_released(step), reference=found.number)
        return await _hold(key, created, record, found.number, (), shop=shop, ports=ports)
    if now < doubt.settled:
        wait = doubt.settled - now + timedelta(seconds=5 * claiming.jitter())
        return Later(wait, "in doubt: not found in the ERP yet", replace(_doubtful(step), due=doubt.settled))
    absent = NotNeeded("cancelled in Mirakl; a settled look-up did not find it in the ERP")
    step = replace(_released(step), sent=None)
    return await _not_needed(key, step, MISSED if doubt.kept else absent, record, ports=ports)


async def _not_needed(key: OrderKey, step: Step, over: NotNeeded, record: OrderRecord, *, ports: Ports) -> Outcome:
    text = "Mirakl shows the order shipped and the bridge never created it in the ERP"
    missed = (Rejected("shipped_without_order", subject="order", reason=text),) if over.missed else ()
    closed = replace(step, state="not_needed", reason=over.reason)
    return await _close(key, closed, record, ports=ports, raised=missed)


def _doubtful(step: Step) -> Step:
    return replace(_released(step), state="unknown", sent=last_send(step))


async def _look_up(key: OrderKey, shop: Shop, ports: Ports) -> ErpOrder | Blocked | None:
    marketplace = shop.marketplace
    client_numbers = ports.sales_orders.capabilities.client_numbers
    number = derived_number(marketplace.prefix, marketplace.id, key.order) if client_numbers else ""
    reference = external_reference(marketplace.prefix, key.order)
    try:
        return await ports.sales_orders.find(company=shop.company, number=number, reference=reference)
    except Transient as problem:
        return _blocked(problem, None)


async def _hold(
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
        return _blocked(problem, step)
    except Rejected as refusal:
        held = f"; the ERP refused the hold ({refusal.reason})"
    reason = f"cancelled in Mirakl: {', '.join(lines) or 'the order'}{held}"
    rejected = Rejected("cancelled_after_creation", subject=number, reason=reason)
    left = tuple(line for line in step.lines if line not in lines)
    done = replace(_released(step), state="done", lines=left, reference=number, sent=None, due=None, reason=reason)
    change = Change(
        steps=(done,),
        history=(History(now, step.name, step.attempt, reason, reference=number),),
        opened=(opened(key, rejected, step="change_order", now=now, stand=record.exceptions),),
        closed=tuple(one for one in _answered(record) if one.kind != "amounts_differ"),
    )
    await ports.progress.commit(key, change)
    return Done(reason)


async def _close(
    key: OrderKey, step: Step, record: OrderRecord, *, ports: Ports, raised: tuple[Rejected, ...] = ()
) -> Outcome:
    now = ports.clock.now()
    closed = replace(step, due=None, waiting_for="", kind="", claims=0)
    others = [one for one in record.steps.values() if one.name != step.name]
    change = Change(
        steps=(closed,),
        history=(History(now, step.name, step.attempt, step.reason),),
        opened=tuple(opened(key, reason, step=step.name, now=now, stand=record.exceptions) for reason in raised),
        closed=_answered(record),
        remove_open_work=all(one.closed for one in others),
    )
    await ports.progress.commit(key, change)
    return Done(step.reason)
