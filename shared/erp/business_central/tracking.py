"""Tracking numbers from the rows that the setting names: the standard API has none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from shared.erp.business_central.companies import Company
from shared.erp.business_central.configuration import TrackingFields
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import quoted
from shared.erp.business_central.rows import batches, read
from shared.erp.microsoft.odata import Row, any_of, query
from shared.errors import Transient, Unauthorized, Unavailable
from shared.model.keys import TRACKING_SCOPE
from shared.model.shipment import Tracked, Tracking

_OPERATION = "GET tracking_source"
_BY_NAME, _BY_ID = "'{company_name}'", "{company}"


@dataclass(frozen=True, slots=True)
class Parcel:
    """One row of the source."""

    order: str
    document: str
    tracking: Tracking
    carrier: str
    service: str


async def parcels(
    connection: Connection, fields: TrackingFields, company: Company, numbers: Sequence[str]
) -> tuple[Parcel, ...]:
    """20 order numbers a call; no tracking number ever stands in an address.

    Raises as `Connection.page`; with the scope of the source where it is the source that cannot be read.
    """
    names = (fields.order, fields.document, fields.number, fields.url, fields.carrier, fields.service)
    select = ",".join(dict.fromkeys(name for name in names if name))
    found: list[Parcel] = []
    for some in batches(number for number in numbers if number):
        path = f"{_path(fields, company)}?{query(filter=any_of(fields.order, some), select=select)}"
        rows = await _rows(connection, path)
        found += read(rows, lambda row: _parcel(row, fields), "tracking_source", scope=TRACKING_SCOPE)
    return tuple(found)


async def _rows(connection: Connection, path: str) -> tuple[Row, ...]:
    """Only a throttled environment is one for everything else too: what else ails these rows is their own."""
    try:
        return await connection.rows(path, _OPERATION)
    except Unauthorized as problem:
        raise _of_the_source(Unauthorized, problem) from problem
    except Unavailable as problem:
        raise _of_the_source(Unavailable, problem) from problem


def _of_the_source(kind: type[Transient], problem: Transient) -> Transient:
    text = f"{problem}; correct tracking_source, or publish the rows and let the application read them"
    return kind(text, scope=TRACKING_SCOPE, retry_after=problem.retry_after)


def tracked(found: Sequence[Parcel]) -> tuple[Tracked, ...]:
    """One entry per order and document, its numbers in alphabetical order; those without a number are left out."""
    numbers: dict[tuple[str, str], dict[str, Tracking]] = {}
    for one in found:
        if one.tracking.number:
            numbers.setdefault((one.order, one.document), {}).setdefault(one.tracking.number, one.tracking)
    return tuple(
        Tracked(order, document, tuple(sorted(some.values(), key=lambda each: each.number)))
        for (order, document), some in sorted(numbers.items())
    )


def _path(fields: TrackingFields, company: Company) -> str:
    return fields.path.replace(_BY_NAME, quoted(company.name)).replace(_BY_ID, company.id)


def _parcel(row: Row, fields: TrackingFields) -> Parcel:
    """Raises KeyError."""
    return Parcel(
        order=_said(row, fields.order),
        document=_said(row, fields.document),
        tracking=Tracking(_said(row, fields.number), _said(row, fields.url)),
        carrier=_said(row, fields.carrier),
        service=_said(row, fields.service),
    )


def _said(row: Row, field: str) -> str:
    return str(row[field] or "").strip() if field else ""
