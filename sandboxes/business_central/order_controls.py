"""What people do with orders: enter, edit, release, invoice, cancel and delete them by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandboxes.business_central import posting, sales_orders
from sandboxes.business_central.amounts import number
from sandboxes.business_central.records import Row
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.business_central.shipping_controls import lines_of, referenced
from sandboxes.business_central.world import Company
from sandboxes.server import Control


def order_controls(sandbox: BusinessCentral) -> Mapping[str, Control]:
    hands = OrderHands(sandbox)
    return {
        "enter_order": hands.enter_order,
        "change_line": hands.change_line,
        "delete_order": hands.delete_order,
        "cancel_order": hands.cancel_order,
        "cancel_line": hands.cancel_line,
        "release": hands.release,
        "invoice": hands.invoice,
    }


class OrderHands:
    def __init__(self, sandbox: BusinessCentral) -> None:
        self.sandbox = sandbox
        self.installation = sandbox.installation

    def enter_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"customer", "reference"?, "lines" [{"item", "quantity"?, "reference"?}], "company"?}`: `{"number"}`."""
        given = {"customerNumber": content["customer"], "externalDocumentNumber": content.get("reference", "").upper()}
        with self.installation.transaction(now):
            lines = [_line(one) for one in content["lines"]]
            order = sales_orders.create(self.installation, self._company(content), given, lines, now)
        return {"number": order.text("number")}

    def change_line(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference", "quantity"?, "price"?, "company"?}`: a person edits the line, released or not.

        Whoever changes a quantity types the price again, which BC would take from the price list. `{"changed": …}`.
        """
        order = self._order(content)
        if order is None:
            return {"changed": False}
        line = referenced(lines_of(self.installation, order), content["reference"])
        given = _edited(line, content)
        self._edit(order, now, lambda: sales_orders.change_line(self.installation, line, given, now))
        return {"changed": True}

    def delete_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: someone deletes the order by hand; `{"deleted": whether it was there}`.

        Raises ValueError where something of it was picked or has left.
        """
        return {"deleted": self._delete(content, now, cancelled=False)}

    def cancel_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: BC knows no cancelled orders, so it is deleted; `{"cancelled": …}`."""
        return {"cancelled": self._delete(content, now, cancelled=True)}

    def cancel_line(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference", "company"?}`: the line is deleted, or cut to what has left of it."""
        order = self._order(content)
        if order is None:
            return {"cancelled": False}
        line = referenced(lines_of(self.installation, order), content["reference"])
        if not posting.remaining(line):
            raise ValueError(f"line {content['reference']} has left: nothing of it can be cancelled")
        self._edit(order, now, lambda: self._take_out(line, now))
        return {"cancelled": True}

    def release(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: a person releases the order; with `"reopen": true` takes that back."""
        order = self._standing(content)
        act = sales_orders.reopen if content.get("reopen") else sales_orders.release
        with self.installation.transaction(now):
            act(self.installation, order, now)
        return {}

    def invoice(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: posts the invoice of what has been shipped as a whole; `{"invoice"}`."""
        return {"invoice": posting.invoice(self.installation, self._standing(content), now).text("number")}

    def _delete(self, content: Mapping[str, Any], now: datetime, *, cancelled: bool) -> bool:
        order = self._order(content)
        if order is None:
            return False
        with self.installation.transaction(now):
            sales_orders.reopen(self.installation, order, now)
            self.installation.orders.change(order, {"_cancelled": cancelled}, now)
            sales_orders.delete(self.installation, order, now)
        return True

    def _take_out(self, line: Row, now: datetime) -> None:
        self.installation.picked.discard(line.id)
        shipped = number(line.values, "shippedQuantity")
        if shipped:
            sales_orders.change_line(self.installation, line, _edited(line, {"quantity": shipped}), now)
        else:
            self.installation.lines.change(line, {"_cancelled": True}, now)
            sales_orders.delete_line(self.installation, line, now)

    def _edit(self, order: Row, now: datetime, edit: Callable[[], None]) -> None:
        """Reopened, edited, released again."""
        released = bool(order.values["_released"])
        with self.installation.transaction(now):
            sales_orders.reopen(self.installation, order, now)
            edit()
            if released and self.installation.lines_of(order):
                sales_orders.release(self.installation, order, now)

    def _order(self, content: Mapping[str, Any]) -> Row | None:
        return self.installation.order(self._company(content), str(content["number"]))

    def _standing(self, content: Mapping[str, Any]) -> Row:
        order = self._order(content)
        if order is None:
            raise ValueError(f"there is no sales order {content['number']}")
        return order

    def _company(self, content: Mapping[str, Any]) -> Company:
        world = self.sandbox.world
        return world.companies[content.get("company", world.default_company)]


def _edited(line: Row, content: Mapping[str, Any]) -> dict[str, Any]:
    """In the order in which nothing is lost."""
    return {
        "quantity": Decimal(str(content.get("quantity", line.values["quantity"]))),
        "unitPrice": Decimal(str(content.get("price", line.values["unitPrice"]))),
        "discountPercent": line.values["discountPercent"],
    }


def _line(content: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "lineType": "Item",
        "lineObjectNumber": content["item"],
        "quantity": Decimal(str(content.get("quantity", 1))),
        "description2": content.get("reference", ""),
    }
