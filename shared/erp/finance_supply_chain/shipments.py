"""What left the warehouse, in Dynamics 365 Finance & Supply Chain (the port `Shipments`)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from shared.erp.finance_supply_chain.connection import Connection
from shared.erp.finance_supply_chain.packing_slips import PackingSlips
from shared.erp.finance_supply_chain.shipping_documents import (
    GONE,
    Document,
    DocumentLine,
    Lines,
    Order,
    OrderLine,
    Source,
    orders,
)
from shared.erp.finance_supply_chain.tracking import tracked
from shared.erp.finance_supply_chain.warehouse_shipments import WarehouseShipments
from shared.model.shipment import ErpShipment, Position, ShippedLine, ShippedWhen, Tracked
from shared.ports.erp import ShipmentPage


class FinanceSupplyChainShipments:
    """Packing slips or warehouse shipments, as the setting says; a document of several orders is one for each."""

    def __init__(self, connection: Connection, shipped_when: ShippedWhen) -> None:
        self._connection = connection
        self._source: Source = (
            PackingSlips(connection) if shipped_when == "packing_slip" else WarehouseShipments(connection)
        )

    async def since(
        self, *, company: str, after: Position, prefixes: Sequence[str], known: frozenset[str]
    ) -> ShipmentPage:
        """One GET for 200 documents; for ours then their lines, orders and tracking, 20 orders a call."""
        page = await self._source.page(company, after)
        unknown = [one for one in page.documents if one.id not in known]
        ours = [one for one in unknown if one.reference is None or _ours(one.reference, prefixes)]
        found = await self._shipments(company, ours) if ours else ()
        shipments = tuple(one for one in found if one.id not in known and _ours(one.reference, prefixes))
        return ShipmentPage(
            shipments=await self._with_tracking(company, shipments),
            last=page.documents[-1].position if page.documents else None,
            whole=not page.more,
        )

    async def tracking(self, *, company: str, numbers: Sequence[str]) -> Sequence[Tracked]:
        return await tracked(self._connection, company, numbers)

    async def _shipments(self, company: str, wanted: Sequence[Document]) -> tuple[ErpShipment, ...]:
        lines = await self._source.lines(company, wanted)
        parts = [(document, *part) for document in wanted for part in _parts(document, lines)]
        known = await orders(self._connection, company, [number for _, _, number, _ in parts if number])
        return tuple(_shipment(*part, known.get(part[2], GONE)) for part in parts)

    async def _with_tracking(self, company: str, shipments: tuple[ErpShipment, ...]) -> tuple[ErpShipment, ...]:
        found = await tracked(self._connection, company, [one.number for one in shipments])
        by_slip = {(one.number, one.document): one.tracking for one in found}
        return tuple(replace(one, tracking=by_slip.get((one.number, one.document), ())) for one in shipments)


def _ours(reference: str, prefixes: Sequence[str]) -> bool:
    return any(reference.startswith(f"{prefix}-") for prefix in prefixes)


def _parts(document: Document, lines: Lines) -> Iterator[tuple[str, str, list[DocumentLine]]]:
    """Id, order number and lines of each order on the document; a document without lines is its own order's."""
    by_order: dict[str, list[DocumentLine]] = defaultdict(list)
    for line in lines.get(document.id, ()):
        by_order[line.number].append(line)
    if not by_order:
        yield document.id, document.number or "", []
    for number, some in by_order.items():
        yield document.id if len(by_order) == 1 else f"{document.id}#{number}", number, some


def _shipment(document: Document, key: str, number: str, lines: Sequence[DocumentLine], order: Order) -> ErpShipment:
    own = document.reference if number == document.number else None
    return ErpShipment(
        id=key,
        document=document.name,
        number=number,
        reference=own or order.reference,
        shipped=document.at,
        delivery_mode=document.delivery_mode or order.delivery_mode,
        carrier=document.carrier or order.carrier,
        service=document.service or order.service,
        lines=(*_lines(lines, order.lines), *_rest_of_sets(lines, order.lines)),
    )


def _lines(lines: Sequence[DocumentLine], ordered: Mapping[str, OrderLine]) -> Iterator[ShippedLine]:
    """One for each order line. A line of an order that is gone keeps an empty reference, so that somebody sees it."""
    shipped: dict[str, Decimal] = defaultdict(Decimal)
    for line in lines:
        shipped[line.lot] += line.shipped
    for line in {line.lot: line for line in lines}.values():
        order = ordered.get(line.lot)
        same_unit = order is not None and line.unit.casefold() in ("", order.unit.casefold())
        yield ShippedLine(
            reference=order.reference if order else "",
            # In another unit than the order's, only the document's own two quantities can be compared.
            ordered=order.ordered if order and same_unit else line.ordered,
            shipped=shipped[line.lot],
        )


def _rest_of_sets(lines: Sequence[DocumentLine], ordered: Mapping[str, OrderLine]) -> Iterator[ShippedLine]:
    """A set's components that are not on the document: without them nobody could tell that the set has not left."""
    on_it = {line.lot for line in lines}
    sets = {_set_of(ordered[lot].reference) for lot in on_it if lot in ordered} - {""}
    for lot, line in ordered.items():
        if lot not in on_it and _set_of(line.reference) in sets:
            yield ShippedLine(line.reference, line.ordered, Decimal(0))


def _set_of(reference: str) -> str:
    """The order line that a component belongs to; empty for a line that is no component."""
    return reference.rpartition("#")[0]
