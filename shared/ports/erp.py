"""The ERP as the flows see it; each folder of `shared/erp` is one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.model.sales_order import (
    Capabilities,
    CustomerDraft,
    ErpInvoice,
    ErpOrder,
    ErpReference,
    ErpTotals,
    SalesOrderDraft,
)
from shared.model.shipment import ErpShipment, Position, Tracked


class SalesOrders(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """Create the order, or find it created, and return it as the ERP then shows it (read back).

        With `uniqueness` enforced the same draft may be placed again and again. Where it is looked up, an order that
        carries the draft's reference is completed (only its missing lines are added): the caller must be the only
        writer, and after an unknown outcome must let the settle time pass before placing again. An order under the
        draft's number that carries another reference is Rejected (`erp_number_taken`), two orders under one
        reference are Rejected (`erp_duplicate`).
        Raises Rejected (the ERP refuses this order), Unavailable, Throttled or Unauthorized (nothing happened), or
        UnknownOutcome (sent; it may exist now or appear later).
        """
        ...

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        """The order under our number, else under our reference; None counts only after the settle time."""
        ...

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        """The ERP's totals of at most 20 orders in one call; orders that do not exist are left out."""
        ...

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        """Every order of ours (its reference begins with one of `prefixes` and a hyphen) that was created or changed
        since, cancelled and posted ones included; each number once, in no order.

        Raises NotOffered (ask `capabilities.lists_references`), Unavailable, Throttled or Unauthorized.
        """
        ...

    async def hold(self, *, company: str, number: str) -> None:
        """Stop the order's processing; done twice is done. Raises as `place`."""
        ...

    async def release(self, *, company: str, number: str) -> None:
        """Let a held order go on; done twice is done. Raises as `place`."""
        ...


class SalesOrderChanges(Protocol):
    """What an order became in the ERP, and what we change of it after it was created."""

    async def shown(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        """At most 20 orders in one call; orders that do not exist (any more) are left out."""
        ...

    async def cancel_lines(self, *, company: str, number: str, references: Sequence[str]) -> None:
        """Take these lines (with a set's components) out of the order; lines that are gone already are done.

        Raises Rejected (`erp_refused`) where one has been picked or shipped; otherwise as `place`.
        """
        ...


class Invoices(Protocol):
    async def of(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpInvoice]:
        """Every posted invoice of these sales orders, 20 orders a call; an order may have several or none.

        Raises NotOffered (ask `capabilities.lists_invoices`), Unavailable, Throttled or Unauthorized.
        """
        ...


class Customers(Protocol):
    async def ensure(self, customer: CustomerDraft) -> None:
        """Create the customer under its account unless it exists; two at once make one. Raises as `place`."""
        ...


@dataclass(frozen=True, slots=True)
class ShipmentPage:
    """`shipments` are ours only; `last` is where reading got to, others' documents included (None: nothing there).

    `whole` False: more follows after `last`.
    """

    shipments: tuple[ErpShipment, ...]
    last: Position | None
    whole: bool


class Shipments(Protocol):
    """What left the warehouse. Reads raise Unavailable, Throttled or Unauthorized."""

    async def since(
        self, *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        """One page of shipping documents behind `after`, oldest first, with their lines and the tracking there is.

        Of a set (references `…#n`) every component is listed, with 0 where it is not on the document.
        Ours carry a reference that starts with one of `prefixes` and a hyphen. Documents whose `id` is `known` are
        passed over. Which documents count is the ERP's setting (`ShippedWhen`).
        """
        ...

    async def tracking(self, *, company: str, numbers: Sequence[str]) -> Sequence[Tracked]:
        """Every tracking number of these sales orders, 20 orders a call; any number may be asked for."""
        ...


@dataclass(frozen=True, slots=True)
class Erp:
    """Everything that one ERP offers, as its folder builds it."""

    sales_orders: SalesOrders
    changes: SalesOrderChanges
    shipments: Shipments
    customers: Customers
    invoices: Invoices
