"""A seller in front of the sandbox Mirakl: calls with a key, at a time, and the answers as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from sandboxes.mirakl.controls import controls
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.sandbox import MiraklSandbox
from sandboxes.mirakl.wishes import Placement, WantedLine, WantedOrder
from sandboxes.mirakl.world import World
from sandboxes.mirakl.worlds import small
from sandboxes.wire import Request, Response

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
HOST = "north.example.com"
JSON = "application/json"


def world_with(**platform: Any) -> World:
    """The small world, its one platform changed."""
    small_world = small()
    return replace(small_world, platforms=(replace(small_world.platforms[0], **platform),))


@dataclass
class Seller:
    """`after` moves the clock; every call happens at `now`."""

    sandbox: MiraklSandbox
    key: str = "key-admin"
    now: datetime = START
    headers: Mapping[str, str] = field(default_factory=lambda: {"host": HOST, "accept": JSON})

    def after(self, delay: timedelta) -> Seller:
        self.now += delay
        return self

    def call(self, method: str, url: str, content: Any = None) -> Response:
        body = b"" if content is None else json.dumps(content).encode()
        headers = {**self.headers, "authorization": self.key, **({"content-type": JSON} if body else {})}
        if method in ("PUT", "POST"):
            headers["content-length"] = str(len(body))
        return self.sandbox.handle(Request.to(method, url, headers=headers, body=body), self.now)

    def page(self, **query: Any) -> dict[str, Any]:
        """OR11, which has to succeed."""
        response = self.call("GET", f"/api/orders?{urlencode(query)}")
        assert response.status == 200, response.body
        content: dict[str, Any] = response.json()
        return content

    def order(self, order_id: str, **query: Any) -> dict[str, Any]:
        """One order through OR11."""
        (found,) = self.page(order_ids=order_id, **query)["orders"]
        order: dict[str, Any] = found
        return order

    def decide(self, order_id: str, **accepted: bool) -> Response:
        """OR21; `decide("X", L1=True)` is about the line `X-1`."""
        lines = [{"id": f"{order_id}-{name[1:]}", "accepted": taken} for name, taken in accepted.items()]
        return self.call("PUT", f"/api/orders/{quote(order_id, safe='')}/accept", {"order_lines": lines})

    def track(self, order_id: str, **fields: Any) -> Response:
        """OR23."""
        return self.call("PUT", f"/api/orders/{quote(order_id, safe='')}/tracking", fields)

    def ship(self, order_id: str) -> Response:
        """OR24."""
        return self.call("PUT", f"/api/orders/{quote(order_id, safe='')}/ship")

    def create(self, *shipments: dict[str, Any]) -> dict[str, Any]:
        """ST01, which has to succeed as a call."""
        response = self.call("POST", "/api/shipments", {"shipments": shipments})
        assert response.status == 201, response.body
        content: dict[str, Any] = response.json()
        return content

    def shipments(self, query: str = "") -> dict[str, Any]:
        """ST11, which has to succeed."""
        response = self.call("GET", f"/api/shipments?{query}")
        assert response.status == 200, response.body
        content: dict[str, Any] = response.json()
        return content

    def ignored(self) -> list[str]:
        """The names of what was passed over."""
        return [one["name"] for one in self.control("books")["ignored_inputs"]]

    def control(self, name: str, **content: Any) -> Any:
        return controls(self.sandbox)[name](content, self.now)

    def booked(self, order_id: str) -> dict[str, Any]:
        """The order's entry in the books."""
        (entry,) = [entry for entry in self.control("books")["orders"] if entry["order_id"] == order_id]
        found: dict[str, Any] = entry
        return found


def seller(world: World | None = None, **platform: Any) -> Seller:
    return Seller(MiraklSandbox(world or world_with(**platform), START))


def place(of: Seller, *orders: WantedOrder, shop: str = "north/2001", at: datetime | None = None) -> list[Order]:
    of.sandbox.advance(of.now)
    return of.sandbox.place(Placement(shop=shop, orders=orders, at=at))


def wanted(order_id: str = "X", lines: int = 1, **fields: Any) -> WantedOrder:
    """An order whose lines are `X-1`, `X-2` …"""
    return WantedOrder(id=order_id, lines=tuple(WantedLine() for _ in range(lines)), **fields)


def shippable(of: Seller, *orders: WantedOrder) -> Seller:
    """Placed, accepted and paid: the orders are in SHIPPING."""
    for order in place(of, *orders):
        decided = {"order_lines": [{"id": line.id, "accepted": True} for line in order.lines]}
        assert of.call("PUT", f"/api/orders/{quote(order.id, safe='')}/accept", decided).status == 204
    of.after(timedelta(hours=1)).sandbox.advance(of.now)
    return of


def parcel(order_id: str = "X", quantity: int = 1, *, line: int = 1, **fields: Any) -> dict[str, Any]:
    """An entry of ST01 about the line `X-1`."""
    entry = {"order_line_id": f"{order_id}-{line}", "quantity": quantity, "package_reference": f"P{quantity}"}
    return {"order_id": order_id, "shipment_lines": [entry], **fields}


def platform(of: Seller) -> Platform:
    return of.sandbox.world.platforms[0]
