"""Thirty lines of httpx: send a call with the shop's key, and say what a broken connection means."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Protocol

import httpx

from shared.errors import BridgeError, Unauthorized, Unavailable
from shared.mirakl.dialect import Answer, Call, confirm, lost, unusable, value
from shared.model.keys import shop_scope
from shared.ports.own import Clock

TIMEOUT_SECONDS = 30.0
CONNECT_SECONDS = 5.0
_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError, httpx.UnsupportedProtocol)


class Keys(Protocol):
    async def key(self, *, fresh: bool) -> str:
        """The shop's API key; `fresh` reads the secret again, because secrets rotate."""
        ...


class MiraklHttp:
    """One shop's way to its marketplace; `origin` is the only place that ever sees the key."""

    def __init__(
        self,
        origin: str,
        *,
        client: httpx.AsyncClient,
        keys: Keys,
        clock: Clock,
        timeout_seconds: float = TIMEOUT_SECONDS,
    ) -> None:
        self._origin = httpx.URL(origin)
        self._client = client
        self._keys = keys
        self._clock = clock
        connect = min(CONNECT_SECONDS, timeout_seconds)
        self._timeout = httpx.Timeout(timeout_seconds, connect=connect, pool=connect)

    async def read(self, call: Call) -> Any:
        """The answer's JSON. Raises Unavailable, Throttled or Unauthorized."""
        return value(call, await self._answer(call), self._clock.now())

    async def write(self, call: Call) -> Any:
        """The answer's JSON, None with 204. Raises Unavailable (never sent), Refused, Throttled, Unauthorized or
        UnknownOutcome.
        """
        return confirm(call, await self._answer(call), self._clock.now())

    async def _answer(self, call: Call) -> Answer:
        """The same key is not tried twice: a call that is refused counts against the limits as well."""
        url = self._own(call)
        key = await self._keys.key(fresh=False)
        answer = await self._send(call, url, key)
        if answer.status in (401, 403):
            fresh = await self._keys.key(fresh=True)
            if fresh != key:
                return await self._send(call, url, fresh)
        return answer

    def _own(self, call: Call) -> httpx.URL:
        """OR14 names absolute addresses; on any other host they would show the key to strangers."""
        try:
            url = self._origin.join(call.url)
        except httpx.InvalidURL:
            raise unusable(call.operation, call.shop, "Mirakl names an address that is none") from None
        own = (self._origin.scheme, self._origin.host, self._origin.port)
        if (url.scheme, url.host, url.port) != own or url.userinfo:
            raise unusable(call.operation, call.shop, "Mirakl names a file on another host; the key is not sent there")
        return url.copy_merge_params({name: _repeated(value) for name, value in call.query.items()})

    async def _send(self, call: Call, url: httpx.URL, key: str) -> Answer:
        headers = {"Authorization": _header(call, key), "Accept": "application/json"}
        body = None if call.content is None else json.dumps(call.content).encode()
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            response = await self._client.request(
                call.method, url, headers=headers, content=body, timeout=self._timeout, follow_redirects=False
            )
        except httpx.HTTPError as problem:
            raise _broken(call, problem) from problem
        return Answer(response.status_code, response.content, response.headers)


def _repeated(value: str | Sequence[str]) -> str | list[str]:
    return value if isinstance(value, str) else list(value)


def _header(call: Call, key: str) -> str:
    """A key pasted with a line break would make httpx raise an error that shows it."""
    plain = key.strip()
    if not plain or not plain.isascii() or not plain.isprintable():
        what = f"{call.operation}: the key holds what no header can carry; store the shop's key again"
        raise Unauthorized(what, scope=shop_scope(call.shop))
    return plain


def _broken(call: Call, problem: httpx.HTTPError) -> BridgeError:
    what = type(problem).__name__
    if isinstance(problem, _NEVER_SENT):
        return Unavailable(f"{call.operation}: not sent ({what})", scope=shop_scope(call.shop))
    return lost(call, f"no answer ({what})")
