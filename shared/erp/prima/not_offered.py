"""What nothing public of Prima's serves, port by port; the capabilities say so before anybody asks."""
# ruff: noqa: ARG002 -- the arguments are the ports'

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.errors import NotOffered
from shared.model.sales_order import CustomerDraft, ErpInvoice, ErpReference, ErpTotals
from shared.model.shipment import Position, Tracked
from shared.ports.erp import ShipmentPage


def _not_offered(what: str) -> NotOffered:
    return NotOffered(f"Prima has no public request for this: {what}")


class CreatedAndNoMore:
    """Of `SalesOrders` and `SalesOrderChanges` what goes beyond an order's creation and its status."""

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        raise _not_offered("an order's totals")

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        raise _not_offered("a list of orders")

    async def hold(self, *, company: str, number: str) -> None:
        raise _not_offered("to hold an order that exists")

    async def release(self, *, company: str, number: str) -> None:
        raise _not_offered("to release an order")

    async def cancel_lines(self, *, company: str, number: str, references: Sequence[str]) -> None:
        raise _not_offered("to cancel lines")


class NoShipments:
    """What has left is told by an order's status, by despatch files, or by a person."""

    async def since(
        self, *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        raise _not_offered("despatches")

    async def tracking(self, *, company: str, numbers: Sequence[str]) -> Sequence[Tracked]:
        raise _not_offered("tracking numbers")


class NoCustomers:
    """A shopper becomes a customer by ordering without an account."""

    async def ensure(self, customer: CustomerDraft) -> None:
        raise _not_offered("to create a customer")


class NoInvoices:
    async def of(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpInvoice]:
        raise _not_offered("invoices")
