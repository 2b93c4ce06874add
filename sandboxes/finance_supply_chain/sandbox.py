"""The installation behind HTTP: who may call, what is called, and a batch as a whole."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from urllib.parse import unquote

from sandboxes.entra import Tokens, is_token_path
from sandboxes.finance_supply_chain import batch, metadata
from sandboxes.finance_supply_chain.batch import Answered, Changeset, Operation
from sandboxes.finance_supply_chain.errors import (
    Refusal,
    batch_invalid,
    forbidden,
    method_not_allowed,
    no_such_resource,
    throttled,
    unauthorized,
)
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.odata_path import ROOT, root
from sandboxes.finance_supply_chain.resources import Resources
from sandboxes.finance_supply_chain.totals import TotalsJob
from sandboxes.finance_supply_chain.warehouse import Warehouse
from sandboxes.finance_supply_chain.world import World
from sandboxes.wire import Request, Response

_OPERATIONS = {"GET": "read", "POST": "create", "PATCH": "update", "DELETE": "delete"}
_NAMES = ("SalesOrderNumber", "CustomersOrderReference", "SalesId", "CustomerAccount")
_REFERENCE = re.compile(r"^\$([^/?$]+)")


class _Failed(Refusal):
    """The first refusal of a change set, with the operation that met it."""

    def __init__(self, refusal: Refusal, content_id: str) -> None:
        super().__init__(refusal.status, refusal.text)
        self.refusal = refusal
        self.content_id = content_id


@dataclass
class FinanceSupplyChain:
    """A sandbox in the sense of `wire.Sandbox`; `installation` is what its controls and books look at."""

    world: World
    throttled_until: datetime | None = None
    _batches: int = 0
    installation: Installation = field(init=False)

    def __post_init__(self) -> None:
        self.installation = Installation(self.world)
        self.resources = Resources(self.installation)
        self.tokens = Tokens(self.world)
        self.totals = TotalsJob(self.installation)
        self.warehouse = Warehouse(self.installation)

    def operation(self, request: Request) -> str:
        """`token`, `metadata`, `batch`, `read`, `create`, `update`, `delete`, or `unknown`."""
        if is_token_path(request.path):
            return "token"
        if not request.path.startswith(ROOT):
            return "unknown"
        match request.path.removeprefix(ROOT):
            case "$batch":
                return "batch"
            case "" | "$metadata":
                return "metadata"
        return _OPERATIONS.get(request.method, "unknown")

    def subject(self, request: Request) -> str:
        """The order's number where the call names one, else its reference, else a customer's account, else nothing."""
        if is_token_path(request.path):
            return ""
        query = " ".join(value for _, value in request.query)
        text = " ".join((unquote(request.path), query, unquote(request.body.decode("utf-8", "replace"))))
        found = (re.search(rf"""{name}['"]?\s*(?::|=|eq)\s*['"]([^'"]+)['"]""", text) for name in _NAMES)
        return next((one[1] for one in found if one), "")

    def handle(self, request: Request, now: datetime) -> Response:
        self.warehouse.run_due(now)
        self.totals.run_due(now)
        self.installation.tally.calls[self.operation(request)] += 1
        try:
            return self._answer(request, now)
        except Refusal as refusal:
            return self._refused(refusal)

    def _answer(self, request: Request, now: datetime) -> Response:
        if is_token_path(request.path):
            return self._token(request, now)
        if not request.path.startswith(ROOT):
            raise no_such_resource(request.path)
        grant = self.tokens.grant(request)
        if grant is None or self.tokens.has_ended(grant, request, now) or not self.tokens.audience_fits(grant, request):
            self.installation.tally.refusals["unauthorized"] += 1
            return unauthorized(request.headers.get("host", ""))
        if not self.world.clients[grant.client].registered:
            raise forbidden()
        if self.throttled_until is not None and now < self.throttled_until:
            raise throttled(max(1, int((self.throttled_until - now) / timedelta(seconds=1))))
        return self._carry_out(request, now)

    def _token(self, request: Request, now: datetime) -> Response:
        if request.method != "POST":
            raise method_not_allowed(request.method)
        return self.tokens.issue(request, now)

    def _carry_out(self, request: Request, now: datetime) -> Response:
        match request.path.removeprefix(ROOT):
            case "$batch":
                return self._batch(request, now)
            case "$metadata":
                return metadata.document()
            case "":
                return metadata.service_document(root(request))
        return self.resources.execute(request, now)

    def _batch(self, request: Request, now: datetime) -> Response:
        if request.method != "POST":
            raise method_not_allowed(request.method)
        items = batch.parse(request.headers.get("content-type", ""), request.body)
        size = sum(len(one.operations) if isinstance(one, Changeset) else 1 for one in items)
        if size > self.world.batch_size:
            raise batch_invalid(f"The batch has {size} operations; at most {self.world.batch_size} are allowed.")
        self._batches += 1
        token = str(uuid.uuid5(uuid.NAMESPACE_OID, f"batch {self._batches}"))
        return batch.compose([self._item(one, request, now) for one in items], token)

    def _item(self, item: Operation | Changeset, outer: Request, now: datetime) -> Answered | Sequence[Answered]:
        """Without a change set every operation stands for itself; in one, the first refusal is the only answer."""
        if isinstance(item, Operation):
            return self._attempt(item, outer, {}, now)
        try:
            with self.installation.transaction(now):
                return self._all(item, outer, now)
        except _Failed as failed:
            return Answered(self._refused(failed.refusal), failed.content_id)

    def _attempt(self, one: Operation, outer: Request, created: dict[str, str], now: datetime) -> Answered:
        try:
            return Answered(self._one(one, outer, created, now), one.content_id)
        except Refusal as refusal:
            return Answered(self._refused(refusal), one.content_id)

    def _all(self, changeset: Changeset, outer: Request, now: datetime) -> Sequence[Answered]:
        created: dict[str, str] = {}
        done = []
        for one in changeset.operations:
            try:
                response = self._one(one, outer, created, now)
            except Refusal as refusal:
                raise _Failed(refusal, one.content_id) from None
            if "location" in response.headers:
                created[one.content_id] = response.headers["location"].partition(ROOT)[2]
            done.append(Answered(response, one.content_id))
        return done

    def _one(self, one: Operation, outer: Request, created: dict[str, str], now: datetime) -> Response:
        path = _resolved(one.request.path, created)
        if not path.startswith(ROOT):
            raise no_such_resource(path)
        headers = {**one.request.headers, "host": outer.headers.get("host", "")}
        return self.resources.execute(replace(one.request, path=path, headers=headers), now)

    def _refused(self, refusal: Refusal) -> Response:
        self.installation.tally.refusals[refusal.kind] += 1
        return refusal.response()


def _resolved(path: str, created: dict[str, str]) -> str:
    """`$1` at the start of a URL is the record that operation 1 of the same change set created."""
    found = _REFERENCE.match(path)
    if found is None:
        return path
    if found[1] not in created:
        raise batch_invalid(f"The content ID '{found[1]}' of a URL was not found among the operations before it.")
    return ROOT + created[found[1]] + path[found.end() :]
