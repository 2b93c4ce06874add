"""What has left of an order and what is open, and the statuses that follow from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sandboxes.finance_supply_chain.edm import Value
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.world import find

_OVER = ("Delivered", "Invoiced", "Canceled")


def goods(installation: Installation, header: Row) -> list[Row]:
    """The order's lines that can stand on a packing slip: those of no service."""
    return [line for line in installation.lines_of(header) if not _is_service(installation, line)]


def _is_service(installation: Installation, line: Row) -> bool:
    company = installation.world.company(line.text("dataAreaId"))
    item = find(company.items, line.text("ItemNumber")) if company is not None else None
    return item is not None and item.service


def slips_of(installation: Installation, header: Row) -> list[Row]:
    """Every version of every packing slip of the order, oldest first."""
    return installation.found("slips", header, "SalesId", header.text("SalesOrderNumber"))


def delivered(installation: Installation, line: Row, *, but: str = "") -> Decimal:
    """What stands of the line on packing slips other than `but`, each in its last version."""
    rows = installation.found("slip_lines", line, "InventTransId", line.text("InventoryLotId"))
    last = {row.text("PackingSlipId"): number(row, "Qty") for row in rows}
    return sum((quantity for slip, quantity in last.items() if slip != but), Decimal(0))


def stands_on_a_slip(installation: Installation, line: Row) -> bool:
    """Then the line cannot go any more, even where a correction took everything back."""
    return bool(installation.found("slip_lines", line, "InventTransId", line.text("InventoryLotId")))


def remaining(installation: Installation, line: Row) -> Decimal:
    """What can still be shipped of the line."""
    if line.text("SalesOrderLineStatus") in _OVER:
        return Decimal(0)
    return max(Decimal(0), number(line, "OrderedSalesQuantity") - delivered(installation, line))


def open_goods(installation: Installation, header: Row) -> list[tuple[Row, Decimal]]:
    """What the order could ship now: its goods with what remains of each, but for lines that are stopped."""
    lines = [line for line in goods(installation, header) if line.values["IsLineStopped"] == "No"]
    quantities = ((line, remaining(installation, line)) for line in lines)
    return [(line, quantity) for line, quantity in quantities if quantity > 0]


def refresh(installation: Installation, header: Row, now: datetime) -> None:
    """Bring the header's statuses up to date with its lines."""
    statuses: dict[str, Value] = {
        "SalesOrderStatus": _status(installation, header),
        "SalesOrderProcessingStatus": _processing_status(installation, header),
    }
    if any(header.values[name] != value for name, value in statuses.items()):
        installation.headers.change(header, statuses, now)


def refresh_line(installation: Installation, line: Row, now: datetime) -> None:
    """After a packing slip or its correction; a line that was cancelled or invoiced stays so."""
    if line.values["SalesOrderLineStatus"] in ("Canceled", "Invoiced"):
        return
    whole = delivered(installation, line) >= number(line, "OrderedSalesQuantity")
    installation.lines.change(line, {"SalesOrderLineStatus": "Delivered" if whole else "Backorder"}, now)


def _status(installation: Installation, header: Row) -> str:
    """Services stay in backorder until the invoice, so only goods decide that an order is delivered."""
    lines = installation.lines_of(header)
    if lines and all(_is(line, "Canceled") for line in lines):
        return "Canceled"
    if lines and all(_is(line, "Canceled", "Invoiced") for line in lines):
        return "Invoiced"
    return "Delivered" if _all_delivered(goods(installation, header)) else "Backorder"


def _processing_status(installation: Installation, header: Row) -> str:
    status = _status(installation, header)
    in_part = any(installation.invoiced_of(line) for line in installation.lines_of(header))
    if in_part and status in ("Delivered", "Backorder"):
        return "DeliveredPartiallyInvoiced" if status == "Delivered" else "PartiallyInvoiced"
    if status != "Backorder":
        return status
    lines = goods(installation, header)
    if any(delivered(installation, line) for line in lines):
        return "PartiallyDelivered"
    return "Picked" if any(installation.is_picked(line) for line in lines) else "Active"


def _all_delivered(lines: Sequence[Row]) -> bool:
    over = all(_is(line, "Delivered", "Invoiced", "Canceled") for line in lines)
    return over and any(_is(line, "Delivered", "Invoiced") for line in lines)


def _is(line: Row, *statuses: str) -> bool:
    return line.values["SalesOrderLineStatus"] in statuses


def number(row: Row, name: str) -> Decimal:
    return Decimal(str(row.values[name]))
