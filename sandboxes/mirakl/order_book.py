"""All orders of all instances, and the one place that lets time pass over them, in the order things fall due."""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.orders import Order

Agenda = tuple[datetime, int, str, str]


class OrderBook:
    """Orders by instance and id. Whoever changes one says so with `changed`, so that its next due time is noted.

    `follow` is told of every change, at its time.
    """

    def __init__(self, follow: Callable[[Order], None] = lambda _: None) -> None:
        self._follow = follow
        self._orders: dict[tuple[str, str], Order] = {}
        self._shops: dict[tuple[str, int], list[Order]] = {}
        self._agenda: list[Agenda] = []
        self._noted = 0
        self._cancelations = 0

    def add(self, order: Order) -> None:
        """Raises ValueError where the instance already has an order of that id."""
        if (order.platform, order.id) in self._orders:
            raise ValueError(f"order id {order.id!r} is taken on {order.platform!r}: place it under another one")
        self._orders[order.platform, order.id] = order
        insort(self._shops.setdefault((order.platform, order.shop_id), []), order, key=listing_key)
        life_cycle.begin(order)
        self.changed(order)

    def get(self, platform: str, order_id: str) -> Order | None:
        return self._orders.get((platform, order_id))

    def of_seller(self, platform: str, shop_id: int, order_id: str) -> Order | None:
        """None where there is none, or it is another shop's: Mirakl answers both alike."""
        order = self.get(platform, order_id)
        return order if order and order.shop_id == shop_id else None

    def of_shop(self, platform: str, shop_id: int) -> Sequence[Order]:
        """By creation date, then id: OR11's own order."""
        return self._shops.get((platform, shop_id), [])

    def __iter__(self) -> Iterator[Order]:
        return iter(self._orders.values())

    def __len__(self) -> int:
        return len(self._orders)

    def next_cancelation(self) -> int:
        self._cancelations += 1
        return self._cancelations

    def changed(self, order: Order) -> None:
        self._follow(order)
        when = life_cycle.due(order)
        if when is not None:
            self._noted += 1
            heapq.heappush(self._agenda, (when, self._noted, order.platform, order.id))

    def advance(self, now: datetime) -> None:
        """Apply everything due up to now, each at its own time. A note that no longer holds is dropped."""
        while self._agenda and self._agenda[0][0] <= now:
            when, _, platform, order_id = heapq.heappop(self._agenda)
            order = self._orders[platform, order_id]
            if life_cycle.due(order) == when:
                life_cycle.pass_time(order, when)
                self.changed(order)


def listing_key(order: Order) -> tuple[datetime, str]:
    return order.created, order.id
