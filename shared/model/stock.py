"""What an ERP says that is there of an item, and the client's terms for offering it; everything in the stock unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from shared.model.sales_order import ItemCode

Term = Literal["allocated", "demand"]
DemandMoment = Literal["created", "shipped"]


@dataclass(frozen=True, slots=True)
class StockItem:
    """What is counted: an item of one of the ERP's companies."""

    company: str
    code: ItemCode


@dataclass(frozen=True, slots=True)
class StockUnit:
    """`numerator / denominator` marketplace units are one `unit` of the ERP's (a case of 12 sold singly: 12/1)."""

    unit: str = ""
    numerator: Decimal = Decimal(1)
    denominator: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True)
class Figures:
    """One item in one warehouse. `available` may be negative; goods that are still to come are in none of these."""

    warehouse: str
    available: Decimal
    allocated: Decimal = Decimal(0)
    demand: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Reading:
    """One item as a source showed it, with one row for every warehouse that the source names.

    `started` is the first call of the reading that it came with, less the source's lag: whatever the ERP had on its
    books before then is in the figures. `blocked` is why the ERP does not sell the item, empty where it does.
    """

    item: StockItem
    started: datetime
    warehouses: tuple[Figures, ...]
    blocked: str = ""


@dataclass(frozen=True, slots=True)
class StockSource:
    """What a source of readings declares of itself.

    `lag` is how old its answers may be (replicas, caches). `demand` is when an order of ours lowers what is free:
    once it is `created`, or only when it has `shipped`. `held` says whether that is so while the order is on hold in
    the ERP, too. `less` are the figures that are taken off `available`; nothing is ever added to it. `horizon`: only
    demand that ships within it is in the figures; None for all.
    """

    name: str
    lag: timedelta = timedelta(0)
    demand: DemandMoment = "created"
    held: bool = True
    less: tuple[Term, ...] = ("allocated", "demand")
    horizon: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Buffers:
    """Stock units that are never offered: those of the SKU where it has its own, else of the shop, else of all.

    `skus` is by shop and SKU. `velocity`: what usually goes before we see it counts too, where that is more, up to
    `cap` of what is free.
    """

    everywhere: Decimal = Decimal(0)
    shops: Mapping[str, Decimal] = field(default_factory=dict)
    skus: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    velocity: bool = False
    cap: Decimal = Decimal("0.25")


@dataclass(frozen=True, slots=True)
class Sharing:
    """`shared`: every shop offers the whole. `split`: each its part, 0 to 1, by its slug; the sum is at most 1."""

    way: Literal["shared", "split"] = "shared"
    parts: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class StockTerms:
    """The client's terms. `warehouses` are the ERP's that count; any other is reported and does not.

    `orders_from` is by shop; `older_in_erp`: the ERP holds the orders placed before it, so that they do not count.
    """

    source: StockSource
    warehouses: tuple[str, ...]
    buffers: Buffers = field(default_factory=Buffers)
    sharing: Sharing = field(default_factory=Sharing)
    orders_from: Mapping[str, datetime] = field(default_factory=dict)
    older_in_erp: bool = True
