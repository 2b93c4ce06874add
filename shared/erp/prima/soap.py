"""The SOAP client: one string in, one string out, over our own HTTP client."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Mapping

import httpx

from shared.erp.prima.endpoint import Basic, Endpoint
from shared.erp.prima.faults import fault_in, what_follows
from shared.erp.prima.markup import Unreadable
from shared.erp.prima.parts import Shape, Unfit
from shared.erp.prima.wsdl import Contract, body_of, contract
from shared.erp.surroundings import Secret
from shared.erp.transport import Answer, nothing_happened, transport_failure, unusable
from shared.errors import SettingsError, Unavailable
from shared.model.keys import ERP_SCOPE

LARGEST = 40_000_000
"""Bytes of an answer. A full list of 5,400 articles has 0.7 million before it is escaped (observed at one site)."""
REMEDIES: Mapping[int, str] = {
    401: "correct the user and password, or the header, of what stands before Prima",
    403: "let the bridge's address or user call Prima's web service",
}
_CONNECT_SECONDS = 10.0
_WSDL = "GET wsdl"


class Soap:
    """One instance of the web service. Its WSDL is read once per process; a failure to read it is not kept."""

    def __init__(self, *, endpoint: Endpoint, http: httpx.AsyncClient, secret: Secret) -> None:
        self._endpoint = endpoint
        self._http = http
        self._secret = secret
        self._lock = asyncio.Lock()
        self._contract: Contract | None = None

    def read_pinned(self) -> None:
        """The WSDL, where it is pinned, before anything needs it. Raises SettingsError."""
        self._contract = self._of_pinned()

    async def shape(self) -> Shape:
        """How the operation is called here, for whoever sets this up. Raises as `_known`."""
        return (await self._known()).shape

    async def ask(self, request: str, *, operation: str, write: bool) -> str:
        """The reply to a request, both as XML text; `operation` names the request type in errors.

        Raises SettingsError (a pinned WSDL of which `read_pinned` was not asked), Unavailable (never sent; or a read
        that failed), Throttled, Unauthorized, or for a write UnknownOutcome.
        """
        known = await self._known()
        content = known.envelope(request, company=self._endpoint.company)
        headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": f'"{known.shape.action}"'}
        answer = await self._exchange("POST", self._endpoint.address, headers, operation, write=write, content=content)
        try:
            body = body_of(answer.body)
            if fault := fault_in(body):
                raise what_follows(fault, answer, operation=operation, write=write)
            if answer.succeeded:
                return known.reply(body)
        except Unreadable as problem:
            raise unusable(answer, operation=operation, write=write, why=str(problem)) from None
        raise unusable(answer, operation=operation, write=write)

    async def _known(self) -> Contract:
        """Raises SettingsError for a pinned WSDL, Unavailable, Throttled or Unauthorized for one that is fetched."""
        async with self._lock:
            if self._contract is None:
                self._contract = self._of_pinned() or await self._of_fetched()
            return self._contract

    def _of_pinned(self) -> Contract | None:
        try:
            content = self._endpoint.pinned()
            return None if content is None else self._read(content)
        except OSError as problem:
            raise SettingsError(f"the pinned WSDL cannot be read: {type(problem).__name__}") from None
        except (Unreadable, Unfit) as problem:
            raise SettingsError(f"the pinned WSDL cannot be used: {problem}") from None

    async def _of_fetched(self) -> Contract:
        headers = {"Accept": "text/xml, application/xml"}
        answer = await self._exchange("GET", self._endpoint.wsdl_address, headers, _WSDL, write=False)
        if not answer.succeeded:
            raise unusable(answer, operation=_WSDL, write=False)
        try:
            return self._read(answer.body)
        except Unreadable as problem:
            raise unusable(answer, operation=_WSDL, write=False, why=str(problem)) from None
        except Unfit as problem:
            raise Unavailable(f"{_WSDL}: {problem}", scope=ERP_SCOPE) from None

    def _read(self, content: bytes) -> Contract:
        return contract(content, names=self._endpoint.names, company=self._endpoint.company)

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], operation: str, *, write: bool, content: bytes = b""
    ) -> Answer:
        """A 401 reads the secret again and repeats the call once: nothing has happened yet."""
        request = self._http.build_request(method, url, headers=headers, content=content, timeout=self._timeout)
        answer = await self._send(request, operation, write=write, fresh=False)
        if answer.status == 401 and self._endpoint.authorization is not None:
            answer = await self._send(request, operation, write=write, fresh=True)
        if refused := nothing_happened(answer, operation=operation, remedies=REMEDIES):
            raise refused
        return answer

    async def _send(self, request: httpx.Request, operation: str, *, write: bool, fresh: bool) -> Answer:
        request.headers.update(await self._authorization(fresh=fresh))
        try:
            # OpenEdge queues requests for ever, and an answer that trickles never meets the time-out of one read.
            async with asyncio.timeout(self._endpoint.timeout_seconds + 3 * _CONNECT_SECONDS):
                return await self._received(request, operation, write=write)
        except httpx.RequestError as problem:
            raise transport_failure(problem, operation=operation, write=write) from problem
        except TimeoutError:
            late = httpx.ReadTimeout("the answer trickles")
            raise transport_failure(late, operation=operation, write=write) from None

    async def _received(self, request: httpx.Request, operation: str, *, write: bool) -> Answer:
        response = await self._http.send(request, stream=True, follow_redirects=False)
        try:
            body = bytearray()
            async for piece in response.aiter_bytes():
                body += piece
                if len(body) > LARGEST:
                    raise unusable(Answer(response.status_code), operation=operation, write=write, why="too large")
            return Answer(response.status_code, bytes(body), dict(response.headers))
        finally:
            await response.aclose()

    @property
    def _timeout(self) -> httpx.Timeout:
        return httpx.Timeout(self._endpoint.timeout_seconds, connect=_CONNECT_SECONDS, pool=_CONNECT_SECONDS)

    async def _authorization(self, *, fresh: bool) -> dict[str, str]:
        allowed = self._endpoint.authorization
        if allowed is None:
            return {}
        if isinstance(allowed, Basic):
            pair = f"{allowed.user}:{await self._secret(allowed.password, fresh=fresh)}"
            return {"Authorization": f"Basic {b64encode(pair.encode()).decode('ascii')}"}
        return {allowed.name: await self._secret(allowed.value, fresh=fresh)}
