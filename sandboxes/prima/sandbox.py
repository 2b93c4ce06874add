"""The installation behind HTTP: the adapter's addresses, and one SOAP call carried out or failed."""

from __future__ import annotations

import base64
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandboxes.prima import oddities, soap, wsdl
from sandboxes.prima.despatch_files import DespatchFiles
from sandboxes.prima.installation import Installation
from sandboxes.prima.oddities import Oddity
from sandboxes.prima.requests import ORDER_TYPES, STOCK_TYPES, order_number, request_type
from sandboxes.prima.results import result
from sandboxes.prima.soap import SoapFault
from sandboxes.prima.warehouse import Warehouse
from sandboxes.prima.world import World
from sandboxes.wire import Request, Response

_NAMES = {**dict.fromkeys(ORDER_TYPES, "order"), **dict.fromkeys(STOCK_TYPES, "stock"), "OrderStatus": "status"}
_AS_IT_SHOULD = Oddity()


@dataclass
class Prima:
    """A sandbox in the sense of `wire.Sandbox`; `installation` is what its controls and books look at."""

    world: World
    throttled_until: datetime | None = None
    own_faults: Collection[str] = oddities.KINDS
    installation: Installation = field(init=False)
    _calls: int = 0

    def __post_init__(self) -> None:
        self.installation = Installation(self.world)
        self.warehouse = Warehouse(self.installation)
        self.files = DespatchFiles(self.installation)

    def operation(self, request: Request) -> str:
        """`wsdl`, `order`, `status`, `stock`, or `unknown`."""
        if request.path == f"{self.world.path}/wsdl":
            return "wsdl"
        return _NAMES.get(request_type(self._inner(request)), "unknown")

    def subject(self, request: Request) -> str:
        """The number of the first order that is named, else nothing."""
        return order_number(self._inner(request))

    def handle(self, request: Request, now: datetime) -> Response:
        return self._handle(request, now, _AS_IT_SHOULD)

    def fail(self, kind: str, request: Request, now: datetime) -> Response:
        """One of `own_faults`, met by one call."""
        return self._handle(request, now, Oddity(kind))

    def run_due(self, now: datetime) -> None:
        """What the warehouse had to do until now, and its file."""
        self.warehouse.run_due(now)
        self.files.run_due(now)

    def _handle(self, request: Request, now: datetime, oddity: Oddity) -> Response:
        self.run_due(now)
        self.installation.tally.calls[self.operation(request)] += 1
        self._calls += 1
        if self.throttled_until is not None and now < self.throttled_until:
            return self._throttled(self.throttled_until - now)
        if not self._may_call(request):
            self.installation.tally.refusals["unauthorized"] += 1
            return _page(401, "Unauthorized", {"www-authenticate": 'Basic realm="OpenEdge"'})
        host = request.headers.get("host", "prima.example.com")
        if request.path == f"{self.world.path}/wsdl" and request.method == "GET":
            return self._wsdl(request, host)
        if request.path == self.world.path and request.method == "POST":
            return self._call(request, now, oddity)
        return _page(405 if request.path == self.world.path else 404, "Not available")

    def _wsdl(self, request: Request, host: str) -> Response:
        match request.parameter("targetURI"):
            case None:
                return wsdl.listing(self.world, host)
            case target if target == self.world.target:
                return wsdl.document(self.world, host)
        return _page(404, "No such WSDL")

    def _call(self, request: Request, now: datetime, oddity: Oddity) -> Response:
        if not request.headers.get("content-type", "").startswith("text/xml"):
            return _page(415, "Unsupported Media Type")
        try:
            call = soap.read(request, self.world)
        except SoapFault as fault:
            self.installation.tally.refusals["SOAP fault"] += 1
            return self._fault(fault.text, fault.code)
        text = oddity.text(self.world.target)
        if text and oddity.before:
            return self._fault(text)
        inner = result(self.installation, call.company, call.request, now, oddity)
        if text:
            return self._fault(text)
        return soap.reply(
            call.operation, inner[: len(inner) // 2] if oddity.kind == "cut_inside" else inner, self.world
        )

    def _fault(self, text: str, code: str = "Server") -> Response:
        return soap.fault(text, code=code, request_id=f"sandbox:{self._calls:x}#1f")

    def _inner(self, request: Request) -> str:
        """The inner string as far as it can be read."""
        try:
            return soap.read(request, self.world).request
        except SoapFault:
            return ""

    def _may_call(self, request: Request) -> bool:
        wanted = base64.b64encode(self.world.credentials.encode()).decode()
        return not self.world.credentials or request.headers.get("authorization", "") == f"Basic {wanted}"

    def _throttled(self, left: timedelta) -> Response:
        """Invented: it is a proxy that says so, the server itself would let callers wait."""
        self.installation.tally.refusals["throttled"] += 1
        return _page(429, "Too Many Requests", {"retry-after": str(max(1, int(left.total_seconds())))})


def _page(status: int, title: str, headers: dict[str, str] | None = None) -> Response:
    """A page of the servlet container."""
    page = f"<html><head><title>{title}</title></head><body><h1>HTTP Status {status}</h1></body></html>"
    return Response(status, page.encode(), {"content-type": "text/html;charset=utf-8", **(headers or {})})
