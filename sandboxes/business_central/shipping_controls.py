"""What people do in the warehouse: pick and ship now, put tracking on a shipment, undo one, and change its ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandboxes.business_central import posting, worlds
from sandboxes.business_central.amounts import number
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.posting import Shipping, open_lines
from sandboxes.business_central.records import Row
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.business_central.world import Company, find
from sandboxes.server import Control
from sandboxes.warehouse.plan import Quantities
from sandboxes.warehouse.settings import WarehouseSettings

_CLOCKS = {"releases_after_seconds", "invoices_after_seconds", "ships_unreleased"}


def shipping_controls(sandbox: BusinessCentral) -> Mapping[str, Control]:
    hands = ShippingHands(sandbox)
    return {
        "pick": hands.pick,
        "ship": hands.ship,
        "track": hands.track,
        "correct_slip": hands.correct_slip,
        "warehouse": hands.warehouse,
    }


class ShippingHands:
    def __init__(self, sandbox: BusinessCentral) -> None:
        self.sandbox = sandbox
        self.installation = sandbox.installation

    def pick(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"number", "company"?}`: the open lines are taken from their place; they cannot be deleted any more."""
        self.installation.picked.update(line.id for line, _ in open_lines(self.installation, self._order(content)))
        return {}

    def ship(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "lines"?, "carrier"?, "service"?, "delivery_mode"?, "tracking"?, "company"?}`: `{"slip", "id"}`.

        `lines` maps references to quantities: everything open without it. A person may ship what is not released.
        """
        order = self._order(content)
        wanted = self._wanted(order, content.get("lines"))
        agent, service, method = (content.get(name, "") for name in ("carrier", "service", "delivery_mode"))
        way = Shipping(agent, service, method, _one(content.get("tracking", "")))
        self._check(order, way)
        shipment = posting.ship(self.installation, order, wanted, way, now)
        if not open_lines(self.installation, order):
            self.sandbox.warehouse.plan_invoice(order, now)
        return _named(shipment)

    def track(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "tracking", "slip"?, "anew"?, "company"?}`: on the order's last shipment where none is named.

        There is one field, so a number always replaces the one before; several are refused.
        """
        found = self.installation.shipments.found([("orderNumber", str(content["number"]))])
        company = self._company(content)
        named = [one for one in found if content.get("slip") in (None, one.text("number"))]
        shipment = _last([one for one in named if one.text("_company") == company.name])
        with self.installation.transaction(now):
            posting.track(self.installation, shipment, _one(content["tracking"]), now)
        return _named(shipment)

    def correct_slip(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"slip", "lines" {reference: quantity that should have been}, "company"?}`: `{"slip", "id"}`.

        People undo the posted line as a whole, and post what should have been as a shipment of its own, under the
        same tracking number. Raises ValueError where the order has been invoiced.
        """
        rows = self.installation.shipments.found([("number", str(content["slip"]))])
        shipment = _last([one for one in rows if one.text("_company") == self._company(content).name])
        if now <= shipment.created:
            raise ValueError("a correction comes after what it corrects")
        lines = [self._undoable(shipment, reference) for reference in content["lines"]]
        wanted = [Decimal(str(quantity)) for quantity in content["lines"].values()]
        for line, quantity in zip(lines, wanted, strict=True):
            if not 0 <= quantity < number(line.values, "quantity"):
                raise ValueError(f"{quantity} of {line.text('description2')} is no correction")
        with self.installation.transaction(now):
            for line in lines:
                posting.undo(self.installation, shipment, line, now)
            self._post_anew(shipment, list(zip(lines, wanted, strict=True)), now)
        return _named(shipment)

    def warehouse(self, content: Mapping[str, Any], _: datetime) -> Any:
        """Settings of `WarehouseSettings` by name, and when orders are released and invoiced; 0 turns each off."""
        known = {one.name for one in fields(WarehouseSettings)} | _CLOCKS
        if set(content) - known:
            raise ValueError(f"{sorted(set(content) - known)} is none of {', '.join(sorted(known))}")
        worlds.overridden(self.installation.world, content)
        return {}

    def _undoable(self, shipment: Row, reference: str) -> Row:
        lines = posting.posted_lines(self.installation, shipment)
        line = referenced([one for one in lines if number(one.values, "quantity") > 0], reference)
        if any(one.values["_line"] == line.values["_line"] and one is not line for one in lines):
            raise ValueError(f"{reference} of shipment {shipment.text('number')} has been undone already")
        return line

    def _post_anew(self, shipment: Row, lines: Quantities[Row], now: datetime) -> None:
        wanted = [(self._order_line(line), quantity) for line, quantity in lines if quantity]
        order = self.installation.order(self.installation.company_of(shipment), shipment.text("orderNumber"))
        if wanted and order is not None:
            names = ("_agent", "_agent_service", "shipmentMethodCode", "_tracking")
            posting.ship(self.installation, order, wanted, Shipping(*(shipment.text(name) for name in names)), now)

    def _order_line(self, line: Row) -> Row:
        found = self.installation.lines.get(line.text("_line"))
        assert found is not None, "what was shipped was a line of an order"
        return found

    def _company(self, content: Mapping[str, Any]) -> Company:
        world = self.installation.world
        return world.companies[content.get("company", world.default_company)]

    def _order(self, content: Mapping[str, Any]) -> Row:
        order = self.installation.order(self._company(content), str(content["number"]))
        if order is None:
            raise ValueError(f"there is no sales order {content['number']}")
        return order

    def _wanted(self, order: Row, named: Mapping[str, Any] | None) -> Quantities[Row]:
        available = open_lines(self.installation, order)
        if not available:
            raise ValueError(f"nothing of sales order {order.text('number')} is open")
        if named is None:
            return available
        return [_part(available, reference, Decimal(str(wanted))) for reference, wanted in named.items()]

    def _check(self, order: Row, way: Shipping) -> None:
        company = self.installation.company_of(order)
        if way.agent and find(company.shipping_agents, way.agent) is None:
            raise ValueError(f"there is no shipping agent {way.agent}")
        if way.method and find(company.shipment_methods, way.method) is None:
            raise ValueError(f"there is no shipment method {way.method}")


def lines_of(installation: Installation, order: Row) -> Sequence[Row]:
    return [line for line in installation.lines_of(order) if line.values["lineType"] != "Comment"]


def referenced(lines: Sequence[Row], reference: str) -> Row:
    """The line that carries a reference of the caller's. Raises ValueError where none does."""
    for line in lines:
        if line.values["description2"] == reference:
            return line
    raise ValueError(f"no line has the reference {reference}")


def _part(available: Quantities[Row], reference: str, wanted: Decimal) -> tuple[Row, Decimal]:
    line = referenced([line for line, _ in available], reference)
    rest = posting.remaining(line)
    if not 0 < wanted <= rest:
        raise ValueError(f"of {reference} {rest} is open, not {wanted}")
    return line, wanted


def _one(tracking: Any) -> str:
    """Raises ValueError for several: the field takes one."""
    numbers = [tracking] if isinstance(tracking, str) else list(tracking)
    if len(numbers) > 1:
        raise ValueError("a posted shipment has one field for a tracking number")
    return str(numbers[0]) if numbers else ""


def _last(rows: Sequence[Row]) -> Row:
    if not rows:
        raise ValueError("there is no such shipment")
    return rows[-1]


def _named(shipment: Row) -> dict[str, Any]:
    return {"slip": shipment.text("number"), "id": shipment.id}
