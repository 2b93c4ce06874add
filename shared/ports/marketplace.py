"""The marketplace as the flows see it; `shared/mirakl` speaks to the real one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.model.keys import OrderKey
from shared.model.order import Order, PlatformTaxMode, Sighting, Snapshot
from shared.model.shipment import Carrier, NewShipment, RegisteredCarrier, ShipmentAnswer, ShownShipment


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
    alternative_carriers: bool = True
    """Whether sellers may name carriers that are not registered (`disable_seller_alternative_carrier` is not set)."""


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


class Shipping(Protocol):
    """One shipment an order: tracking first, because a change after shipping may not reach the shopper.

    Both raise WrongState (the order's state does not admit it, or may not: a bare 400), Rejected
    (`tracking_refused`, `shipment_refused`), Throttled, Unavailable (never sent), Unauthorized or UnknownOutcome.
    """

    async def set_tracking(self, order_id: str, carrier: Carrier, tracking: str) -> None:
        """OR23; overwrites, so it may be repeated. An empty `tracking` is left out."""
        ...

    async def ship(self, order_id: str) -> None:
        """OR24; only from SHIPPING, so repeating it is harmless."""
        ...


class MultiShipping(Protocol):
    """Several shipments an order, where PC01 says so. At most 1,000 entries a call, one per order in `create`.

    Every method raises FeatureOff (404) and as `Shipping`; errors per entry are in its answer.
    """

    async def create(self, shipments: Sequence[NewShipment]) -> Sequence[ShipmentAnswer]:
        """ST01. Not idempotent: after an unknown outcome `shown` settles by package reference."""
        ...

    async def shown(self, order_ids: Sequence[str]) -> Sequence[ShownShipment]:
        """ST11, every page of it."""
        ...

    async def track(self, tracking: Sequence[tuple[str, Carrier, str]]) -> Sequence[ShipmentAnswer]:
        """ST23: (shipment id, carrier, tracking number); overwrites."""
        ...

    async def ship(self, shipment_ids: Sequence[str]) -> Sequence[ShipmentAnswer]:
        """ST24."""
        ...


class OrderNumbers(Protocol):
    async def report(self, numbers: Sequence[tuple[str, str]]) -> Mapping[str, str]:
        """OR04: (order id, the ERP's number), at most 100 a call and once a minute; overwrites, may be repeated.

        Answers Mirakl's reason (code and field) for each order it refused. Raises as a read: Unavailable too where
        the answer was lost.
        """
        ...


class MarketplaceLists(Protocol):
    """Reference lists, for the caller to keep for a day."""

    async def carriers(self) -> Sequence[RegisteredCarrier]:
        """SH21."""
        ...

    async def reasons(self) -> Mapping[str, str]:
        """RE01: code to label of the reasons for which the shop may cancel (`CANCELATION`, `is_shop_right`)."""
        ...


class Carriers(Protocol):
    """The operator's registered carriers, at most a day old."""

    async def registered(self) -> Sequence[RegisteredCarrier]:
        """Raises as `Platform.configuration`."""
        ...
