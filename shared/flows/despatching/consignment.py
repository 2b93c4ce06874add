"""One consignment of one order, as the rows of a despatch file tell it, laid over what is on record. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.flows.leaving.ordered import on_record, others, shipped_lines
from shared.model.despatch import DespatchRow
from shared.model.shipment import ErpShipment, Tracking
from shared.ports.own import OrderRecord
from shared.rules import drafted
from shared.rules.despatch_lines import Ordered, claims


@dataclass(frozen=True, slots=True)
class Told:
    """`refused`: by place, why a row cannot be used."""

    shipments: tuple[ErpShipment, ...] = ()
    refused: tuple[tuple[str, str], ...] = ()


def told(rows: Sequence[DespatchRow], record: OrderRecord, *, ordered: Ordered, reference: str) -> Told:
    """`rows` name one order and one consignment; `reference` is the order's in the ERP.

    What the rows tell of goods that are on record under another document (the order's status told first, or the ERP's
    own shipping document) is news of that document: who carries it, under which number. The same goods leave once.
    """
    claimed, refused = claims(rows, ordered)
    usable = [row for row in rows if row.place not in refused]
    if not usable:
        return Told(refused=tuple(refused.items()))
    document = usable[0].consignment
    mine = on_record(record, document)
    if mine is not None and mine.id != document:
        return Told((_with_news(mine, usable),), tuple(refused.items()))
    left = _left(claimed, mine, drafted.rest(ordered.drafted, others(record, document)))
    if mine is None and not any(left.values()):
        elsewhere = [one for one in others(record, document) if _holds(one, claimed)]
        return Told(tuple(_with_news(one, usable) for one in elsewhere), tuple(refused.items()))
    number = record.steps["create_order"].reference
    before = mine or _empty(document, number, reference, usable)
    again = mine is not None and left == _quantities(mine) and left.keys() <= claimed.keys()
    now = replace(before, lines=shipped_lines(left, ordered.drafted))
    return Told((_routed(now, usable, only_these=again),), tuple(refused.items()))


def _empty(document: str, number: str, reference: str, rows: Sequence[DespatchRow]) -> ErpShipment:
    """Of a document of ours `id` is `document`: an ERP's own has an id of its own."""
    left = min(row.left for row in rows)
    return ErpShipment(document, document, number, reference, left, "", "", "", ())


def _left(
    claimed: Mapping[str, Decimal | None], mine: ErpShipment | None, free: Mapping[str, Decimal]
) -> Mapping[str, Decimal]:
    """With what earlier files told of the same consignment; never more than no other document holds."""
    known = _quantities(mine) if mine is not None else {}
    now = dict(known)
    for reference, quantity in claimed.items():
        most = free.get(reference, Decimal(0))
        now[reference] = min(quantity, most) if quantity is not None else known.get(reference, most)
    return {reference: quantity for reference, quantity in now.items() if quantity}


def _quantities(shipment: ErpShipment) -> Mapping[str, Decimal]:
    return {line.reference: line.shipped for line in shipment.lines if line.shipped}


def _holds(shipment: ErpShipment, claimed: Mapping[str, object]) -> bool:
    return any(line.reference in claimed for line in shipment.lines if line.shipped)


def _with_news(shipment: ErpShipment, rows: Sequence[DespatchRow]) -> ErpShipment:
    """Where the order's status told that it left, who carries it was the settings' word; an ERP's document knows."""
    if shipment.id == shipment.document:
        return _routed(shipment, rows, only_these=False)
    return replace(shipment, tracking=_numbers(shipment.tracking, rows))


def _routed(shipment: ErpShipment, rows: Sequence[DespatchRow], *, only_these: bool) -> ErpShipment:
    """`only_these`: the file tells the same goods once more, so that its numbers are the ones that count."""
    carrier = next((row.carrier for row in rows if row.carrier), "")
    service = next((row.service for row in rows if row.service), "")
    known = () if only_these and any(row.tracking for row in rows) else shipment.tracking
    routed = replace(shipment, carrier=carrier, service=service) if carrier else shipment
    return replace(routed, tracking=_numbers(known, rows))


def _numbers(known: Iterable[Tracking], rows: Iterable[DespatchRow]) -> tuple[Tracking, ...]:
    numbers = {one.number: one for one in known}
    for row in rows:
        if row.tracking:
            numbers.setdefault(row.tracking, Tracking(row.tracking))
    return tuple(numbers.values())
