"""Order lines in flight: what shoppers have bought and the ERP's figures may not show yet, in the stock unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from shared.model.keys import OrderKey
from shared.model.stock import StockItem

__all__ = ["Counted", "Left", "LineInErp", "LineInFlight", "WhyCounted"]

WhyCounted = Literal["no_erp_order", "in_doubt", "not_shown", "after_the_reading", "erp_order_gone"]


@dataclass(frozen=True, slots=True)
class Left:
    """`quantity` left the warehouse; `seen` is when the ERP showed it to us."""

    quantity: Decimal
    seen: datetime


@dataclass(frozen=True, slots=True)
class LineInErp:
    """What became of the line in the ERP.

    `none`: no order exists, and none can appear. `in_doubt`: from before its sending until its outcome is settled.
    `created`: the ERP showed it at `created`, whatever became of it. `stands` is what its line stands at or, in doubt,
    may stand at: all that was ordered, what has left included; 0 when it was found cancelled or deleted before
    anything left.
    `held`: it was ever on hold; `released` is since when the ERP shows it without, None while it is on hold.
    """

    state: Literal["none", "in_doubt", "created"] = "none"
    stands: Decimal = Decimal(0)
    created: datetime | None = None
    held: bool = False
    released: datetime | None = None
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class LineInFlight:
    """What one order line takes of one item (of one of its components, `part`, where the SKU is a set).

    `remains` is what Mirakl still shows as sold: without what is cancelled, 0 for a refused line. `warehouse` is the
    ERP's that the order mapping would choose. `placed` is Mirakl's `created_date`; `shipped` the OR11 answer that
    first showed the line shipped or later.
    """

    key: OrderKey
    line: str
    part: str
    item: StockItem
    warehouse: str
    remains: Decimal
    placed: datetime
    shipped: datetime | None = None
    by_operator: bool = False
    erp: LineInErp = LineInErp()


@dataclass(frozen=True, slots=True)
class Counted:
    """A line, how much of it counts against a reading, and why."""

    line: LineInFlight
    quantity: Decimal
    why: WhyCounted
