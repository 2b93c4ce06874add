"""Shoppers order: wanted orders and drawn ones enter the book, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sandboxes.mirakl.checkout import Checkout, Numbers
from sandboxes.mirakl.dates import to_millisecond
from sandboxes.mirakl.drawing import draw_order
from sandboxes.mirakl.order_book import OrderBook
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.platform import Platform
from sandboxes.mirakl.shops import Shop
from sandboxes.mirakl.wishes import Placement, WantedOrder


@dataclass
class Shoppers:
    """Places orders in a book; `seed` is the world's, and each placement without a seed takes the next one."""

    book: OrderBook
    seed: int
    _numbers: dict[str, Numbers] = field(default_factory=dict)

    def place(self, placement: Placement, platform: Platform, shop: Shop, now: datetime) -> list[Order]:
        """Raises ValueError where `at` is later than now, or an order id is taken."""
        at = to_millisecond(placement.at or now)
        if at > now:
            raise ValueError("at lies in the future: place orders at or before now")
        self.seed += 1
        chance = random.Random(self.seed if placement.seed is None else placement.seed)
        numbers = self._numbers.setdefault(platform.code, Numbers(platform.code[0].upper()))
        checkout = Checkout(platform, shop, numbers, chance, at)
        placed = [checkout.order(basket, wanted) for basket, wanted in _wanted(placement, numbers, chance)]
        for order in placed:
            self.book.add(order)
        return placed


def _wanted(placement: Placement, numbers: Numbers, chance: random.Random) -> Iterator[tuple[str, WantedOrder]]:
    for wanted in placement.orders:
        yield numbers.next_basket(), wanted
    for _ in range(placement.count):
        basket = numbers.next_basket()
        yield basket, draw_order(placement.mix, chance, basket)
