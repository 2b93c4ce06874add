"""The entity sets over HTTP: read, create, update and delete, one request at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from sandboxes.finance_supply_chain import bodies, customers, odata_path, odata_query, sales_headers, sales_lines
from sandboxes.finance_supply_chain.conditions import earliest, lookups
from sandboxes.finance_supply_chain.edm import NAMESPACE, Value, fold, written
from sandboxes.finance_supply_chain.entities import ENTITY_SETS
from sandboxes.finance_supply_chain.entity_set import EntitySet, TableName
from sandboxes.finance_supply_chain.errors import method_not_allowed, not_found, nothing_selected_for_update, stale
from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.odata_path import ROOT, Address, root
from sandboxes.finance_supply_chain.odata_query import Query
from sandboxes.finance_supply_chain.records import Row, Table
from sandboxes.wire import Request, Response

_JSON = {"content-type": "application/json; odata.metadata=minimal", "odata-version": "4.0"}


class Rules(Protocol):
    """What a table takes, in whose name `Resources` writes."""

    def create(self, installation: Installation, given: Mapping[str, Value], now: datetime) -> Row: ...

    def change(self, installation: Installation, row: Row, given: Mapping[str, Value], now: datetime) -> None: ...

    def delete(self, installation: Installation, row: Row, now: datetime) -> None: ...


_RULES: Mapping[TableName, Rules] = {"headers": sales_headers, "lines": sales_lines, "customers": customers}


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
                return self._collection(request, address, now)
            case "GET", None, _:
                return self._count(request, address, now)
            case "GET", _, _:
                return self._single(request, address, now)
            case "POST", None, "" if address.entity_set.writable:
                return self._create(request, address, now)
            case (("PATCH" | "DELETE"), key, "") if key is not None and address.entity_set.writable:
                return self._write(request, address, now)
        raise method_not_allowed(request.method)

    def _collection(self, request: Request, address: Address, now: datetime) -> Response:
        query = odata_query.read(request, address.entity_set)
        rows = self._visible(self._candidates(address.entity_set, query), query.cross_company, now)
        return self._page(request, address.entity_set, query, rows)

    def _page(self, request: Request, entity_set: EntitySet, query: Query, rows: Iterable[Row]) -> Response:
        limit = self.installation.world.page_size
        page = odata_query.page(query, rows, limit)
        content: dict[str, Any] = {"@odata.context": f"{root(request)}$metadata#{entity_set.name}"}
        if query.count:
            content["@odata.count"] = page.total
        content["value"] = [self._shown(row, entity_set, query) for row in page.rows]
        if page.more:
            content["@odata.nextLink"] = odata_query.next_link(
                request, f"{root(request)}{request.path.removeprefix(ROOT)}", query, limit
            )
        return Response(200, Response.of(200, content).body, _JSON)

    def _count(self, request: Request, address: Address, now: datetime) -> Response:
        query = odata_query.read(request, address.entity_set)
        rows = self._visible(self._candidates(address.entity_set, query), query.cross_company, now)
        total = odata_query.page(query, rows, self.installation.world.page_size).total
        return Response(200, str(total).encode(), {"content-type": "text/plain", "odata-version": "4.0"})

    def _single(self, request: Request, address: Address, now: datetime) -> Response:
        query = odata_query.read(request, _target(address))
        row = self._visible_row(address, now, cross_company=query.cross_company)
        if row is None:
            raise not_found(f"{NAMESPACE}.{address.entity_set.type_name}")
        if address.rest:
            lines = self._visible(self.installation.lines_of(row), query.cross_company, now)
            return self._page(request, _target(address), query, lines)
        odata_query.single(query)
        return _record(request, address.entity_set, self._shown(row, address.entity_set, query), 200)

    def _create(self, request: Request, address: Address, now: datetime) -> Response:
        entity_set = address.entity_set
        given = bodies.read(request, entity_set, "create")
        with self.installation.transaction(now):
            row = _RULES[entity_set.table].create(self.installation, given, now)
        answer = _record(request, entity_set, self._shown(row, entity_set, Query()), 201)
        location = root(request) + odata_path.written(entity_set, {name: row.text(name) for name in entity_set.key})
        return Response(answer.status, answer.body, {**answer.headers, "location": location})

    def _write(self, request: Request, address: Address, now: datetime) -> Response:
        entity_set = address.entity_set
        given = bodies.read(request, entity_set, "update") if request.method == "PATCH" else {}
        row = self._visible_row(address, now, cross_company=odata_query.crosses_companies(request))
        if row is None:
            raise nothing_selected_for_update()
        if request.headers.get("if-match", "*") not in ("*", _etag(row)):
            raise stale(self.installation.world.stale_status)
        rules = _RULES[entity_set.table]
        with self.installation.transaction(now):
            if request.method == "PATCH":
                rules.change(self.installation, row, given, now)
            else:
                rules.delete(self.installation, row, now)
        return Response(204, b"", {"odata-version": "4.0"})

    def _table(self, entity_set: EntitySet) -> Table | None:
        """None for the origins, which only the set-up holds."""
        if entity_set.table == "customers":
            return customers.known(self.installation)
        return self.installation.tables.get(entity_set.table)

    def _candidates(self, entity_set: EntitySet, query: Query) -> Iterable[Row]:
        table = self._table(entity_set)
        if table is None:
            return _origins(self.installation)
        if query.filter is None:
            return table.rows()
        found = lookups(query.filter, table.indexed)
        since = earliest(query.filter, "CreatedOn")
        if found is not None:
            return table.found(found)
        return table.rows() if since is None else table.since(since)

    def _visible(self, rows: Iterable[Row], cross_company: bool, now: datetime) -> Iterator[Row]:
        """Without `cross-company=true` only the default company is there."""
        default = fold(self.installation.world.default_company)
        for row in rows:
            committed = row.visible_from is None or row.visible_from <= now
            if committed and (cross_company or fold(row.text("dataAreaId")) == default):
                yield row

    def _visible_row(self, address: Address, now: datetime, *, cross_company: bool) -> Row | None:
        assert address.key is not None, "only addresses with a key name one record"
        table = self._table(address.entity_set)
        row = _among(_origins(self.installation), address.key) if table is None else table.get(address.key)
        return next(self._visible([row] if row else [], cross_company, now), None)

    def _shown(self, row: Row, entity_set: EntitySet, query: Query) -> dict[str, Any]:
        names = query.select or tuple(entity_set.properties)
        content = {"@odata.etag": _etag(row), **{name: written(row.values[name]) for name in names}}
        for one in query.expand:
            lines = self.installation.lines_of(row)
            content[one.navigation] = [self._shown(line, one.target, Query(select=one.select)) for line in lines]
        return content


def _origins(installation: Installation) -> Iterator[Row]:
    codes = ((company.id, *one) for company in installation.world.companies.values() for one in company.origins.items())
    for number, (company, code, description) in enumerate(codes, start=1):
        values: dict[str, Value] = {"dataAreaId": company, "OriginCode": code, "OriginDescription": description}
        yield Row(values, number, customers.SET_UP, customers.SET_UP)


def _among(rows: Iterable[Row], key: Mapping[str, Value]) -> Row | None:
    wanted = {name: fold(str(value)) for name, value in key.items()}
    return next((row for row in rows if all(fold(row.text(name)) == one for name, one in wanted.items())), None)


def _target(address: Address) -> EntitySet:
    return ENTITY_SETS[address.entity_set.navigation[address.rest]] if address.rest else address.entity_set


def _record(request: Request, entity_set: EntitySet, content: Mapping[str, Any], status: int) -> Response:
    context = {"@odata.context": f"{root(request)}$metadata#{entity_set.name}/$entity"}
    headers = {**_JSON, "etag": content["@odata.etag"]}
    return Response(status, Response.of(status, {**context, **content}).body, headers)


def _etag(row: Row) -> str:
    return f'W/"{row.number}-{row.version}"'
