"""What whoever conducts the day may do to the installation behind its face (`POST /_sandbox/<name>`)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandboxes.finance_supply_chain import sales_headers, sales_lines
from sandboxes.finance_supply_chain.books import books
from sandboxes.finance_supply_chain.cancelling import cancel_line, cancel_order, referenced
from sandboxes.finance_supply_chain.errors import Refusal
from sandboxes.finance_supply_chain.invoicing import invoice
from sandboxes.finance_supply_chain.records import Row
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from sandboxes.finance_supply_chain.shipping_controls import shipping_controls
from sandboxes.finance_supply_chain.world import Company
from sandboxes.finance_supply_chain.worlds import item
from sandboxes.server import Control


def controls(sandbox: FinanceSupplyChain) -> Mapping[str, Control]:
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
        "delete_order": hands.delete_order,
        "cancel_order": hands.cancel_order,
        "cancel_line": hands.cancel_line,
        "change_line": hands.change_line,
        "invoice": hands.invoice,
        "throttle": hands.throttle,
        **shipping_controls(sandbox.installation),
    }
    return {name: _in_time(sandbox, control) for name, control in named.items()}


def _in_time(sandbox: FinanceSupplyChain, control: Control) -> Control:
    def act(content: Mapping[str, Any], now: datetime) -> Any:
        sandbox.warehouse.run_due(now)
        return control(content, now)

    return act


class Hands:
    def __init__(self, sandbox: FinanceSupplyChain) -> None:
        self.sandbox = sandbox

    def books(self, _: Mapping[str, Any], now: datetime) -> Any:
        """See `books.books`; the totals job is brought up to date first."""
        self.sandbox.totals.run_due(now)
        return books(self.sandbox.installation)

    def run_totals(self, _: Mapping[str, Any], __: datetime) -> Any:
        """`calculate sales totals`, now: `{"calculated": orders}`."""
        return {"calculated": self.sandbox.totals.run()}

    def add_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "units"?, "sales_unit"?, "item_tax_group"?, "dimensions"?, "stopped"?, "company"?}`."""
        row = {name: value for name, value in content.items() if name not in ("item", "company")}
        self._company(content).items[content["item"]] = item(content["item"], row)
        return {}

    def remove_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "company"?}`: `{"removed": whether it was there}`."""
        return {"removed": self._company(content).items.pop(content["item"], None) is not None}

    def put_customer_on_hold(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"customer", "on_hold"? (a member of CustVendorBlocked, "All" if left out), "company"?}`."""
        self._company(content).customers[content["customer"]].on_hold = content.get("on_hold", "All")
        return {}

    def trade_agreement(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "price" (null ends it), "company"?}`: the price of the item on lines created from now on."""
        agreements = self._company(content).trade_agreements
        if content["price"] is None:
            agreements.pop(content["item"], None)
        else:
            agreements[content["item"]] = Decimal(str(content["price"]))
        return {}

    def delete_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: someone deletes the order by hand; `{"deleted": whether it was there}`.

        Raises ValueError where something of it was picked or has left.
        """
        installation, row = self.sandbox.installation, self._order(content)
        if row is not None:
            installation.writes.busy.clear()
            try:
                with installation.transaction(now):
                    sales_headers.delete(installation, row, now)
            except Refusal as refusal:
                raise ValueError(refusal.text) from None
        return {"deleted": row is not None}

    def cancel_order(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: `{"cancelled": whether it was there}`. Raises ValueError where it has left."""
        row = self._order(content)
        if row is not None:
            cancel_order(self.sandbox.installation, row, now)
        return {"cancelled": row is not None}

    def cancel_line(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference", "company"?}`: what has not left of the line will not."""
        installation, row = self.sandbox.installation, self._order(content)
        if row is not None:
            line = referenced(installation.lines_of(row), content["reference"])
            cancel_line(installation, row, line, now)
        return {"cancelled": row is not None}

    def change_line(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "reference", "quantity", "company"?}`: someone changes what is ordered.

        Raises ValueError for what the installation refuses.
        """
        installation, row = self.sandbox.installation, self._order(content)
        if row is not None:
            line = referenced(installation.lines_of(row), content["reference"])
            installation.writes.busy.clear()
            try:
                with installation.transaction(now):
                    quantity = {"OrderedSalesQuantity": Decimal(str(content["quantity"]))}
                    sales_lines.change(installation, line, quantity, now)
            except Refusal as refusal:
                raise ValueError(refusal.text) from None
        return {"changed": row is not None}

    def invoice(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"number", "company"?}`: all that is due, `{"invoice"}`. Raises ValueError where nothing is."""
        row = self._order(content)
        if row is None:
            raise ValueError(f"there is no sales order {content['number']}")
        return {"invoice": invoice(self.sandbox.installation, row, now).text("InvoiceNumber")}

    def throttle(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"seconds"}`: until then every call to `/data` is 429 with Retry-After; 0 ends it."""
        self.sandbox.throttled_until = now + timedelta(seconds=float(content["seconds"]))
        return {}

    def _order(self, content: Mapping[str, Any]) -> Row | None:
        return self.sandbox.installation.header(self._company(content).id, content["number"])

    def _company(self, content: Mapping[str, Any]) -> Company:
        world = self.sandbox.world
        return world.companies[content.get("company", world.default_company)]
