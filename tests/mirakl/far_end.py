"""A marketplace that answers what a test scripted, and a shop's client before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from shared.mirakl.client import MiraklClient
from shared.mirakl.dialect import Answer
from shared.mirakl.http import MiraklHttp
from shared.model.shop import Marketplace, Shop
from tests.mirakl.payloads import encoded

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ORIGIN = "https://north.example.com"
SHOP = Shop(
    id="north-de",
    marketplace=Marketplace(id="north", prefix="NO", url=ORIGIN, acceptance_window=timedelta(hours=24)),
    shop_id=2001,
    key_secret="north-key",
    orders_from=NOW - timedelta(days=1),
    company="usmf",
)


class FixedClock:
    def now(self) -> datetime:
        return NOW


@dataclass
class Vault:
    """The keys a secret had one after the other; a fresh read turns to the next."""

    keys: list[str] = field(default_factory=lambda: ["key-1"])

    async def key(self, *, fresh: bool) -> str:
        if fresh and len(self.keys) > 1:
            self.keys.pop(0)
        return self.keys[0]


class FarEnd(httpx.AsyncBaseTransport):
    """Answers, or breaks the connection, in the order given; the last one goes on for ever. `received` is its log."""

    def __init__(self, script: Sequence[Answer | type[httpx.TransportError] | type[httpx.DecodingError]]) -> None:
        self._script = list(script)
        self.received: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.received.append(request)
        answer = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(answer, Answer):
            return httpx.Response(answer.status, headers=dict(answer.headers), content=answer.body)
        raise answer("the connection broke", request=request)


def client_of(far_end: FarEnd, vault: Vault | None = None) -> MiraklClient:
    sender = httpx.AsyncClient(transport=far_end)
    return MiraklClient(SHOP, MiraklHttp(ORIGIN, client=sender, keys=vault or Vault(), clock=FixedClock()))


def answering(content: Any, status: int = 200) -> FarEnd:
    return FarEnd([Answer(status, encoded(content))])
