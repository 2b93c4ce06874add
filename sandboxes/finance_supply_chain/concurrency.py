"""One writer per order: a write that overlaps another on the same order is an update conflict."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandboxes.finance_supply_chain.edm import fold

OrderName = tuple[str, str]


def order_name(company: str, number: str) -> OrderName:
    return fold(company), fold(number)


@dataclass
class Writes:
    """A committed write occupies its order until `seconds` later, as if it had taken that long to carry out."""

    busy: dict[OrderName, datetime] = field(default_factory=dict)

    def overlaps(self, order: OrderName, now: datetime) -> bool:
        return now < self.busy.get(order, now)

    def occupy(self, orders: Iterable[OrderName], now: datetime, seconds: float) -> None:
        if seconds > 0:
            self.busy.update(dict.fromkeys(orders, now + timedelta(seconds=seconds)))
