"""A shipment as a row of its order's partition: `shipment|<document>`."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from shared.model.shipment import ErpShipment, Shipment, ShippedLine, Tracking
from shared.store.columns import columns, needed_time, read, text, time
from shared.store.keys import join
from shared.store.packing import pack, unpack
from shared.store.tables import Insert, Operation, Replace, Row

SHIPMENT = "shipment"


def shipment_operation(shipment: Shipment) -> Operation:
    erp = shipment.erp
    values = columns(
        id=erp.id,
        document=erp.document,
        number=erp.number,
        reference=erp.reference,
        shipped=erp.shipped,
        delivery_mode=erp.delivery_mode,
        carrier=erp.carrier,
        service=erp.service,
        told=shipment.told,
        told_tracking=shipment.told_tracking,
        marketplace_id=shipment.marketplace_id,
    )
    values |= pack(
        {
            "lines": [[line.reference, line.ordered, line.shipped] for line in erp.lines],
            "tracking": [[one.number, one.url] for one in erp.tracking],
            "told_lines": [list(line) for line in shipment.told_lines],
        }
    )
    row = join(SHIPMENT, erp.document)
    return Insert(row, values) if shipment.version is None else Replace(row, values, shipment.version)


def shipments_of(rows: Iterable[Row]) -> tuple[Shipment, ...]:
    return tuple(sorted(map(_shipment, rows), key=lambda one: (one.erp.shipped, one.erp.document)))


def _shipment(row: Row) -> Shipment:
    values = read(row)
    packed: dict[str, list[Any]] = unpack(values)
    erp = ErpShipment(
        id=text(values, "id"),
        document=text(values, "document"),
        number=text(values, "number"),
        reference=text(values, "reference"),
        shipped=needed_time(values, "shipped"),
        delivery_mode=text(values, "delivery_mode"),
        carrier=text(values, "carrier"),
        service=text(values, "service"),
        lines=tuple(
            ShippedLine(reference, Decimal(ordered), Decimal(shipped))
            for reference, ordered, shipped in packed["lines"]
        ),
        tracking=tuple(Tracking(*one) for one in packed["tracking"]),
    )
    return Shipment(
        erp=erp,
        told=time(values, "told"),
        told_lines=tuple((line, Decimal(units)) for line, units in packed["told_lines"]),
        told_tracking=text(values, "told_tracking"),
        marketplace_id=text(values, "marketplace_id"),
        version=row.version,
    )
