"""An offer as Mirakl has it: its quantity, its warehouses, and every change of them with time and cause."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from sandboxes.mirakl.offer_terms import Terms
from sandboxes.mirakl.shops import Shop

Cause = Literal["opened", "sold", "refused", "cancelled", "STO01", "OF01", "by_hand"]


@dataclass(frozen=True, slots=True)
class Change:
    """The quantity after it; `about` is the order or the import that made it, empty where none did."""

    at: datetime
    cause: Cause
    about: str
    quantity: int


@dataclass(slots=True, kw_only=True)
class Offer:
    """`warehouses` are empty where the quantity is a global one. A deleted offer keeps its id (chosen)."""

    id: int
    shop: Shop
    sku: str
    product_sku: str
    terms: Terms
    quantity: int
    created: datetime
    updated: datetime
    warehouses: dict[str, int] = field(default_factory=dict)
    withdrawn: bool = False
    deleted: bool = False
    changes: list[Change] = field(default_factory=list)

    def stand(self, change: Change, warehouses: dict[str, int] | None = None) -> None:
        """The quantity is the change's from now on; the split is the one given, or none."""
        self.warehouses = dict(warehouses or {})
        self.quantity = change.quantity
        self.changes.append(change)
        self.updated = change.at

    def take(self, pieces: int, at: datetime, order_id: str) -> None:
        """A sale: never below 0; the fullest warehouse gives first (chosen)."""
        left = dict(self.warehouses)
        for code in sorted(left, key=lambda code: -left[code]):
            given = min(left[code], pieces)
            left[code] -= given
            pieces -= given
        quantity = sum(left.values()) if left else max(0, self.quantity - pieces)
        self.stand(Change(at, "sold", order_id, quantity), left)

    def put_back(self, pieces: int, at: datetime, order_id: str) -> None:
        """A cancelation, where the operator's marketplace restocks; the first warehouse takes it (chosen)."""
        filled = dict(self.warehouses)
        for code in list(filled)[:1]:
            filled[code] += pieces
        self.stand(Change(at, "cancelled", order_id, self.quantity + pieces), filled)

    def empty(self, at: datetime, order_id: str) -> None:
        """A refusal: 0 everywhere."""
        self.stand(Change(at, "refused", order_id, 0), dict.fromkeys(self.warehouses, 0))

    def rewrite(self, terms: Terms, at: datetime) -> None:
        self.terms = terms
        self.updated = at

    def delete(self, at: datetime, cause: Cause, about: str) -> None:
        self.deleted = True
        self.stand(Change(at, cause, about, 0))

    def shown(self, now: datetime) -> int:
        """What a shopper can buy at most."""
        return 0 if self.deleted or self.inactivity(now) else self.quantity

    def inactivity(self, now: datetime) -> list[str]:
        """Mirakl's own reasons (OF21); an offer without any is active."""
        reasons = {
            "PRODUCT_DISABLED": self.withdrawn,
            "ZERO_QUANTITY": self.quantity == 0,
            "NOT_IN_AVAILABILITY_PERIOD": not self._available(now),
            "AVAILABLE_QUANTITY_LESS_THAN_MIN_ORDER_QUANTITY": 0 < self.quantity < self.terms.min_order_quantity,
            "AVAILABLE_QUANTITY_LESS_THAN_PACKAGE_QUANTITY": 0 < self.quantity < self.terms.package_quantity,
        }
        return [reason for reason, holds in reasons.items() if holds]

    def _available(self, now: datetime) -> bool:
        start, end = self.terms.available_from, self.terms.available_until
        return (start is None or start <= now) and (end is None or now <= end)
