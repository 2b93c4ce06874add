"""Counts every call from the other side: per caller and operation, how it was answered, and what was passed over."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class IgnoredInput:
    """Something sent that Mirakl silently passes over; its name, never its value."""

    at: datetime
    operation: str
    shop: str
    name: str


@dataclass(frozen=True, slots=True)
class DoubledOrder:
    """An order of which one ST01 carried several shipments: their errors cannot be told apart."""

    at: datetime
    shop: str
    order_id: str


@dataclass
class Tally:
    """`shop` is empty where the caller was not let in."""

    statuses: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    ignored: list[IgnoredInput] = field(default_factory=list)
    doubled: list[DoubledOrder] = field(default_factory=list)

    def answered(self, shop: str, operation: str, status: int) -> None:
        self.statuses[shop, operation, status] += 1

    def calls(self) -> dict[str, dict[str, int]]:
        """Shop, operation: calls, refused ones included."""
        counted: dict[str, dict[str, int]] = {}
        for (shop, operation, _), number in sorted(self.statuses.items()):
            counted.setdefault(shop, Counter())[operation] += number
        return {shop: dict(operations) for shop, operations in counted.items()}

    def answers(self) -> list[dict[str, Any]]:
        return [
            {"shop": shop, "operation": operation, "status": status, "count": number}
            for (shop, operation, status), number in sorted(self.statuses.items())
        ]

    def count(self, status: int) -> int:
        return sum(number for (_, _, answered), number in self.statuses.items() if answered == status)
