"""What shipping documents of an order, as the ERP shows them, change in our records, and whether Mirakl can be told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.flows.leaving.shipment_news import STEP, raised, told
from shared.flows.open_work import open_work
from shared.flows.sighting.seen_order import RESEND, is_past_shipping
from shared.flows.sighting.seen_way_back import TOLD_WITHIN
from shared.flows.waits import BATCH, ORDER, SHIPMENT, SHOWN, TRACKING
from shared.model.exception import OpenException
from shared.model.mappings import MappingRow
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Shipment
from shared.model.steps import Step
from shared.ports.own import Change, OrderRecord
from shared.rules import deadlines, untracked
from shared.rules.carriers import waits_for_tracking
from shared.rules.drafted import as_drafted
from shared.rules.order_states import is_cancelled
from shared.rules.shipping_documents import Met, meet

ORDER_WITHIN = timedelta(hours=24)
"""How long a shipment may wait for its order to be on record before a person must know."""
_ANSWERED_BY_LEAVING = frozenset({"not_shipped"})
_ANSWERED_BY_GOING = _ANSWERED_BY_LEAVING | {"tracking_late", "shipment_incomplete"}


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shop's shipments are judged by: its `carriers` rows, PC01's `multi_shipment`, the client's policy."""

    marketplace: str
    rows: Sequence[MappingRow]
    multi: bool
    policy: ShippingPolicy


@dataclass(frozen=True, slots=True)
class Seen:
    """`change` None: nothing is new. `goes` is the step that is to be sent. `busy`: somebody holds a live claim, whose
    commit must not be crossed; the same is shown again later.
    """

    change: Change | None = None
    goes: Step | None = None
    busy: bool = False


def decide(
    shown: Sequence[ErpShipment], record: OrderRecord, *, order: Order | None, terms: Terms, now: datetime
) -> Seen:
    """`order` is the record's snapshot, None where there is none or where it cannot be read."""
    step = record.steps.get(STEP)
    if step is not None and step.claimed_at(now):
        return Seen(busy=True)
    expected = step.expected if step else ""
    met = meet(record.shipments, [as_drafted(one, expected) for one in shown])
    news = tuple(one for one in met.values() if one.changed)
    moved = _moved(record, _after(record, met), news, order=order, terms=terms, now=now)
    if not news and moved is None:
        return Seen()
    change = Change(
        steps=(moved,) if moved else (),
        shipments=tuple(one.shipment for one in news),
        history=tuple(told(one, moved or step, now) for one in news),
        opened=raised(record, news, order=order, now=now),
        closed=_answered(record, moved),
        open_work=open_work(record.key, {**record.steps, STEP: moved}, now=now) if moved else None,
    )
    return Seen(change, moved if moved is not None and moved.state in {"outstanding", "unknown"} else None)


def _after(record: OrderRecord, met: Mapping[str, Met]) -> tuple[Shipment, ...]:
    stay = (one for one in record.shipments if one.erp.document not in met)
    return (*stay, *(one.shipment for one in met.values()))


def _moved(
    record: OrderRecord,
    shipments: Sequence[Shipment],
    news: Sequence[Met],
    *,
    order: Order | None,
    terms: Terms,
    now: datetime,
) -> Step | None:
    """The confirm_shipment step as it should be now; None where it stays as it is."""
    step = record.steps.get(STEP)
    if (step is not None and step.closed) or (order is not None and is_cancelled(order.lines)):
        return None
    if step is None and order is not None and is_past_shipping(order.lines):
        return None
    if not _is_on_record(record):
        return _waiting_for_order(step, now)
    step = step or _first(record)
    if _goes(step, shipments, news, terms):
        return _going(step, multi=terms.multi, now=now)
    late = [one for one in shipments if _is_untold(one)]
    if step.state == "waiting" and late and not _is_done_with(step, terms):
        return _waiting_for_tracking(step, late, order=order, policy=terms.policy, now=now)
    return None


def _is_on_record(record: OrderRecord) -> bool:
    """Whether confirm_shipment has what it works with; where creating is not on record yet, create_order goes on."""
    step, created = record.steps.get(STEP), record.steps.get("create_order")
    awaited = step is None or step.waiting_for == ORDER
    return record.snapshot is not None and not (awaited and (created is None or not created.reference))


def _first(record: OrderRecord) -> Step:
    """An order that an earlier version of the bridge created has no step yet; its lines are those created."""
    return Step(STEP, "waiting", waiting_for=SHIPMENT, lines=record.steps["create_order"].lines)


def _waiting_for_order(step: Step | None, now: datetime) -> Step | None:
    if step is not None and step.waiting_for == ORDER:
        return None
    return replace(step or Step(STEP, "waiting"), state="waiting", waiting_for=ORDER, due=now + ORDER_WITHIN)


def _goes(step: Step, shipments: Sequence[Shipment], news: Sequence[Met], terms: Terms) -> bool:
    """A message under way may have read the record before this: whatever is new makes it outdated."""
    if _is_retold(shipments, news):
        return True
    if step.state != "waiting":
        untold = any(_is_untold(one.shipment) for one in news)
        under_way = step.state in {"outstanding", "unknown", "claimed"}
        return untold and (under_way or _can_be_told(shipments, news, terms))
    return not _is_done_with(step, terms) and _can_be_told(shipments, news, terms)


def _is_done_with(step: Step, terms: Terms) -> bool:
    """One shipment an order, and Mirakl was told of it: a second parcel has no place there."""
    return step.state == "waiting" and step.waiting_for == SHOWN and not terms.multi


def _can_be_told(shipments: Sequence[Shipment], news: Sequence[Met], terms: Terms) -> bool:
    """Where no tracking will come, confirm_shipment finds out once whether Mirakl takes it without."""
    if untracked.goes_at_once(terms.policy) and any(_is_untold(one.shipment) for one in news):
        return True
    return any(_is_ready(one, terms) for one in shipments if _is_untold(one))


def _is_untold(shipment: Shipment) -> bool:
    """A shipment that Mirakl has and was not told shipped yet has no `told_lines`."""
    return shipment.told is None or (bool(shipment.marketplace_id) and not shipment.told_lines)


def _is_ready(shipment: Shipment, terms: Terms) -> bool:
    if terms.multi:
        return not shipment.marketplace_id or bool(shipment.erp.tracking)
    return not waits_for_tracking(shipment.erp, marketplace=terms.marketplace, rows=terms.rows)


def _is_retold(shipments: Sequence[Shipment], news: Sequence[Met]) -> bool:
    """Mirakl was told a number that the ERP no longer shows for any parcel of the order."""
    numbers = {one.number for shipment in shipments for one in shipment.erp.tracking}
    told = (one.shipment for one in news if one.tracked and one.shipment.told is not None)
    return any(one.told_tracking not in numbers for one in told)


def _going(step: Step, *, multi: bool, now: datetime) -> Step:
    """What may have been sent stays in doubt: it is settled before anything is sent again."""
    under_way = step.state in {"outstanding", "unknown", "claimed"}
    sent = {"claimed": step.claim_until, "waiting": None}.get(step.state, step.sent)
    return replace(
        step,
        state="unknown" if step.state in {"unknown", "claimed"} else "outstanding",
        attempt=step.attempt + 1,
        due=now + RESEND,
        deadline=(step.deadline if under_way else None) or now + TOLD_WITHIN,
        waiting_for=BATCH if multi else "",
        kind="",
        reason="shipped",
        sent=sent,
        claim_owner="",
        claim_until=None,
    )


def _waiting_for_tracking(
    step: Step, late: Sequence[Shipment], *, order: Order | None, policy: ShippingPolicy, now: datetime
) -> Step | None:
    due = min(tracking_until(one.erp.shipped, order, policy) for one in late)
    if step.waiting_for == TRACKING and step.due is not None:
        due = min(due, step.due)
    reason = f"shipped; {untracked.awaited(policy)}"
    waiting = replace(step, waiting_for=TRACKING, due=max(due, now + deadlines.LEAST_FOR_TRACKING), reason=reason)
    return None if step.waiting_for == TRACKING and step.due == due else waiting


def tracking_until(left: datetime, order: Order | None, policy: ShippingPolicy) -> datetime:
    """How long what has left may wait for its number."""
    if order is None:
        return left + policy.tracking_within
    due = deadlines.shipping_due(order.created, order.shipping_deadline, policy=policy)
    return deadlines.tracking_due(left, due, policy=policy)


def _answered(record: OrderRecord, moved: Step | None) -> tuple[OpenException, ...]:
    if moved is None or moved.waiting_for == ORDER:
        return ()
    kinds = _ANSWERED_BY_LEAVING if moved.state == "waiting" else _ANSWERED_BY_GOING
    return tuple(one for one in record.exceptions if one.step == STEP and one.kind in kinds)
