"""One item in one warehouse, offered one to one in one shop, unless a test says otherwise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from shared.model.in_flight import Left, LineInErp, LineInFlight
from shared.model.keys import OrderKey
from shared.model.offers import NotRead, Offer, Published, StockComponent
from shared.model.sales_order import ItemCode
from shared.model.stock import (
    Buffers,
    DemandMoment,
    Figures,
    Reading,
    Sharing,
    StockItem,
    StockSource,
    StockTerms,
    StockUnit,
)
from shared.rules.stock.published import Known, published
from tests.builders import NOW

D = Decimal
SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
ITEM = StockItem("usmf", ItemCode("ITEM-001"))
OTHER = StockItem("usmf", ItemCode("ITEM-002"))
MAIN, WEST = "MAIN", "WEST"


def at(minutes: float) -> datetime:
    return NOW + minutes * MINUTE


def unit(per_stock_unit: str = "1", of: str = "1") -> StockUnit:
    return StockUnit("PCS", Decimal(per_stock_unit), Decimal(of))


def figures(available: str | int, *, allocated: str | int = 0, demand: str | int = 0, warehouse: str = MAIN) -> Figures:
    return Figures(warehouse, Decimal(available), Decimal(allocated), Decimal(demand))


def reading(*rows: Figures | str | int, started: float = 0, item: StockItem = ITEM, blocked: str = "") -> Reading:
    """`reading(8)` has 8 available in MAIN; `started` is minutes after NOW."""
    warehouses = tuple(row if isinstance(row, Figures) else figures(row) for row in rows)
    return Reading(item, at(started), warehouses, blocked)


def source(*, demand: DemandMoment = "created", held: bool = True, lag: timedelta = timedelta(0)) -> StockSource:
    return StockSource("test", lag=lag, demand=demand, held=held)


def terms(
    *,
    source: StockSource = StockSource("test"),  # noqa: B008 -- frozen
    warehouses: tuple[str, ...] = (MAIN, WEST),
    buffer: str | int = 0,
    buffers: Buffers | None = None,
    sharing: Sharing | None = None,
    orders_from: Mapping[str, datetime] | None = None,
    older_in_erp: bool = True,
) -> StockTerms:
    return StockTerms(
        source=source,
        warehouses=warehouses,
        buffers=buffers or Buffers(everywhere=Decimal(buffer)),
        sharing=sharing or Sharing(),
        orders_from=orders_from or {},
        older_in_erp=older_in_erp,
    )


def in_erp(
    stands: str | int,
    *,
    created: float = 0,
    held: bool = False,
    released: float | None = None,
    left: Sequence[tuple[str | int, float]] = (),
) -> LineInErp:
    """An order that the ERP showed `created` minutes after NOW; `left` is quantity and minutes."""
    return LineInErp(
        state="created",
        stands=Decimal(stands),
        created=at(created),
        held=held,
        released=None if released is None else at(released),
        left=tuple(Left(Decimal(quantity), at(seen)) for quantity, seen in left),
    )


def in_doubt(stands: str | int) -> LineInErp:
    return LineInErp("in_doubt", Decimal(stands))


def line(
    remains: str | int | Decimal,
    *,
    erp: LineInErp = LineInErp(),  # noqa: B008 -- frozen
    shop: str = "north-de",
    order: str = "N-1",
    part: str = "1",
    item: StockItem = ITEM,
    warehouse: str = MAIN,
    placed: float = 0,
    shipped: float | None = None,
    by_operator: bool = False,
) -> LineInFlight:
    return LineInFlight(
        key=OrderKey(shop, order),
        line=f"{order}-1",
        part=part,
        item=item,
        warehouse=warehouse,
        remains=Decimal(remains),
        placed=at(placed),
        shipped=None if shipped is None else at(shipped),
        by_operator=by_operator,
        erp=erp,
    )


def offer(
    *parts: tuple[StockItem, StockUnit],
    unit: StockUnit = StockUnit(),  # noqa: B008 -- frozen
    shop: str = "north-de",
    sku: str = "SKU-001",
    warehouses: Mapping[str, tuple[str, ...]] | None = None,
) -> Offer:
    components = tuple(
        StockComponent(str(number), item, each) for number, (item, each) in enumerate(parts or ((ITEM, unit),), start=1)
    )
    return Offer(shop, sku, components, warehouses or {})


def known(
    *readings: Reading, lines: Sequence[LineInFlight] = (), velocity: Mapping[StockItem, Decimal] | None = None
) -> Known:
    by_item: dict[StockItem, list[LineInFlight]] = {}
    for one in lines:
        by_item.setdefault(one.item, []).append(one)
    return Known({one.item: one for one in readings}, by_item, velocity or {})


TERMS, OFFER = terms(), offer()


def show(reading: Reading, *lines: LineInFlight, terms: StockTerms = TERMS, offer: Offer = OFFER) -> Published:
    """What the offer may show by this reading and these lines."""
    return read(published(offer, known=known(reading, lines=lines), terms=terms))


def read(answer: Published | NotRead) -> Published:
    assert isinstance(answer, Published), answer
    return answer


def number(reading: Reading, *lines: LineInFlight, terms: StockTerms = TERMS, offer: Offer = OFFER) -> int:
    return show(reading, *lines, terms=terms, offer=offer).number
