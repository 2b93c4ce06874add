"""The warehouse: what it despatches when, and when the tracking numbers come."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandboxes.prima.despatching import Way, despatch, track, untrack
from sandboxes.prima.installation import Installation
from sandboxes.prima.orders import Despatch, Line, Order
from sandboxes.warehouse.plan import Plan, Quantities, parcel_numbers, plan


@dataclass(frozen=True, slots=True)
class Pick:
    order: Order


@dataclass(frozen=True, slots=True)
class Ship:
    """`rest`: the order left in part already."""

    order: Order
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """`anew`: these numbers replace those that are there."""

    order: Order
    sent: Despatch
    numbers: int
    anew: bool = False


@dataclass
class Warehouse:
    """Everything happens at its own time: it is caught up before anything else happens, whenever somebody asks."""

    installation: Installation
    last: datetime | None = None
    _due: list[tuple[datetime, int, Pick | Ship | Track]] = field(default_factory=list)
    _planned: int = 0
    _seen: int = 0

    def run_due(self, now: datetime) -> None:
        self._plan_new()
        while self._due and self._due[0][0] <= now:
            due, _, event = heapq.heappop(self._due)
            self._do(event, due if self.last is None else max(due, self.last))
        self.last = now if self.last is None else max(now, self.last)

    def _plan_new(self) -> None:
        """Orders that come while the warehouse is off are planned when it is on again."""
        if self._is_off():
            return
        for order in self.installation.ever[self._seen :]:
            leaves = order.created + self._plan_of(order).delay
            if self.installation.world.picked_seconds > 0:
                self._at(leaves - timedelta(seconds=self.installation.world.picked_seconds), Pick(order))
            self._at(leaves, Ship(order))
        self._seen = len(self.installation.ever)

    def _plan_of(self, order: Order) -> Plan:
        return plan(self.installation.world, order.company, order.number)

    def _at(self, due: datetime, event: Pick | Ship | Track) -> None:
        self._planned += 1
        heapq.heappush(self._due, (due, self._planned, event))

    def _is_off(self) -> bool:
        return self.installation.world.ships_after_seconds <= 0

    def _do(self, event: Pick | Ship | Track, at: datetime) -> None:
        match event:
            case Pick(order):
                for line, _ in order.open_goods() if self._may_leave(order) else []:
                    line.picked = True
            case Ship(order, rest):
                self._ship(order, at, rest=rest)
            case Track():
                self._track(event, at)

    def _may_leave(self, order: Order) -> bool:
        return order.deleted is None and not order.held and not self._is_off()

    def _ship(self, order: Order, at: datetime, *, rest: bool) -> None:
        wanted = order.open_goods() if order.deleted is None else []
        if wanted and self._may_leave(order):
            self._leave(order, wanted, at, rest=rest)
        elif wanted:
            later = at + timedelta(seconds=max(1, self.installation.world.looks_again_seconds))
            self._at(later, Ship(order, rest))

    def _leave(self, order: Order, wanted: Quantities[Line], at: datetime, *, rest: bool) -> None:
        chosen = self._plan_of(order)
        part = wanted if rest else chosen.first_part(wanted)
        known = self._numbers(order, chosen.numbers) if chosen.tracking in ("with", "changed") else []
        sent = despatch(self.installation, order, part, Way(chosen.carrier), at, numbers=known)
        self._plan_tracking(chosen, order, sent, at)
        if part != wanted:
            self._at(at + timedelta(seconds=self.installation.world.rest_after_seconds), Ship(order, rest=True))

    def _plan_tracking(self, chosen: Plan, order: Order, sent: Despatch, at: datetime) -> None:
        world = self.installation.world
        after = {
            "after": world.tracking_after_seconds,
            "late": world.late_tracking_seconds,
            "changed": world.changed_after_seconds,
        }
        if chosen.tracking in after:
            due = at + timedelta(seconds=after[chosen.tracking])
            self._at(due, Track(order, sent, chosen.numbers, anew=chosen.tracking == "changed"))

    def _track(self, event: Track, at: datetime) -> None:
        if event.anew:
            untrack(event.sent, at)
        newest = event.order.versions(event.sent.consignment)[-1]
        track(self.installation, event.order, newest, self._numbers(event.order, event.numbers), at)

    def _numbers(self, order: Order, count: int) -> list[str]:
        """New ones each time."""
        drawn = self.installation.next_number(f"tracking {order.company} {order.number}")
        return parcel_numbers(f"{self.installation.world.seed}|{order.company}|{order.number}|{drawn}", count)
