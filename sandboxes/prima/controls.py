"""What whoever conducts the day may do to the installation behind its face (`POST /_sandbox/<name>`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandboxes.prima import despatch_files
from sandboxes.prima.books import books
from sandboxes.prima.by_hand import change_line, enter
from sandboxes.prima.cancelling import cancel_line, cancel_order, delete_order, referenced
from sandboxes.prima.despatch_rows import visible
from sandboxes.prima.invoicing import invoice
from sandboxes.prima.orders import Order
from sandboxes.prima.sandbox import Prima
from sandboxes.prima.shipping_controls import shipping_controls
from sandboxes.prima.world import Company
from sandboxes.prima.worlds import product
from sandboxes.server import Control


def controls(sandbox: Prima) -> Mapping[str, Control]:
    """Each takes a JSON object; `company` is the default company where it is left out.

    What the warehouse had to do until then is done first.
    """
    hands = Hands(sandbox)
    named: dict[str, Control] = {
        "books": hands.books,
        "run_totals": hands.run_totals,
        "add_item": hands.add_item,
        "remove_item": hands.remove_item,
        "put_customer_on_hold": hands.put_customer_on_hold,
        "trade_agreement": hands.trade_agreement,
        "price_book": hands.price_book,
        "delete_order": hands.delete_order,
        "cancel_order": hands.cancel_order,
        "cancel_line": hands.cancel_line,
        "change_line": hands.change_line,
        "invoice": hands.invoice,
        "hold_order": hands.hold_order,
        "enter_order": hands.enter_order,
        "throttle": hands.throttle,
        "label": hands.label,
        "despatch_file": hands.despatch_file,
        **shipping_controls(sandbox.installation),
    }
    return {name: _in_time(sandbox, control) for name, control in named.items()}


def _in_time(sandbox: Prima, control: Control) -> Control:
    def act(content: Mapping[str, Any], now: datetime) -> Any:
        sandbox.run_due(now)
        return control(content, now)

    return act


class Hands:
    def __init__(self, sandbox: Prima) -> None:
        self.sandbox = sandbox

    def books(self, _: Mapping[str, Any], now: datetime) -> Any:
        """See `books.books`."""
        return books(self.sandbox.installation, now)

    def run_totals(self, _: Mapping[str, Any], __: datetime) -> Any:
        """Totals are there at once: `{"calculated": 0}`."""
        return {"calculated": 0}

    def add_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "matrix"?, "on_hand"?, "stocked"?, "stopped"?, "inbound"?, "vat_inclusive"?, "company"?}`."""
        row = {name: value for name, value in content.items() if name not in ("item", "company")}
        self._company(content).products[content["item"]] = product(content["item"], row)
        return {}

    def remove_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "company"?}`: `{"removed": whether it was there}`."""
        return {"removed": self._company(content).products.pop(content["item"], None) is not None}

    def put_customer_on_hold(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"customer", "on_hold"? (true if left out; "No" and false end it), "company"?}`."""
        held = content.get("on_hold", True) not in (False, "No")
        self._company(content).customers[content["customer"]].on_hold = held
        return {}

    def trade_agreement(self, _: Mapping[str, Any], __: datetime) -> Any:
        """Prices that are sent are kept, as far as is known: nothing changes."""
        return {}

    def price_book(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"vat_inclusive", "currency"? (all if left out), "company"?}`: orders with the other flag are E:548."""
        prices = self._company(content).price_books
        for currency in [content["currency"]] if "currency" in content else list(prices):
            prices[currency] = bool(content["vat_inclusive"])
        return {}

    def delete_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: someone deletes the order by hand; `{"deleted": whether it was there}`.

        Raises ValueError where something of it was picked or has left.
        """
        order = self._order(content)
        if order is not None:
            delete_order(self.sandbox.installation, order, now)
        return {"deleted": order is not None}

    def cancel_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: `{"cancelled": whether it was there}`. Raises ValueError where it has left."""
        order = self._order(content)
        if order is not None:
            cancel_order(order, now)
        return {"cancelled": order is not None}

    def cancel_line(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference", "company"?}`: what has not left of the line will not."""
        order = self._order(content)
        if order is not None:
            cancel_line(order, content["reference"], now)
        return {"cancelled": order is not None}

    def change_line(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference", "quantity", "company"?}`: someone changes what is ordered.

        Raises ValueError below what has left or was cancelled.
        """
        order = self._order(content)
        if order is not None:
            change_line(referenced(order, content["reference"]), Decimal(str(content["quantity"])), now)
        return {"changed": order is not None}

    def invoice(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: all that is due, `{"invoice"}`. Raises ValueError where nothing is."""
        order = self._order(content)
        if order is None:
            raise ValueError(f"there is no order {content['number']}")
        return {"invoice": invoice(self.sandbox.installation, order, now).number}

    def hold_order(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"number", "held"? (true if left out), "company"?}`: `{"found": whether it was there}`."""
        order = self._order(content)
        if order is not None:
            order.held = bool(content.get("held", True))
        return {"found": order is not None}

    def enter_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference"?, "customer"?, "currency"?, "lines"? {item: quantity}, "company"?}`: by hand, of
        nobody's. Raises ValueError where the number is taken.
        """
        enter(self.sandbox.installation, self._company(content), content, now)
        return {}

    def label(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"number", "company"?}`: what would be printed on the parcel, by attribute; empty where it is not there."""
        order = self._order(content)
        return dict(order.label) if order is not None else {}

    def throttle(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"seconds"}`: until then every call is 429 with Retry-After; 0 ends it."""
        self.sandbox.throttled_until = now + timedelta(seconds=float(content["seconds"]))
        return {}

    def despatch_file(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"after"? (the last position that was fetched)}`: `{"text" (CSV, header included), "rows", "last"}`."""
        after = int(Decimal(str(content.get("after", 0))))
        rows = visible(self.sandbox.installation.rows, after=after, now=now)
        last = rows[-1].position if rows else after
        return {"text": despatch_files.text(self.sandbox.world, rows), "rows": len(rows), "last": last}

    def _order(self, content: Mapping[str, Any]) -> Order | None:
        return self.sandbox.installation.order(self._company(content).id, content["number"])

    def _company(self, content: Mapping[str, Any]) -> Company:
        world = self.sandbox.world
        return world.companies[content.get("company", world.default_company)]
