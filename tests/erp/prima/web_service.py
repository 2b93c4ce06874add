"""An instance of the web service in memory: it serves its WSDL, and plays planned answers to what is posted."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

import httpx
from lxml import etree

from shared.erp.prima.endpoint import Endpoint
from shared.erp.prima.soap import Soap
from tests.erp.prima.wsdls import wsdl

URL = "https://prima.example.com/wsalive/wsalive"
Planned = httpx.Response | type[Exception]


@dataclass
class WebService:
    planned: deque[Planned] = field(default_factory=deque)
    wsdls: deque[Planned] = field(default_factory=deque)
    """In turn; afterwards the ordinary one."""
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.method == "POST":
            return _given(self.planned.popleft())
        return _given(self.wsdls.popleft()) if self.wsdls else httpx.Response(200, content=wsdl())

    @property
    def posted(self) -> list[httpx.Request]:
        return [request for request in self.asked if request.method == "POST"]

    @property
    def fetched(self) -> list[str]:
        return [str(request.url) for request in self.asked if request.method == "GET"]


@dataclass
class Vault:
    """Secrets by name, in a cached and a renewed version."""

    async def __call__(self, name: str, *, fresh: bool) -> str:
        assert name == "prima-secret"
        return "new" if fresh else "old"


def service(*planned: Planned, wsdls: tuple[Planned, ...] = ()) -> WebService:
    return WebService(deque(planned), deque(wsdls))


def client(end: WebService, endpoint: Endpoint | None = None) -> Soap:
    http = httpx.AsyncClient(transport=httpx.MockTransport(end))
    return Soap(endpoint=endpoint or Endpoint(url=URL), http=http, secret=Vault())


def answer(content: bytes, status: int = 200) -> httpx.Response:
    return httpx.Response(status, content=content, headers={"content-type": "text/xml;charset=UTF-8"})


def sent_parts(content: bytes) -> dict[str, str]:
    """What lies in an envelope's one element, by part, as a server would see it; the names with their namespaces."""
    wrapper = etree.fromstring(content)[0][0]
    return {str(part.tag): part.text or "" for part in wrapper}


def _given(planned: Planned) -> httpx.Response:
    if isinstance(planned, httpx.Response):
        return planned
    raise planned("says nothing")
