"""The other end of the line, in memory: a queue of answers, and everything that was asked."""

from __future__ import annotations

import json
from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import httpx

from shared.erp.business_central.configuration import Configuration
from shared.erp.business_central.connect import open_erp
from shared.erp.microsoft.odata import dumps
from shared.erp.surroundings import Surroundings
from shared.erp.transport import Answer
from shared.ports.erp import Erp
from tests.erp.business_central.drafts import COMPANY, TOKEN_URL, URL, configuration, draft, draft_line
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_lists import MemoryLists

Planned = httpx.Response | type[httpx.RequestError]
ORDER_ID = "40000000-0000-4000-8000-000000000001"
LINE_ID = "50000000-0000-4000-8000-000000000001"


@dataclass
class FarEnd:
    """Answers in turn; tokens are always granted, and the list of companies is known."""

    planned: deque[Planned]
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if str(request.url) == TOKEN_URL:
            return httpx.Response(200, json={"token_type": "Bearer", "expires_in": 3600, "access_token": "token"})
        self.asked.append(request)
        planned = self.planned.popleft()
        if isinstance(planned, httpx.Response):
            return planned
        raise planned("says nothing")

    @property
    def calls(self) -> list[str]:
        """What was asked, in order: `POST $batch`, `POST salesOrders` …"""
        return [_name(request) for request in self.asked]

    @property
    def paths(self) -> list[str]:
        """Of the last batch."""
        requests = json.loads(self.asked[-1].content)["requests"]
        return [one["url"] for one in requests]


def far_end(*planned: Planned) -> FarEnd:
    return FarEnd(deque(planned))


def lists() -> MemoryLists:
    return MemoryLists({"business_central|companies": json.dumps({COMPANY.id: COMPANY.name})})


def erp(end: FarEnd, *, settings: Configuration | None = None, kept: MemoryLists | None = None) -> Erp:
    http = httpx.AsyncClient(transport=httpx.MockTransport(end))
    return open_erp(settings or configuration(), Surroundings(http, _secret, VirtualClock(), kept or lists()))


async def _secret(name: str, *, fresh: bool) -> str:
    assert name == "bc-client-secret"
    return "a-secret"


def rows(*some: dict[str, Any]) -> Answer:
    return Answer(200, dumps({"value": list(some)}))


def collection(*some: dict[str, Any]) -> httpx.Response:
    return answered(rows(*some))


def answered(answer: Answer) -> httpx.Response:
    return httpx.Response(answer.status, content=answer.body, headers=dict(answer.headers))


def batch(*parts: Answer) -> httpx.Response:
    """Each part's answer, the last one first: the order says nothing."""
    responses = [
        {"id": str(number), "status": one.status, "headers": dict(one.headers), "body": json.loads(one.body or b"{}")}
        for number, one in enumerate(parts, start=1)
    ]
    return httpx.Response(200, json={"responses": responses[::-1]})


def nothing() -> httpx.Response:
    """The look-up of an order that stands nowhere."""
    return batch(rows(), rows(), rows())


def found(*orders: dict[str, Any]) -> httpx.Response:
    return batch(rows(*orders), rows(), rows())


def created(**fields: Any) -> httpx.Response:
    return httpx.Response(201, content=dumps(order_row(**fields)))


def order_row(**fields: Any) -> dict[str, Any]:
    """The header of `draft()` with its one line, as Business Central shows them."""
    return {
        "@odata.etag": 'W/"1"',
        "id": ORDER_ID,
        "number": "101001",
        "externalDocumentNumber": draft().reference,
        "customerNumber": "C-NORTH",
        "currencyCode": "EUR",
        "pricesIncludeTax": True,
        "status": "Draft",
        "fullyShipped": False,
        "totalTaxAmount": Decimal("6.35"),
        "totalAmountIncludingTax": Decimal("39.80"),
        "salesOrderLines": [line_row()],
    } | fields


def line_row(**fields: Any) -> dict[str, Any]:
    line = draft_line()
    return {
        "@odata.etag": 'W/"2"',
        "id": LINE_ID,
        "sequence": 10000,
        "lineType": "Item",
        "lineObjectNumber": line.item.item,
        "itemVariantId": "00000000-0000-0000-0000-000000000000",
        "description": "Item 1",
        "description2": line.reference,
        "unitOfMeasureCode": "PCS",
        "quantity": 2,
        "shippedQuantity": 0,
        "netAmount": Decimal("33.45"),
        "netAmountIncludingTax": Decimal("39.80"),
    } | fields


def html(status: int = 200) -> httpx.Response:
    return httpx.Response(status, html="<html>Maintenance</html>")


def _name(request: httpx.Request) -> str:
    path = request.url.path.removeprefix(httpx.URL(URL).path).removeprefix("/api/v2.0/")
    return f"{request.method} {path.rpartition('/companies')[2].partition('/')[2].partition('(')[0] or path}"
