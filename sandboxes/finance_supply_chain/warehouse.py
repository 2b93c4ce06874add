"""The warehouse: what it ships when, and the tracking numbers that come with it, after it, late, never, or anew."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sandboxes.finance_supply_chain.installation import Installation
from sandboxes.finance_supply_chain.order_status import open_goods, refresh
from sandboxes.finance_supply_chain.packing_slips import Shipping, post, track, untrack
from sandboxes.finance_supply_chain.records import Row
from sandboxes.warehouse.plan import Plan, Quantities, parcel_numbers, plan


@dataclass(frozen=True, slots=True)
class Pick:
    header: Row


@dataclass(frozen=True, slots=True)
class Ship:
    """`rest`: the order left in part already."""

    header: Row
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Track:
    """`anew`: these numbers replace those that are there."""

    slip: Row
    numbers: int
    anew: bool = False


@dataclass
class Warehouse:
    """Everything happens at its own time: it is caught up before anything else happens, whenever somebody asks."""

    installation: Installation
    last: datetime | None = None
    _due: list[tuple[datetime, int, Pick | Ship | Track]] = field(default_factory=list)
    _planned: int = 0
    _lines_seen: int = 0
    _waiting: set[int] = field(default_factory=set)

    def run_due(self, now: datetime) -> None:
        self._plan_new()
        while self._due and self._due[0][0] <= now:
            due, _, event = heapq.heappop(self._due)
            at = due if self.last is None else max(due, self.last)
            with self.installation.transaction(at):
                self._do(event, at)
        self.last = now

    def _plan_new(self) -> None:
        """Orders are noticed by their lines: another line on an order that has left leaves after it."""
        if self._is_off():
            return
        entered = self.installation.lines.ever
        for line in entered[self._lines_seen :]:
            header = self.installation.header(line.text("dataAreaId"), line.text("SalesOrderNumber"))
            if header is not None and line.deleted is None and header.number not in self._waiting:
                self._waiting.add(header.number)
                self._plan(header, line.created)
        self._lines_seen = len(entered)

    def _plan(self, header: Row, entered: datetime) -> None:
        leaves = entered + self._plan_of(header).delay
        if self.installation.world.picked_seconds > 0:
            self._at(leaves - timedelta(seconds=self.installation.world.picked_seconds), Pick(header))
        self._at(leaves, Ship(header))

    def _plan_of(self, header: Row) -> Plan:
        return plan(self.installation.world, header.text("dataAreaId"), header.text("SalesOrderNumber"))

    def _at(self, due: datetime, event: Pick | Ship | Track) -> None:
        self._planned += 1
        heapq.heappush(self._due, (due, self._planned, event))

    def _is_off(self) -> bool:
        return self.installation.world.ships_after_seconds <= 0

    def _do(self, event: Pick | Ship | Track, at: datetime) -> None:
        match event:
            case Pick(header):
                self._pick(header, at)
            case Ship(header, rest):
                self._ship(header, at, rest=rest)
            case Track(slip, numbers, anew):
                self._track(slip, numbers, at, anew=anew)

    def _pick(self, header: Row, at: datetime) -> None:
        if header.deleted is None and not self._is_stopped(header):
            for line, _ in open_goods(self.installation, header):
                self.installation.pick(line)
            refresh(self.installation, header, at)

    def _ship(self, header: Row, at: datetime, *, rest: bool) -> None:
        wanted = open_goods(self.installation, header) if header.deleted is None else []
        if wanted and self._is_stopped(header):
            self._at(at + timedelta(seconds=max(1, self.installation.world.looks_again_seconds)), Ship(header, rest))
            return
        self._waiting.discard(header.number)
        if wanted:
            self._leave(header, wanted, at, rest=rest)

    def _leave(self, header: Row, wanted: Quantities[Row], at: datetime, *, rest: bool) -> None:
        chosen = self._plan_of(header)
        part = wanted if rest else chosen.first_part(wanted)
        slip = post(self.installation, header, part, Shipping(chosen.carrier), at)
        self._plan_tracking(chosen, slip, at)
        if part != wanted:
            self._waiting.add(header.number)
            self._at(at + timedelta(seconds=self.installation.world.rest_after_seconds), Ship(header, rest=True))

    def _is_stopped(self, header: Row) -> bool:
        return self._is_off() or header.values["IsSalesProcessingStopped"] == "Yes"

    def _plan_tracking(self, chosen: Plan, slip: Row, at: datetime) -> None:
        world = self.installation.world
        match chosen.tracking:
            case "with" | "changed":
                self._track(slip, chosen.numbers, at, anew=False)
            case "after":
                self._at(at + timedelta(seconds=world.tracking_after_seconds), Track(slip, chosen.numbers))
            case "late":
                self._at(at + timedelta(seconds=world.late_tracking_seconds), Track(slip, chosen.numbers))
        if chosen.tracking == "changed":
            changes = at + timedelta(seconds=world.changed_after_seconds)
            self._at(changes, Track(slip, chosen.numbers, anew=True))

    def _track(self, slip: Row, numbers: int, at: datetime, *, anew: bool) -> None:
        if anew:
            untrack(self.installation, slip, at)
        seed = f"{self.installation.world.seed}|{slip.text('dataAreaId')}|{slip.text('SalesId')}"
        for one in parcel_numbers(f"{seed}|{slip.text('PackingSlipId')}|{anew}", numbers):
            url = f"https://{slip.text('ShipCarrierId').lower()}.example.com/track/{one}"
            track(self.installation, slip, one, at, url)
