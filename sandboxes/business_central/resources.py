"""The entity sets over HTTP: read, create, update, delete and act, one request at a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sandboxes.business_central import bodies, customers, odata_pages, odata_path, odata_query, posting, sales_orders
from sandboxes.business_central.document_entities import SALES_ORDERS
from sandboxes.business_central.edm import BLANK_ID
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import dialog, entity_changed, method_not_allowed, no_resource, no_token
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.odata_path import Address, service
from sandboxes.business_central.odata_query import Query
from sandboxes.business_central.reading import Reader, etag, page, reader
from sandboxes.business_central.records import Row
from sandboxes.wire import Request, Response

_JSON = {"content-type": "application/json; odata.metadata=minimal; odata.streaming=true", "odata-version": "4.0"}


@dataclass
class Resources:
    """Raises Refusal for what the installation refuses; a refused write leaves nothing behind."""

    installation: Installation

    def execute(self, request: Request, rest: str, now: datetime) -> Response:
        """`rest` is the address behind the API's root, decoded."""
        address = odata_path.parse(rest)
        for name in odata_query.unknown_options(request):
            self.installation.tally.ignore(f"query option {name}")
        view = reader(self.installation, request, now)
        match request.method, address.key, address.rest:
            case "GET", None, "":
                return self._collection(request, rest, address, view)
            case "GET", None, "$count":
                return self._count(request, address, view)
            case "GET", _, "":
                return self._single(request, address, view)
            case "POST", key, action if action and key is not None:
                return self._act(address, view, now)
            case "POST", None, "" if address.entity_set.insert:
                return self._create(request, address, view, now)
            case (("PATCH" | "DELETE"), key, "") if key is not None:
                return self._write(request, address, view, now)
        raise method_not_allowed(request.method, address.entity_set.name)

    def _collection(self, request: Request, rest: str, address: Address, view: Reader) -> Response:
        query = odata_query.read(request, address.entity_set)
        found = page(request, query, view.collection(address, query), self.installation.world.page_size)
        content: dict[str, Any] = {"@odata.context": f"{service(request)}$metadata#{address.entity_set.name}"}
        if query.count:
            content["@odata.count"] = found.total
        content["value"] = [view.expanded(values, address, query) for _, values in found.rows]
        if found.more:
            content["@odata.nextLink"] = odata_pages.next_link(request, service(request) + rest, query, found)
        return Response(200, Response.of(200, content).body, _JSON)

    def _count(self, request: Request, address: Address, view: Reader) -> Response:
        query = odata_query.read(request, address.entity_set)
        rows = view.collection(address, query)
        total = odata_pages.page(query, rows, self.installation.world.page_size).total
        return Response(200, str(total).encode(), {"content-type": "text/plain", "odata-version": "4.0"})

    def _single(self, request: Request, address: Address, view: Reader) -> Response:
        query = odata_query.read(request, address.entity_set)
        odata_query.single(query)
        address = Address(address.entity_set, address.company, address.key)
        return _record(request, address.entity_set, view.expanded(view.one(address)[1], address, query), 200)

    def _create(self, request: Request, address: Address, view: Reader, now: datetime) -> Response:
        entity_set, company = address.entity_set, view.company(address.company)
        content = bodies.content(request)
        given = bodies.read(content, entity_set)
        query = odata_query.read(request, entity_set)
        with self.installation.transaction(now):
            match entity_set.name:
                case "salesOrders":
                    lines = bodies.nested(content, SALES_ORDERS, "salesOrderLines")
                    row = sales_orders.create(self.installation, company, given, lines, now)
                case "customers":
                    row = customers.create(self.installation, company, given, now)
                case _:
                    row = sales_orders.add_line(self.installation, self._parent(address, given, view), given, now)
        answer = self._answer(request, entity_set, row, view, query, 201)
        location = f"{service(request)}companies({address.company})/{entity_set.name}({row.id})"
        return Response(answer.status, answer.body, {**answer.headers, "location": location})

    def _parent(self, address: Address, given: bodies.Given, view: Reader) -> Row:
        """The order that a new line is for."""
        parent = address.parent[1] if address.parent is not None else str(given.get("documentId", BLANK_ID))
        if parent == BLANK_ID:
            raise dialog("You must specify a document id when you create a line.")
        return view.row(Address(SALES_ORDERS, address.company, parent))

    def _write(self, request: Request, address: Address, view: Reader, now: datetime) -> Response:
        entity_set = address.entity_set
        deletes = request.method == "DELETE"
        if not (entity_set.delete if deletes else entity_set.modify):
            raise method_not_allowed(request.method, entity_set.name)
        given = {} if deletes else bodies.read(bodies.content(request), entity_set)
        row = view.row(address)
        _check_token(request, row)
        with self.installation.transaction(now):
            self._changed(entity_set, row, given, now, deletes=deletes)
        if deletes:
            return Response(204, b"", {"odata-version": "4.0"})
        return self._answer(request, entity_set, row, view, odata_query.read(request, entity_set), 200)

    def _changed(self, entity_set: EntitySet, row: Row, given: bodies.Given, now: datetime, *, deletes: bool) -> None:
        match entity_set.name, deletes:
            case "salesOrders", True:
                sales_orders.delete(self.installation, row, now)
            case "salesOrders", False:
                sales_orders.change(self.installation, row, given, now)
            case "salesOrderLines", True:
                sales_orders.delete_line(self.installation, row, now)
            case "salesOrderLines", False:
                sales_orders.change_line(self.installation, row, given, now)
            case "customers", True:
                customers.delete(self.installation, row, now)
            case _:
                customers.change(self.installation, row, given, now)

    def _act(self, address: Address, view: Reader, now: datetime) -> Response:
        """A bound action: BC's own, or the one that the client published."""
        if address.entity_set is not SALES_ORDERS:
            raise no_resource(address.rest)
        order = view.row(address)
        with self.installation.transaction(now):
            if address.rest == "shipAndInvoice":
                posting.ship_and_invoice(self.installation, order, now)
            elif address.rest and address.rest == self.installation.world.release_action:
                sales_orders.release(self.installation, order, now)
            else:
                raise no_resource(f"Microsoft.NAV.{address.rest}")
        return Response(204, b"", {"odata-version": "4.0"})

    def _answer(
        self, request: Request, entity_set: EntitySet, row: Row, view: Reader, query: Query, status: int
    ) -> Response:
        company = self.installation.company_of(row)
        address = Address(entity_set, company.id, row.id)
        return _record(request, entity_set, view.expanded(view.one(address)[1], address, query), status)


def _check_token(request: Request, row: Row) -> None:
    sent = request.headers.get("if-match", "")
    if sent != "*" and not sent.startswith('W/"'):
        raise no_token()
    if sent not in ("*", etag(row)):
        raise entity_changed()


def _record(request: Request, entity_set: EntitySet, content: Mapping[str, Any], status: int) -> Response:
    context = {"@odata.context": f"{service(request)}$metadata#{entity_set.name}/$entity"}
    headers = {**_JSON, "etag": content["@odata.etag"]}
    return Response(status, Response.of(status, {**context, **content}).body, headers)
