"""A seller in front of the sandbox Mirakl: calls with a key, at a time, and the answers as values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from sandboxes.mirakl.controls import controls
from sandboxes.mirakl.offer_terms import Catalogue, WantedOffer
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
STOCK_IMPORTS, IMPORTS = "/api/offers/stock/imports", "/api/offers/imports"


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

    def upload(self, url: str, content: str | bytes, **fields: str) -> Response:
        """A multipart form with a file and plain fields."""
        body, kind = form({"file": content}, fields)
        headers = {**self.headers, "authorization": self.key, "content-type": kind}
        return self.sandbox.handle(Request.to("POST", url, headers=headers, body=body), self.now)

    def fetch(self, url: str, accept: str = "*/*") -> Response:
        headers = {**self.headers, "authorization": self.key, "accept": accept}
        return self.sandbox.handle(Request.to("GET", url, headers=headers), self.now)

    def send_stock(self, *lines: str, shop: int = 2001) -> str:
        """STO01 with sku and quantity (and warehouse, and what to do), which has to be received; the import's id."""
        width = max((line.count(";") for line in lines), default=1) + 1
        header = ";".join(("offer-sku", "quantity", "warehouse-code", "update-delete")[:width])
        answer = self.upload(f"{STOCK_IMPORTS}?shop_id={shop}", "\n".join((header, *lines)))
        assert answer.status == 201, answer.body
        import_id: str = answer.json()["import_id"]
        return import_id

    def stock_status(self, import_id: str, shop: int = 2001) -> dict[str, Any]:
        """STO02, which has to succeed."""
        answer = self.call("GET", f"{STOCK_IMPORTS}/{import_id}/status?shop_id={shop}")
        assert answer.status == 200, answer.body
        content: dict[str, Any] = answer.json()
        return content

    def offer(self, sku: str, shop: str = "north/2001") -> dict[str, Any]:
        """The offer's entry in the books."""
        (entry,) = [one for one in self.stock()["offers"] if (one["shop"], one["sku"]) == (shop, sku)]
        found: dict[str, Any] = entry
        return found

    def stock(self) -> dict[str, Any]:
        content: dict[str, Any] = self.control("stock_books")
        return content

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


def form(files: Mapping[str, str | bytes], fields: Mapping[str, str], mark: str = "x7f") -> tuple[bytes, str]:
    """A multipart body and its content type."""
    parts = [f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    for name, content in files.items():
        raw = content.encode() if isinstance(content, str) else content
        head = f'Content-Disposition: form-data; name="{name}"; filename="f.csv"\r\nContent-Type: text/csv\r\n\r\n'
        parts.append(head.encode() + raw)
    body = b"".join(f"--{mark}\r\n".encode() + part + b"\r\n" for part in parts)
    return body + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def world_of_offers(*offers: WantedOffer, synthetic: int = 0, **platform: Any) -> World:
    """The small world, shop 2001 selling by these offers, with warehouses MAIN and WEST."""
    world = world_with(**platform)
    shops = tuple(replace(shop, warehouses=("MAIN", "WEST")) for shop in world.shops)
    return replace(world, shops=shops, catalogues=(Catalogue(shop="north/2001", offers=offers, synthetic=synthetic),))


def stocked(*offers: WantedOffer, synthetic: int = 0, **platform: Any) -> Seller:
    return seller(world_of_offers(*offers, synthetic=synthetic, **platform))


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
