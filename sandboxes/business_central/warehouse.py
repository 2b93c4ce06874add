"""What happens by the clock: the client's job releases, the warehouse ships, tracking comes, the invoice is posted."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sandboxes.business_central import sales_orders
from sandboxes.business_central.errors import Refusal
from sandboxes.business_central.installation import Installation
from sandboxes.business_central.posting import Shipping, invoice, is_goods, open_lines, ship, track
from sandboxes.business_central.records import Row
from sandboxes.warehouse.plan import Plan, Quantities, parcel_numbers, plan

Event = Callable[[datetime], None]


@dataclass
class Warehouse:
    """Everything happens at its own time: it is caught up before anything else happens, whenever somebody asks."""

    installation: Installation
    last: datetime | None = None
    _due: list[tuple[datetime, int, Event]] = field(default_factory=list)
    _planned: int = 0
    _lines_seen: int = 0
    _orders_seen: int = 0
    _waiting: set[str] = field(default_factory=set)

    def run_due(self, now: datetime) -> None:
        self._plan_releases()
        self._plan_shipping()
        while self._due and self._due[0][0] <= now:
            due, _, event = heapq.heappop(self._due)
            at = due if self.last is None else max(due, self.last)
            event(at)
        self.last = now

    def _plan_releases(self) -> None:
        seconds = self.installation.world.releases_after_seconds
        if seconds <= 0:
            return
        entered = self.installation.orders.ever
        for order in entered[self._orders_seen :]:
            self._at(order.created + timedelta(seconds=seconds), partial(self._release, order))
        self._orders_seen = len(entered)

    def _plan_shipping(self) -> None:
        """Orders are noticed by their lines: another line on an order that has left leaves after it."""
        if self._is_off():
            return
        entered = self.installation.lines.ever
        for line in entered[self._lines_seen :]:
            order = sales_orders.order_of(self.installation, line)
            if order.deleted is None and line.deleted is None and order.id not in self._waiting:
                self._waiting.add(order.id)
                self._plan(order, line.created)
        self._lines_seen = len(entered)

    def _plan(self, order: Row, entered: datetime) -> None:
        leaves = entered + self._plan_of(order).delay
        if self.installation.world.picked_seconds > 0:
            picked = leaves - timedelta(seconds=self.installation.world.picked_seconds)
            self._at(picked, partial(self._pick, order))
        self._at(leaves, partial(self._leave, order, rest=False))

    def _plan_of(self, order: Row) -> Plan:
        return plan(self.installation.world, order.text("_company"), order.text("number"))

    def _at(self, due: datetime, event: Event) -> None:
        self._planned += 1
        heapq.heappush(self._due, (due, self._planned, event))

    def _is_off(self) -> bool:
        return self.installation.world.ships_after_seconds <= 0

    def _release(self, order: Row, at: datetime) -> None:
        if order.deleted is None and self.installation.world.releases_after_seconds > 0:
            try:
                with self.installation.transaction(at):
                    sales_orders.release(self.installation, order, at)
            except Refusal:
                return

    def _pick(self, order: Row, _: datetime) -> None:
        """At picking time it must have been released; the pick stays when a person reopens the order."""
        if order.deleted is None and not self._is_stopped(order):
            self.installation.picked.update(line.id for line, _ in open_lines(self.installation, order))

    def _leave(self, order: Row, at: datetime, *, rest: bool) -> None:
        wanted = open_lines(self.installation, order) if order.deleted is None else []
        if wanted and self._is_stopped(order):
            again = at + timedelta(seconds=max(1, self.installation.world.looks_again_seconds))
            self._at(again, partial(self._leave, order, rest=rest))
            return
        self._waiting.discard(order.id)
        if wanted:
            self._ship(order, wanted, at, rest=rest)

    def _ship(self, order: Row, wanted: Quantities[Row], at: datetime, *, rest: bool) -> None:
        """Services and accounts leave with the first part."""
        chosen = self._plan_of(order)
        goods = [one for one in wanted if is_goods(self.installation, one[0])]
        part = wanted if rest or not goods else chosen.first_part(goods)
        others = [one for one in wanted if not is_goods(self.installation, one[0])]
        leaving = part if part is wanted else [*part, *others]
        shipment = ship(self.installation, order, leaving, Shipping(chosen.carrier), at)
        self._plan_tracking(chosen, shipment, at)
        if open_lines(self.installation, order):
            self._waiting.add(order.id)
            later = at + timedelta(seconds=self.installation.world.rest_after_seconds)
            self._at(later, partial(self._leave, order, rest=True))
        else:
            self.plan_invoice(order, at)

    def plan_invoice(self, order: Row, at: datetime) -> None:
        seconds = self.installation.world.invoices_after_seconds
        if seconds > 0:
            self._at(at + timedelta(seconds=seconds), partial(self._invoice, order))

    def _invoice(self, order: Row, at: datetime) -> None:
        """What was taken back meanwhile is not invoiced."""
        if order.deleted is None and not open_lines(self.installation, order):
            invoice(self.installation, order, at)

    def _is_stopped(self, order: Row) -> bool:
        return self._is_off() or not (order.values["_released"] or self.installation.world.ships_unreleased)

    def _plan_tracking(self, chosen: Plan, shipment: Row, at: datetime) -> None:
        world = self.installation.world
        match chosen.tracking:
            case "with" | "changed":
                self._track(shipment, at, anew=False)
            case "after":
                later = at + timedelta(seconds=world.tracking_after_seconds)
                self._at(later, partial(self._track, shipment, anew=False))
            case "late":
                later = at + timedelta(seconds=world.late_tracking_seconds)
                self._at(later, partial(self._track, shipment, anew=False))
        if chosen.tracking == "changed":
            changes = at + timedelta(seconds=world.changed_after_seconds)
            self._at(changes, partial(self._track, shipment, anew=True))

    def _track(self, shipment: Row, at: datetime, *, anew: bool) -> None:
        """The field takes one number, so a second parcel's goes nowhere."""
        seed = f"{self.installation.world.seed}|{shipment.text('_company')}|{shipment.text('orderNumber')}"
        (number,) = parcel_numbers(f"{seed}|{shipment.text('number')}|{anew}", 1)
        with self.installation.transaction(at):
            track(self.installation, shipment, number, at)
