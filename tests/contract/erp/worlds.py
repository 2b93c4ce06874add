"""Every ERP's world, one entry per ERP and way of setting it up, and what tests do to any of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandboxes.faults import Fault, FaultKind
from shared.model.sales_order import ErpOrder, SalesOrderDraft
from tests.contract.erp.world import World
from tests.erp.business_central.sandbox_world import BusinessCentralWorld
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld
from tests.erp.prima.sandbox_world import PrimaWorld

WORLDS: Mapping[str, Callable[[], World]] = {
    "F&O": FinanceSupplyChainWorld,
    "F&O, numbers drawn": lambda: FinanceSupplyChainWorld("automatic"),
    "F&O, warehouse": lambda: FinanceSupplyChainWorld(shipped_when="warehouse_shipment"),
    "Business Central": BusinessCentralWorld,
    "Business Central, standard API": lambda: BusinessCentralWorld(tracking=None, shoppers=False),
    "Prima": PrimaWorld,
    "Prima, price per unit": lambda: PrimaWorld({"price": "unit", "style": "doc-literal"}, price="unit"),
}

NOTHING_HAPPENED: tuple[FaultKind, ...] = ("error_before", "reset_before", "hang_before", "html")
IT_HAPPENED: tuple[FaultKind, ...] = (
    "error_after",
    "unavailable_after",
    "gateway_after",
    "reset_after",
    "hang_after",
    "html_after",
    "truncated",
)


def fail(
    world: World,
    kind: FaultKind,
    operation: str,
    *,
    subject: str = "*",
    times: int = 1,
    delay: timedelta = timedelta(seconds=60),
    until: datetime | None = None,
) -> None:
    world.faulty.faults.append(Fault(kind, operation, subject, times=times, until=until, delay=delay))


def numbers(world: World) -> list[str]:
    return [order["number"] for order in world.books()]


def references(world: World) -> list[str]:
    return [order["reference"] for order in world.books()]


def entered(world: World) -> list[dict[str, Any]]:
    """The lines of the one order there is, charges included and comments left out."""
    (order,) = world.books()
    return [line for line in order["lines"] if line["item"] and not line["deleted"]]


def amounts(world: World) -> list[Decimal]:
    """Of the lines of the one order there is, smallest first."""
    return sorted(Decimal(line["amount"]) for line in entered(world))


def identity(order: ErpOrder) -> tuple[object, ...]:
    """What must not change from one look to the next while nobody touches the order."""
    return order.number, order.lines, order.cancelled, order.shipped, order.on_hold


def enforced(world: World) -> bool:
    return world.erp.capabilities.uniqueness == "enforced"


def let_settle(world: World) -> None:
    """What the caller owes an ERP that looks up before it places an order again; the others are not waited for."""
    if not enforced(world):
        world.clock.advance(world.erp.capabilities.settle)


def again(draft: SalesOrderDraft) -> SalesOrderDraft:
    """As the caller places it once it was sent."""
    return replace(draft, sent_before=True)
