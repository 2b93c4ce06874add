"""The ERP as the flows see it; each folder of `shared/erp` is one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from shared.model.sales_order import Capabilities, ErpOrder, ErpTotals, SalesOrderDraft


class SalesOrders(Protocol):
    @property
    def capabilities(self) -> Capabilities: ...

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """Create the order, or find it created, and return it as the ERP then shows it (read back).

        With `uniqueness` enforced the same draft may be placed again and again. An order under the draft's number
        that carries another reference is Rejected (`erp_number_taken`).
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

    async def hold(self, *, company: str, number: str) -> None:
        """Stop the order's processing; done twice is done. Raises as `place`."""
        ...

    async def release(self, *, company: str, number: str) -> None:
        """Let a held order go on; done twice is done. Raises as `place`."""
        ...
