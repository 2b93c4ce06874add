"""One OR11 call of one shop: what it shows is stored, acceptance first; the cursor moves only past what is stored."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.errors import Conflict, Transient
from shared.flows.call_limits import limited_as
from shared.flows.sighting import store_page
from shared.flows.sighting.store_page import AcceptNow
from shared.model.keys import shop_scope
from shared.model.policy import CreationPolicy
from shared.model.shop import Shop
from shared.ports.marketplace import OrderExport, Orders, Page
from shared.ports.own import CallBudget, Change, Clock, Cursor, Cursors, History, Outbox, Progress, WorkList
from shared.telemetry import event

WAITING_EVERY = 4
WAITING_AT_LEAST = timedelta(hours=1)
OVERLAP = timedelta(minutes=1)
PAGE = 100
EXPORT_PATIENCE = timedelta(hours=1)
"""How long an export may take before it is given up and asked for anew; its files do not live for ever."""

Call = str


@dataclass(frozen=True, slots=True)
class Ports:
    orders: Orders
    export: OrderExport
    progress: Progress
    work: WorkList
    cursors: Cursors
    budget: CallBudget
    outbox: Outbox
    accept_now: AcceptNow
    clock: Clock


async def run(shop: Shop, *, policy: CreationPolicy, ports: Ports) -> timedelta:
    """Make the shop's next OR11 call if its budget allows; else answer how long to wait. Raises Transient."""
    cursor = await ports.cursors.load(shop.id)
    call = next_call(cursor, ports.clock.now())
    wait = _not_its_turn(shop, cursor, call, ports.clock.now()) or await _allowed(shop, call, ports)
    if wait:
        return wait
    match call:
        case "waiting":
            cursor = await _ask_waiting(shop, cursor, policy, ports)
        case "changed":
            cursor = await _ask_changed(shop, cursor, policy, ports)
        case _:
            cursor = await _export_or_later(shop, cursor, policy, ports)
    try:
        await ports.cursors.save(cursor)
    except Conflict:
        event("poll_overtaken", shop=shop.id)  # another instance polled too; nothing was lost, its cursor stands
    return timedelta(0)


def next_call(cursor: Cursor, now: datetime) -> Call:
    """Acceptance keeps its share: the first call, then every fourth, but at least one an hour."""
    if cursor.waiting_asked is None or cursor.calls % WAITING_EVERY == 0:
        return "waiting"
    if now - cursor.waiting_asked >= WAITING_AT_LEAST:
        return "waiting"
    return "export" if cursor.export else "changed"


def _not_its_turn(shop: Shop, cursor: Cursor, call: Call, now: datetime) -> timedelta:
    """Shops under one key take turns: whoever asked last lets each of the others ask first."""
    if call == "export" or shop.sharing == 1 or cursor.asked is None:
        return timedelta(0)
    others = shop.marketplace.or11_minimum_interval * (shop.sharing - 1)
    return max(cursor.asked + others - now, timedelta(0))


async def _allowed(shop: Shop, call: Call, ports: Ports) -> timedelta:
    if call == "export":
        return await ports.budget.take(limited_as(shop), "OR14", timedelta(seconds=10))
    return await ports.budget.take(limited_as(shop), "OR11", shop.marketplace.or11_minimum_interval)


async def _ask_waiting(shop: Shop, cursor: Cursor, policy: CreationPolicy, ports: Ports) -> Cursor:
    page = await ports.orders.waiting()
    await _store(shop, page, policy, ports)
    if page.total <= page.records:
        await _settle_doubts(shop, page, ports)
    event("orders_waiting", shop=shop.id, shown=page.records, total=page.total)
    return replace(cursor, calls=cursor.calls + 1, asked=page.asked, waiting_asked=page.asked)


async def _ask_changed(shop: Shop, cursor: Cursor, policy: CreationPolicy, ports: Ports) -> Cursor:
    since = cursor.pass_since or cursor.at or shop.orders_from
    if cursor.pass_since is None:
        cursor = replace(cursor, pass_since=since, pass_started=ports.clock.now(), offset=0, greatest=None)
    page = await ports.orders.changed(since, cursor.offset)
    if cursor.offset == 0 and page.total > shop.marketplace.export_above:
        return await _start_export(shop, since, cursor, ports)
    stored = await _store(shop, page, policy, ports)
    cursor = replace(cursor, calls=cursor.calls + 1, asked=page.asked)
    if not stored:
        return cursor
    cursor = replace(cursor, offset=cursor.offset + page.records, greatest=_greatest(cursor.greatest, page))
    if page.records and cursor.offset < page.total:
        return cursor
    return _completed(shop, cursor)


def _completed(shop: Shop, cursor: Cursor) -> Cursor:
    """The pass is whole: the cursor becomes the greatest update it saw, and never later than the pass's own start.

    An order that changes while a long pass runs may enter behind the offset; it is newer than the start of the
    pass, so the start bounds the cursor. Our clock can only make the cursor earlier here.
    """
    at = cursor.at or cursor.pass_since or shop.orders_from
    if cursor.greatest is not None and cursor.pass_started is not None:
        at = max(at, min(cursor.greatest, cursor.pass_started) - OVERLAP)
    event("poll_completed", shop=shop.id, cursor=at, orders=cursor.offset)
    return replace(
        cursor,
        at=at,
        pass_since=None,
        offset=0,
        greatest=None,
        completed=cursor.pass_started,
        export="",
        export_until=None,
        export_files=(),
    )


def _greatest(so_far: datetime | None, page: Page) -> datetime | None:
    updates = [one.snapshot.updated for one in page.sightings if one.snapshot is not None]
    return max([*updates, *([so_far] if so_far else [])], default=None)


async def _start_export(shop: Shop, since: datetime, cursor: Cursor, ports: Ports) -> Cursor:
    """OR13 takes both ends of a range; what changes after its end is found by the next pass."""
    wait = await ports.budget.take(shop.marketplace.id + "|" + shop.id, "OR13", timedelta(minutes=5))
    if wait:
        return replace(cursor, calls=cursor.calls + 1)
    until = cursor.pass_started or ports.clock.now()
    tracking = await ports.export.start(since, until)
    event("export_started", shop=shop.id)
    return replace(cursor, calls=cursor.calls + 1, export=tracking, export_until=until, export_files=())


async def _export_or_later(shop: Shop, cursor: Cursor, policy: CreationPolicy, ports: Ports) -> Cursor:
    """An export that is refused or throttled is asked again, and given up in time; it pauses nothing else."""
    try:
        return await _follow_export(shop, cursor, policy, ports)
    except Transient as problem:
        if problem.scope == shop_scope(shop.id):
            raise
        event("export_postponed", shop=shop.id, reason=type(problem).__name__)
        return replace(cursor, calls=cursor.calls + 1)


async def _follow_export(shop: Shop, cursor: Cursor, policy: CreationPolicy, ports: Ports) -> Cursor:
    """OR14 until it is complete, then one OR15 file a call; a file counts as read when it is stored."""
    until = cursor.export_until or ports.clock.now()
    if ports.clock.now() - until > EXPORT_PATIENCE:
        event("export_given_up", shop=shop.id)
        return _without_export(replace(cursor, calls=cursor.calls + 1))
    cursor = replace(cursor, calls=cursor.calls + 1)
    if cursor.export_files:
        # What the file shows was true when the export was asked for, not when it was fetched.
        page = replace(await ports.export.fetch(cursor.export_files[0]), asked=until)
        if not await _store(shop, page, policy, ports):
            return cursor
        left = cursor.export_files[1:]
        offset = cursor.offset + page.records
        cursor = replace(cursor, export_files=left, offset=offset, greatest=_greatest(cursor.greatest, page))
        return cursor if left else _completed(shop, cursor)
    export = await ports.export.status(cursor.export)
    if export.status == "COMPLETED":
        return replace(cursor, export_files=export.urls) if export.urls else _completed(shop, cursor)
    if export.status in {"FAILED", "GONE"}:
        event("export_failed", shop=shop.id)
        return _without_export(cursor)
    return cursor


def _without_export(cursor: Cursor) -> Cursor:
    """The pass begins anew from the cursor, which has not moved."""
    return replace(cursor, export="", export_until=None, export_files=(), pass_since=None)


async def _store(shop: Shop, page: Page, policy: CreationPolicy, ports: Ports) -> bool:
    """False when something could not be stored: the position stays."""
    kept = store_page.Ports(ports.progress, ports.work, ports.outbox, ports.accept_now, ports.clock)
    return await store_page.run(shop, page, policy=policy, ports=kept)


async def _settle_doubts(shop: Shop, page: Page, ports: Ports) -> None:
    """Acceptances in doubt whose order is absent from a complete first page: it does not wait any more."""
    shown = {one.order_id for one in page.sightings}
    for work in await ports.work.marked(shop.id, "acceptance_doubt", PAGE):
        if work.key.order in shown:
            continue
        record = await ports.progress.load(work.key)
        step = record.steps.get("acknowledge_order")
        if step is None or step.state != "unknown" or (step.sent is not None and step.sent >= page.asked):
            continue
        now = ports.clock.now()
        done = replace(step, state="waiting", waiting_for="decision shown", reason="no longer waits in Mirakl")
        change = Change(steps=(done,), history=(History(now, step.name, step.attempt, done.reason),))
        try:
            await ports.progress.commit(work.key, change)
        except Conflict:
            continue
        await ports.work.put([replace(work, mark="")])
