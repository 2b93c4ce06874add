"""Every ERP's sandbox with its adapter, as the contract suite asks of it; one entry of `WORLDS` per ERP and branch."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Protocol

from sandboxes.faults import Fault, FaultKind, FaultySandbox
from shared.model.sales_order import CustomerDraft, DraftLine, SalesOrderDraft
from shared.ports.erp import Erp, SalesOrders
from tests.erp.finance_supply_chain.sandbox_world import FinanceSupplyChainWorld
from tests.fakes.clock import VirtualClock


class World(Protocol):
    """An ERP's sandbox and its adapter. `create`, `read`, `change` and `remove` name the sandbox's operations."""

    @property
    def create(self) -> str: ...

    @property
    def read(self) -> str: ...

    @property
    def change(self) -> str: ...

    @property
    def remove(self) -> str: ...

    @property
    def ordinary(self) -> Sequence[str]:
        """The operations of placing an order of two lines."""
        ...

    clock: VirtualClock
    faulty: FaultySandbox
    ports: Erp

    @property
    def erp(self) -> SalesOrders: ...

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft: ...

    def customer(self, **changes: Any) -> CustomerDraft: ...

    def strange_line(self) -> DraftLine:
        """A line whose item the ERP does not know before `make_known`."""
        ...

    def make_known(self) -> None: ...

    def calculate_totals(self) -> None: ...

    def cancel_order(self, number: str) -> None: ...

    def cancel_line(self, number: str, reference: str) -> None: ...

    def delete_order(self, number: str) -> None: ...

    def ship(self, number: str, **content: Any) -> dict[str, Any]:
        """`lines` {reference: quantity}, `carrier`, `delivery_mode`, `tracking`: `{"slip", "id"}`."""
        ...

    def track(self, number: str, tracking: Sequence[str], **content: Any) -> None: ...

    def correct_slip(self, slip: str, lines: Mapping[str, int]) -> None: ...

    def books(self) -> Sequence[dict[str, Any]]: ...

    def customers(self) -> Sequence[dict[str, Any]]: ...

    def complaints(self) -> dict[str, int]: ...


WORLDS: Mapping[str, Callable[[], World]] = {
    "finance_supply_chain with derived numbers": FinanceSupplyChainWorld,
    "finance_supply_chain with automatic numbers": lambda: FinanceSupplyChainWorld("automatic"),
}
SHIPPING: Mapping[str, Callable[[], World]] = {
    "finance_supply_chain by packing slips": FinanceSupplyChainWorld,
    "finance_supply_chain by warehouse shipments": lambda: FinanceSupplyChainWorld(shipped_when="warehouse_shipment"),
}

NOTHING_HAPPENED: tuple[FaultKind, ...] = ("error_before", "reset_before", "hang_before", "html")
IT_HAPPENED: tuple[FaultKind, ...] = ("error_after", "reset_after", "hang_after", "html_after", "truncated")


def fail(world: World, kind: FaultKind, operation: str, *, subject: str = "*", times: int = 1, delay: int = 60) -> None:
    world.faulty.faults.append(Fault(kind, operation, subject, times=times, delay=timedelta(seconds=delay)))


def numbers(world: World) -> list[str]:
    return [order["number"] for order in world.books()]


def enforced(world: World) -> bool:
    return world.erp.capabilities.uniqueness == "enforced"


def let_settle(world: World) -> None:
    """What the caller owes an ERP that looks up before it places an order again; the others are not waited for."""
    if not enforced(world):
        world.clock.advance(world.erp.capabilities.settle)
