"""What telling Mirakl of shipments needs: the ports, and who carries as the client's mapping and the operator say."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Rejected
from shared.flows.creating.creation import Claiming
from shared.model.mappings import MappingRow
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import ErpShipment, RegisteredCarrier
from shared.model.shop import Shop
from shared.ports.marketplace import Carriers, MultiShipping, OrderReader, Platform, Shipping
from shared.ports.own import Clock, Mappings, Progress, WorkList
from shared.rules import carriers, untracked
from shared.rules.carriers import Chosen

Choose = Callable[[ErpShipment], Chosen]


@dataclass(frozen=True, slots=True)
class Ports:
    shipping: Shipping
    multi: MultiShipping
    platform: Platform
    carriers: Carriers
    reader: OrderReader
    progress: Progress
    work: WorkList
    mappings: Mappings
    clock: Clock


@dataclass(frozen=True, slots=True)
class Carrying:
    """What decides how Mirakl is told who carries. `multi`: the operator takes several shipments an order."""

    marketplace: str
    rows: Sequence[MappingRow]
    registered: Sequence[RegisteredCarrier]
    alternative: bool
    multi: bool

    def choose(self, shipment: ErpShipment) -> Chosen:
        """Raises as `carriers.choose`."""
        return carriers.choose(
            shipment,
            marketplace=self.marketplace,
            rows=self.rows,
            registered=self.registered,
            alternative_allowed=self.alternative,
        )

    def refused(self, shipment: ErpShipment, reason: str) -> Rejected:
        """Filed under the mapping row, so that saving it sends the shipment again."""
        subject = carriers.carrier_subject(self.marketplace, shipment)
        named = f"{shipment.document}: {reason} (the marketplace's codes are {carriers.allowed(self.registered)})"
        return Rejected("tracking_refused", subject=subject, reason=named)


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that one message's work needs."""

    shop: Shop
    policy: ShippingPolicy
    ports: Ports
    claiming: Claiming
    carrying: Carrying

    def now(self) -> datetime:
        return self.ports.clock.now()

    def chooser(self, order: Order) -> Choose:
        """For this order's shipments: what may go without a number now needs none. Raises as `carriers.choose`."""
        now = self.now()

        def choose(shipment: ErpShipment) -> Chosen:
            chosen = self.carrying.choose(shipment)
            free = untracked.may_go(chosen, shipment, order, policy=self.policy, now=now)
            return replace(chosen, needs_tracking=False) if free else chosen

        return choose


async def carrying(shop: Shop, ports: Ports) -> Carrying:
    """From cached lists. Raises Transient."""
    configuration = await ports.platform.configuration()
    registered = await ports.carriers.registered()
    rows = await ports.mappings.table("carriers", shop.marketplace.id)
    return Carrying(
        shop.marketplace.id, rows, registered, configuration.alternative_carriers, configuration.multi_shipment
    )
