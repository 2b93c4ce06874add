"""Sales orders as a whole: entered with their lines or not at all, edited while they are drafts, totalled each time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from sandboxes.business_central import sales_headers, sales_lines
from sandboxes.business_central.amounts import amounts, number
from sandboxes.business_central.bodies import Given
from sandboxes.business_central.edm import Value
from sandboxes.business_central.errors import dialog, must_be, no_record, same_key
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.line_entry import Entry, blank
from sandboxes.business_central.records import Row
from sandboxes.business_central.world import Company

_STEP = 10_000
_TOTALS = ("totalAmountExcludingTax", "totalTaxAmount", "totalAmountIncludingTax")
_ONCE = {"documentId": "documentId", "sequence": "sequence", "lineType": "lineType"}


def create(installation: Installation, company: Company, given: Given, lines: Sequence[Given], now: datetime) -> Row:
    """The new draft. BC keeps no external document number from being used again."""
    order = sales_headers.new(installation, company, given, now)
    installation.begin_write(order.id, now)
    for line in lines:
        _insert(installation, order, line, now)
    total(installation, order, now)
    return order


def add_line(installation: Installation, order: Row, given: Given, now: datetime) -> Row:
    _may_edit(installation, order, now)
    line = _insert(installation, order, given, now)
    total(installation, order, now)
    return line


def change(installation: Installation, order: Row, given: Given, now: datetime) -> None:
    _may_edit(installation, order, now)
    values = dict(order.values)
    sales_headers.validate(sales_headers.Entry(installation, installation.company_of(order), values), given)
    installation.orders.change(order, values, now)
    total(installation, order, now)


def change_line(installation: Installation, line: Row, given: Given, now: datetime) -> None:
    order = order_of(installation, line)
    _may_edit(installation, order, now)
    for name in _ONCE:
        if given.get(name, line.values[name]) != line.values[name]:
            raise dialog(f'The value for "{name}" cannot be modified.')
    entry = _entry(installation, order, dict(line.values))
    sales_lines.validate(entry, given)
    installation.lines.change(line, entry.values, now)
    total(installation, order, now)


def delete_line(installation: Installation, line: Row, now: datetime) -> None:
    """Raises Refusal where the order is released, or the line has been picked or shipped."""
    order = order_of(installation, line)
    _may_edit(installation, order, now)
    _may_go(installation, line)
    installation.lines.delete(line, now)
    total(installation, order, now)


def delete(installation: Installation, order: Row, now: datetime) -> None:
    """Raises Refusal where the order is released, or something of it has been picked or shipped."""
    _may_edit(installation, order, now)
    for line in installation.lines_of(order):
        _may_go(installation, line)
        installation.lines.delete(line, now)
    installation.orders.delete(order, now)


def order_of(installation: Installation, line: Row) -> Row:
    order = installation.orders.get(line.text("documentId"))
    assert order is not None, "lines are only entered for orders that exist"
    return order


def reopen(installation: Installation, order: Row, now: datetime) -> None:
    """A person takes the release back in order to edit."""
    if order.values["_released"]:
        installation.orders.change(order, {"_released": False, "status": "Draft"}, now)


def release(installation: Installation, order: Row, now: datetime) -> None:
    """Done twice is done. Raises Refusal where there is nothing to release."""
    if not order.values["_released"]:
        if not any(line.values["lineType"] != "Comment" for line in installation.lines_of(order)):
            raise dialog(
                f"There is nothing to release for the document of type Order with the number {order.text('number')}."
            )
        installation.orders.change(order, {"_released": True, "status": "Open"}, now)


def total(installation: Installation, order: Row, now: datetime) -> None:
    """Bring amounts up to date; the order counts as changed."""
    lines = installation.lines_of(order)
    rule = _entry(installation, order, {}).rule
    values = [line.values for line in lines]
    included = bool(order.values["pricesIncludeTax"])
    whole = amounts(values, rule, included=included, discount=Decimal(0))
    after = amounts(values, rule, included=included, discount=number(order.values, "discountAmount"))
    for line, one, net in zip(lines, whole, after, strict=True):
        changed: dict[str, Value] = {
            "amountExcludingTax": one.net,
            "totalTaxAmount": one.tax,
            "amountIncludingTax": one.net + one.tax,
            "invoiceDiscountAllocation": net.allocated,
            "netAmount": net.net,
            "netTaxAmount": net.tax,
            "netAmountIncludingTax": net.net + net.tax,
        }
        if any(line.values[name] != value for name, value in changed.items()):
            installation.lines.change(line, changed, now)
    untaxed, tax = sum((one.net for one in after), Decimal(0)), sum((one.tax for one in after), Decimal(0))
    installation.orders.change(order, dict(zip(_TOTALS, (untaxed, tax, untaxed + tax), strict=True)), now)


def _insert(installation: Installation, order: Row, given: Given, now: datetime) -> Row:
    lines = installation.lines_of(order)
    last = max((int(str(line.values["sequence"])) for line in lines), default=0)
    sequence = int(str(given.get("sequence", 0))) or last + _STEP
    if any(line.values["sequence"] == sequence for line in lines):
        raise same_key(
            "Sales Line", f"Document Type='Order',Document No.='{order.text('number')}',Line No.='{sequence}'"
        )
    if given.get("documentId", order.id) != order.id:
        raise no_record("Sales Header", f"SystemId='{given['documentId']}'")
    entry = _entry(installation, order, blank(order.values, installation.next_id(), sequence))
    sales_lines.validate(
        entry, {name: value for name, value in given.items() if name not in ("sequence", "documentId")}
    )
    for name in sales_lines.lost(entry, given):
        installation.tally.ignore(
            f"{name} of a line: {'it is a comment' if entry.is_a('Comment') else 'sent too early'}"
        )
    sales_lines.finish(entry)
    return installation.lines.insert(entry.values, now)


def _entry(installation: Installation, order: Row, values: dict[str, Value]) -> Entry:
    return Entry(installation, installation.company_of(order), order.values, values)


def _may_edit(installation: Installation, order: Row, now: datetime) -> None:
    installation.begin_write(order.id, now)
    if order.values["_released"]:
        record = f"Sales Header: Document Type=Order, No.={order.text('number')}"
        raise must_be("Status", "Open", record, "Released")


def _may_go(installation: Installation, line: Row) -> None:
    if line.id in installation.picked:
        raise dialog("The Sales Line cannot be deleted when a related Warehouse Activity Line exists.")
    if number(line.values, "shippedQuantity"):
        raise must_be("Quantity Shipped", "0", f"Sales Line: Line No.={line.values['sequence']}", "shipped")
