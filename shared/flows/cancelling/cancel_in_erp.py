"""What is done in the ERP about a cancellation: its lines are taken out, or the order is stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

from shared.errors import Rejected
from shared.flows.cancelling.cancellation import left, stage
from shared.flows.waits import COMPARED, HELD
from shared.model.policy import ShippingPolicy
from shared.model.sales_order import ErpOrder
from shared.model.shop import Shop
from shared.model.steps import Step
from shared.ports.erp import SalesOrderChanges, SalesOrders
from shared.ports.own import OrderRecord
from shared.rules import standing


class Erp(Protocol):
    """What is used of a flow's ports."""

    @property
    def sales_orders(self) -> SalesOrders: ...

    @property
    def changes(self) -> SalesOrderChanges: ...


@dataclass(frozen=True, slots=True)
class Made:
    """`text` is for people. `over`: nothing of it is left for them; `held`: the order was stopped. `charges` stand
    there as they were, though lines that they were for are out.
    """

    text: str
    over: bool = False
    held: bool = False
    waiting_for: str = ""
    charges: tuple[str, ...] = ()


async def make(
    step: Step,
    record: OrderRecord,
    shown: ErpOrder | None,
    *,
    shop: Shop,
    policy: ShippingPolicy,
    erp: Erp,
) -> Made:
    """Each call here may be made again. Raises Transient, UnknownOutcome, or Rejected (it may not go on)."""
    number = record.steps["create_order"].reference
    match stage(step, record, shown):
        case "stands":
            made = await _withdraw(step, left(step, record), number, shop=shop, policy=policy, erp=erp)
            return replace(made, charges=_charges(record, shown)) if made.over else made
        case "compare":
            return Made("the ERP shows it cancelled; on hold until its totals are compared", waiting_for=COMPARED)
        case "release":
            await erp.sales_orders.release(company=shop.company, number=number)
            return Made("the ERP shows it cancelled; the rest of the order goes on", over=True)
        case "over":
            return Made("the ERP shows it cancelled", over=True)


def _charges(record: OrderRecord, shown: ErpOrder | None) -> tuple[str, ...]:
    return () if shown is None else standing.charges(shown, record.steps["create_order"].lines)


async def _withdraw(
    step: Step, others: tuple[str, ...], number: str, *, shop: Shop, policy: ShippingPolicy, erp: Erp
) -> Made:
    if policy.cancellation == "hold" or not erp.sales_orders.capabilities.cancels_lines:
        return await _stop(number, shop=shop, erp=erp)
    try:
        await erp.changes.cancel_lines(company=shop.company, number=number, references=step.lines)
    except Rejected as refusal:
        stopped = await _stop(number, shop=shop, erp=erp)
        return replace(stopped, text=f"the ERP refused to take them out ({refusal.reason}); {stopped.text}")
    if others:
        # What we stopped at an earlier time goes on once the ERP shows the lines gone.
        return Made("taken out of the order in the ERP", over=step.expected != HELD)
    stopped = await _stop(number, shop=shop, erp=erp)
    return replace(stopped, text=f"taken out in the ERP, where the order stands empty; {stopped.text}")


async def _stop(number: str, *, shop: Shop, erp: Erp) -> Made:
    if not erp.sales_orders.capabilities.holds:
        return Made("the ERP cannot stop it")
    try:
        await erp.sales_orders.hold(company=shop.company, number=number)
    except Rejected as refusal:
        return Made(f"the ERP refused the hold ({refusal.reason})")
    return Made("the order is on hold in the ERP", held=True)
