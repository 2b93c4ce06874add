"""Sales orders in Dynamics 365 Business Central (the ports `SalesOrders` and `SalesOrderChanges`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from shared.erp.business_central.capabilities import capabilities
from shared.erp.business_central.companies import Companies
from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.line_removal import remove_lines
from shared.erp.business_central.listing import listed
from shared.erp.business_central.orders import Orders
from shared.erp.business_central.placing import Placing
from shared.errors import NotOffered
from shared.model.sales_order import Capabilities, ErpOrder, ErpReference, ErpTotals, SalesOrderDraft


class BusinessCentral:
    """One environment, with all its companies. No key admits an order once: the caller is the one writer, and waits."""

    def __init__(
        self,
        configuration: Configuration,
        connection: Connection,
        *,
        companies: Companies,
        orders: Orders,
        placing: Placing,
    ) -> None:
        self._configuration = configuration
        self._connection = connection
        self._companies = companies
        self._orders = orders
        self._placing = placing

    @property
    def capabilities(self) -> Capabilities:
        return capabilities(self._configuration)

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """See `placing.py`: a look-up in one call, and one deep insert where it finds nothing."""
        return await self._placing.place(draft)

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        """One call by number; only where that finds nothing, one by reference."""
        there = await self._companies.named(company)
        found = await self._orders.under_numbers(there, [number]) if number else ()
        if found or not reference:
            return next(iter(await self._orders.shown(there, found[:1])), None)
        ours = await self._orders.shown(there, (await self._orders.under_reference(there, reference))[:1])
        return replace(ours[0], reference=reference) if ours else None

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        """Calculated at once by Business Central."""
        return await self._orders.totals(await self._companies.named(company), numbers)

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        """By `lastModifiedDateTime` of orders, shipments and invoices."""
        return await listed(self._connection, await self._companies.named(company), changed_since, prefixes)

    async def hold(self, *, company: str, number: str) -> None:
        raise NotOffered(f"sales order {number} in {company}: Business Central has no hold (capabilities.holds)")

    async def release(self, *, company: str, number: str) -> None:
        raise NotOffered(f"sales order {number} in {company}: Business Central has no hold to end (capabilities.holds)")

    async def shown(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        """One call for all of them; an order in neither orders, shipments nor invoices was deleted."""
        there = await self._companies.named(company)
        return await self._orders.shown(there, await self._orders.under_numbers(there, numbers))

    async def cancel_lines(self, *, company: str, number: str, references: Sequence[str]) -> None:
        """DELETE of each line; see `line_removal.py`."""
        there = await self._companies.named(company)
        await remove_lines(self._connection, self._orders, there, number=number, references=references)
