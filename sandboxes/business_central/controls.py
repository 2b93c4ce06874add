"""What whoever conducts the day may do to the installation behind its face (`POST /_sandbox/<name>`).

Names and shapes are those of the other ERPs' sandboxes; each does what people in Business Central would do for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sandboxes.business_central.books import books
from sandboxes.business_central.errors import Refusal
from sandboxes.business_central.order_controls import order_controls
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.business_central.shipping_controls import shipping_controls
from sandboxes.business_central.world import Company
from sandboxes.business_central.worlds import item, price
from sandboxes.server import Control


def controls(sandbox: BusinessCentral) -> Mapping[str, Control]:
    """Each takes a JSON object; `company` is the default company where it is left out.

    What the clock had to do until then is done first. What BC would refuse is a ValueError with its text.
    """
    hands = Hands(sandbox)
    named: dict[str, Control] = {
        "books": hands.books,
        "run_totals": hands.run_totals,
        "add_item": hands.add_item,
        "remove_item": hands.remove_item,
        "block_item": hands.block_item,
        "put_customer_on_hold": hands.put_customer_on_hold,
        "trade_agreement": hands.trade_agreement,
        "throttle": hands.throttle,
        **order_controls(sandbox),
        **shipping_controls(sandbox),
    }
    return {name: _in_time(sandbox, control) for name, control in named.items()}


def _in_time(sandbox: BusinessCentral, control: Control) -> Control:
    def act(content: Mapping[str, Any], now: datetime) -> Any:
        sandbox.catch_up(now)
        sandbox.installation.writes.clear()
        try:
            return control(content, now)
        except Refusal as refusal:
            raise ValueError(refusal.text) from None

    return act


class Hands:
    def __init__(self, sandbox: BusinessCentral) -> None:
        self.sandbox = sandbox
        self.installation = sandbox.installation

    def books(self, _: Mapping[str, Any], __: datetime) -> Any:
        """See `books.books`."""
        return books(self.installation)

    def run_totals(self, _: Mapping[str, Any], __: datetime) -> Any:
        """BC totals an order with every write: there is nothing to run."""
        return {"calculated": 0}

    def add_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "units"?, "sales_unit"?, "item_tax_group"?, "variants"?, "stopped"?, "company"?}`."""
        names = {"item_tax_group": "tax_code", "stopped": "blocked"}
        row = {names.get(name, name): value for name, value in content.items() if name not in ("item", "company")}
        self._company(content).items[content["item"]] = item(content["item"], row)
        return {}

    def remove_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "company"?}`: `{"removed": whether it was there}`."""
        return {"removed": self._company(content).items.pop(content["item"], None) is not None}

    def block_item(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "blocked"? (true if left out), "company"?}`."""
        self._company(content).items[content["item"]].blocked = bool(content.get("blocked", True))
        return {}

    def put_customer_on_hold(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"customer", "on_hold"? ("All" if left out; "No" ends it), "company"?}`."""
        on_hold = content.get("on_hold", "All")
        self._company(content).customers[content["customer"]].blocked = " " if on_hold == "No" else on_hold
        return {}

    def trade_agreement(self, content: Mapping[str, Any], _: datetime) -> Any:
        """`{"item", "price" (null ends it), "discount"?, "enforced"?, "company"?}`: on lines created from now on.

        `enforced` (true if left out): whatever price was sent; else only where the line asks for its price.
        """
        listed = self._company(content).price_list
        if content["price"] is None and not content.get("discount"):
            listed.pop(content["item"], None)
        else:
            row = {name: content[name] for name in ("price", "discount") if name in content}
            listed[content["item"]] = price(content["item"], {**row, "enforced": content.get("enforced", True)})
        return {}

    def throttle(self, content: Mapping[str, Any], now: datetime) -> Any:
        """`{"seconds"}`: until then every call is 429 with Retry-After; 0 ends it."""
        self.sandbox.throttled_until = now + timedelta(seconds=float(content["seconds"]))
        return {}

    def _company(self, content: Mapping[str, Any]) -> Company:
        world = self.sandbox.world
        return world.companies[content.get("company", world.default_company)]
