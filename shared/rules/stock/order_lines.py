"""What a marketplace order line takes from stock, component by component."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from shared.model.in_flight import LineInErp, LineInFlight
from shared.model.offers import StockComponent
from shared.model.order import Order, OrderLine
from shared.rules.order_states import kept_lines
from shared.rules.stock.whole_units import taken


def line_parts(
    order: Order,
    line: OrderLine,
    *,
    components: Sequence[StockComponent],
    warehouse: str,
    shipped: datetime | None = None,
    by_operator: bool = False,
    erp: Mapping[str, LineInErp] | None = None,
) -> tuple[LineInFlight, ...]:
    """An order line as it counts, one for each component; `erp` is by the component's number."""
    return tuple(
        LineInFlight(
            key=order.key,
            line=line.id,
            part=part.number,
            item=part.item,
            warehouse=warehouse,
            remains=taken(remaining(line), part.unit),
            placed=order.created,
            shipped=shipped,
            by_operator=by_operator,
            erp=(erp or {}).get(part.number, LineInErp()),
        )
        for part in components
    )


def remaining(line: OrderLine) -> Decimal:
    """Marketplace units that somebody still pays for; a state that we do not know is open."""
    return max(line.quantity - line.cancelled_quantity, Decimal(0)) if kept_lines([line]) else Decimal(0)
