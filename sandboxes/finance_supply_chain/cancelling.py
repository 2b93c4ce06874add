"""What people do to an order that shall not leave, or not all of it; what has left cannot be cancelled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.order_status import delivered, refresh, remaining, slips_of
from sandboxes.finance_supply_chain.records import Row


def cancel_order(installation: Installation, header: Row, now: datetime) -> None:
    """Every line and the order are Canceled. Raises ValueError where something of it has left."""
    invoiced = any(installation.invoiced_of(line) for line in installation.lines_of(header))
    if invoiced or slips_of(installation, header):
        raise ValueError(f"sales order {header.text('SalesOrderNumber')} has left, in part or whole: cancel its lines")
    with installation.transaction(now):
        for line in installation.lines_of(header):
            installation.unpick(line)
            installation.lines.change(line, {"SalesOrderLineStatus": "Canceled"}, now)
        statuses = {"SalesOrderStatus": "Canceled", "SalesOrderProcessingStatus": "Canceled"}
        installation.headers.change(header, statuses, now)


def cancel_line(installation: Installation, header: Row, line: Row, now: datetime) -> None:
    """What remains of the line will not leave: it is Canceled, or Delivered where a part has left.

    Raises ValueError where all of it has left.
    """
    if line.values["SalesOrderLineStatus"] == "Canceled":
        return
    if not remaining(installation, line):
        raise ValueError(f"the line with lot {line.text('InventoryLotId')} has left: nothing of it can be cancelled")
    status = "Delivered" if delivered(installation, line) else "Canceled"
    with installation.transaction(now):
        installation.unpick(line)
        installation.lines.change(line, {"SalesOrderLineStatus": status}, now)
        refresh(installation, header, now)


def referenced(lines: Sequence[Row], reference: str) -> Row:
    """The line that carries a reference of the caller's. Raises ValueError where none does."""
    for line in lines:
        if reference in (line.values["OrderLineReference"], line.values["ExternalItemNumber"]):
            return line
    raise ValueError(f"no line has the reference {reference}")
