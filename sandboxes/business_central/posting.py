"""Posting: shipments and their undoing, and the invoice with which an order vanishes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sandboxes.business_central.amounts import number
from sandboxes.business_central.document_entities import (
    SALES_INVOICE_LINES,
    SALES_INVOICES,
    SALES_SHIPMENT_LINES,
    SALES_SHIPMENTS,
)
from sandboxes.business_central.edm import Value
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import dialog
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.records import Row
from sandboxes.business_central.set_up import code_of
from sandboxes.business_central.world import find
from sandboxes.warehouse.plan import Quantities

_TYPES = {"Comment": " ", "Account": "G/L Account"}


@dataclass(frozen=True, slots=True)
class Shipping:
    """What a shipment says of its way; empty parts are filled in from the order, the agent then by the warehouse."""

    agent: str = ""
    service: str = ""
    method: str = ""
    tracking: str = ""


def remaining(line: Row) -> Decimal:
    return number(line.values, "quantity") - number(line.values, "shippedQuantity")


def open_lines(installation: Installation, order: Row) -> Quantities[Row]:
    """What the order could ship now; items that are services and accounts are shipped like goods."""
    lines = (line for line in installation.lines_of(order) if line.values["lineType"] != "Comment")
    return [(line, rest) for line in lines if (rest := remaining(line)) > 0]


def is_goods(installation: Installation, line: Row) -> bool:
    company = installation.company_of(line)
    item = find(company.items, line.text("lineObjectNumber")) if line.values["lineType"] == "Item" else None
    return item is not None and item.type == "Inventory"


def ship(installation: Installation, order: Row, wanted: Quantities[Row], way: Shipping, now: datetime) -> Row:
    """The new shipment: every line of the order stands on it, with 0 where nothing of it left, comments as well."""
    with installation.transaction(now):
        shipment = installation.shipments.insert(_shipment(installation, order, way, now), now)
        visible = now + timedelta(seconds=installation.world.visible_after_seconds)
        shipment.visible_from = visible
        quantities = {line.id: quantity for line, quantity in wanted}
        for line in installation.lines_of(order):
            quantity = quantities.get(line.id, Decimal(0))
            values = _shipment_line(installation, shipment, line, quantity, now)
            installation.shipment_lines.insert(values, now).visible_from = visible
            if quantity:
                _count(installation, line, quantity, now)
        _refresh(installation, order, now)
    return shipment


def undo(installation: Installation, shipment: Row, line: Row, now: datetime) -> None:
    """`Undo Shipment` of one posted line: a negative one stands behind it in the same shipment."""
    order_line = installation.lines.get(line.text("_line"))
    if order_line is None or order_line.deleted is not None:
        raise dialog("The order line no longer exists: it has been invoiced.")
    order = installation.orders.get(order_line.text("documentId"))
    assert order is not None, "lines are only entered for orders that exist"
    quantity = number(line.values, "quantity")
    with installation.transaction(now):
        values = {
            **line.values,
            "id": installation.next_id(),
            "quantity": -quantity,
            "sequence": int(str(line.values["sequence"])) + 5_000,
        }
        installation.shipment_lines.insert(values, now).visible_from = now
        _count(installation, order_line, -quantity, now)
        _refresh(installation, order, now)
        if installation.world.undo_touches_shipment:
            installation.shipments.change(shipment, {}, now)


def track(installation: Installation, shipment: Row, tracking: str, now: datetime) -> None:
    """A posted shipment has one field for a tracking number; it is written by editing the shipment."""
    if shipment.values["_tracking"] != tracking:
        installation.shipments.change(shipment, {"_tracking": tracking}, now)


def invoice(installation: Installation, order: Row, now: datetime) -> Row:
    """The posted invoice; the order and its lines are gone. Raises Refusal where something has not been shipped."""
    if open_lines(installation, order) or not installation.shipments_of(order):
        raise dialog("There is nothing to post: not everything of the order has been shipped.")
    with installation.transaction(now):
        posted = installation.invoices.insert(_invoice(installation, order, now), now)
        for line in installation.lines_of(order):
            values = _copied(SALES_INVOICE_LINES, line.values)
            values |= {"id": installation.next_id(), "documentId": posted.id, "_company": order.values["_company"]}
            installation.invoice_lines.insert(values, now)
            installation.lines.delete(line, now)
        installation.orders.change(order, {"_invoice": posted.values["number"]}, now)
        installation.orders.delete(order, now)
    return posted


def ship_and_invoice(installation: Installation, order: Row, now: datetime) -> None:
    """The bound action: everything that is open leaves at once, and the order vanishes."""
    with installation.transaction(now):
        installation.begin_write(order.id, now)
        wanted = open_lines(installation, order)
        if wanted:
            ship(installation, order, wanted, Shipping(), now)
        invoice(installation, order, now)


def posted_lines(installation: Installation, shipment: Row) -> Sequence[Row]:
    """The shipment's lines, undone ones with their negative ones."""
    return installation.lines_of(shipment, "shipment_lines")


def _count(installation: Installation, line: Row, quantity: Decimal, now: datetime) -> None:
    shipped = number(line.values, "shippedQuantity") + quantity
    rest = number(line.values, "quantity") - shipped
    installation.lines.change(line, {"shippedQuantity": shipped, "shipQuantity": rest}, now)
    installation.picked.discard(line.id)


def _refresh(installation: Installation, order: Row, now: datetime) -> None:
    shipped = not open_lines(installation, order)
    installation.orders.change(order, {"fullyShipped": shipped}, now)


def _shipment(installation: Installation, order: Row, way: Shipping, now: datetime) -> dict[str, Value]:
    company, world = installation.company_of(order), installation.world
    agent = way.agent or order.text("_agent") or world.carrier
    services = find(company.shipping_agents, agent) or ()
    own = order.text("_agent_service") if agent == order.text("_agent") else ""
    return {
        **_copied(SALES_SHIPMENTS, order.values),
        **_posted(installation, order, "shipments", now),
        "shipmentMethodCode": way.method or order.text("_shipment_method"),
        "paymentTermsCode": code_of(company, world, "paymentTerms", order.text("paymentTermsId")) or "",
        "_agent": agent,
        "_agent_service": way.service or own or (services[0] if services else ""),
        "_tracking": way.tracking or order.text("_tracking"),
    }


def _invoice(installation: Installation, order: Row, now: datetime) -> dict[str, Value]:
    return {
        **_copied(SALES_INVOICES, order.values),
        **_posted(installation, order, "invoices", now),
        "orderId": order.id,
        "status": "Open",
        "remainingAmount": order.values["totalAmountIncludingTax"],
    }


def _posted(installation: Installation, order: Row, series: str, now: datetime) -> dict[str, Value]:
    """What every posted document of an order has."""
    return {
        "id": installation.next_id(),
        "number": installation.next_number(installation.company_of(order), series),
        "orderNumber": order.values["number"],
        "invoiceDate": order.values["orderDate"],
        "postingDate": now.date(),
        "dueDate": now.date(),
        "_company": order.values["_company"],
    }


def _shipment_line(
    installation: Installation, shipment: Row, line: Row, quantity: Decimal, now: datetime
) -> dict[str, Value]:
    kind = line.text("lineType")
    return {
        **_copied(SALES_SHIPMENT_LINES, line.values),
        "id": installation.next_id(),
        "documentId": shipment.id,
        "documentNo": shipment.values["number"],
        "lineType": _TYPES.get(kind, kind),
        "quantity": quantity,
        "shipmentDate": now.date(),
        "_company": line.values["_company"],
        "_line": line.id,
    }


def _copied(entity_set: EntitySet, values: Mapping[str, Value]) -> dict[str, Value]:
    return {name: values.get(name, one.blank()) for name, one in entity_set.properties.items()}
