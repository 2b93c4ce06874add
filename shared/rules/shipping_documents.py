"""A shipping document met again: which version of it counts, and which tracking it has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from shared.model.shipment import ErpShipment, Shipment, Tracking


@dataclass(frozen=True, slots=True)
class Met:
    """A shipment as it is now, and in what it is another than on record; `before` are the quantities then."""

    shipment: Shipment
    new: bool = False
    corrected: bool = False
    rerouted: bool = False
    tracked: bool = False
    before: tuple[tuple[str, Decimal], ...] = ()

    @property
    def changed(self) -> bool:
        return self.new or self.corrected or self.rerouted or self.tracked


def meet(known: Iterable[Shipment], shown: Iterable[ErpShipment]) -> Mapping[str, Met]:
    """By document, each of those shown; the versions of one document in the order in which they were made."""
    met: dict[str, Met] = {}
    stored = {one.erp.document: one for one in known}
    for one in sorted(shown, key=_version):
        before = met.get(one.document)
        on_record = before.shipment if before else stored.get(one.document)
        now = Met(Shipment(one), new=True) if on_record is None else _again(on_record, one)
        met[one.document] = now if before is None else _both(before, now)
    return met


def quantities(shipment: ErpShipment) -> tuple[tuple[str, Decimal], ...]:
    """What left, by reference; what the ERP's line stands at is no matter of the document."""
    left: dict[str, Decimal] = {}
    for line in shipment.lines:
        left[line.reference] = left.get(line.reference, Decimal(0)) + line.shipped
    return tuple(sorted((reference, shipped) for reference, shipped in left.items() if shipped))


def _again(known: Shipment, shown: ErpShipment) -> Met:
    """An older version, read late, changes nothing but tracking; what Mirakl was told stays on record."""
    newest = shown if _version(shown) >= _version(known.erp) else known.erp
    corrected = quantities(newest) != quantities(known.erp)
    tracking = _tracking(known.erp.tracking, shown.tracking)
    rerouted = _may_be_rerouted(known, tracking) and _route(newest) != _route(known.erp)
    tracked = [one.number for one in tracking] != [one.number for one in known.erp.tracking]
    erp = replace(newest if corrected or rerouted else known.erp, tracking=tracking)
    before = quantities(known.erp) if corrected and _is_told(known) else ()
    return Met(replace(known, erp=erp), False, corrected, rerouted, tracked, before)


def _both(first: Met, then: Met) -> Met:
    return Met(
        then.shipment,
        first.new or then.new,
        first.corrected or then.corrected,
        first.rerouted or then.rerouted,
        first.tracked or then.tracked,
        first.before or then.before,
    )


def _version(shipment: ErpShipment) -> tuple[object, ...]:
    """Ids are opaque; where two versions have the same time, numbers in them still compare as numbers."""
    return shipment.shipped, len(shipment.id), shipment.id


def _route(shipment: ErpShipment) -> tuple[str, str, str]:
    return shipment.delivery_mode, shipment.carrier, shipment.service


def _is_told(shipment: Shipment) -> bool:
    return shipment.told is not None or bool(shipment.marketplace_id)


def _may_be_rerouted(known: Shipment, tracking: Sequence[Tracking]) -> bool:
    """Until Mirakl is told who carries: with ST24 (a shipment that ST01 only created has no `told_lines`), and once
    more with the first number.
    """
    if known.told_lines or (known.told is not None and not known.marketplace_id):
        return not known.told_tracking and bool(tracking)
    return True


def _tracking(known: Iterable[Tracking], shown: Iterable[Tracking]) -> tuple[Tracking, ...]:
    """What the ERP shows now, the numbers that were first staying first; an answer without any says nothing."""
    now = {one.number: one for one in shown}
    stay = {one.number: now[one.number] for one in known if one.number in now}
    return tuple({**stay, **now}.values()) if now else tuple(known)
