"""The environment behind HTTP: who may call, what is called, and a batch as a whole."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import unquote

from sandboxes.business_central import batch, bodies, customers
from sandboxes.business_central.batch import Answered
from sandboxes.business_central.errors import (
    Refusal,
    forbidden,
    method_not_allowed,
    no_environment,
    no_resource,
    throttled,
    unauthorized,
)
from sandboxes.business_central.ids import guid
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.limits import Limits
from sandboxes.business_central.odata_path import API, Place, place, published, service
from sandboxes.business_central.published_pages import PublishedPages, own_page
from sandboxes.business_central.reading import TABLES
from sandboxes.business_central.resources import Resources
from sandboxes.business_central.warehouse import Warehouse
from sandboxes.business_central.world import World
from sandboxes.entra import Tokens, is_token_path
from sandboxes.wire import Request, Response

_OPERATIONS = {"GET": "read", "POST": "create", "PATCH": "update", "DELETE": "delete"}
_NAMES = ("externalDocumentNumber", "External_Document_No", "orderNumber", "Order_No", "number", "No", "customerNumber")
_ID = re.compile(r"/(\w+)\(([0-9a-fA-F-]{36})\)")
_DOCUMENT = re.compile(r"""(?:documentId|orderId|\bid)['"]?\s*(?::|eq)\s*['"]?([0-9a-fA-F-]{36})""")


class _Failed(Refusal):
    """A batch that is one transaction met a refusal."""

    def __init__(self, answered: list[Answered]) -> None:
        super().__init__(400, "", "")
        self.answered = answered


@dataclass
class BusinessCentral:
    """A sandbox in the sense of `wire.Sandbox`; `installation` is what its controls and books look at."""

    world: World
    throttled_until: datetime | None = None
    _refusals: int = 0
    installation: Installation = field(init=False)

    def __post_init__(self) -> None:
        self.installation = Installation(self.world)
        self.resources = Resources(self.installation)
        self.pages = PublishedPages(self.installation)
        self.tokens = Tokens(self.world, by_host=False)
        self.limits = Limits(self.installation)
        self.warehouse = Warehouse(self.installation)

    def operation(self, request: Request) -> str:
        """`token`, `batch`, `tracking`, `action`, `read`, `create`, `update`, `delete`, or `unknown`."""
        if is_token_path(request.path):
            return "token"
        where = place(request.path)
        if where is None:
            return "unknown"
        if published(where.rest) is not None or own_page(where, self.world.tracking_api) is not None:
            return "tracking"
        if not where.is_api:
            return "unknown"
        if where.api_rest == "$batch":
            return "batch"
        action = request.method == "POST" and "/Microsoft.NAV." in where.rest
        return "action" if action else _OPERATIONS.get(request.method, "unknown")

    def subject(self, request: Request) -> str:
        """The order's external document number where it can be told, else its number, else a customer's number."""
        if is_token_path(request.path):
            return ""
        path = unquote(request.path)
        text = " ".join([*(value for _, value in request.query), request.body.decode("utf-8", "replace")])
        found = self._named_by_id(path + " " + text)
        if found:
            return found
        matches = (re.search(rf"""\b{name}['"]?\s*(?::|=|eq)\s*['"]([^'"]+)['"]""", text) for name in _NAMES)
        return next((one[1] for one in matches if one), "")

    def _named_by_id(self, text: str) -> str:
        """What stands under the ids in an address, a filter or a body."""
        ids = [row_id for name, row_id in _ID.findall(text) if name in TABLES] + _DOCUMENT.findall(text)
        for row_id in ids:
            for table in self.installation.tables.values():
                row = table.get(row_id.lower())
                document = row.values.get("documentId") if row is not None else None
                if document:
                    row = self.installation.orders.get(str(document)) or self.installation.shipments.get(str(document))
                if row is not None:
                    return str(row.values.get("externalDocumentNumber") or row.values.get("number", ""))
        return ""

    def catch_up(self, now: datetime) -> None:
        """What people have set up, and what the clock had to do until now."""
        customers.set_up(self.installation)
        self.warehouse.run_due(now)

    def handle(self, request: Request, now: datetime) -> Response:
        self.catch_up(now)
        self.installation.tally.calls[self.operation(request)] += 1
        try:
            return self._answer(request, now)
        except Refusal as refusal:
            return self._refused(refusal)

    def _answer(self, request: Request, now: datetime) -> Response:
        if is_token_path(request.path):
            if request.method != "POST":
                raise method_not_allowed(request.method, "token")
            return self.tokens.issue(request, now)
        where = self._place(request)
        grant = self.tokens.grant(request)
        if grant is None or self.tokens.has_ended(grant, request, now) or not self.tokens.audience_fits(grant, request):
            raise unauthorized()
        if not self.world.clients[grant.client].registered:
            raise forbidden()
        if self.throttled_until is not None and now < self.throttled_until:
            raise throttled(max(1, int((self.throttled_until - now) / timedelta(seconds=1))))
        self.limits.enter(grant.client, now)
        return self._carry_out(request, where, now)

    def _place(self, request: Request) -> Place:
        where = place(request.path)
        if where is None:
            raise no_resource(request.path)
        if self.world.environment and where.environment.lower() != self.world.environment.lower():
            raise no_environment(where.environment)
        if self.world.tenant and where.tenant != self.world.tenant:
            raise unauthorized()
        return where

    def _carry_out(self, request: Request, where: Place, now: datetime) -> Response:
        if not where.is_api:
            return self.pages.answer(request, where, now)
        if where.api_rest == "$batch":
            return self._batch(request, now)
        return self.resources.execute(request, where.api_rest, now)

    def _batch(self, request: Request, now: datetime) -> Response:
        if request.method != "POST":
            raise method_not_allowed(request.method, "$batch")
        operations = batch.read(bodies.content(request), self.world.batch_size)

        def execute(one: Request) -> Response:
            return self.resources.execute(one, self._place(one).rest.removeprefix(API), now)

        def run() -> list[Answered]:
            return batch.carry_out(operations, request, service(request), execute, self._refused)

        if request.headers.get("isolation", "").lower() != "snapshot":
            return batch.compose(run())
        return batch.compose(self._at_once(run, now))

    def _at_once(self, run: batch.Run, now: datetime) -> list[Answered]:
        """Where one fails nothing has happened, and only its answer is given."""
        try:
            with self.installation.transaction(now):
                return _all_fine(run())
        except _Failed as failed:
            found = batch.failed(failed.answered)
            return [found] if found is not None else []

    def _refused(self, refusal: Refusal) -> Response:
        self._refusals += 1
        self.installation.tally.refusals[refusal.kind] += 1
        return refusal.response(guid("correlation", self._refusals))


def _all_fine(answered: list[Answered]) -> list[Answered]:
    if batch.failed(answered) is not None:
        raise _Failed(answered)
    return answered
