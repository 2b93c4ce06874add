"""The client-credentials token of Entra: kept until shortly before it ends, renewed once when it is refused."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx

from shared.erp.microsoft.odata import Unreadable, loads
from shared.erp.surroundings import Secret
from shared.erp.transport import Answer, nothing_happened, transport_failure, unusable
from shared.errors import Unauthorized
from shared.model.keys import ERP_SCOPE
from shared.ports.own import Clock

_MARGIN = timedelta(minutes=5)
_REMEDIES = {403: "let the application ask Entra for tokens"}
_CODE = re.compile(r"[a-z_]{1,40}")


@dataclass(frozen=True, slots=True)
class Client:
    """An application in Entra. `erp` is for people; `secret` is the secret's name, never its value."""

    erp: str
    token_url: str
    id: str
    secret: str
    scope: str
    timeout_seconds: float

    @property
    def operation(self) -> str:
        return f"{self.erp} token"


class Tokens:
    """One token for the whole process. Every failure is Transient: without a token nothing is written."""

    def __init__(self, http: httpx.AsyncClient, client: Client, secret: Secret, clock: Clock) -> None:
        self._http = http
        self._client = client
        self._secret = secret
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token = ""
        self._until: datetime | None = None

    async def bearer(self) -> str:
        async with self._lock:
            if self._until is None or self._clock.now() >= self._until:
                await self._fetch()
            return self._token

    async def renewed(self, refused: str) -> str:
        """Another token than the one refused; whoever comes second takes what the first has fetched."""
        async with self._lock:
            if self._token == refused:
                self._until = None
                await self._fetch(fresh=True)
            return self._token

    async def _fetch(self, *, fresh: bool = False) -> None:
        asked = self._clock.now()
        answer = await self._ask(fresh=fresh)
        if _refuses_client(answer) and not fresh:
            answer = await self._ask(fresh=True)
        self._token, lifetime = _granted(answer, self._client.operation)
        # A short-lived token is used for nine tenths of its life.
        self._until = asked + lifetime - min(_MARGIN, lifetime / 10)

    async def _ask(self, *, fresh: bool) -> Answer:
        client = self._client
        form = {
            "grant_type": "client_credentials",
            "client_id": client.id,
            "client_secret": await self._secret(client.secret, fresh=fresh),
            "scope": client.scope,
        }
        try:
            response = await self._http.post(
                client.token_url, data=form, timeout=client.timeout_seconds, follow_redirects=False
            )
        except httpx.RequestError as problem:
            raise transport_failure(problem, operation=client.operation, write=False) from problem
        return Answer(response.status_code, response.content, dict(response.headers))


def _refuses_client(answer: Answer) -> bool:
    """Entra answers a wrong or ended secret with 401, and other mistakes of the client's with 400."""
    return answer.status in (400, 401)


def _granted(answer: Answer, operation: str) -> tuple[str, timedelta]:
    """The token and its lifetime. Raises Unauthorized, Throttled or Unavailable."""
    if _refuses_client(answer):
        raise Unauthorized(
            f"{operation}: {_code(answer)}: renew the client secret, or correct client id and scope", scope=ERP_SCOPE
        )
    if refused := nothing_happened(answer, operation=operation, remedies=_REMEDIES):
        raise refused
    if not answer.succeeded:
        raise unusable(answer, operation=operation, write=False)
    try:
        granted = loads(answer)
        token, seconds = granted["access_token"], int(granted["expires_in"])
    except (Unreadable, KeyError, TypeError, ValueError):
        raise unusable(answer, operation=operation, write=False, why="no token in it") from None
    return str(token), timedelta(seconds=seconds)


def _code(answer: Answer) -> str:
    """Entra's machine code (`invalid_client`); its description is left out, because it may quote the request."""
    try:
        content: Mapping[str, object] = loads(answer)
    except Unreadable:
        content = {}
    code = str(content.get("error", ""))
    return code if _CODE.fullmatch(code) else f"HTTP {answer.status}"
