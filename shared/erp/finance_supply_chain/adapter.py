"""Sales orders in Dynamics 365 Finance & Supply Chain (the ports `SalesOrders` and `SalesOrderChanges`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from shared.erp.finance_supply_chain.capabilities import capabilities
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.holding import stop
from shared.erp.finance_supply_chain.line_removal import remove_lines
from shared.erp.finance_supply_chain.orders import Orders
from shared.erp.finance_supply_chain.saga import complete
from shared.erp.finance_supply_chain.sales_order import posts
from shared.erp.finance_supply_chain.settling import settle
from shared.errors import SettingsError, Transient, UnknownOutcome
from shared.model.sales_order import Capabilities, ErpOrder, ErpReference, ErpTotals, SalesOrderDraft


class FinanceSupplyChain:
    """One environment, with all its companies.

    With derived numbers the primary key (company, number) admits each order once; with automatic ones a look-up by
    reference finds what stands, and the caller keeps the settle time.
    """

    def __init__(self, configuration: Configuration, connection: Connection) -> None:
        """Raises SettingsError."""
        check(configuration)
        self._configuration = configuration
        self.connection = connection
        self._orders = Orders(self.connection)

    @property
    def capabilities(self) -> Capabilities:
        return capabilities(self._configuration)

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """Derived: POST $batch (header and lines, one transaction), then one GET by key, whatever the answer was.

        Automatic: see `saga.py`.
        """
        configuration = self._configuration
        if configuration.order_numbers == "automatic":
            return await complete(draft, configuration, connection=self.connection, orders=self._orders)
        answers = await self.connection.create(posts(draft, configuration))
        try:
            shown = await self._orders.under(draft.company, draft.number)
        except Transient as problem:
            raise UnknownOutcome(
                f"POST $batch was answered, but reading it back failed: {problem}",
                scope=problem.scope,
                retry_after=problem.retry_after,
            ) from problem
        return settle(draft, shown=shown, answers=answers)

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        """GET by key; only where that finds nothing, GET by reference."""
        under_number = await self._orders.under(company, number) if number else None
        if under_number or not reference:
            return under_number
        found = await self._orders.under_reference(company, reference)
        return found[0] if found else None

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        return await self._orders.totals(company, numbers)

    async def references(
        self, *, company: str, changed_since: datetime, prefixes: Sequence[str]
    ) -> Sequence[ErpReference]:
        """By `OrderCreationDateTime`: F&O tells no time of a change. One GET for each prefix."""
        return await self._orders.references(company, changed_since, prefixes)

    async def hold(self, *, company: str, number: str) -> None:
        await stop(self.connection, company=company, number=number, stopped=True)

    async def release(self, *, company: str, number: str) -> None:
        await stop(self.connection, company=company, number=number, stopped=False)

    async def shown(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpOrder]:
        """One GET for all of them, with their lines."""
        return await self._orders.shown(company, numbers)

    async def cancel_lines(self, *, company: str, number: str, references: Sequence[str]) -> None:
        """DELETE of each line; see `line_removal.py`."""
        await remove_lines(self.connection, company=company, number=number, references=references)


def check(configuration: Configuration) -> None:
    """Refuses what this adapter cannot keep its promise with. Raises SettingsError naming the setting."""
    field = configuration.delivery_note_field
    if field and field not in configuration.limits:
        raise SettingsError(f"delivery_note_field={field!r} has no length; add it to lengths")
