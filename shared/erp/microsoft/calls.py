"""The few lines that speak HTTP with a Dynamics; what its answers mean is told elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import httpx

from shared.erp.microsoft.odata import Page, Unreadable, page
from shared.erp.microsoft.tokens import Tokens
from shared.erp.transport import Answer, nothing_happened, transport_failure, unusable

NONE: Mapping[str, str] = MappingProxyType({})
_READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Calls:
    """One environment. A 401 renews the token and repeats the call once: nothing has happened yet.

    `remedies` tell for 401 and 403 what the client has to set right.
    """

    http: httpx.AsyncClient
    tokens: Tokens
    remedies: Mapping[int, str]
    timeout_seconds: float

    async def page(self, url: str, operation: str, *, headers: Mapping[str, str] = NONE) -> Page:
        """GET of a collection, as much of it as one answer holds. Raises Unavailable, Throttled or Unauthorized."""
        answer = await self.exchange("GET", url, operation, headers=headers)
        if answer.status != 200:
            raise unusable(answer, operation=operation, write=False)
        try:
            return page(answer)
        except Unreadable as problem:
            raise unusable(answer, operation=operation, write=False, why=str(problem)) from None

    async def exchange(
        self,
        method: str,
        url: str,
        operation: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] = NONE,
        write: bool | None = None,
    ) -> Answer:
        """Whatever was answered, but for what was turned away at the door.

        `write` False: a POST that only reads. Raises Throttled, Unauthorized, and Unavailable or UnknownOutcome where
        no answer came.
        """
        writes = method not in _READS if write is None else write
        token = await self.tokens.bearer()
        answer = await self._send(method, url, operation, token, content, headers, writes)
        if answer.status == 401:
            renewed = await self.tokens.renewed(token)
            answer = await self._send(method, url, operation, renewed, content, headers, writes)
        if refused := nothing_happened(answer, operation=operation, remedies=self.remedies):
            raise refused
        return answer

    async def _send(
        self,
        method: str,
        url: str,
        operation: str,
        token: str,
        content: bytes | None,
        headers: Mapping[str, str],
        writes: bool,
    ) -> Answer:
        sent = {"Authorization": f"Bearer {token}", "Accept": "application/json", **headers}
        try:
            response = await self.http.request(
                method, url, content=content, headers=sent, timeout=self.timeout_seconds, follow_redirects=False
            )
        except httpx.RequestError as problem:
            raise transport_failure(problem, operation=operation, write=writes) from problem
        return Answer(response.status_code, response.content, dict(response.headers))
