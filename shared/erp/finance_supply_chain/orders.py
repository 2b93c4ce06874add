"""Sales orders as F&O shows them, found by number or by our reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TypeVar

from shared.erp.finance_supply_chain import reading
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.sales_order import HEADERS
from shared.erp.microsoft.odata import Row
from shared.errors import Unavailable
from shared.model.keys import ERP_SCOPE
from shared.model.sales_order import ErpOrder, ErpReference, ErpTotals

MOST = 20
T = TypeVar("T")


class Orders:
    """Reads only. Raises Unavailable, Throttled or Unauthorized."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def under(self, company: str, number: str) -> ErpOrder | None:
        """GET by key."""
        found = await self.shown(company, [number])
        return found[0] if found else None

    async def shown(self, company: str, numbers: Sequence[str]) -> tuple[ErpOrder, ...]:
        """One GET for at most 20 orders, with their lines."""
        wanted = at_most(numbers)
        return await self._read(reading.by_number(company, wanted)) if wanted else ()

    async def under_reference(self, company: str, reference: str) -> tuple[ErpOrder, ...]:
        """GET by `CustomersOrderReference`, which has no index; cancelled orders stand last.

        F&O compares without regard to case and Mirakl's ids do not, so the reference is compared here again.
        """
        found = await self._read(reading.by_reference(company, reference))
        ours = (order for order in found if order.reference == reference)
        return tuple(sorted(ours, key=lambda order: (order.cancelled, order.number)))

    async def totals(self, company: str, numbers: Sequence[str]) -> tuple[ErpTotals, ...]:
        """One GET for all of them, with their lines, which tell a total of nothing from no total yet."""
        wanted = at_most(numbers)
        if not wanted:
            return ()
        where = reading.by_number(company, wanted)
        found = await self._connection.read(HEADERS, filter=where, select=reading.TOTALS, expand="SalesOrderLines")
        return read(found, reading.totals, HEADERS)

    async def references(self, company: str, since: datetime, prefixes: Sequence[str]) -> tuple[ErpReference, ...]:
        """`startswith` is not to be relied on; a pattern in `eq` is."""
        found: dict[str, ErpReference] = {}
        for prefix in prefixes:
            where = reading.created_since(company, since, prefix)
            rows = await self._connection.read(HEADERS, filter=where, select=reading.REFERENCE)
            ours = read(rows, reading.reference, HEADERS)
            found |= {one.number: one for one in ours if one.reference.startswith(f"{prefix}-")}
        return tuple(found.values())

    async def _read(self, where: str) -> tuple[ErpOrder, ...]:
        found = await self._connection.read(HEADERS, filter=where, select=reading.ORDER, expand="SalesOrderLines")
        return read(found, reading.order, HEADERS)


def at_most(numbers: Sequence[str]) -> tuple[str, ...]:
    """Each number once. Raises ValueError for more than one call takes."""
    wanted = tuple(dict.fromkeys(numbers))
    if len(wanted) > MOST:
        raise ValueError(f"{len(wanted)} numbers: at most {MOST} in one call")
    return wanted


def read(rows: Sequence[Row], reader: Callable[[Row], T], entity_set: str) -> tuple[T, ...]:
    """Raises Unavailable where F&O's rows are not what they should be."""
    try:
        return tuple(reader(row) for row in rows)
    except (KeyError, TypeError, ValueError, ArithmeticError):
        raise Unavailable(f"GET {entity_set}: a field is missing or malformed", scope=ERP_SCOPE) from None
