"""Mirakl's seller API by operation code, for one shop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from shared.mirakl.dialect import Call
from shared.mirakl.http import MiraklHttp
from shared.model.shop import Shop


class MiraklClient:
    """Answers are Mirakl's JSON with exact numbers. Every read raises Unavailable, Throttled or Unauthorized.

    `shop_id` is always sent: without it Mirakl takes the user's default shop.
    """

    def __init__(self, shop: Shop, http: MiraklHttp) -> None:
        self.shop = shop.id
        self._shop_id = str(shop.shop_id)
        self._url = shop.marketplace.url.rstrip("/")
        self._http = http

    async def or04(self, content: Mapping[str, Any]) -> Any:
        """OR04 PUT /api/orders, 200. 1 to 100 orders, once a minute. It overwrites: asking twice does no harm."""
        return await self._http.read(self._call("OR04", "PUT", "/api/orders", content=content))

    async def or11(self, query: Mapping[str, str]) -> Any:
        """OR11 GET /api/orders. Offset paging, `max` up to 100, sorted by creation date only."""
        return await self._http.read(self._call("OR11", "GET", "/api/orders", query=query))

    async def or13(self, content: Mapping[str, Any]) -> Any:
        """OR13 POST /api/orders/async-export. One export at a time and shop; asking twice does no harm."""
        return await self._http.read(self._call("OR13", "POST", "/api/orders/async-export", content=content))

    async def or14(self, tracking: str) -> Any:
        """OR14 GET /api/orders/async-export/status/{tracking_id}. Every 2 seconds at most."""
        path = f"/api/orders/async-export/status/{quote(tracking, safe='')}"
        return await self._http.read(self._call("OR14", "GET", path))

    async def or15(self, url: str) -> Any:
        """OR15 GET, at the address that OR14 gave, with the same key. Once per file."""
        return await self._http.read(self._call("OR15", "GET", url))

    async def or21(self, order_id: str, content: Mapping[str, Any]) -> None:
        """OR21 PUT /api/orders/{order_id}/accept, 204. Not idempotent: a repeat meets ORDER_INVALID_STATE.

        Raises Refused, Throttled, Unauthorized, Unavailable (never sent) or UnknownOutcome.
        """
        await self._write("OR21", "PUT", f"/api/orders/{quote(order_id, safe='')}/accept", content)

    async def or23(self, order_id: str, content: Mapping[str, Any]) -> None:
        """OR23 PUT /api/orders/{order_id}/tracking, 204. Overwrites. Raises as `or21`."""
        await self._write("OR23", "PUT", f"/api/orders/{quote(order_id, safe='')}/tracking", content)

    async def or24(self, order_id: str) -> None:
        """OR24 PUT /api/orders/{order_id}/ship, 204. No body, but a length: gateways answer 411 without. As `or21`."""
        await self._write("OR24", "PUT", f"/api/orders/{quote(order_id, safe='')}/ship")

    async def pc01(self) -> Any:
        """PC01 GET /api/platform/configuration. Needs ROLE_SHOP_ADMIN."""
        return await self._http.read(self._call("PC01", "GET", "/api/platform/configuration"))

    async def re01(self) -> Any:
        """RE01 GET /api/reasons. One page, every type."""
        return await self._http.read(self._call("RE01", "GET", "/api/reasons"))

    async def sh21(self) -> Any:
        """SH21 GET /api/shipping/carriers. One page, once a day."""
        return await self._http.read(self._call("SH21", "GET", "/api/shipping/carriers"))

    async def st01(self, content: Mapping[str, Any]) -> Any:
        """ST01 POST /api/shipments, 201. 1 to 1,000 shipments; not idempotent. Raises as `or21`."""
        return await self._write("ST01", "POST", "/api/shipments", content, done=201)

    async def st11(self, query: Mapping[str, str | Sequence[str]]) -> Any:
        """ST11 GET /api/shipments. Seek paging, `limit` up to 100; beside a `page_token` no filter counts."""
        return await self._http.read(self._call("ST11", "GET", "/api/shipments", query=query))

    async def st23(self, content: Mapping[str, Any]) -> Any:
        """ST23 POST /api/shipments/tracking, 200. 1 to 1,000 shipments; overwrites. Raises as `or21`."""
        return await self._write("ST23", "POST", "/api/shipments/tracking", content, done=200)

    async def st24(self, content: Mapping[str, Any]) -> Any:
        """ST24 PUT /api/shipments/ship, 200. 1 to 1,000 shipments, guarded by their state. Raises as `or21`."""
        return await self._write("ST24", "PUT", "/api/shipments/ship", content, done=200)

    async def _write(
        self, operation: str, method: str, path: str, content: Mapping[str, Any] | None = None, *, done: int = 204
    ) -> Any:
        call = self._call(operation, method, path, content=content)
        return await self._http.write(replace(call, writes=True, done=done))

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str | Sequence[str]] | None = None,
        content: Mapping[str, Any] | None = None,
    ) -> Call:
        url = f"{self._url}{path}" if path.startswith("/api/") else path
        return Call(operation, self.shop, method, url, {**(query or {}), "shop_id": self._shop_id}, content)
