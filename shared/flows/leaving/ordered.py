"""What the ERP's order of ours was made of, as our record tells it: what can have left."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from shared.errors import Rejected
from shared.model.order import Order
from shared.model.shipment import ErpShipment, ShippedLine
from shared.ports.marketplace import OrderReader
from shared.ports.own import OrderRecord
from shared.rules import drafted
from shared.rules.set_parts import line_of


def order_of(record: OrderRecord, reader: OrderReader) -> Order | None:
    """As Mirakl last showed it, where that can be read."""
    if record.snapshot is None:
        return None
    try:
        return reader(record.key, record.snapshot)
    except Rejected:
        return None


def drafted_lines(record: OrderRecord, order: Order | None) -> Mapping[str, Decimal]:
    """By reference; Mirakl's own lines only as far as they were created."""
    confirmation, created = record.steps.get("confirm_shipment"), record.steps.get("create_order")
    found = drafted.quantities(confirmation.expected if confirmation else "", order)
    known = created.lines if created else ()
    return {one: quantity for one, quantity in found.items() if not known or line_of(one) in known}


def withdrawn(record: OrderRecord) -> frozenset[str]:
    """Mirakl's lines that people took out of the ERP's order; while they are still asked to, nobody has."""
    changed = record.steps.get("change_order")
    asked = any(one.kind == "cancelled_after_creation" for one in record.exceptions)
    return frozenset(changed.lines) if changed is not None and not asked else frozenset()


def shipped_lines(left: Mapping[str, Decimal], ordered: Mapping[str, Decimal]) -> tuple[ShippedLine, ...]:
    """With 0 for the components of a set that stayed."""
    sets: Collection[str] = {line_of(one) for one in left if line_of(one) != one}
    rest = {one: Decimal(0) for one in ordered if line_of(one) != one and line_of(one) in sets and one not in left}
    return tuple(ShippedLine(one, ordered.get(one, quantity), quantity) for one, quantity in {**left, **rest}.items())


def others(record: OrderRecord, document: str) -> tuple[ErpShipment, ...]:
    return tuple(one.erp for one in record.shipments if one.erp.document != document)


def on_record(record: OrderRecord, document: str) -> ErpShipment | None:
    return next((one.erp for one in record.shipments if one.erp.document == document), None)
