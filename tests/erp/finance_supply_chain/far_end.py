"""The other end of the line, in memory: a queue of answers, and everything that was asked."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import httpx

from shared.erp.finance_supply_chain.adapter import FinanceSupplyChain
from shared.erp.finance_supply_chain.configuration import Configuration
from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.microsoft.odata import dumps
from shared.erp.surroundings import Surroundings
from shared.erp.transport import Answer
from tests.erp.finance_supply_chain.drafts import TOKEN_URL, configuration, draft, draft_line
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists

Planned = httpx.Response | type[httpx.RequestError]


@dataclass
class FarEnd:
    """Answers in turn; token requests have a turn of their own and are granted unless planned otherwise."""

    planned: deque[Planned]
    tokens: deque[Planned] = field(default_factory=deque)
    asked: list[httpx.Request] = field(default_factory=list)
    granted: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if str(request.url) != TOKEN_URL:
            return _given(self.planned.popleft())
        self.granted += 1
        return _given(self.tokens.popleft()) if self.tokens else token(f"token-{self.granted}")

    @property
    def calls(self) -> list[str]:
        """What was asked, in order: `token`, `POST $batch`, `GET SalesOrderHeadersV3` …"""
        return [_name(request) for request in self.asked]


@dataclass
class Vault:
    """Secrets by name, in a cached and a renewed version."""

    cached: str = "an-old-secret"
    renewed: str = "a-new-secret"

    async def __call__(self, name: str, *, fresh: bool) -> str:
        assert name == "fo-client-secret"
        return self.renewed if fresh else self.cached


def far_end(*planned: Planned, tokens: Iterable[Planned] = ()) -> FarEnd:
    return FarEnd(deque(planned), deque(tokens))


def http_to(end: FarEnd) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.MockTransport(end))


def around(end: FarEnd, clock: VirtualClock | None = None) -> Surroundings:
    return Surroundings(http_to(end), Vault(), clock or VirtualClock(), MemoryLists())


def erp(end: FarEnd, *, settings: Configuration | None = None, clock: VirtualClock | None = None) -> FinanceSupplyChain:
    chosen = settings or configuration()
    return FinanceSupplyChain(chosen, Connection(chosen, around(end, clock)))


def token(value: str, seconds: int = 3600) -> httpx.Response:
    return httpx.Response(200, json={"token_type": "Bearer", "expires_in": seconds, "access_token": value})


def collection(*rows: dict[str, Any]) -> httpx.Response:
    return httpx.Response(200, content=dumps({"value": list(rows)}))


def header_row(**fields: Any) -> dict[str, Any]:
    """The header of `draft()` with its one line, as F&O shows them."""
    line = draft_line()
    return {
        "@odata.etag": 'W/"1"',
        "SalesOrderNumber": draft().number,
        "CustomersOrderReference": draft().reference,
        "OrderingCustomerAccountNumber": "C-NORTH",
        "CurrencyCode": "EUR",
        "SalesOrderStatus": "Backorder",
        "IsSalesProcessingStopped": "No",
        "OrderTotalAmount": 0,
        "OrderTotalTaxAmount": 0,
        "SalesOrderLines": [
            {
                "OrderLineReference": line.reference,
                "ItemNumber": line.item.item,
                "ProductSizeId": "",
                "OrderedSalesQuantity": line.quantity,
                "SalesUnitSymbol": line.unit,
                "LineAmount": line.amount,
                "ConfirmedShippingDate": "1900-01-01T12:00:00Z",
            }
        ],
    } | fields


def batch_answer(*parts: Answer) -> httpx.Response:
    """Each part on its own in one changeset's answer."""
    inner = b"".join(_part("inner", part) for part in parts) + b"--inner--\r\n"
    outer = b"--outer\r\nContent-Type: multipart/mixed; boundary=inner\r\n\r\n" + inner + b"\r\n--outer--\r\n"
    return httpx.Response(200, content=outer, headers={"content-type": "multipart/mixed; boundary=outer"})


def created() -> httpx.Response:
    return batch_answer(Answer(201, b"{}"), Answer(201, b"{}"))


def refused(answer: Answer) -> httpx.Response:
    return httpx.Response(answer.status, content=answer.body)


def html(status: int = 200) -> httpx.Response:
    return httpx.Response(status, html="<html>Maintenance</html>")


def _part(boundary: str, answer: Answer) -> bytes:
    head = f"--{boundary}\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {answer.status} Words\r\n\r\n"
    return head.encode() + answer.body + b"\r\n"


def _given(planned: Planned) -> httpx.Response:
    if isinstance(planned, httpx.Response):
        return planned
    raise planned("says nothing")


def _name(request: httpx.Request) -> str:
    if str(request.url) == TOKEN_URL:
        return "token"
    return f"{request.method} {request.url.path.removeprefix('/data/').partition('(')[0]}"
