"""Sales orders as Business Central shows them, by number or by our reference, wherever they stand by now.

An order's row goes when all of it is shipped and invoiced. Orders are read first and what is posted of them after it,
so that one that is posted in between is seen at least once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.erp.business_central import reading
from shared.erp.business_central.codes import Codes, variants
from shared.erp.business_central.companies import Company
from shared.erp.business_central.connection import Connection
from shared.erp.business_central.odata import in_company, text
from shared.erp.business_central.reading import INVOICES, LINES, ORDERS, SHIPMENTS, Order, Posted
from shared.erp.business_central.references import document_number
from shared.erp.business_central.rows import at_most, read
from shared.erp.microsoft.odata import Row, any_of, number
from shared.model.sales_order import ErpOrder, ErpTotals

LOOK_UP = "POST $batch of salesOrders, salesShipments, salesInvoices"


@dataclass(frozen=True, slots=True)
class Standing:
    """One order, by its number: its row, where it still has one, and what was posted of it."""

    number: str
    row: Order | None = None
    documents: tuple[Posted, ...] = ()

    @property
    def document_number(self) -> str:
        return self.row.document_number if self.row else self.documents[0].document_number


class Orders:
    """Reads only. Raises Unavailable, Throttled or Unauthorized. `releases`: somebody has to release orders."""

    def __init__(self, connection: Connection, codes: Codes, *, releases: bool) -> None:
        self._connection = connection
        self._codes = codes
        self._releases = releases

    async def under_numbers(self, company: Company, numbers: Sequence[str]) -> tuple[Standing, ...]:
        """One call for at most 20 orders; an order that stands nowhere is left out."""
        wanted = at_most(numbers)
        if not wanted:
            return ()
        by_order = any_of("orderNumber", wanted)
        return await self._standing(company, any_of("number", wanted), by_order)

    async def under_reference(self, company: Company, reference: str) -> tuple[Standing, ...]:
        """One call. Business Central has no key here: there may be several orders."""
        by_document = any_of("externalDocumentNumber", [document_number(reference)])
        found = await self._standing(company, by_document, by_document)
        return tuple(one for one in found if one.document_number == document_number(reference))

    async def shown(self, company: Company, found: Iterable[Standing]) -> tuple[ErpOrder, ...]:
        """As ours; variants' codes come from the day's lists."""
        some = tuple(found)
        codes = await self._variants(company, [one.row for one in some if one.row])
        return tuple(self._shown(one, codes) for one in some)

    async def read_back(self, company: Company, row: Row) -> ErpOrder:
        """A row that came with an answer."""
        (found,) = read([row], reading.order, ORDERS)
        return (await self.shown(company, [Standing(found.number, found)]))[0]

    async def totals(self, company: Company, numbers: Sequence[str]) -> tuple[ErpTotals, ...]:
        """Of the row; of the invoices where there is none any more."""
        wanted = at_most(numbers)
        if not wanted:
            return ()
        orders, invoices = await self._connection.all_of(
            [
                _orders(company, any_of("number", wanted)),
                in_company(
                    company.id,
                    INVOICES,
                    filter=any_of("orderNumber", wanted),
                    select="orderNumber,totalTaxAmount,totalAmountIncludingTax",
                ),
            ],
            "POST $batch of salesOrders, salesInvoices",
        )
        standing = [one.totals for one in read(orders, reading.order, ORDERS)]
        shown = {one.number for one in standing}
        invoiced = read(invoices, _invoiced, INVOICES)
        gone = dict.fromkeys(order for order, _, _ in invoiced if order not in shown)
        return (*standing, *(_summed(order, invoiced) for order in gone))

    async def _standing(self, company: Company, rows: str, documents: str) -> tuple[Standing, ...]:
        orders, shipments, invoices = await self._connection.all_of(
            [
                _orders(company, rows),
                in_company(company.id, SHIPMENTS, filter=documents, select=reading.SHIPMENT),
                in_company(company.id, INVOICES, filter=documents, select=reading.INVOICE),
            ],
            LOOK_UP,
        )
        found = {one.number: Standing(one.number, one) for one in read(orders, reading.order, ORDERS)}
        posted = (*read(shipments, reading.posted, SHIPMENTS), *read(invoices, reading.posted, INVOICES))
        for one in sorted(posted, key=lambda document: not document.order):
            key = _owner(one, found)
            there = found.get(key, Standing(key))
            found[key] = replace(there, documents=(*there.documents, one))
        return tuple(found.values())

    async def _variants(self, company: Company, orders: Iterable[Order]) -> Mapping[str, str]:
        wanted: dict[str, set[str]] = defaultdict(set)
        for line in (line for order in orders for line in order.lines):
            if line.variant is not None:
                wanted[line.item].add(line.variant)
        if not wanted:
            return {}
        return await self._codes.codes(company, {variants(item): frozenset(ids) for item, ids in wanted.items()})

    def _shown(self, one: Standing, codes: Mapping[str, str]) -> ErpOrder:
        if one.row is None:
            return reading.vanished(one.documents)
        return reading.as_ours(one.row, codes, releases=self._releases)


def _owner(document: Posted, found: Mapping[str, Standing]) -> str:
    """An invoice made of shipments names no order: under our reference it is of the one order that is there."""
    if document.order:
        return document.order
    same = [one.number for one in found.values() if one.document_number == document.document_number]
    return same[0] if len(same) == 1 else document.number


def _orders(company: Company, where: str) -> str:
    return in_company(company.id, ORDERS, filter=where, select=reading.ORDER, expand=LINES)


def _invoiced(row: Row) -> tuple[str, Decimal, Decimal]:
    return text(row, "orderNumber"), number(row["totalAmountIncludingTax"]), number(row["totalTaxAmount"])


def _summed(number_: str, invoices: Iterable[tuple[str, Decimal, Decimal]]) -> ErpTotals:
    mine = [(total, tax) for order, total, tax in invoices if order == number_]
    return ErpTotals(number_, sum((total for total, _ in mine), Decimal(0)), sum((tax for _, tax in mine), Decimal(0)))
