"""See by a timer what became of open orders in the ERP: cancelled or deleted there, or cancelled at last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shared.errors import Conflict, Rejected, Transient
from shared.exceptions import opened
from shared.flows.cancelling.cancellation import Stage, stage
from shared.flows.open_work import awake
from shared.flows.sighting.seen_order import ids
from shared.flows.waits import CANCELLED, COMPARED, IN_THE_ERP
from shared.model.exception import OpenException
from shared.model.order import Order
from shared.model.sales_order import ErpOrder
from shared.model.shop import Shop
from shared.model.steps import Step, StepName
from shared.ports.erp import SalesOrderChanges
from shared.ports.marketplace import OrderReader
from shared.ports.own import Change, Clock, History, OpenWork, OrderRecord, Progress, WorkList
from shared.rules import order_states as states
from shared.rules import standing
from shared.telemetry import event

AT_ONCE = 20
PAGE = 200
_STEP: StepName = "change_order"
_NEW = Step(_STEP, "done")
_CANCELLED_AT_LAST = "the ERP shows it cancelled"


class Ports(Protocol):
    """It writes nothing in the ERP: what is to be done there goes through the queue of change_order."""

    @property
    def changes(self) -> SalesOrderChanges: ...

    @property
    def progress(self) -> Progress: ...

    @property
    def work(self) -> WorkList: ...

    @property
    def reader(self) -> OrderReader: ...

    @property
    def clock(self) -> Clock: ...


async def look(company: str, shops: Sequence[Shop], *, ports: Ports) -> int:
    """Look at every open order of these shops, which are all of the company's; how many moved. Raises Transient."""
    moved = 0
    for shop in shops:
        after = ""
        while rows := await ports.work.marked(shop.id, "erp", PAGE, after=after):
            after = rows[-1].key.order
            for start in range(0, len(rows), AT_ONCE):
                moved += await _look_at(company, rows[start : start + AT_ONCE], ports)
    return moved


async def _look_at(company: str, rows: Sequence[OpenWork], ports: Ports) -> int:
    numbers = [row.reference for row in rows if row.reference]
    shown = {order.number: order for order in await ports.changes.shown(company=company, numbers=numbers)}
    moved = 0
    for row in rows:
        order = shown.get(row.reference)
        if row.reference and (row.step == _STEP or not standing.is_usual(order, lines=row.lines)):
            moved += await _decided(row, order, ports)
    return moved


async def _decided(row: OpenWork, shown: ErpOrder | None, ports: Ports) -> int:
    try:
        record = await ports.progress.load(row.key)
        change = decide(record, shown, order=_order(record, ports.reader), now=ports.clock.now())
        if change is None:
            return 0
        await ports.progress.commit(row.key, change)
    except Conflict:
        return 0  # it moved while we looked; the next look decides
    except Transient as problem:
        event("order_not_looked_at", shop=row.key.shop, order=row.key.order, reason=type(problem).__name__)
        return 0
    return 1


def _order(record: OrderRecord, reader: OrderReader) -> Order | None:
    try:
        return reader(record.key, record.snapshot) if record.snapshot else None
    except Rejected:
        return None  # others tell of it


@dataclass(frozen=True, slots=True)
class Missing:
    """What Mirakl waits for and the ERP will not ship: the order's number, or the lines. Nothing: both are empty."""

    subject: str = ""
    reason: str = ""


def decide(record: OrderRecord, shown: ErpOrder | None, *, order: Order | None, now: datetime) -> Change | None:
    """Pure. None where nothing is new, or where change_order has its own work to do first."""
    created, step = record.steps.get("create_order"), record.steps.get(_STEP)
    if created is None or not created.reference or (step is not None and _is_moving(step)):
        return None
    lack = _stood(record) if order is None else missing(record, shown, order)
    far = _far(step, record, shown)
    after = _after(step or _NEW, created, lack, far, now)
    new = (
        [] if _is_told(step, record, lack) else [Rejected("cancelled_in_erp", subject=lack.subject, reason=lack.reason)]
    )
    over = tuple(one for one in record.exceptions if one.step == _STEP and _is_answered(one, lack, far))
    if after == (step or _NEW) and not new and not over:
        return None
    text = lack.reason if new else after.reason
    work = awake(record.key, {**record.steps, _STEP: after}, now=now)
    return Change(
        steps=(after,),
        history=(History(now, _STEP, after.attempt, text, reference=created.reference),),
        opened=tuple(opened(record.key, one, step=_STEP, now=now, stand=record.exceptions) for one in new),
        closed=over,
        open_work=_due(work, after, now),
        remove_open_work=work is None,
    )


def missing(record: OrderRecord, shown: ErpOrder | None, order: Order) -> Missing:
    """Lines in SHIPPING that are in the ERP's order as we created it, that will not ship, and that have not left."""
    created, confirmation = record.steps["create_order"], record.steps.get("confirm_shipment")
    if confirmation is None or confirmation.closed:
        return Missing()
    owed = [line for line in ids(states.shippable_lines(order.lines)) if line in created.lines]
    wanted = [line for line in owed if not _has_left(record, line, shown)]
    number = created.reference
    if shown is None or standing.is_over(shown):
        word = "gone from" if shown is None else "cancelled in"
        return Missing(number, f"sales order {number} is {word} the ERP") if wanted else Missing()
    lines = ", ".join(standing.missing(shown, wanted))
    return Missing(lines, f"cancelled in sales order {number} or gone from it: {lines}") if lines else Missing()


def _stood(record: OrderRecord) -> Missing:
    """What Mirakl waits for cannot be read: what was told before stands."""
    told = (one for one in record.exceptions if one.kind == "cancelled_in_erp")
    return next((Missing(one.subject, one.reason) for one in told), Missing())


def _has_left(record: OrderRecord, line: str, shown: ErpOrder | None) -> bool:
    """An order that has shipped may be invoiced and archived; a set's part that is cancelled in it has not left."""
    shipped = {one.reference for shipment in record.shipments for one in shipment.erp.lines if one.shipped > 0}
    parts = {one for one in shipped if one == line or one.startswith(f"{line}#")}
    return bool(parts) and (shown is None or standing.cancelled(shown, line) <= parts)


def _is_moving(step: Step) -> bool:
    return not step.closed and step.state != "waiting"


def _far(step: Step | None, record: OrderRecord, shown: ErpOrder | None) -> Stage:
    """How far our own cancellation has come; a person who closed its exception has ended it."""
    if step is None or step.waiting_for not in {CANCELLED, COMPARED}:
        return "over"
    told = any(one.kind == "cancelled_after_creation" for one in record.exceptions)
    return stage(step, record, shown) if told or step.waiting_for == COMPARED else "over"


def _after(step: Step, created: Step, lack: Missing, far: Stage, now: datetime) -> Step:
    match far:
        case "stands":
            return replace(step, waiting_for=CANCELLED)
        case "compare":
            return replace(step, waiting_for=COMPARED, reason=_CANCELLED_AT_LAST)
        case "release":
            again = replace(step, state="outstanding", attempt=step.attempt + 1, due=now, waiting_for="")
            return replace(again, reason=_CANCELLED_AT_LAST)
    rest = replace(step, due=None, waiting_for=_waiting_for(lack), reference=created.reference, expected="")
    if lack.subject:
        return replace(rest, state="waiting", reason=lack.reason)
    if step.closed:
        return step
    cancelled = step.waiting_for in {CANCELLED, COMPARED}
    return replace(
        rest, state="done", reason=_CANCELLED_AT_LAST if cancelled else "the ERP shows what Mirakl waits for"
    )


def _waiting_for(lack: Missing) -> str:
    return f"{lack.subject}: {IN_THE_ERP}" if lack.subject else ""


def _is_told(step: Step | None, record: OrderRecord, lack: Missing) -> bool:
    """Once, and not again after a person has closed it."""
    stands = any(one.identity == ("cancelled_in_erp", lack.subject) for one in record.exceptions)
    return not lack.subject or stands or (step is not None and step.waiting_for == _waiting_for(lack))


def _is_answered(one: OpenException, lack: Missing, far: Stage) -> bool:
    if one.kind == "cancelled_in_erp":
        return one.subject != lack.subject
    return one.kind == "cancelled_after_creation" and far != "stands"


def _due(work: OpenWork | None, step: Step, now: datetime) -> OpenWork | None:
    """What is to be let go of is sent by the next `watch`."""
    return replace(work, due=now, step=_STEP) if work and step.state == "outstanding" else work
