"""Mirakl's seller API by operation code, for one shop."""

from __future__ import annotations

from collections.abc import Mapping
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
        path = f"/api/orders/{quote(order_id, safe='')}/accept"
        await self._http.write(self._call("OR21", "PUT", path, content=content, writes=True))

    async def pc01(self) -> Any:
        """PC01 GET /api/platform/configuration. Needs ROLE_SHOP_ADMIN."""
        return await self._http.read(self._call("PC01", "GET", "/api/platform/configuration"))

    def _call(
        self,
        operation: str,
        method: str,
        path: str,
        *,
        query: Mapping[str, str] | None = None,
        content: Mapping[str, Any] | None = None,
        writes: bool = False,
    ) -> Call:
        url = f"{self._url}{path}" if path.startswith("/api/") else path
        return Call(operation, self.shop, method, url, {**(query or {}), "shop_id": self._shop_id}, content, writes)
