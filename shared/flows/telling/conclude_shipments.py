"""What became of the orders of a shop's batch, put on record: their rows at once, then each order by itself."""

from __future__ import annotations

from dataclasses import replace

from shared.errors import Conflict, Rejected, Transient
from shared.flows.open_work import open_work
from shared.flows.telling.carrying import Desk
from shared.flows.telling.claim_shipments import each
from shared.flows.telling.confirming import STEP
from shared.flows.telling.shipment_cases import Case
from shared.flows.telling.shipment_ends import ended, told
from shared.model.order import Order
from shared.model.shipment import Shipment
from shared.ports.own import Change, OrderRecord
from shared.telemetry import event

_LOOKS = 3


async def conclude(cases: list[Case], desk: Desk) -> list[Transient]:
    """Answers what our store did not take; Mirakl shows that again once the claims are over."""
    now = desk.now()
    ends = [(case, change) for case in cases if (change := ended(case, desk, now)) is not None]
    rows = [open_work(case.key, {**case.record.steps, STEP: step}, now=now) for case, c in ends for step in c.steps]
    try:
        await desk.ports.work.put([row for row in rows if row is not None])
    except Transient as problem:
        event("open_work_not_put", shop=desk.shop.id, reason=type(problem).__name__)  # its rows come due soon

    async def one(end: tuple[Case, Change]) -> None:
        await _commit(*end, desk)

    return await each(ends, one, what="shipment_not_recorded")


async def _commit(case: Case, change: Change, desk: Desk) -> None:
    """The poll of shipments may write while we call: what we told Mirakl is laid over what it wrote."""
    for _ in range(_LOOKS):
        try:
            await desk.ports.progress.commit(case.key, change)
        except Conflict:
            case = _moved(case, await desk.ports.progress.load(case.key), desk)
            again = ended(case, desk, desk.now())
            await _put_anew(case, again, desk)
            if again is None:
                return
            change = again
        else:
            return
    event("shipment_not_recorded", shop=case.key.shop, order=case.key.order, reason="Conflict")


async def _put_anew(case: Case, change: Change | None, desk: Desk) -> None:
    """Our row spoke of a step that comes out otherwise, or that is somebody else's now."""
    moved = {step.name: step for step in (change.steps if change else ())}
    row = open_work(case.key, {**case.record.steps, **moved}, now=desk.now())
    if row is not None:
        await desk.ports.work.put([row])


def _moved(case: Case, record: OrderRecord, desk: Desk) -> Case:
    there = record.steps.get(STEP)
    ours = there is not None and desk.claiming.token == there.claim_owner
    same = there is not None and there.version == case.step.version
    ours_told = {one.erp.document: one for one in told(case)}
    shipments = tuple(_laid_over(one, ours_told.get(one.erp.document)) for one in record.shipments)
    step = there if there is not None and (ours or same) else case.step
    order = _order(record, case.order, desk)
    return replace(case, record=record, order=order, step=step, shipments=shipments, foreign=not (ours or same))


def _order(record: OrderRecord, known: Order, desk: Desk) -> Order:
    """As Mirakl shows it by now."""
    if record.snapshot is None:
        return known
    try:
        return desk.ports.reader(record.key, record.snapshot)
    except Rejected:
        return known


def _laid_over(there: Shipment, ours: Shipment | None) -> Shipment:
    if ours is None:
        return there
    return replace(
        there,
        told=ours.told,
        told_lines=ours.told_lines,
        told_tracking=ours.told_tracking,
        marketplace_id=ours.marketplace_id,
    )
