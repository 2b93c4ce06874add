"""An offer: what it is made of, what it may show with every term of that number, and what Mirakl was told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from shared.model.in_flight import Counted
from shared.model.stock import Figures, StockItem, StockUnit


@dataclass(frozen=True, slots=True)
class StockComponent:
    """`number` tells the components of a set apart."""

    number: str
    item: StockItem
    unit: StockUnit


@dataclass(frozen=True, slots=True)
class Offer:
    """A SKU in a shop. `warehouses`: Mirakl's warehouse code to the ERP's warehouses; empty for one global number."""

    shop: str
    sku: str
    components: tuple[StockComponent, ...]
    warehouses: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Buffer:
    """Stock units, and where they are set: `all`, `shop`, `sku` or `velocity`."""

    units: Decimal
    where: str


@dataclass(frozen=True, slots=True)
class NumberTerms:
    """Every term of one component's number, as `explain` shows it. Quantities are stock units, `number` is Mirakl's.

    `warehouses` are those that count; `unlisted` those that the reading names besides.
    """

    component: StockComponent
    started: datetime
    warehouses: tuple[Figures, ...]
    unlisted: tuple[str, ...]
    free: Decimal
    in_flight: tuple[Counted, ...]
    buffer: Buffer
    share: Decimal
    blocked: str
    horizon: timedelta | None
    number: int


@dataclass(frozen=True, slots=True)
class Published:
    """What an offer may show, in marketplace units; `by_warehouse` is by Mirakl's code and sums to at most `number`."""

    number: int
    terms: tuple[NumberTerms, ...]
    by_warehouse: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotRead:
    """No reading of these items is on record: nothing can be said of the offer."""

    items: tuple[StockItem, ...]


@dataclass(frozen=True, slots=True)
class RefusedByPerson:
    """A person refused an order of the offer in Mirakl when the ERP's free figures were these, by component."""

    free: tuple[Decimal, ...]
    released: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What Mirakl was told of an offer.

    `confirmed` is the last number that an import's report confirmed, None before the first; `under_way` those sent
    since, whose imports are not reported yet, oldest first. `sold` is units on orders first seen since the last of
    these was sent. `stirred`: an order, refusal or cancellation was seen since. `again`: the offer stood in two
    unfinished imports at once. `not_before`: a rejected line rests until then. `by_warehouse` is how the last of them
    was spread over Mirakl's warehouse codes, empty for a global number.
    """

    confirmed: int | None = None
    under_way: tuple[int, ...] = ()
    sold: int = 0
    stirred: bool = False
    again: bool = False
    not_before: datetime | None = None
    by_warehouse: Mapping[str, int] = field(default_factory=dict)
