"""Reading the API: which rows there are, as they stand or as a copy that lags has them, and how they are shown."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sandboxes.business_central import odata_pages, set_up
from sandboxes.business_central.conditions import Compare, lookups, required
from sandboxes.business_central.edm import Value, encoded, written
from sandboxes.business_central.entity_set import EntitySet
from sandboxes.business_central.errors import dialog, no_company, not_found
from sandboxes.business_central.installation import Installation, TableName
from sandboxes.business_central.odata_pages import Found
from sandboxes.business_central.odata_path import Address
from sandboxes.business_central.odata_query import Query
from sandboxes.business_central.records import Row, Table
from sandboxes.business_central.world import Company
from sandboxes.wire import Request

TABLES: Mapping[str, TableName] = {
    "salesOrders": "orders",
    "salesOrderLines": "lines",
    "salesShipments": "shipments",
    "salesShipmentLines": "shipment_lines",
    "salesInvoices": "invoices",
    "salesInvoiceLines": "invoice_lines",
    "customers": "customers",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """One call's view: `then` is None for what stands now, else the moment that the copy shows."""

    installation: Installation
    now: datetime
    then: datetime | None = None

    def company(self, company_id: str) -> Company:
        found = next((one for one in self.installation.world.companies.values() if one.id == company_id), None)
        if found is None:
            raise no_company(company_id)
        return found

    def collection(self, address: Address, query: Query) -> Iterator[Found]:
        """Raises Refusal where lines are asked for without saying of what."""
        if address.entity_set.name == "companies":
            return self._shown_of(set_up.companies(self.installation.world))
        company = self.company(address.company)
        self._check_parent(address, query)
        rows = self._candidates(company, address.entity_set, query)
        return self._of_parent(address, self._shown_of(rows, company))

    def one(self, address: Address) -> Found:
        """The record of an address with a key. Raises Refusal (404)."""
        assert address.key is not None, "only addresses with a key name one record"
        found = self._by_id(address.entity_set, address.company, address.key)
        if found is None:
            raise not_found(address.entity_set.entity)
        return found

    def row(self, address: Address) -> Row:
        """The same, to be written. Raises Refusal (404)."""
        self.company(address.company)
        table = self.table(address.entity_set)
        row = table.get(address.key or "") if table is not None else None
        company = self.company(address.company)
        if row is None or row.deleted is not None or row.text("_company") != company.name:
            raise not_found(address.entity_set.entity)
        return row

    def table(self, entity_set: EntitySet) -> Table | None:
        """None for what only the set-up holds."""
        name = TABLES.get(entity_set.name)
        return self.installation.tables[name] if name is not None else None

    def expanded(self, values: Mapping[str, Value], address: Address, query: Query) -> dict[str, Any]:
        content = shown(values, query.select, address.entity_set)
        for one in query.expand:
            children = self._children(values, address, one.target)
            content[one.navigation] = [shown(child, one.select, one.target) for child in children]
        return content

    def _children(
        self, values: Mapping[str, Value], address: Address, target: EntitySet
    ) -> Sequence[Mapping[str, Value]]:
        below = Address(target, address.company, parent=(address.entity_set, str(values["id"])))
        parent = Compare(target.properties[target.parent], "eq", values["id"])
        found = [one for _, one in self.collection(below, Query(filter=parent))]
        return sorted(found, key=_sequence) if "sequence" in target.properties else found

    def _check_parent(self, address: Address, query: Query) -> None:
        named = address.parent is not None or required(query.filter, ("id", "documentId"))
        if address.entity_set.parent_required and not named:
            raise dialog("You must specify an Id or a Document Id to get the lines.")
        if address.parent is not None:
            entity_set, key = address.parent
            if self._by_id(entity_set, address.company, key) is None:
                raise not_found(entity_set.entity)

    def _of_parent(self, address: Address, rows: Iterator[Found]) -> Iterator[Found]:
        if address.parent is None:
            return rows
        name, key = address.entity_set.parent, address.parent[1]
        return (row for row in rows if row[1][name] == key)

    def _by_id(self, entity_set: EntitySet, company_id: str, key: str) -> Found | None:
        if entity_set.name == "companies":
            rows = set_up.companies(self.installation.world)
            return next(self._shown_of(row for row in rows if row.id == key), None)
        company = self.company(company_id)
        table = self.table(entity_set)
        if table is None:
            rows = set_up.rows(self.installation.world, company, entity_set.name)
            return next(self._shown_of(row for row in rows if row.id == key), None)
        row = table.get(key)
        return next(self._shown_of([row] if row else [], company), None)

    def _candidates(self, company: Company, entity_set: EntitySet, query: Query) -> Iterable[Row]:
        table = self.table(entity_set)
        if table is None:
            return set_up.rows(self.installation.world, company, entity_set.name)
        found = lookups(query.filter, table.indexed) if query.filter is not None else None
        return table.ever if found is None else table.found(found)

    def _shown_of(self, rows: Iterable[Row], company: Company | None = None) -> Iterator[Found]:
        for row in rows:
            values = row.as_of(self.then)
            committed = row.visible_from is None or row.visible_from <= (self.then or self.now)
            if values is not None and committed and _is_of(company, values):
                yield row.number, {**values, "_etag": f"{row.id};{_version(row, values)}"}


def _is_of(company: Company | None, values: Mapping[str, Value]) -> bool:
    return company is None or values.get("_company", company.name) == company.name


def _sequence(values: Mapping[str, Value]) -> int:
    return int(str(values["sequence"]))


def _version(row: Row, values: Mapping[str, Value]) -> int:
    return next(place for place, (_, one) in enumerate(row.versions) if one is values) + 1


def reader(installation: Installation, request: Request, now: datetime) -> Reader:
    """`Data-Access-Intent: ReadOnly` is answered from a copy; any other reader sees what stands."""
    lag = timedelta(seconds=installation.world.replica_lag_seconds)
    read_only = request.headers.get("data-access-intent", "").strip().lower() == "readonly"
    return Reader(installation, now, now - lag if read_only and request.method == "GET" else None)


def etag(row: Row) -> str:
    return _etag(f"{row.id};{_version(row, row.values)}")


def _etag(text: str) -> str:
    return f'W/"{base64.b64encode(text.encode()).decode()}"'


def shown(values: Mapping[str, Value], select: tuple[str, ...], entity_set: EntitySet) -> dict[str, Any]:
    names = select or tuple(entity_set.properties)
    content = {name: _shown(values[name], entity_set.properties[name].kind) for name in names}
    return {"@odata.etag": _etag(str(values["_etag"])), **content}


def _shown(value: Value, kind: str) -> Any:
    return encoded(str(value)) if kind == "Enum" else written(value)


def page(request: Request, query: Query, rows: Iterable[Found], most: int) -> odata_pages.Page:
    return odata_pages.page(query, rows, odata_pages.page_size(request, most))
