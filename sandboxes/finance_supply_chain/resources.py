"""The entity sets over HTTP: read, create, update and delete, one request at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandboxes.finance_supply_chain import bodies, odata_path, odata_query, sales_headers, sales_lines
from sandboxes.finance_supply_chain.conditions import lookups
from sandboxes.finance_supply_chain.edm import NAMESPACE, Value, fold, written
from sandboxes.finance_supply_chain.entities import CUSTOMERS, ENTITY_SETS, EntitySet
from sandboxes.finance_supply_chain.errors import method_not_allowed, not_found, nothing_selected_for_update, stale
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.odata_path import ROOT, Address, root
from sandboxes.finance_supply_chain.odata_query import Query
from sandboxes.finance_supply_chain.records import Row, Table
from sandboxes.wire import Request, Response

_JSON = {"content-type": "application/json; odata.metadata=minimal", "odata-version": "4.0"}
_SET_UP = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class Resources:
    """Raises Refusal for what the installation refuses; a refused write leaves nothing behind."""

    installation: Installation

    def execute(self, request: Request, now: datetime) -> Response:
        address = odata_path.parse(request.path)
        for name in odata_query.unknown_options(request):
            self.installation.tally.ignore(f"query option {name}")
        if "prefer" in request.headers:
            self.installation.tally.ignore("header Prefer")
        match request.method, address.key, address.rest:
            case "GET", None, "":
                return self._collection(request, address)
            case "GET", None, _:
                return self._count(request, address)
            case "GET", _, _:
                return self._single(request, address)
            case "POST", None, "" if address.entity_set.writable:
                return self._create(request, address, now)
            case (("PATCH" | "DELETE"), key, "") if key is not None and address.entity_set.writable:
                return self._write(request, address, now)
        raise method_not_allowed(request.method)

    def _collection(self, request: Request, address: Address) -> Response:
        query = odata_query.read(request, address.entity_set)
        return self._page(request, address.entity_set, query, self._candidates(address.entity_set, query))

    def _page(self, request: Request, entity_set: EntitySet, query: Query, rows: Iterable[Row]) -> Response:
        limit = self.installation.world.page_size
        page = odata_query.page(query, self._visible(rows, query.cross_company), limit)
        content: dict[str, Any] = {"@odata.context": f"{root(request)}$metadata#{entity_set.name}"}
        if query.count:
            content["@odata.count"] = page.total
        content["value"] = [self._shown(row, entity_set, query) for row in page.rows]
        if page.more:
            content["@odata.nextLink"] = odata_query.next_link(
                request, f"{root(request)}{request.path.removeprefix(ROOT)}", query, limit
            )
        return Response(200, Response.of(200, content).body, _JSON)

    def _count(self, request: Request, address: Address) -> Response:
        query = odata_query.read(request, address.entity_set)
        rows = self._visible(self._candidates(address.entity_set, query), query.cross_company)
        total = odata_query.page(query, rows, self.installation.world.page_size).total
        return Response(200, str(total).encode(), {"content-type": "text/plain", "odata-version": "4.0"})

    def _single(self, request: Request, address: Address) -> Response:
        query = odata_query.read(request, _target(address))
        row = self._visible_row(address, cross_company=query.cross_company)
        if row is None:
            raise not_found(f"{NAMESPACE}.{address.entity_set.type_name}")
        if address.rest:
            return self._page(request, _target(address), query, self.installation.lines_of(row))
        odata_query.single(query)
        return _record(request, address.entity_set, self._shown(row, address.entity_set, query), 200)

    def _create(self, request: Request, address: Address, now: datetime) -> Response:
        entity_set = address.entity_set
        given = bodies.read(request, entity_set, "create")
        rules = sales_headers if entity_set.table == "headers" else sales_lines
        with self.installation.transaction(now):
            row = rules.create(self.installation, given, now)
        answer = _record(request, entity_set, self._shown(row, entity_set, Query()), 201)
        location = root(request) + odata_path.written(entity_set, {name: row.text(name) for name in entity_set.key})
        return Response(answer.status, answer.body, {**answer.headers, "location": location})

    def _write(self, request: Request, address: Address, now: datetime) -> Response:
        entity_set = address.entity_set
        given = bodies.read(request, entity_set, "update") if request.method == "PATCH" else {}
        row = self._visible_row(address, cross_company=odata_query.crosses_companies(request))
        if row is None:
            raise nothing_selected_for_update()
        if request.headers.get("if-match", "*") not in ("*", _etag(row)):
            raise stale(self.installation.world.stale_status)
        rules = sales_headers if entity_set.table == "headers" else sales_lines
        with self.installation.transaction(now):
            if request.method == "PATCH":
                rules.change(self.installation, row, given, now)
            else:
                rules.delete(self.installation, row, now)
        return Response(204, b"", {"odata-version": "4.0"})

    def _table(self, entity_set: EntitySet) -> Table:
        return self.installation.headers if entity_set.table == "headers" else self.installation.lines

    def _candidates(self, entity_set: EntitySet, query: Query) -> Iterable[Row]:
        if not entity_set.writable:
            return self._set_up_rows(entity_set)
        table = self._table(entity_set)
        found = lookups(query.filter, table.indexed) if query.filter else None
        return table.rows() if found is None else table.found(found)

    def _visible(self, rows: Iterable[Row], cross_company: bool) -> Iterator[Row]:
        """Without `cross-company=true` only the default company is there."""
        default = fold(self.installation.world.default_company)
        return (row for row in rows if cross_company or fold(row.text("dataAreaId")) == default)

    def _visible_row(self, address: Address, *, cross_company: bool) -> Row | None:
        assert address.key is not None, "only addresses with a key name one record"
        wanted = {name: fold(value) for name, value in address.key.items()}
        if address.entity_set.writable:
            row = self._table(address.entity_set).get(dict(address.key))
            return next(self._visible([row] if row else [], cross_company), None)
        rows = self._visible(self._set_up_rows(address.entity_set), cross_company)
        return next((row for row in rows if all(fold(row.text(name)) == one for name, one in wanted.items())), None)

    def _set_up_rows(self, entity_set: EntitySet) -> Iterator[Row]:
        read = _customers if entity_set is CUSTOMERS else _origins
        for number, values in enumerate(read(self.installation), start=1):
            yield Row({**entity_set.empty(), **values}, number, _SET_UP, _SET_UP)

    def _shown(self, row: Row, entity_set: EntitySet, query: Query) -> dict[str, Any]:
        names = query.select or tuple(entity_set.properties)
        content = {"@odata.etag": _etag(row), **{name: written(row.values[name]) for name in names}}
        for one in query.expand:
            lines = self.installation.lines_of(row)
            content[one.navigation] = [self._shown(line, one.target, Query(select=one.select)) for line in lines]
        return content


def _customers(installation: Installation) -> Iterator[dict[str, Value]]:
    for company in installation.world.companies.values():
        for one in company.customers.values():
            yield {
                "dataAreaId": company.id,
                "CustomerAccount": one.account,
                "CustomerGroupId": one.group,
                "PartyType": "Organization",
                "OrganizationName": one.name,
                "SalesCurrencyCode": one.currency,
                "SalesTaxGroup": one.tax_group,
                "DeliveryMode": one.delivery_mode,
                "LanguageId": one.language,
                "IsSalesTaxIncludedInPrices": "Yes" if one.prices_include_tax else "No",
                "OnHoldStatus": one.on_hold,
            }


def _origins(installation: Installation) -> Iterator[dict[str, Value]]:
    for company in installation.world.companies.values():
        for code, description in company.origins.items():
            yield {"dataAreaId": company.id, "OriginCode": code, "OriginDescription": description}


def _target(address: Address) -> EntitySet:
    return ENTITY_SETS[address.entity_set.navigation[address.rest]] if address.rest else address.entity_set


def _record(request: Request, entity_set: EntitySet, content: Mapping[str, Any], status: int) -> Response:
    context = {"@odata.context": f"{root(request)}$metadata#{entity_set.name}/$entity"}
    headers = {**_JSON, "etag": content["@odata.etag"]}
    return Response(status, Response.of(status, {**context, **content}).body, headers)


def _etag(row: Row) -> str:
    return f'W/"{row.number}-{row.version}"'
