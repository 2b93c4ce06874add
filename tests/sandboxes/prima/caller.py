"""Someone who calls the sandbox rightly, so that a test only says what it does differently."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

from sandboxes.faults import Fault, FaultySandbox
from sandboxes.prima import worlds
from sandboxes.prima.controls import controls
from sandboxes.prima.sandbox import Prima
from sandboxes.wire import Request, Response

START = datetime(2026, 3, 2, 8, 0, 30, tzinfo=UTC)
PATH = "/wsalive/wsalive"
HEADERS: Mapping[str, str] = {
    "content-type": "text/xml; charset=utf-8",
    "soapaction": '""',
    "host": "prima.example.com",
}
DATA: Mapping[str, str] = {
    "UniqueId": "12345678",
    "OrderNumber": "20100001",
    "TPGUID": "20100001",
    "CustomerRef": "NO-N000001-A",
    "VatInclusive": "Yes",
    "HoldOrder": "No",
    "OrderChannel": "MKPA",
    "CustomerForename": "Example",
    "CustomerSurname": "Shopper",
    "AddrLine1": "1 Example Street",
    "PostCode": "00001",
    "Country": "FR",
    "CustomerEmail": "shopper@example.com",
    "ReceiveEmail": "No",
}
LINE: Mapping[str, str] = {"Product": "ITEM-001", "Quantity": "2", "Price": "20.00", "LineReference": "N000001-A-1"}


def element(name: str, attributes: Mapping[str, str], *inner: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{''.join(inner)}</{name}>"


def request(kind: str, *data: str) -> str:
    return element("Request", {"RequestType": kind}, *data)


def line(**changes: str) -> str:
    return element("OrderLineData", {**LINE, **changes})


def data(*parts: str, header: Mapping[str, str] | None = None, **changes: str) -> str:
    """One order, with one line where no parts are given."""
    attributes = {**DATA, **changes}
    head = element("OrderHeaderData", {"Currency": "EUR", **(header or {})})
    return element("Data", attributes, head, *(parts or (line(),)))


def envelope(operation: str, parts: Mapping[str, str], *, style: str = "rpc-literal") -> bytes:
    inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items())
    if style == "doc-literal":
        body = f'<{operation} xmlns="urn:omlink">{inner}</{operation}>'
    else:
        body = f'<n:{operation} xmlns:n="urn:omlink">{inner}</n:{operation}>'
    space = "http://schemas.xmlsoap.org/soap/envelope/"
    return f'<e:Envelope xmlns:e="{space}"><e:Body>{body}</e:Body></e:Envelope>'.encode()


def read(text: str | bytes) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 -- the sandbox's own answers


def inner(response: Response) -> str:
    """The string in a reply's only part."""
    assert response.status == 200, response.body
    parts = [one for one in read(response.body).iter() if one.tag.endswith("pcResponse")]
    return parts[0].text or ""


@dataclass
class Caller:
    """Calls through `faulty`, at `now`."""

    settings: Mapping[str, Any] = field(default_factory=dict)
    now: datetime = START

    def __post_init__(self) -> None:
        self.sandbox = Prima(worlds.overridden(worlds.demo(), self.settings))
        self.faulty = FaultySandbox(self.sandbox)

    def post(self, body: bytes, **headers: str) -> Response:
        sent = {**HEADERS, **{name.replace("_", "-"): value for name, value in headers.items()}}
        answer = self.faulty.handle(Request.to("POST", PATH, headers=sent, body=body), self.now)
        assert isinstance(answer, Response)
        return answer

    def get(self, path: str) -> Response:
        answer = self.faulty.handle(Request.to("GET", path, headers=HEADERS), self.now)
        assert isinstance(answer, Response)
        return answer

    def text(self, sent: str, *, company: str | None = None) -> str:
        """The inner reply to an inner request."""
        parts = {"pcRequest": sent} if company is None else {"pcCompany": company, "pcRequest": sent}
        operation = "wsomhandler" if company is None else "comwsomhandler"
        return inner(self.post(envelope(operation, parts, style=self.sandbox.world.style)))

    def result(self, sent: str, *, company: str | None = None) -> ET.Element:
        """The inner reply, read without its declaration."""
        return read(self.text(sent, company=company).partition("\n")[2])

    def order(self, *parts: str, company: str | None = None, **changes: Any) -> ET.Element:
        """The reply's `Data` to one new order."""
        (answer,) = self.result(request("MultiNewOrder", data(*parts, **changes)), company=company)
        return answer

    def status(self, number: str = "20100001") -> str:
        """The word, or nothing where the answer is an error."""
        result = self.result(request("OrderStatus", element("Data", {"OrderNumber": number})))
        return "" if result.get("RequestStatus") == "ERROR" else result[0].get("OrderStatus", "")

    def control(self, name: str, **content: Any) -> Any:
        return controls(self.sandbox)[name](content, self.now)

    def books(self) -> dict[str, Any]:
        books: dict[str, Any] = self.control("books")
        return books

    def later(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)

    def fail(self, kind: str, *, times: int = 1, operation: str = "*") -> None:
        self.faulty.faults.append(Fault(kind, operation, times=times))


def codes(answer: ET.Element) -> Sequence[str]:
    """The codes of an answer's errors, in order."""
    error = next(one for one in answer.iter("RequestError")).get("Error", "")
    return [part.partition(")")[0] for part in error.split("(")[1:] if part[:2] == "E:"]
