"""A small Mirakl: orders in SHIPPING that can be shipped at once (OR23, OR24) or in several shipments (ST*)."""

from __future__ import annotations

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from shared.errors import FeatureOff, Rejected, WrongState
from shared.model.shipment import Carrier, NewShipment, RegisteredCarrier, ShipmentAnswer, ShownShipment, ShownState
from shared.ports.marketplace import PlatformConfiguration

A = TypeVar("A")
TRACKED = "https://carrier.example.com/track?number={trackingId}"
REGISTERED = (
    RegisteredCarrier("CA1", "Carrier One", TRACKED),
    RegisteredCarrier("CA2", "Carrier Two", TRACKED),
    RegisteredCarrier("LTR", "Letter post", "https://letters.example.com"),
)


@dataclass
class Parcel:
    """A shipment of ST01."""

    id: str
    order: str
    package: str
    lines: dict[str, int]
    state: ShownState = "open"
    carrier: str = ""
    number: str = ""


@dataclass
class FakeMirakl:
    """`owed` is order id -> line id -> units. `fail` makes the next call of an operation fail, before or after it."""

    owed: dict[str, dict[str, int]] = field(default_factory=dict)
    states: dict[str, str] = field(default_factory=lambda: defaultdict(lambda: "SHIPPING"))
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)
    multi: bool = False
    off: bool = False
    calls: Counter[str] = field(default_factory=Counter)
    failures: dict[str, list[tuple[Exception, bool]]] = field(default_factory=lambda: defaultdict(list))
    during: Callable[[str], None] = lambda _operation: None

    def fail(self, operation: str, error: Exception, *, after: bool = False) -> None:
        self.failures[operation].append((error, after))

    async def meet(self, operation: str, effect: Callable[[], list[A]]) -> list[A]:
        await asyncio.sleep(0)  # others run while a call is under way
        self.calls[operation] += 1
        self.during(f"before {operation}")
        failure, after = self.failures[operation].pop(0) if self.failures[operation] else (None, True)
        answers = effect() if failure is None or after else []
        self.during(f"after {operation}")
        if failure is not None:
            raise failure
        return answers

    def of(self, order: str) -> list[Parcel]:
        return [one for one in self.parcels.values() if one.order == order]

    def fault(self, carrier: Carrier, number: str) -> str:
        known = {one.code: one for one in REGISTERED}
        if carrier.code and carrier.code not in known:
            return "carrier_code"
        return "tracking_number" if carrier.code and known[carrier.code].needs_tracking and not number else ""

    async def configuration(self) -> PlatformConfiguration:
        return PlatformConfiguration("TAX_INCLUDED", "NOT_AUTOMATIC", self.multi)

    async def registered(self) -> Sequence[RegisteredCarrier]:
        return REGISTERED


@dataclass
class FakeShipping:
    """The port `Shipping`."""

    mirakl: FakeMirakl

    async def set_tracking(self, order_id: str, carrier: Carrier, tracking: str) -> None:
        def effect() -> list[ShipmentAnswer]:
            if self.mirakl.states[order_id] not in {"SHIPPING", "SHIPPED"}:
                raise WrongState("OR23: HTTP 400 without a code")
            if fault := self.mirakl.fault(carrier, tracking):
                raise Rejected("tracking_refused", subject="carrier", reason=f"Mirakl answers OR23 with {fault}.")
            self.mirakl.numbers[order_id] = (carrier.code or carrier.name, tracking)
            return []

        await self.mirakl.meet("OR23", effect)

    async def ship(self, order_id: str) -> None:
        def effect() -> list[ShipmentAnswer]:
            if self.mirakl.states[order_id] != "SHIPPING":
                raise WrongState("OR24: HTTP 400 without a code")
            self.mirakl.states[order_id] = "SHIPPED"
            return []

        await self.mirakl.meet("OR24", effect)


@dataclass
class FakeMultiShipping:
    """The port `MultiShipping`."""

    mirakl: FakeMirakl

    async def create(self, shipments: Sequence[NewShipment]) -> Sequence[ShipmentAnswer]:
        self._offered("ST01")
        assert len({one.order_id for one in shipments}) == len(shipments)
        return await self.mirakl.meet("ST01", lambda: [self._create(one) for one in shipments])

    async def shown(self, order_ids: Sequence[str]) -> Sequence[ShownShipment]:
        self._offered("ST11")
        assert order_ids
        return await self.mirakl.meet("ST11", lambda: [one for id_ in order_ids for one in self._shown(id_)])

    async def track(self, tracking: Sequence[tuple[str, Carrier, str]]) -> Sequence[ShipmentAnswer]:
        self._offered("ST23")
        return await self.mirakl.meet("ST23", lambda: [self._track(*one) for one in tracking])

    async def ship(self, shipment_ids: Sequence[str]) -> Sequence[ShipmentAnswer]:
        self._offered("ST24")
        return await self.mirakl.meet("ST24", lambda: [self._ship(one) for one in shipment_ids])

    def _shown(self, order: str) -> list[ShownShipment]:
        return [
            ShownShipment(one.id, one.order, frozenset({one.package}), one.state, one.number)
            for one in self.mirakl.of(order)
        ]

    def _offered(self, operation: str) -> None:
        if self.mirakl.off:
            raise FeatureOff(f"{operation}: HTTP 404")

    def _create(self, new: NewShipment) -> ShipmentAnswer:
        mirakl = self.mirakl
        if mirakl.states[new.order_id] != "SHIPPING":
            return ShipmentAnswer(new.order_id, refused="The order status must be 'SHIPPING'.")
        left = dict(mirakl.owed.get(new.order_id, {}))
        for parcel in mirakl.of(new.order_id):
            for line, units in parcel.lines.items() if parcel.state != "cancelled" else ():
                left[line] -= units
        if any(left.get(line, 0) < units for line, units in new.lines):
            return ShipmentAnswer(new.order_id, refused="Shipment quantity is invalid.")
        if new.carrier and (fault := mirakl.fault(new.carrier, new.tracking)):
            return ShipmentAnswer(new.order_id, refused=fault)
        id_ = f"shipment-{len(mirakl.parcels) + 1}"
        mirakl.parcels[id_] = Parcel(id_, new.order_id, new.package, dict(new.lines))
        if new.carrier:
            self._track(id_, new.carrier, new.tracking)
        if new.shipped:
            self._ship(id_)
        return ShipmentAnswer(new.order_id, id=id_)

    def _track(self, id_: str, carrier: Carrier, number: str) -> ShipmentAnswer:
        if id_ not in self.mirakl.parcels:
            return ShipmentAnswer(id_, id_, refused="No shipment with this id.")
        if fault := self.mirakl.fault(carrier, number):
            return ShipmentAnswer(id_, id_, refused=fault)
        parcel = self.mirakl.parcels[id_]
        parcel.carrier, parcel.number = carrier.code or carrier.name, number
        return ShipmentAnswer(id_, id_)

    def _ship(self, id_: str) -> ShipmentAnswer:
        parcel = self.mirakl.parcels[id_]
        if parcel.state != "open":
            return ShipmentAnswer(id_, id_, refused="The shipment status must be 'SHIPPING'.")
        parcel.state = "shipped"
        shipped: Counter[str] = Counter()
        for one in self.mirakl.of(parcel.order):
            shipped.update(one.lines if one.state == "shipped" else {})
        if all(shipped[line] >= units for line, units in self.mirakl.owed.get(parcel.order, {}).items()):
            self.mirakl.states[parcel.order] = "SHIPPED"
        return ShipmentAnswer(id_, id_)
