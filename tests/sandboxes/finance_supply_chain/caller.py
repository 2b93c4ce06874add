"""Someone who calls the sandbox rightly, so that a test only says what it does differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from typing import Any
from urllib.parse import urlencode

import simplejson

from sandboxes.finance_supply_chain import worlds
from sandboxes.finance_supply_chain.books import books
from sandboxes.finance_supply_chain.sandbox import FinanceSupplyChain
from sandboxes.wire import Request, Response

HOST = "finance.example.com"
BASE = f"https://{HOST}/data/"
START = datetime(2026, 3, 2, 8, 0, 30, tzinfo=UTC)
CRLF = "\r\n"

HEADER: Mapping[str, Any] = {
    "dataAreaId": "usmf",
    "SalesOrderNumber": "MKA-0001-A",
    "OrderingCustomerAccountNumber": "MKP-FR-EUR",
    "InvoiceCustomerAccountNumber": "MKP-FR-EUR",
    "CurrencyCode": "EUR",
    "CustomersOrderReference": "MKA-0001-A",
    "SalesOrderOriginCode": "MIRAKL",
    "ArePricesIncludingSalesTax": "Yes",
    "SkipCreateAutoCharges": "Yes",
    "DefaultShippingSiteId": "1",
    "DefaultShippingWarehouseId": "11",
    "DeliveryModeCode": "STD",
    "RequestedShippingDate": "2026-03-04T12:00:00Z",
    "IsDeliveryAddressOrderSpecific": "Yes",
    "DeliveryAddressName": "Example Shopper",
    "DeliveryAddressStreet": "1 Example Street\n2nd floor",
    "DeliveryAddressCity": "Exampleville",
    "DeliveryAddressZipCode": "69002",
    "DeliveryAddressCountryRegionId": "FRA",
}
LINE: Mapping[str, Any] = {
    "dataAreaId": "usmf",
    "SalesOrderNumber": "MKA-0001-A",
    "ExternalItemNumber": "MKA-0001-A-1",
    "ItemNumber": "ITEM-001",
    "OrderedSalesQuantity": 2,
    "SalesUnitSymbol": "pcs",
    "SalesPrice": simplejson.loads("19.90", use_decimal=True),
    "SalesTaxItemGroupCode": "FULL",
}
CUSTOMER: Mapping[str, Any] = {
    "dataAreaId": "usmf",
    "CustomerAccount": "MKA-SHOPPER-1",
    "CustomerGroupId": "30",
    "SalesCurrencyCode": "EUR",
    "PartyType": "Person",
    "PersonFirstName": "Example",
    "PersonLastName": "Shopper",
    "SalesTaxGroup": "FR",
    "InvoiceAccount": "MKP-FR-EUR",
    "AddressStreet": "1 Example Street",
    "AddressCity": "Exampleville",
    "AddressZipCode": "69002",
    "AddressCountryRegionId": "FRA",
}


def header(**changes: Any) -> dict[str, Any]:
    return _changed(HEADER, changes)


def line(**changes: Any) -> dict[str, Any]:
    return _changed(LINE, changes)


def customer(**changes: Any) -> dict[str, Any]:
    return _changed(CUSTOMER, changes)


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
        self.sandbox = FinanceSupplyChain(worlds.overridden(worlds.demo(), self.settings))

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

    def headers(self, given: Mapping[str, str] | None = None) -> dict[str, str]:
        if not self.token:
            self.token = self.sign_in().json()["access_token"]
        defaults = {"authorization": f"Bearer {self.token}", "host": HOST, "content-type": "application/json"}
        return {**defaults, **(given or {})}

    def call(
        self,
        method: str,
        path: str,
        content: Any = None,
        *,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        sent = simplejson.dumps(content, use_decimal=True).encode() if content is not None else body
        url = path if path.startswith("https://") else BASE + path
        return self.sandbox.handle(Request.to(method, url, headers=self.headers(headers), body=sent), self.now)

    def get(self, path: str) -> Any:
        answer = self.call("GET", path)
        assert answer.status == 200, answer.body
        return answer.json()

    def create(self, entity_set: str, content: Mapping[str, Any]) -> Any:
        answer = self.call("POST", f"{entity_set}?cross-company=true", content)
        assert answer.status == 201, answer.body
        return answer.json()

    def order(self, *lines: Mapping[str, Any], **changes: Any) -> str:
        """An order with one line (or those given), entered one request after the other; its number."""
        number = str(self.create("SalesOrderHeadersV3", header(**changes))["SalesOrderNumber"])
        for one in lines or (line(),):
            self.create("SalesOrderLinesV3", {**one, "SalesOrderNumber": number})
        return number

    def batch(self, body: bytes, boundary: str = "batch_1") -> Response:
        headers = {"content-type": f"multipart/mixed; boundary={boundary}"}
        return self.call("POST", "$batch", body=body, headers=headers)

    def books(self) -> dict[str, Any]:
        return books(self.sandbox.installation)


def operation(method: str, url: str, content: Any = None, *, content_id: str = "") -> str:
    """One part of a batch, from its headers to its body."""
    body = simplejson.dumps(content, use_decimal=True, ensure_ascii=False) if content is not None else ""
    head = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    head += [f"Content-ID: {content_id}"] if content_id else []
    request = [f"{method} {url} HTTP/1.1", "Content-Type: application/json", "", body]
    return CRLF.join((*head, "", *request))


def multipart(parts: Sequence[str], boundary: str) -> str:
    return "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts) + f"--{boundary}--{CRLF}"


def changeset(*operations: str, boundary: str = "changeset_1") -> str:
    head = f"Content-Type: multipart/mixed; boundary={boundary}{CRLF}{CRLF}"
    return head + multipart(operations, boundary)


def whole(*parts: str, boundary: str = "batch_1") -> bytes:
    return multipart(parts, boundary).encode()


def order_changeset(*lines: Mapping[str, Any], **changes: Any) -> bytes:
    """Header and lines in one changeset, as an order with a client-supplied number is created."""
    content = header(**changes)
    number = {"SalesOrderNumber": content["SalesOrderNumber"]} if "SalesOrderNumber" in content else {}
    operations = [operation("POST", "SalesOrderHeadersV3?cross-company=true", content, content_id="1")]
    for position, one in enumerate(lines or (line(),), start=2):
        url = "SalesOrderLinesV3?cross-company=true"
        operations.append(operation("POST", url, {**one, **number}, content_id=str(position)))
    return whole(changeset(*operations))


@dataclass(frozen=True)
class Answer:
    """One answer inside a batch's answer."""

    status: int
    content_id: str
    body: str

    def json(self) -> Any:
        return simplejson.loads(self.body, use_decimal=True)


def answers(response: Response) -> list[Answer | list[Answer]]:
    """A batch's answer as Python's own e-mail package reads it: single answers, and lists for changesets."""
    content_type = f"Content-Type: {response.headers['content-type']}\r\n\r\n".encode()
    message = message_from_bytes(content_type + response.body)
    assert not message.defects
    return [_item(part) for part in _parts(message)]


def _item(part: Message) -> Answer | list[Answer]:
    assert not part.defects
    return [_answer(one) for one in _parts(part)] if part.is_multipart() else _answer(part)


def _answer(part: Message) -> Answer:
    assert part.get_content_type() == "application/http"
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    status_line, _, rest = payload.decode().partition("\r\n")
    version, status, _ = status_line.split(" ", 2)
    assert version == "HTTP/1.1"
    return Answer(int(status), part.get("Content-ID", ""), rest.partition("\r\n\r\n")[2])


def _parts(message: Message) -> list[Message]:
    payload = message.get_payload()
    assert isinstance(payload, list)
    return [part for part in payload if isinstance(part, Message)]
