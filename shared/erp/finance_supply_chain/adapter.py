"""Sales orders in Dynamics 365 Finance & Supply Chain (the port `SalesOrders`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import httpx

from shared.erp.finance_supply_chain import reading
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.lengths import limit
from shared.erp.finance_supply_chain.odata import Row, data_area, entity, error_text, yes_no
from shared.erp.finance_supply_chain.sales_order import HEADERS, posts
from shared.erp.finance_supply_chain.settling import is_conflict, named_field, settle, written_conflict
from shared.erp.finance_supply_chain.tokens import Secret, Tokens
from shared.errors import Rejected, SettingsError, Transient, Unavailable, UnknownOutcome
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import Capabilities, ErpOrder, ErpTotals, SalesOrderDraft
from shared.ports.own import Clock

MOST_TOTALS = 20
T = TypeVar("T")


class FinanceSupplyChain:
    """One environment, with all its companies. The primary key (company, number) admits each order once."""

    def __init__(self, *, configuration: Configuration, http: httpx.AsyncClient, secret: Secret, clock: Clock) -> None:
        """Raises SettingsError."""
        check(configuration)
        self._configuration = configuration
        self._connection = Connection(http, Tokens(http, configuration, secret, clock), configuration)

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            name="Dynamics 365 Finance & Supply Chain",
            uniqueness="enforced",
            client_numbers=True,
            holds=True,
            settle=self._configuration.settle,
            lanes=self._configuration.lanes,
        )

    async def place(self, draft: SalesOrderDraft) -> ErpOrder:
        """POST $batch (header and lines, one transaction), then one GET by key, whatever the answer was."""
        answers = await self._connection.create(posts(draft, self._configuration))
        try:
            shown = await self._by_number(draft.company, draft.number)
        except Transient as problem:
            raise UnknownOutcome(
                f"POST $batch was answered, but reading it back failed: {problem}",
                scope=problem.scope,
                retry_after=problem.retry_after,
            ) from problem
        return settle(draft, shown=shown, answers=answers)

    async def find(self, *, company: str, number: str, reference: str) -> ErpOrder | None:
        """GET by key; only where that finds nothing, GET by `CustomersOrderReference`, which has no index.

        F&O compares without regard to case and Mirakl's ids do not, so the reference is compared here again.
        """
        under_number = await self._by_number(company, number) if number else None
        if under_number or not reference:
            return under_number
        found = await self._orders(reading.by_reference(company, reference))
        ours = sorted((order for order in found if order.reference == reference), key=lambda order: order.number)
        return ours[0] if ours else None

    async def totals(self, *, company: str, numbers: Sequence[str]) -> Sequence[ErpTotals]:
        """One GET for all of them, with their lines, which tell a total of nothing from no total yet."""
        wanted = tuple(dict.fromkeys(numbers))
        if len(wanted) > MOST_TOTALS:
            raise ValueError(f"{len(wanted)} numbers: at most {MOST_TOTALS} in one call")
        if not wanted:
            return ()
        found = await self._connection.read(
            HEADERS, filter=reading.by_number(company, wanted), select=reading.TOTALS, expand="SalesOrderLines"
        )
        return _read(found, reading.totals)

    async def hold(self, *, company: str, number: str) -> None:
        """PATCH of `IsSalesProcessingStopped`."""
        await self._stop(company, number, stopped=True)

    async def release(self, *, company: str, number: str) -> None:
        """PATCH of `IsSalesProcessingStopped`."""
        await self._stop(company, number, stopped=False)

    async def _stop(self, company: str, number: str, *, stopped: bool) -> None:
        key = entity(HEADERS, dataAreaId=data_area(company), SalesOrderNumber=number)
        answer = await self._connection.change(key, {"IsSalesProcessingStopped": yes_no(stopped)})
        if answer.succeeded:
            return
        if is_conflict(answer):
            raise written_conflict(answer, operation=f"PATCH {HEADERS}")
        # Its text may quote the shopper's address, and no draft is at hand to take that out.
        field = named_field(error_text(answer) or "")
        wanted = "stopped" if stopped else "released"
        raise Rejected(
            "erp_refused",
            subject=field or "order",
            reason=f"Finance & Supply Chain answers {answer.status} when sales order {number} is to be {wanted}"
            + (f", naming the field {field}" if field else ""),
        )

    async def _by_number(self, company: str, number: str) -> ErpOrder | None:
        found = await self._orders(reading.by_number(company, [number]))
        return found[0] if found else None

    async def _orders(self, where: str) -> tuple[ErpOrder, ...]:
        found = await self._connection.read(HEADERS, filter=where, select=reading.ORDER, expand="SalesOrderLines")
        return _read(found, reading.order)


def check(configuration: Configuration) -> None:
    """Refuses what this adapter cannot keep its promise with. Raises SettingsError naming the setting."""
    if configuration.order_numbers != "derived":
        raise SettingsError(
            f"order_numbers={configuration.order_numbers!r}: Finance & Supply Chain's own numbers come with a later "
            "version; set the sales order number sequence to Manual in F&O and order_numbers to 'derived'"
        )
    field = configuration.delivery_note_field
    if field and limit(configuration, field) is None:
        raise SettingsError(f"delivery_note_field={field!r} has no length; add it to lengths")


def _read(rows: Sequence[Row], reader: Callable[[Row], T]) -> tuple[T, ...]:
    try:
        return tuple(reader(row) for row in rows)
    except (KeyError, TypeError, ArithmeticError):
        raise Unavailable(f"GET {HEADERS}: a field is missing or malformed", scope=ERP_SCOPE) from None
