"""Stops an order's processing, and lets it go on (`IsSalesProcessingStopped`)."""

from __future__ import annotations

from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.odata import data_area, entity, error_text, yes_no
from shared.erp.finance_supply_chain.sales_order import HEADERS
from shared.erp.finance_supply_chain.settling import is_conflict, named_field, written_conflict
from shared.erp.transport import Answer
from shared.errors import BridgeError, Rejected


async def stop(connection: Connection, *, company: str, number: str, stopped: bool) -> None:
    """One PATCH; done twice is done. Raises as the port's `place`."""
    key = entity(HEADERS, dataAreaId=data_area(company), SalesOrderNumber=number)
    answer = await connection.change(key, {"IsSalesProcessingStopped": yes_no(stopped)})
    if not answer.succeeded:
        what = f"sales order {number} is to be {'stopped' if stopped else 'released'}"
        raise not_changed(answer, operation=f"PATCH {HEADERS}", what=what)


def not_changed(answer: Answer, *, operation: str, what: str, subject: str = "") -> BridgeError:
    """Only the field is taken from F&O's text: it may quote the shopper, and no draft is at hand to withhold by."""
    if is_conflict(answer):
        return written_conflict(answer, operation=operation)
    field = named_field(error_text(answer) or "")
    return Rejected(
        "erp_refused",
        subject=subject or field or "order",
        reason=f"Finance & Supply Chain answers {answer.status} when {what}"
        + (f", naming the field {field}" if field else ""),
    )
