"""What left the warehouse (the port `Shipments`): posted sales shipments, with tracking from where the setting says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from shared.erp.business_central.companies import Companies, Company
from shared.erp.business_central.configuration import TrackingFields
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.matching import is_goods, shipped, version
from shared.erp.business_central.reading import Order
from shared.erp.business_central.references import full_reference
from shared.erp.business_central.shipping_documents import Document, DocumentLine, page, with_lines
from shared.erp.business_central.tracking import Parcel, parcels, tracked
from shared.model.shipment import ErpShipment, Position, Tracked, Tracking
from shared.ports.erp import ShipmentPage


class BusinessCentralShipments:
    """`tracking` None: no tracking number is known here (`capabilities.tracks`)."""

    def __init__(self, connection: Connection, companies: Companies, tracking: TrackingFields | None) -> None:
        self._connection = connection
        self._companies = companies
        self._fields = tracking

    async def since(
        self, *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        """One call for 200 documents; for ours then one for their lines and orders, and tracking, 20 orders a call."""
        there = await self._companies.named(company)
        found = await page(self._connection, there, after)
        ours = [one for one in found.documents if _is_ours(one.document_number, prefixes)]
        return ShipmentPage(
            shipments=await self._shipments(there, ours, known) if ours else (),
            last=found.documents[-1].position if found.documents else None,
            whole=not found.more,
        )

    async def tracking(self, *, company: str, numbers: Sequence[str]) -> Sequence[Tracked]:
        if self._fields is None:
            return ()
        there = await self._companies.named(company)
        return tracked(await parcels(self._connection, self._fields, there, numbers))

    async def _shipments(
        self, company: Company, documents: Sequence[Document], known: frozenset[str]
    ) -> tuple[ErpShipment, ...]:
        lines, orders = await with_lines(self._connection, company, documents)
        goods = [one for one in documents if any(is_goods(line) for line in lines.get(one.number, ()))]
        versions = [(_id(one, lines.get(one.number, ())), one) for one in goods]
        unknown = [(key, one) for key, one in versions if key not in known]
        sent = await self._parcels(company, [one.order for _, one in unknown])
        return tuple(
            _shipment(key, one, lines.get(one.number, ()), orders.get(one.order), sent) for key, one in unknown
        )

    async def _parcels(self, company: Company, numbers: Sequence[str]) -> Mapping[tuple[str, str], Sequence[Parcel]]:
        if self._fields is None:
            return {}
        found: dict[tuple[str, str], list[Parcel]] = {}
        for one in await parcels(self._connection, self._fields, company, numbers):
            found.setdefault((one.order, one.document), []).append(one)
        return found


def _is_ours(reference: str, prefixes: Sequence[str]) -> bool:
    return any(reference.startswith(f"{prefix}-") for prefix in prefixes)


def _id(document: Document, lines: Sequence[DocumentLine]) -> str:
    return f"{document.number}#{version(lines, changed=document.changed)}"


def _shipment(
    key: str,
    document: Document,
    lines: Sequence[DocumentLine],
    order: Order | None,
    sent: Mapping[tuple[str, str], Sequence[Parcel]],
) -> ErpShipment:
    """Who carries it, the source of tracking numbers says; where it names none, the shipment method stands for it."""
    mine = sent.get((document.order, document.number), ())
    return ErpShipment(
        id=key,
        document=document.number,
        number=document.order,
        reference=_reference(document, lines, order),
        shipped=document.changed,
        delivery_mode=document.method,
        carrier=_first(one.carrier for one in mine) or document.method,
        service=_first(one.service for one in mine),
        lines=shipped(lines, order),
        tracking=_numbers(mine),
    )


def _reference(document: Document, lines: Iterable[DocumentLine], order: Order | None) -> str:
    """Of a short form the comment tells the rest: on the shipment if comments are copied there, else on the order."""
    comments = [line.description for line in lines if line.is_comment]
    found = full_reference(document.document_number, comments)
    return order.reference if found == document.document_number and order else found


def _first(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _numbers(mine: Sequence[Parcel]) -> tuple[Tracking, ...]:
    return tuple(number for one in tracked(mine) for number in one.tracking)
