"""What an open order, as the ERP shows it, makes of change_order: cancelled or gone there, strange, unreleased."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Rejected
from shared.exceptions import opened
from shared.flows.cancelling.cancellation import Stage, stage
from shared.flows.open_work import awake
from shared.flows.sighting.seen_order import ids
from shared.flows.waits import CANCELLED, COMPARED, IN_THE_ERP, KNOWN_STATUS, RELEASED
from shared.model.exception import OpenException
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.steps import Step, StepName
from shared.ports.own import Change, History, OpenWork, OrderRecord
from shared.rules import order_states as states
from shared.rules import standing

STEP: StepName = "change_order"
_NEW = Step(STEP, "done")
_CANCELLED_AT_LAST = "the ERP shows it cancelled"
_AS_WANTED = "the ERP shows what Mirakl waits for"
_LONGEST = 60
_WORRIES = frozenset({"cancelled_in_erp", "status_unknown"})


@dataclass(frozen=True, slots=True)
class Worry:
    """What a person must see to: `subject` is the order's number, or the lines. Nothing: both texts are empty.

    `strange`: it is about the status's word, else about what is cancelled or gone.
    """

    subject: str = ""
    reason: str = ""
    strange: bool = False

    @property
    def identity(self) -> tuple[str, str]:
        """As its exception's."""
        return "status_unknown" if self.strange else "cancelled_in_erp", self.subject

    @property
    def waiting_for(self) -> str:
        return f"{self.subject}: {KNOWN_STATUS if self.strange else IN_THE_ERP}" if self.subject else ""

    def told(self) -> Rejected:
        kind = "status_unknown" if self.strange else "cancelled_in_erp"
        return Rejected(kind, subject=self.subject, reason=self.reason)


def decide(
    record: OrderRecord, shown: ErpOrder | None, *, order: Order | None, policy: ShippingPolicy, now: datetime
) -> Change | None:
    """None where nothing is new, or where change_order has its own work to do first."""
    created, step = record.steps.get("create_order"), record.steps.get(STEP)
    if created is None or not created.reference or (step is not None and _is_moving(step)):
        return None
    worry = _worry(record, shown, order)
    far = _far(step, record, shown)
    stands = _is_unreleased(record, shown)
    after = _after(step or _NEW, created, worry, far, unreleased_until=now + policy.released_within if stands else None)
    new = [] if _is_told(step, record, worry) else [worry.told()]
    over = tuple(one for one in record.exceptions if one.step == STEP and _is_answered(one, worry, far, after))
    if after == (step or _NEW) and not new and not over:
        return None
    after = _due_now(after, now)
    text = worry.reason if new else after.reason
    work = awake(record.key, {**record.steps, STEP: after}, now=now)
    return Change(
        steps=(after,),
        history=(History(now, STEP, after.attempt, text, reference=created.reference),),
        opened=tuple(opened(record.key, one, step=STEP, now=now, stand=record.exceptions) for one in new),
        closed=over,
        open_work=_due(work, after, now),
        remove_open_work=work is None,
    )


def _worry(record: OrderRecord, shown: ErpOrder | None, order: Order | None) -> Worry:
    lack = _stood(record) if order is None else missing(record, shown, order)
    if lack.subject or shown is None or not is_strange(shown) or shown.cancelled or not _is_awaited(record):
        return lack
    text = (
        f"the ERP shows sales order {shown.number} as {shown.status[:_LONGEST]!r}, a word that the settings do not know"
    )
    return Worry(shown.number, text, strange=True)


def is_strange(shown: ErpOrder) -> bool:
    """Its status is a word without a meaning; an answer that left its status open is asked for again."""
    return not shown.status_known and bool(shown.status)


def missing(record: OrderRecord, shown: ErpOrder | None, order: Order) -> Worry:
    """Lines in SHIPPING that are in the ERP's order as we created it, that will not ship, and that have not left.

    Where the ERP shows a status and no lines, only the order as a whole can be missing.
    """
    if not _is_awaited(record):
        return Worry()
    created = record.steps["create_order"]
    owed = [line for line in ids(states.shippable_lines(order.lines)) if line in created.lines]
    wanted = [line for line in owed if not _has_left(record, line, shown)]
    number = created.reference
    if shown is None or standing.is_over(shown):
        word = "gone from" if shown is None else "cancelled in"
        return Worry(number, f"sales order {number} is {word} the ERP") if wanted else Worry()
    if not shown.lines_shown:
        return _stood(record) if wanted else Worry()
    lines = ", ".join(standing.missing(shown, wanted))
    return Worry(lines, f"cancelled in sales order {number} or gone from it: {lines}") if lines else Worry()


def _is_awaited(record: OrderRecord) -> bool:
    """Mirakl still waits for a shipment of it."""
    confirmation = record.steps.get("confirm_shipment")
    return confirmation is not None and not confirmation.closed


def _stood(record: OrderRecord) -> Worry:
    """What Mirakl waits for cannot be read: what was told before stands."""
    told = (one for one in record.exceptions if one.kind == "cancelled_in_erp")
    return next((Worry(one.subject, one.reason) for one in told), Worry())


def _has_left(record: OrderRecord, line: str, shown: ErpOrder | None) -> bool:
    """An order that has shipped may be invoiced and archived; a set's part that is cancelled in it has not left."""
    shipped = {one.reference for shipment in record.shipments for one in shipment.erp.lines if one.shipped > 0}
    parts = {one for one in shipped if one == line or one.startswith(f"{line}#")}
    return bool(parts) and (shown is None or standing.cancelled(shown, line) <= parts)


def _is_unreleased(record: OrderRecord, shown: ErpOrder | None) -> bool:
    return shown is not None and not shown.released and _is_awaited(record)


def _is_moving(step: Step) -> bool:
    return not step.closed and step.state != "waiting"


def _far(step: Step | None, record: OrderRecord, shown: ErpOrder | None) -> Stage:
    """How far our own cancellation has come; a person who closed its exception has ended it."""
    if step is None or step.waiting_for not in {CANCELLED, COMPARED}:
        return "over"
    told = any(one.kind == "cancelled_after_creation" for one in record.exceptions)
    return stage(step, record, shown) if told or step.waiting_for == COMPARED else "over"


def _after(step: Step, created: Step, worry: Worry, far: Stage, *, unreleased_until: datetime | None) -> Step:
    match far:
        case "stands":
            return replace(step, waiting_for=CANCELLED)
        case "compare":
            return replace(step, waiting_for=COMPARED, reason=_CANCELLED_AT_LAST)
        case "release":
            again = replace(step, state="outstanding", attempt=step.attempt + 1, waiting_for="")
            return replace(again, reason=_CANCELLED_AT_LAST)
    rest = replace(step, due=None, waiting_for=worry.waiting_for, reference=created.reference, expected="")
    if worry.subject:
        return replace(rest, state="waiting", reason=worry.reason)
    if unreleased_until is not None:
        due = step.due if step.waiting_for == RELEASED else unreleased_until
        return replace(rest, state="waiting", waiting_for=RELEASED, due=due, reason="created, not released in the ERP")
    return step if step.closed else replace(rest, state="done", reason=_ended(step))


def _ended(step: Step) -> str:
    if step.waiting_for == RELEASED:
        return "released in the ERP"
    return _CANCELLED_AT_LAST if step.waiting_for in {CANCELLED, COMPARED} else _AS_WANTED


def _is_told(step: Step | None, record: OrderRecord, worry: Worry) -> bool:
    """Once, and not again after a person has closed it."""
    stands = any(one.identity == worry.identity for one in record.exceptions)
    return not worry.subject or stands or (step is not None and step.waiting_for == worry.waiting_for)


def _is_answered(one: OpenException, worry: Worry, far: Stage, after: Step) -> bool:
    if one.kind in _WORRIES:
        return one.identity != worry.identity
    if one.kind == "not_released":
        return after.waiting_for != RELEASED
    return one.kind == "cancelled_after_creation" and far != "stands"


def _due_now(step: Step, now: datetime) -> Step:
    return replace(step, due=now) if step.state == "outstanding" else step


def _due(work: OpenWork | None, step: Step, now: datetime) -> OpenWork | None:
    """What is to be let go of is sent by the next `watch`."""
    return replace(work, due=now, step=STEP) if work and step.state == "outstanding" else work
