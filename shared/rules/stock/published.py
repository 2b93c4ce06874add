"""The number that an offer may show, with every term of it; a set shows the least of its components."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from shared.model.in_flight import Counted, LineInFlight
from shared.model.offers import NotRead, NumberTerms, Offer, Published, StockComponent
from shared.model.stock import Reading, StockItem, StockTerms
from shared.rules.stock.buffer import buffer
from shared.rules.stock.free import free_by_warehouse, free_of, listed, unlisted
from shared.rules.stock.in_flight import by_warehouse, in_flight, total
from shared.rules.stock.sharing import share_of
from shared.rules.stock.warehouses import cut, least
from shared.rules.stock.whole_units import taken, whole_units

NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True)
class Known:
    """What is on record by item: the reading that counts, the order lines of all shops, and its velocity."""

    readings: Mapping[StockItem, Reading]
    lines: Mapping[StockItem, Iterable[LineInFlight]] = field(default_factory=dict)
    velocity: Mapping[StockItem, Decimal] = field(default_factory=dict)


def published(offer: Offer, *, known: Known, terms: StockTerms) -> Published | NotRead:
    """In marketplace units. Where an item was never read nothing is published, neither a number nor 0."""
    unread = tuple(part.item for part in offer.components if part.item not in known.readings)
    if unread or not offer.components:
        return NotRead(unread)
    parts = tuple(number_terms(part, offer=offer, known=known, terms=terms) for part in offer.components)
    number = min(part.number for part in parts)
    spread = least([_by_warehouse(part, offer.warehouses, known, terms) for part in parts])
    return Published(number, parts, cut(spread, number))


def number_terms(component: StockComponent, *, offer: Offer, known: Known, terms: StockTerms) -> NumberTerms:
    """max(0, floor((free - in flight - buffer) x share x n / d + 0.001)), and 0 for an item that the ERP blocks."""
    item, unit = component.item, component.unit
    reading, share = known.readings[item], share_of(offer.shop, terms.sharing)
    counted = _counted(item, known, terms)
    free = free_of(reading, terms)
    left = free - total(counted)
    kept = buffer(
        terms.buffers,
        shop=offer.shop,
        sku=offer.sku,
        velocity=known.velocity.get(item, NOTHING),
        free=free,
        left=left,
        one=taken(Decimal(1), unit) / share if share else NOTHING,
    )
    return NumberTerms(
        component=component,
        started=reading.started,
        warehouses=listed(reading, terms),
        unlisted=unlisted(reading, terms.warehouses),
        free=free,
        in_flight=counted,
        buffer=kept,
        share=share,
        blocked=reading.blocked,
        horizon=terms.source.horizon,
        number=0 if reading.blocked else whole_units(left - kept.units, unit, share=share),
    )


def _counted(item: StockItem, known: Known, terms: StockTerms) -> tuple[Counted, ...]:
    return in_flight(known.lines.get(item, ()), known.readings[item], terms)


def _by_warehouse(
    part: NumberTerms, codes: Mapping[str, tuple[str, ...]], known: Known, terms: StockTerms
) -> Mapping[str, int]:
    """By Mirakl's code what the component's warehouses hold, each for itself; the buffer is taken from the sum."""
    free = free_by_warehouse(known.readings[part.component.item], terms)
    sold = by_warehouse(part.in_flight)
    return {code: whole_units(_sum(free, ours) - _sum(sold, ours), part.component.unit) for code, ours in codes.items()}


def _sum(quantities: Mapping[str, Decimal], warehouses: Iterable[str]) -> Decimal:
    return sum((quantities.get(one, NOTHING) for one in warehouses), NOTHING)
