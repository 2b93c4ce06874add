"""Every order of ours that changed since a moment: orders, and what was posted of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from shared.erp.business_central import reading
from shared.erp.business_central.companies import Company
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import in_company, text
from shared.erp.business_central.reading import INVOICES, LINES, ORDERS, SHIPMENTS
from shared.erp.business_central.references import full_reference, is_short
from shared.erp.business_central.rows import batches, read
from shared.erp.business_central.shipping_documents import SHIPMENT_LINES
from shared.erp.microsoft.odata import Row, any_of, moment
from shared.model.sales_order import ErpReference

_FIELDS = "externalDocumentNumber,lastModifiedDateTime"


async def listed(
    connection: Connection, company: Company, since: datetime, prefixes: Sequence[str]
) -> tuple[ErpReference, ...]:
    """One call for the three sets; for orders under a short form one more for every 20 of them.

    What stands in full in no comment, on the order or on one of its shipments, keeps the short form.
    """
    where = f"lastModifiedDateTime ge {moment(since)}"
    orders, shipments, invoices = await connection.all_of(
        [
            in_company(company.id, ORDERS, filter=where, select=f"number,{_FIELDS}"),
            in_company(company.id, SHIPMENTS, filter=where, select=f"orderNumber,{_FIELDS}"),
            in_company(company.id, INVOICES, filter=where, select=f"orderNumber,{_FIELDS}"),
        ],
        "POST $batch of what changed",
    )
    listed_ = (
        *read(orders, _of_order, ORDERS),
        *read(shipments, _of_posted, SHIPMENTS),
        *read(invoices, _of_posted, INVOICES),
    )
    ours = _latest(one for one in listed_ if one.number and _is_ours(one.reference, prefixes))
    return await _in_full(connection, company, ours)


async def _in_full(connection: Connection, company: Company, found: Sequence[ErpReference]) -> tuple[ErpReference, ...]:
    short = {one.number: one.reference for one in found if is_short(one.reference)}
    full = dict(short)
    for some in batches(short):
        orders, shipments = await connection.all_of(
            [
                in_company(company.id, ORDERS, filter=any_of("number", some), select=reading.ORDER, expand=LINES),
                in_company(
                    company.id,
                    SHIPMENTS,
                    filter=any_of("orderNumber", some),
                    select="orderNumber",
                    expand=SHIPMENT_LINES,
                ),
            ],
            "POST $batch of comments",
        )
        for number, comments in read(shipments, _comments, SHIPMENTS):
            full[number] = full_reference(full.get(number, ""), comments)
        full |= {one.number: one.reference for one in read(orders, reading.order, ORDERS)}
    return tuple(ErpReference(one.number, full.get(one.number, one.reference), one.changed) for one in found)


def _comments(row: Row) -> tuple[str, tuple[str, ...]]:
    return text(row, "orderNumber"), tuple(text(line, "description") for line in row[SHIPMENT_LINES])


def _latest(found: Iterable[ErpReference]) -> tuple[ErpReference, ...]:
    """Each number once."""
    by_number: dict[str, ErpReference] = {}
    for one in found:
        before = by_number.get(one.number)
        if before is None or before.changed is None or (one.changed is not None and one.changed > before.changed):
            by_number[one.number] = one
    return tuple(by_number.values())


def _is_ours(reference: str, prefixes: Sequence[str]) -> bool:
    return any(reference.startswith(f"{prefix}-") for prefix in prefixes)


def _of_order(row: Row) -> ErpReference:
    return ErpReference(text(row, "number"), text(row, "externalDocumentNumber"), reading.changed(row))


def _of_posted(row: Row) -> ErpReference:
    return ErpReference(text(row, "orderNumber"), text(row, "externalDocumentNumber"), reading.changed(row))
