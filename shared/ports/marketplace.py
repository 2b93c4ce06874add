"""The marketplace as the flows see it; `shared/mirakl` speaks to the real one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.model.keys import OrderKey
from shared.model.order import Order, PlatformTaxMode, Sighting, Snapshot


@dataclass(frozen=True, slots=True)
class Page:
    """One OR11 answer. `records` counts what came, `skipped` says why records have not even an order id.

    `total` is Mirakl's `total_count`; `asked` is our clock when the request left, `answered` when the answer came.
    """

    sightings: tuple[Sighting, ...]
    records: int
    total: int
    asked: datetime
    answered: datetime
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """An asynchronous export (OR14): `urls` are filled once it is complete."""

    status: str
    urls: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PlatformConfiguration:
    """What PC01 says and the bridge uses; unknown values are carried as they are."""

    order_tax_mode: PlatformTaxMode | None
    order_acceptance: str
    multi_shipment: bool


class Orders(Protocol):
    """One shop's orders. Every method raises Unavailable, Throttled or Unauthorized when it cannot be used."""

    async def waiting(self) -> Page:
        """OR11: the first 100 orders in WAITING_ACCEPTANCE, oldest first, whatever their dates."""
        ...

    async def changed(self, since: datetime, offset: int) -> Page:
        """OR11: one page of up to 100 orders updated since (Mirakl subtracts a margin of its own), from `offset`."""
        ...

    async def by_ids(self, order_ids: Sequence[str]) -> Page:
        """OR11: at most 100 orders by id."""
        ...


class OrderExport(Protocol):
    """Large volumes: OR13, OR14, OR15. One export at a time and shop."""

    async def start(self, since: datetime, until: datetime) -> str:
        """OR13: the tracking id."""
        ...

    async def status(self, tracking: str) -> Export:
        """OR14."""
        ...

    async def fetch(self, url: str) -> Page:
        """OR15: every order of one file."""
        ...


class OrderReader(Protocol):
    """Reads a stored snapshot as an order; pure."""

    def __call__(self, key: OrderKey, snapshot: Snapshot) -> Order:
        """Raises Rejected (`order_unreadable`) naming the field that cannot be used, never its value."""
        ...


class Acceptance(Protocol):
    async def accept(self, order_id: str, lines: Sequence[str]) -> None:
        """OR21: accept these lines, which must be all that wait; not idempotent, but guarded by the order's state.

        Raises WrongState (already decided), LinesChanged, Rejected, Throttled, Unavailable (never sent),
        Unauthorized or UnknownOutcome (sent, no trustworthy answer).
        """
        ...


class Platform(Protocol):
    async def configuration(self) -> PlatformConfiguration:
        """PC01, read once a day and shop."""
        ...
