"""An ERP in a few lines that takes numbers of our range, shows an order's status alone, and makes customers itself."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from shared.errors import Rejected
from shared.model.sales_order import ErpOrder, NumberFormat, SalesOrderDraft
from tests.fakes.sales_orders import ENFORCED, FakeSalesOrders, as_drafted

STATUS_ONLY = replace(
    ENFORCED,
    numbers="allocated",
    holds=False,
    shows_lines=False,
    shows_totals=False,
    shoppers="returned",
    shipments="status",
    tracks=False,
    ranges={"north-de": NumberFormat("N", 4)},
)


@dataclass
class StatusSalesOrders(FakeSalesOrders):
    """`held` are the drafts behind its orders, and `made` the accounts of new customers. It names the account in its
    answer to the sending that made it, and to no other; with `names_customers` False not even there.
    """

    held: dict[str, SalesOrderDraft] = field(default_factory=dict)
    made: list[str] = field(default_factory=list)
    names_customers: bool = True

    def __post_init__(self) -> None:
        if self.capabilities is ENFORCED:
            self.capabilities = STATUS_ONLY

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        self.placed += 1
        failure = self.failures.pop(0) if self.failures else None
        there = draft.number in self.orders
        if there and not draft.sent_before:
            raise Rejected("erp_number_taken", subject=draft.number, reason="E:21")
        if failure is None or self.after_effect:
            self._enter(draft)
        if failure is not None:
            raise failure
        placed = self.orders[draft.number]
        return replace(placed, customer=draft.customer) if there else placed

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        found = self.orders.get(number)
        return None if found is None else replace(found, customer="")

    def entered_by_another(self, number: str) -> None:
        """By somebody who uses our range."""
        self.orders[number] = ErpOrder(number, "", "", "EUR", "Open", False, (), lines_shown=False)

    def _enter(self, draft: SalesOrderDraft) -> None:
        if draft.number in self.orders:
            return
        self.held[draft.number] = draft
        account = draft.customer or self._new_customer()
        shown = replace(as_drafted(draft), lines=(), lines_shown=False)
        self.orders[draft.number] = replace(shown, customer=account if self.names_customers else "")

    def _new_customer(self) -> str:
        self.made.append(f"{len(self.made) + 1:010}")
        return self.made[-1]
