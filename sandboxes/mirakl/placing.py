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
from sandboxes.mirakl.selling import Selling
from sandboxes.mirakl.shops import Shop
from sandboxes.mirakl.wishes import Placement, WantedOrder


@dataclass
class Shoppers:
    """Places orders in a book; `seed` is the world's, and each placement without a seed takes the next one."""

    book: OrderBook
    selling: Selling
    seed: int
    _numbers: dict[str, Numbers] = field(default_factory=dict)

    def place(self, placement: Placement, platform: Platform, shop: Shop, now: datetime) -> list[Order]:
        """Orders of which nothing could be bought are left out.

        Raises ValueError where `at` is later than now, or an order id is taken.
        """
        at = to_millisecond(placement.at or now)
        if at > now:
            raise ValueError("at lies in the future: place orders at or before now")
        self.seed += 1
        chance = random.Random(self.seed if placement.seed is None else placement.seed)
        numbers = self._numbers.setdefault(platform.code, Numbers(platform.code[0].upper()))
        checkout = Checkout(platform, shop, numbers, chance, at)
        bought = (
            self._buy(checkout, basket, wanted, regardless=placement.regardless)
            for basket, wanted in _wanted(placement, numbers, chance)
        )
        return [order for order in bought if order]

    def _buy(self, checkout: Checkout, basket: str, wanted: WantedOrder, *, regardless: bool) -> Order | None:
        """One shopper after the other: what one has bought the next one is shown no more."""
        if not self.selling.governed(checkout.shop, wanted, checkout.at):
            return self._add(checkout.order(basket, wanted))
        shown = self.selling.shown(checkout.shop, wanted, checkout.at)
        bought = wanted if regardless else self.selling.basket(checkout.shop, wanted, checkout.at, shown)
        if bought is None:
            return None
        order = self._add(checkout.order(basket, bought))
        self.selling.sell(order, shown)
        return order

    def _add(self, order: Order) -> Order:
        self.book.add(order)
        return order


def _wanted(placement: Placement, numbers: Numbers, chance: random.Random) -> Iterator[tuple[str, WantedOrder]]:
    for wanted in placement.orders:
        yield numbers.next_basket(), wanted
    for _ in range(placement.count):
        basket = numbers.next_basket()
        yield basket, draw_order(placement.mix, chance, basket)
