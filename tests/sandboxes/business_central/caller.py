"""Someone who calls the sandbox rightly, so that a test only says what it does differently."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

import simplejson

from sandboxes.business_central import worlds
from sandboxes.business_central.controls import controls
from sandboxes.business_central.sandbox import BusinessCentral
from sandboxes.wire import Request, Response

HOST = "api.businesscentral.dynamics.com"
ENVIRONMENT = f"https://{HOST}/v2.0/some-tenant/production/"
API = f"{ENVIRONMENT}api/v2.0/"
COMPANY = f"companies({worlds.COMPANY_ID})/"
START = datetime(2026, 3, 2, 8, 0, 30, tzinfo=UTC)
BLANK = "00000000-0000-0000-0000-000000000000"

HEADER: Mapping[str, Any] = {
    "customerNumber": "MKP-FR-EUR",
    "externalDocumentNumber": "MKA-0001-A",
    "orderDate": "2026-03-02",
    "currencyCode": "EUR",
    "pricesIncludeTax": True,
    "requestedDeliveryDate": "2026-03-04",
    "shipToName": "Example Shopper",
    "shipToAddressLine1": "1 Example Street",
    "shipToAddressLine2": "2nd floor",
    "shipToCity": "Exampleville",
    "shipToPostCode": "69002",
    "shipToCountry": "FRA",
}
LINE: Mapping[str, Any] = {
    "lineType": "Item",
    "lineObjectNumber": "ITEM-001",
    "quantity": 2,
    "unitOfMeasureCode": "PCS",
    "taxCode": "FULL",
    "description2": "MKA-0001-A-1",
    "unitPrice": simplejson.loads("19.90", use_decimal=True),
    "discountPercent": 0,
}
CUSTOMER: Mapping[str, Any] = {
    "number": "MKA-SHOPPER-1",
    "displayName": "Example Shopper",
    "type": "Person",
    "addressLine1": "1 Example Street",
    "city": "Exampleville",
    "country": "FRA",
    "postalCode": "69002",
    "currencyCode": "EUR",
}


def header(**changes: Any) -> dict[str, Any]:
    return _changed(HEADER, changes)


def line(**changes: Any) -> dict[str, Any]:
    return _changed(LINE, changes)


def customer(**changes: Any) -> dict[str, Any]:
    return _changed(CUSTOMER, changes)


def order(*lines: Mapping[str, Any], **changes: Any) -> dict[str, Any]:
    """A deep insert with one line, or those given."""
    return {**header(**changes), "salesOrderLines": [dict(one) for one in lines or (line(),)]}


def _changed(content: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    """A change to `...` leaves the property out."""
    return {name: value for name, value in {**content, **changes}.items() if value is not ...}


@dataclass
class Caller:
    """`now` moves when the test says so."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = START
    token: str = ""

    def __post_init__(self) -> None:
        self.sandbox = BusinessCentral(worlds.overridden(worlds.demo(), {"token_seconds": 10**9, **self.settings}))
        self.controls = controls(self.sandbox)

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def sign_in(self, **changes: str) -> Response:
        form = {
            "grant_type": "client_credentials",
            "client_id": worlds.CLIENT_ID,
            "client_secret": worlds.CLIENT_SECRET,
            "scope": f"https://{HOST}/.default",
            **changes,
        }
        body = urlencode({name: value for name, value in form.items() if value}).encode()
        headers = {"content-type": "application/x-www-form-urlencoded", "host": "login.example.com"}
        url = "https://login.example.com/some-tenant/oauth2/v2.0/token"
        return self.sandbox.handle(Request.to("POST", url, headers=headers, body=body), self.now)

    def call(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Response:
        """`path` inside the company, or from the API's root (`companies…`, `$batch`), or a whole URL."""
        if not self.token:
            self.token = str(self.sign_in().json()["access_token"])
        sent = simplejson.dumps(content, use_decimal=True).encode() if content is not None else body
        defaults = {"authorization": f"Bearer {self.token}", "host": HOST, "content-type": "application/json"}
        request = Request.to(method, url(path), headers={**defaults, **(headers or {})}, body=sent)
        return self.sandbox.handle(request, self.now)

    def get(self, path: str, **headers: str) -> Any:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = self.call("GET", path, headers=sent)
        assert answer.status == 200, answer.body
        return answer.json()

    def rows(self, path: str, **headers: str) -> list[dict[str, Any]]:
        return list(self.get(path, **headers)["value"])

    def create(self, content: Mapping[str, Any] | None = None, *, path: str = "salesOrders") -> dict[str, Any]:
        """An order, its lines in the answer."""
        expand = "?$expand=salesOrderLines" if path == "salesOrders" else ""
        answer = self.call("POST", path + expand, content or order())
        assert answer.status == 201, answer.body
        return dict(answer.json())

    def refused(self, content: Mapping[str, Any], *, path: str = "salesOrders") -> tuple[int, str, str]:
        """Status, code, and text before the correlation id."""
        return error(self.call("POST", path, content))

    def control(self, name: str, **content: Any) -> Any:
        return self.controls[name](content, self.now)

    def books(self) -> dict[str, Any]:
        return dict(self.control("books"))

    def only_order(self) -> dict[str, Any]:
        (one,) = self.books()["orders"]
        return dict(one)


def url(path: str) -> str:
    if path.startswith("https://"):
        return path
    return (API if path.startswith(("companies", "$batch")) else API + COMPANY) + path


def matching(entity_set: str, condition: str, more: str = "") -> str:
    return f"{entity_set}?$filter={quote(condition)}{more}"


def error(answer: Response) -> tuple[int, str, str]:
    content = answer.json()["error"]
    assert "CorrelationId:" in content["message"]
    return answer.status, content["code"], content["message"].partition("  CorrelationId:")[0]
