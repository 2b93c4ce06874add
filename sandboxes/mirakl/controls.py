"""What the conductor of a day may do: let shoppers order and cancel, move debits, change carriers, read the books."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.books import books, overview
from sandboxes.mirakl.carriers import read_carrier
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.stock_controls import stock_acts
from sandboxes.mirakl.world import read_placement
from sandboxes.server import Control


def controls(sandbox: MiraklSandbox) -> Mapping[str, Control]:
    """Each takes a JSON object and the time, and answers plain JSON. Raises ValueError naming what is wrong.

    `place`: a `Placement`; answers `{"order_ids": [...]}` of what could be bought. `cancel`: `{"platform", "order_id",
    "lines"?}` (all where none are named); answers the lines that could be cancelled. `settle_debit`, `refuse_debit`,
    `touch`: `{"platform", "order_id"}`. `add_carrier`: `{"platform", "code", "label"?, "standard_code"?,
    "tracking_url"?}` (a template, with `{trackingId}` where a number is mandatory). `withdraw_carrier`:
    `{"platform", "code"}`; what was sent with it stays. Both answer `{"carriers": [codes]}`. `fail_exports`:
    `{"count"}`. `replace_key`: `{"key", "by"}`. `books` and `overview`: `{}`. Those of offers and imports: see
    `stock_acts`.
    """
    return {
        "place": _control(sandbox, _place),
        "cancel": _control(sandbox, _cancel),
        "settle_debit": _control(sandbox, _on_order(life_cycle.settle_debit)),
        "refuse_debit": _control(sandbox, _on_order(life_cycle.refuse_debit)),
        "touch": _control(sandbox, _on_order(life_cycle.touch)),
        "add_carrier": _control(sandbox, _add_carrier),
        "withdraw_carrier": _control(sandbox, _withdraw_carrier),
        "fail_exports": _control(sandbox, _fail_exports),
        "replace_key": _control(sandbox, _replace_key),
        "books": _control(sandbox, lambda sandbox, _: books(sandbox)),
        "overview": _control(sandbox, lambda sandbox, _: overview(sandbox)),
        **{name: _control(sandbox, act) for name, act in stock_acts().items()},
    }


Act = Callable[[MiraklSandbox, Mapping[str, Any]], Any]


def _control(sandbox: MiraklSandbox, act: Act) -> Control:
    def control(content: Mapping[str, Any], now: datetime) -> Any:
        sandbox.advance(now)
        return act(sandbox, content)

    return control


def _place(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    return {"order_ids": [order.id for order in sandbox.place(read_placement(content))]}


def _cancel(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    order = _order(sandbox, content)
    lines = content.get("lines") or [line.id for line in order.lines]
    cancelled = life_cycle.cancel(order, lines, sandbox.now, number=sandbox.book.next_cancelation())
    sandbox.book.changed(order)
    return {"lines": cancelled, "state": order.state}


def _on_order(change: Callable[[Order, datetime], None]) -> Act:
    def act(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
        order = _order(sandbox, content)
        change(order, sandbox.now)
        sandbox.book.changed(order)
        return {"state": order.state}

    return act


def _order(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Order:
    platform, order_id = content.get("platform", ""), content.get("order_id", "")
    order = sandbox.book.get(platform, order_id)
    if order is None:
        raise ValueError(f"there is no order {order_id!r} on {platform!r}: name platform and order_id as in the books")
    return order


def _add_carrier(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    platform, fields = content.get("platform", ""), {name: content[name] for name in content if name != "platform"}
    sandbox.carriers.add(platform, read_carrier({"label": fields.get("code"), **fields}))
    return _carriers(sandbox, platform)


def _withdraw_carrier(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    platform = content.get("platform", "")
    sandbox.carriers.withdraw(platform, content.get("code", ""))
    return _carriers(sandbox, platform)


def _carriers(sandbox: MiraklSandbox, platform: str) -> Any:
    return {"carriers": [carrier.code for carrier in sandbox.carriers.of(platform)]}


def _fail_exports(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    sandbox.exports.failing += int(content.get("count", 1))
    return {}


def _replace_key(sandbox: MiraklSandbox, content: Mapping[str, Any]) -> Any:
    """The old key is refused from now on (401)."""
    for position, key in enumerate(sandbox.keys):
        if key.key == content.get("key") and content.get("by"):
            sandbox.keys[position] = replace(key, key=content["by"])
            return {}
    raise ValueError("name an existing key in key, and the new one in by")
