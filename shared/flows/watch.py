"""Nothing is forgotten: what is overdue is sent again, what is at risk is said, dead letters get their record."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Conflict, Transient, UnknownOutcome
from shared.flows import compare_totals, outages, report_order_numbers
from shared.flows.open_work import open_work
from shared.flows.watching import dead_letters
from shared.flows.watching.overdue import look
from shared.model.keys import ERP_SCOPE, OrderKey
from shared.model.policy import CreationPolicy, ShippingPolicy
from shared.model.shop import Shop
from shared.model.steps import StepMessage
from shared.ports.erp import SalesOrders
from shared.ports.marketplace import OrderNumbers
from shared.ports.own import (
    CallBudget,
    Change,
    Clock,
    DeadLetters,
    Exceptions,
    OpenWork,
    OrderRecord,
    Outbox,
    Pauses,
    Progress,
    WorkList,
)
from shared.telemetry import event

MOST = 200
"""How many open orders one run looks at, per shop: a run must end before the next one starts."""


@dataclass(frozen=True, slots=True)
class Ports:
    """`check_carriers` compares a shop's carriers with what the marketplace registers; it raises Transient."""

    progress: Progress
    work: WorkList
    exceptions: Exceptions
    outbox: Outbox
    dead_letters: DeadLetters
    pauses: Pauses
    budget: CallBudget
    sales_orders: Callable[[Shop], SalesOrders]
    order_numbers: Callable[[Shop], OrderNumbers]
    check_carriers: Callable[[Shop], Awaitable[None]]
    clock: Clock


async def run(
    shops: Mapping[str, Shop],
    queues: Iterable[str],
    *,
    policy: CreationPolicy,
    shipping: ShippingPolicy,
    ports: Ports,
) -> None:
    for shop in shops.values():
        await _look_at(shop, policy=policy, shipping=shipping, ports=ports)
        try:
            await ports.check_carriers(shop)
        except Transient as problem:
            event("carriers_not_checked", shop=shop.id, reason=type(problem).__name__)
    try:
        await outages.left_behind(
            exceptions=ports.exceptions, pauses=ports.pauses, progress=ports.progress, now=ports.clock.now()
        )
    except Transient as problem:
        event("outages_not_looked_at", reason=type(problem).__name__)
    letters = dead_letters.Ports(ports.progress, ports.dead_letters, ports.clock)
    for queue in queues:
        await dead_letters.run(queue, ports=letters)


async def _look_at(shop: Shop, *, policy: CreationPolicy, shipping: ShippingPolicy, ports: Ports) -> None:
    """What cannot be read, recorded or sent leaves its row due, and hides no other."""
    now = ports.clock.now()
    found = await ports.work.due(shop.id, now, MOST)
    records = await _loaded(found, ports)
    done = await _totals(shop, records, policy=policy, ports=ports)
    for key, change in (await _numbers(shop, records, ports)).items():
        done[key] = merged(done[key], change) if key in done else change
    messages: list[StepMessage] = []
    rows: dict[OrderKey, OpenWork | None] = {}
    for record in records:
        try:
            messages += await _carry_out(record, done.get(record.key), rows, shop=shop, shipping=shipping, ports=ports)
        except Transient as problem:
            event("order_not_looked_at", shop=shop.id, order=record.key.order, reason=type(problem).__name__)
    try:
        if messages:
            await ports.outbox.send(messages)
        await _point(shop, rows, found, now, ports)
    except Transient as problem:
        event("orders_stay_due", shop=shop.id, orders=len(rows), reason=type(problem).__name__)


async def _loaded(found: Sequence[OpenWork], ports: Ports) -> Sequence[OrderRecord]:
    records: list[OrderRecord] = []
    for work in found:
        try:
            records.append(await ports.progress.load(work.key))
        except Transient as problem:
            event("order_not_looked_at", shop=work.key.shop, order=work.key.order, reason=type(problem).__name__)
    return records


async def _carry_out(
    record: OrderRecord,
    done: Change | None,
    rows: dict[OrderKey, OpenWork | None],
    *,
    shop: Shop,
    shipping: ShippingPolicy,
    ports: Ports,
) -> Sequence[StepMessage]:
    """One commit an order; `rows` gets what its row becomes, None where it goes. A conflict leaves the row due."""
    now = ports.clock.now()
    stands = _after(record, done)
    looked = look(stands, shop=shop, shipping=shipping, now=now)
    change = merged(done, looked.change) if done and looked.change else done or looked.change
    try:
        if change is not None:
            await ports.progress.commit(record.key, change)
    except Conflict:
        return ()
    rows[record.key] = open_work(record.key, _after(stands, looked.change).steps, now=now)
    return looked.messages


def merged(first: Change, second: Change) -> Change:
    """Both as one; they are about different steps of the same order."""
    return replace(
        first,
        steps=(*first.steps, *second.steps),
        history=(*first.history, *second.history),
        opened=(*first.opened, *second.opened),
        closed=(*first.closed, *second.closed),
    )


def _after(record: OrderRecord, change: Change | None) -> OrderRecord:
    """The record with its steps as the change leaves them, and without what it closes."""
    if change is None:
        return record
    steps = {**record.steps, **{step.name: step for step in change.steps}}
    return replace(record, steps=steps, exceptions=tuple(one for one in record.exceptions if one not in change.closed))


async def _point(
    shop: Shop, rows: Mapping[OrderKey, OpenWork | None], found: Sequence[OpenWork], now: datetime, ports: Ports
) -> None:
    """Only rows that stand as they were found: whoever woke an order meanwhile has put its row due soon, and what
    was read before that would send it to sleep for hours.
    """
    if not rows:
        return
    stand = {work.key: work for work in await ports.work.due(shop.id, now, MOST)}
    untouched = {work.key for work in found if stand.get(work.key) == work}
    await ports.work.put([work for key, work in rows.items() if work is not None and key in untouched])
    await ports.work.remove([key for key, work in rows.items() if work is None and key in untouched])


async def _totals(
    shop: Shop, records: Sequence[OrderRecord], *, policy: CreationPolicy, ports: Ports
) -> dict[OrderKey, Change]:
    """Twenty orders a call; what was compared before the ERP failed stands."""
    found: dict[OrderKey, Change] = {}
    pending = [one for one in records if _is_pending(one, "compare_totals")]
    try:
        if not pending or await ports.pauses.standing([ERP_SCOPE]):
            return found
        reader = compare_totals.Ports(ports.sales_orders(shop), ports.clock)
        for start in range(0, len(pending), compare_totals.AT_ONCE):
            portion = pending[start : start + compare_totals.AT_ONCE]
            found |= await compare_totals.run(shop.company, portion, policy=policy, ports=reader)
        await outages.over(ERP_SCOPE, pauses=ports.pauses, progress=ports.progress)  # this may have been the probe
    except (Transient, UnknownOutcome) as problem:
        event("totals_postponed", shop=shop.id, reason=type(problem).__name__)
    return found


async def _numbers(shop: Shop, records: Sequence[OrderRecord], ports: Ports) -> Mapping[OrderKey, Change]:
    now = ports.clock.now()
    pending = [one for one in records if _is_pending(one, "report_order_numbers", now)]
    if not pending:
        return {}
    teller = report_order_numbers.Ports(
        ports.order_numbers(shop), ports.budget, ports.pauses, ports.progress, ports.clock
    )
    return await report_order_numbers.run(shop, pending, ports=teller)


def _is_pending(record: OrderRecord, name: str, now: datetime | None = None) -> bool:
    """Open and, where `now` is given, due."""
    step = next((one for one in record.steps.values() if one.name == name), None)
    if step is None or step.state != "waiting":
        return False
    return now is None or step.due is None or step.due <= now
