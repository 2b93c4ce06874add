"""One order on its way through a shop's ST01: what is to be told of it, and what its step comes to. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.errors import Rejected, UnknownOutcome
from shared.flows.telling.carrying import Choose
from shared.flows.telling.confirming import Over, Wait, erps, shown_soon
from shared.flows.waits import REST, SHIPMENT, TRACKING
from shared.model.keys import OrderKey
from shared.model.order import Order
from shared.model.policy import ShippingPolicy
from shared.model.shipment import Carrier, NewShipment, Shipment
from shared.model.steps import Step
from shared.ports.own import OrderRecord
from shared.rules import deadlines, untracked
from shared.rules.shipped import is_complete
from shared.rules.telling import missing, number_of, units


@dataclass(frozen=True, slots=True)
class Follow:
    """Tracking (ST23) of a shipment that Mirakl has; `ship`: it is told shipped as well (ST24)."""

    document: str
    id: str
    carrier: Carrier
    number: str
    ship: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """ST01 takes one shipment an order and call: `create` is the first of those that Mirakl does not have."""

    follow: tuple[Follow, ...] = ()
    create: NewShipment | None = None

    def __bool__(self) -> bool:
        return bool(self.follow) or self.create is not None


@dataclass(frozen=True, slots=True)
class Case:
    """`shipments` are those on record with what Mirakl was told since; a shipment that Mirakl has and that it was not
    told shipped yet has no `told_lines`. `step` carries our claim while it stands. `unsettled`: an earlier call may
    have told Mirakl something that is not on record. `foreign`: somebody else has the step. `texts` go to the timeline.
    """

    record: OrderRecord
    order: Order
    step: Step
    shipments: tuple[Shipment, ...]
    unsettled: bool = False
    foreign: bool = False
    plan: Plan = Plan()
    over: Over | None = None
    doubt: UnknownOutcome | None = None
    refused: tuple[Rejected, ...] = ()
    texts: tuple[str, ...] = ()

    @property
    def key(self) -> OrderKey:
        return self.record.key

    @property
    def stopped(self) -> bool:
        return self.foreign or self.over is not None or self.doubt is not None or bool(self.refused)

    @property
    def lacks_any(self) -> bool:
        """Something is on record that Mirakl is not known to have."""
        return any(not one.marketplace_id and one.told is None for one in self.shipments)

    def found(self, document: str) -> Shipment:
        return next(one for one in self.shipments if one.erp.document == document)

    def told(self, shipment: Shipment, text: str) -> Case:
        kept = tuple(shipment if one.erp.document == shipment.erp.document else one for one in self.shipments)
        return replace(self, shipments=kept, texts=(*self.texts, text))


def is_unsettled(step: Step) -> bool:
    """A claim that died may have sent to its end."""
    return step.state in {"unknown", "claimed"} or step.sent is not None


def plan(order: Order, shipments: Sequence[Shipment], choose: Choose) -> Plan:
    """What Mirakl is not told yet. Raises Rejected where no carrier can be named."""
    follow = [_follow(one, choose) for one in shipments if one.marketplace_id]
    absent = (_new(order, one, shipments, choose) for one in shipments if not one.marketplace_id and one.told is None)
    return Plan(tuple(one for one in follow if one is not None), next((one for one in absent if one is not None), None))


def _follow(one: Shipment, choose: Choose) -> Follow | None:
    number, shipped = number_of(one), bool(one.told_lines)
    if shipped and number in ("", one.told_tracking):
        return None
    chosen = choose(one.erp)
    if not shipped and chosen.needs_tracking and not number:
        return None
    return Follow(one.erp.document, one.marketplace_id, chosen.carrier, number, ship=not shipped)


def _new(order: Order, one: Shipment, shipments: Sequence[Shipment], choose: Choose) -> NewShipment | None:
    """What adds no whole unit is told with the next that does."""
    lines = units(order, one, shipments)
    if not lines:
        return None
    chosen, number = choose(one.erp), number_of(one)
    if chosen.needs_tracking and not number:
        return NewShipment(order.key.order, one.erp.document, lines)
    return NewShipment(order.key.order, one.erp.document, lines, chosen.carrier, number, shipped=True)


def rest(case: Case, *, policy: ShippingPolicy, now: datetime) -> Wait:
    """What an order waits for of which Mirakl knows everything."""
    order, shipments = case.order, case.shipments
    due = deadlines.shipping_due(order.created, order.shipping_deadline, policy=policy)
    if not shipments:
        return Wait(SHIPMENT, due, "nothing has shipped yet")
    open_ones = [one for one in shipments if one.marketplace_id and not one.told_lines]
    if open_ones:
        documents = ", ".join(one.erp.document for one in open_ones)
        dues = [deadlines.tracking_due(one.erp.shipped, due, policy=policy) for one in open_ones]
        return Wait(TRACKING, min(dues), f"{documents}: {untracked.awaited(policy)}")
    if is_complete(order, erps(shipments)):
        return shown_soon("every shipment told", now)
    first = min(one.erp.shipped for one in shipments)
    text = f"shipped in part: {missing(order, erps(shipments))}"
    return Wait(REST, min(first + policy.partial_within, due), text)
