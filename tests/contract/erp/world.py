"""An ERP's sandbox and its adapter, as the contract suite asks of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, Protocol

from sandboxes.faults import FaultySandbox
from shared.model.sales_order import CustomerDraft, DraftLine, SalesOrderDraft
from shared.ports.erp import Erp, SalesOrders
from tests.fakes.clock import VirtualClock

Wrong = Literal[
    "unknown item",
    "unknown tax",
    "unknown unit",
    "unknown country",
    "unknown shipping method",
    "blocked customer",
    "blocked item",
]
WRONG: tuple[Wrong, ...] = (
    "unknown item",
    "unknown tax",
    "unknown unit",
    "unknown country",
    "unknown shipping method",
    "blocked customer",
    "blocked item",
)
Purpose = Literal["item", "shipping", "fee", "rounding"]


class World(Protocol):
    """What a test may know of an ERP beyond its ports: how its people act, what its books say, how it is failed.

    `create`, `read`, `change` and `remove` name the sandbox's operations; `company` is where `draft` puts orders.
    """

    company: str
    clock: VirtualClock
    faulty: FaultySandbox
    ports: Erp

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
        """The operations of placing an order of two lines, once tokens and lists are there."""
        ...

    @property
    def erp(self) -> SalesOrders: ...

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft:
        """Two pieces of ITEM-001 at 19.90 and a shipping fee of 4.90, in EUR with tax; the same order, the same number.

        Line references are the order's id with `-1` and `-2`.
        """
        ...

    def line(
        self, number: int, *, item: str = "ITEM-001", purpose: Purpose = "item", quantity: str = "1", price: str = "1"
    ) -> DraftLine:
        """A line of N000001-A; `item` counts for goods only. Reference `N000001-A-{number}`."""
        ...

    def wrong(self, what: Wrong) -> SalesOrderDraft | str:
        """A draft that the ERP refuses for this one reason, or why there is no such thing with this ERP."""
        ...

    def customer(self, **changes: Any) -> CustomerDraft: ...

    def strange_line(self) -> DraftLine:
        """A line whose item the ERP does not know before `make_known`."""
        ...

    def make_known(self) -> None: ...

    def reprice(self, item: str, price: str) -> None:
        """The ERP has a price of its own for the item, whatever is sent."""
        ...

    def calculate_totals(self) -> None: ...

    def release(self, number: str) -> None:
        """What the ERP's people do so that the order can leave."""
        ...

    def cancel_order(self, number: str) -> None: ...

    def cancel_line(self, number: str, reference: str) -> None: ...

    def delete_order(self, number: str) -> None: ...

    def edit_line(self, number: str, reference: str, quantity: int) -> None: ...

    def ship(self, number: str, **content: Any) -> dict[str, Any]:
        """`lines` {reference: quantity}, `carrier`, `delivery_mode`, `tracking`: `{"slip", "id"}`."""
        ...

    def track(self, number: str, tracking: Sequence[str], **content: Any) -> None: ...

    def correct_slip(self, slip: str, lines: Mapping[str, int]) -> None: ...

    def invoice(self, number: str) -> None:
        """Everything of the order that is due."""
        ...

    def books(self) -> Sequence[dict[str, Any]]:
        """Every order ever created, as its sandbox's books tell it."""
        ...

    def texts(self, number: str) -> str:
        """Everything that the ERP would print of an order: names, addresses, notes."""
        ...

    def customers(self) -> Sequence[dict[str, Any]]: ...

    def complaints(self) -> dict[str, int]:
        """What was sent and the real system would have ignored."""
        ...
