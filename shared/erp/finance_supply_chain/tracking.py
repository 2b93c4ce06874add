"""Tracking numbers of packing slips (`PackingSlipTrackingInformation`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.orders import read
from shared.erp.finance_supply_chain.shipping_documents import batches, in_company
from shared.erp.microsoft.odata import Row
from shared.model.shipment import Tracked, Tracking

TRACKING = "PackingSlipTrackingInformation"
_FIELDS = "SalesOrderNumber,PackingSlipNumber,TrackingNumber,TrackingURL"
_ORDER = "SalesOrderNumber,PackingSlipNumber,TrackingNumber"


async def tracked(connection: Connection, company: str, numbers: Sequence[str]) -> tuple[Tracked, ...]:
    """20 order numbers a call; one entry per order and slip, its numbers in alphabetical order.

    Only order numbers stand in the address. Raises Unavailable, Throttled or Unauthorized.
    """
    found: dict[tuple[str, str], dict[str, Tracking]] = defaultdict(dict)
    for some in batches(numbers):
        where = in_company(company, "SalesOrderNumber", some)
        rows = await connection.read(TRACKING, filter=where, select=_FIELDS, orderby=_ORDER)
        for slip, one in read(rows, _row, TRACKING):
            if one.number:
                found[slip].setdefault(one.number, one)
    return tuple(
        Tracked(number, document, tuple(sorted(some.values(), key=lambda one: one.number)))
        for (number, document), some in sorted(found.items())
    )


def _row(row: Row) -> tuple[tuple[str, str], Tracking]:
    slip = row["SalesOrderNumber"], row["PackingSlipNumber"] or ""
    return slip, Tracking((row["TrackingNumber"] or "").strip(), row["TrackingURL"] or "")
