"""Refusals in a row for one reason: not the orders' fault, so that the others need not run into it one by one."""

from __future__ import annotations


class Repeated:
    """Counts different orders: one that is sent again and again says nothing about the others."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._reason = ""
        self._orders: set[str] = set()

    def again(self, reason: str, order: str) -> bool:
        """Whether this one makes it too many. A reason without words is never the same."""
        if reason != self._reason or not reason:
            self._reason, self._orders = reason, set()
        if len(self._orders) < self._most:
            self._orders.add(order)
        return len(self._orders) >= self._most

    @property
    def orders(self) -> int:
        return len(self._orders)

    def taken(self) -> None:
        """An order went in: the row is over."""
        self._reason, self._orders = "", set()
