"""A Prima installation with its own books, and the adapter connected to it in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import httpx

from sandboxes.faults import FaultySandbox
from sandboxes.prima.controls import controls
from sandboxes.prima.sandbox import Prima as Sandbox
from sandboxes.prima.worlds import demo, overridden
from shared.erp.prima.connect import open_erp
from shared.erp.surroundings import Surroundings
from shared.model.sales_order import CustomerDraft, DraftLine, SalesOrderDraft
from tests.contract.erp.world import Purpose, Wrong
from tests.erp.prima import drafts
from tests.erp.prima.drafts import PASSWORD, RANGE, USER, configuration
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists
from tests.fakes.sandbox_transport import SandboxTransport

STRANGE_ITEM, BLOCKED_ITEM = "ITEM-999", "ITEM-998"
_NOT_HERE: Mapping[Wrong, str] = {"unknown tax": "Prima takes the VAT from the price book and is told no tax"}


async def _secret(name: str, *, fresh: bool) -> str:
    return PASSWORD


class PrimaWorld:
    """See `tests/contract/erp/world.py`. `settings` are the sandbox's, `changes` the configuration's."""

    company = drafts.COMPANY
    create, read = "order", "status"
    change = remove = "none"
    """Prima has no such operation."""
    ordinary: Sequence[str] = ("order",)

    def __init__(self, settings: Mapping[str, Any] | None = None, **changes: Any) -> None:
        self.clock = VirtualClock()
        self.sandbox = Sandbox(overridden(demo(), {"credentials": f"{USER}:{PASSWORD}", **(settings or {})}))
        self.faulty = FaultySandbox(self.sandbox)
        self._controls = controls(self.sandbox)
        self.control("add_item", item=BLOCKED_ITEM, stopped=True)
        http = httpx.AsyncClient(transport=SandboxTransport(self.faulty, self.clock))
        self.ports = open_erp(configuration(**changes), Surroundings(http, _secret, self.clock, MemoryLists()))
        self.erp = self.ports.sales_orders
        self._numbers: dict[str, str] = {}

    def draft(self, order: str = "N000001-A", **changes: Any) -> SalesOrderDraft:
        """The same order has the same number, which is the next one where it has none."""
        number = self._numbers.setdefault(order, RANGE.number(len(self._numbers) + 1))
        return drafts.draft(order, **{"number": number, **changes})

    def line(
        self, number: int, *, item: str = "ITEM-001", purpose: Purpose = "item", quantity: str = "1", price: str = "1"
    ) -> DraftLine:
        return drafts.line(number, item, purpose=purpose, quantity=quantity, price=price)

    def wrong(self, what: Wrong) -> SalesOrderDraft | str:
        first, *others = self.draft().lines
        lines: Mapping[Wrong, DraftLine] = {
            "unknown item": self.line(1, item=STRANGE_ITEM),
            "unknown unit": replace(first, unit="none"),
            "blocked item": self.line(1, item=BLOCKED_ITEM),
        }
        headers: Mapping[Wrong, Mapping[str, Any]] = {
            "unknown country": {"country": "XX"},
            "unknown shipping method": {"delivery_mode": "NONE"},
            "blocked customer": {"customer": "MKP-HOLD"},
        }
        return _NOT_HERE.get(what) or self.draft(lines=(lines.get(what, first), *others), **headers.get(what, {}))

    def customer(self, **changes: Any) -> CustomerDraft:
        return drafts.customer(**changes)

    def strange_line(self) -> DraftLine:
        return replace(self.line(1, item=STRANGE_ITEM), reference="N000001-A-strange")

    def make_known(self) -> None:
        self.control("add_item", item=STRANGE_ITEM)

    def reprice(self, item: str, price: str) -> None:
        """Prices that are sent are kept, as far as is known."""

    def calculate_totals(self) -> None:
        self.control("run_totals")

    def release(self, number: str) -> None:
        """Nobody has to."""

    def cancel_order(self, number: str) -> None:
        self.control("cancel_order", number=number)

    def cancel_line(self, number: str, reference: str) -> None:
        self.control("cancel_line", number=number, reference=reference)

    def delete_order(self, number: str) -> None:
        self.control("delete_order", number=number)

    def edit_line(self, number: str, reference: str, quantity: int) -> None:
        self.control("change_line", number=number, reference=reference, quantity=quantity)

    def ship(self, number: str, **content: Any) -> dict[str, Any]:
        return dict(self.control("ship", number=number, **content))

    def track(self, number: str, tracking: Sequence[str], **content: Any) -> None:
        self.control("track", number=number, tracking=list(tracking), **content)

    def correct_slip(self, slip: str, lines: Mapping[str, int]) -> None:
        self.control("correct_slip", slip=slip, lines=dict(lines))

    def invoice(self, number: str) -> None:
        self.control("invoice", number=number)

    def books(self) -> Sequence[dict[str, Any]]:
        """Every order ever created: number, reference, held, lines and charges."""
        return list(self.control("books")["orders"])

    def customers(self) -> Sequence[dict[str, Any]]:
        """Every customer that an order without account made."""
        return list(self.control("books")["customers"])

    def complaints(self) -> dict[str, int]:
        return dict(self.control("books")["ignored_inputs"])

    def texts(self, number: str) -> str:
        return "\n".join(self.label(number).values())

    def label(self, number: str) -> dict[str, str]:
        return dict(self.control("label", number=number))

    def control(self, name: str, **content: Any) -> Any:
        return self._controls[name](content, self.clock.now())
