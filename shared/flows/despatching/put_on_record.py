"""Rows of despatch files, or of a person, put on record order by order, as the poll of shipments puts documents."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from shared.errors import Transient
from shared.flows.at_once import at_once
from shared.flows.despatching.consignment import told
from shared.flows.leaving.ordered import drafted_lines, order_of, withdrawn
from shared.flows.leaving.record_shipments import Ports, Shown, record, send_batches, terms_of
from shared.model.despatch import DespatchRow
from shared.model.keys import OrderKey, external_reference
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, Shipment
from shared.model.shop import Shop
from shared.ports.own import OrderRecord
from shared.rules.despatch_lines import Names, Ordered, product_names
from shared.telemetry import event


@dataclass(frozen=True, slots=True)
class Taken:
    """`stored`: the orders whose usable rows are on record; `refused`: by order, the place of a row and why."""

    stored: frozenset[OrderKey] = frozenset()
    refused: Mapping[OrderKey, Sequence[tuple[str, str]]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Order:
    """One order's rows, by consignment in the order of the file, and what they mean."""

    key: OrderKey
    reference: str
    rows: Sequence[Sequence[DespatchRow]]
    names: Names
    ports: Ports

    def shipments(self, record: OrderRecord) -> Sequence[ErpShipment]:
        return self.read(record)[0]

    def read(self, record: OrderRecord) -> tuple[Sequence[ErpShipment], Sequence[tuple[str, str]]]:
        """What each consignment makes of the record as those before it leave it."""
        lines = drafted_lines(record, order_of(record, self.ports.reader))
        ordered = Ordered(lines, withdrawn(record), self.names)
        shipments: dict[str, ErpShipment] = {}
        refused: list[tuple[str, str]] = []
        for rows in self.rows:
            found = told(rows, record, ordered=ordered, reference=self.reference)
            record = _after(record, found.shipments)
            shipments |= {one.document: one for one in found.shipments}
            refused += found.refused
        return tuple(shipments.values()), refused


async def put_on_record(
    rows: Mapping[OrderKey, Sequence[DespatchRow]], shops: Mapping[str, Shop], *, policy: ShippingPolicy, ports: Ports
) -> Taken:
    """One order that cannot be stored now hides no other. Raises Transient where no pointer can be written at all."""
    terms = await terms_of([shops[one] for one in sorted({key.shop for key in rows})], policy, ports)
    refused: dict[OrderKey, Sequence[tuple[str, str]]] = {}

    async def look(key: OrderKey) -> _Order | None:
        try:
            return await _looked(key, rows[key], shops[key.shop], ports, refused)
        except Transient as problem:
            event("despatch_not_recorded", shop=key.shop, order=key.order, reason=type(problem).__name__)
            return None

    orders = [one for one in await at_once([key for key in rows if key.shop in terms], look) if one is not None]
    recorded = await record([Shown(one.key, one.shipments) for one in orders], terms, ports)
    await send_batches(recorded.batched, ports)
    return Taken(recorded.settled, {key: refused[key] for key in recorded.settled if refused[key]})


async def _looked(
    key: OrderKey,
    rows: Sequence[DespatchRow],
    shop: Shop,
    ports: Ports,
    refused: dict[OrderKey, Sequence[tuple[str, str]]],
) -> _Order:
    record = await ports.progress.load(key)
    names = await _names(record, shop, ports) if any(row.product for row in rows) else {}
    consignments: dict[str, list[DespatchRow]] = {}
    for row in rows:
        consignments.setdefault(row.consignment, []).append(row)
    reference = external_reference(shop.marketplace.prefix, key.order)
    one = _Order(key, reference, tuple(consignments.values()), names, ports)
    refused[key] = one.read(record)[1]
    return one


async def _names(record: OrderRecord, shop: Shop, ports: Ports) -> Names:
    order = order_of(record, ports.reader)
    if order is None:
        return {}
    items = await ports.mappings.items(shop.marketplace.id, sorted({line.sku for line in order.lines}))
    return product_names(order, items, drafted_lines(record, order))


def _after(record: OrderRecord, shown: Sequence[ErpShipment]) -> OrderRecord:
    now = {one.erp.document: one for one in record.shipments} | {one.document: Shipment(one) for one in shown}
    return replace(record, shipments=tuple(now.values()))
