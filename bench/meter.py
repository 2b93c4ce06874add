"""Counts every table request, bus operation and outside call, from outside the app, by what it was for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Phase = Literal[
    "acceptance",
    "creation",
    "watched",
    "shipment",
    "confirmation",
    "numbered",
    "shipped",
    "changed",
    "unchanged",
    "shared",
]
"""`acceptance` is an order's first showing and its step, `creation` its showing as paid and that step; `watched` is
what `watch` does about it (totals compared, number reported), `shipment` what the poll of shipments does, then
`confirmation`. `numbered` and `shipped` are the showings that these bring about; `changed` and `unchanged` are the
other showings, by whether something had to be written; `shared` is for no one order: cursors, call budgets, pauses,
cached tables, tokens."""

POLL, TIMER, SHIPMENTS, CONFIRM = "poll-orders", "timer", "poll-shipments", "confirm-shipment"
STEPS: dict[str, Phase] = {
    "acknowledge-order": "acceptance",
    "create-order": "creation",
    SHIPMENTS: "shipment",
    CONFIRM: "confirmation",
    TIMER: "watched",
}
ORDER_CALLS = {"batch", "create", "order", "read", "status"}
"""Calls of an ERP that create_order makes for its order alone; tokens and descriptions serve many."""
TOLD_SHIPPED, TOLD_NUMBER = frozenset({"OR24", "ST01", "ST24"}), frozenset({"OR04"})
WRITES = TOLD_SHIPPED | TOLD_NUMBER | {"OR21", "OR23", "ST23"}


@dataclass
class Work:
    """One delivery or timer run; what a poll does for an order gets its phase when the poll is over."""

    name: str
    order: str = ""
    requests: list[tuple[str, str, Fraction]] = field(default_factory=list)
    sent: dict[str, Phase] = field(default_factory=dict)


_WORK: ContextVar[Work] = ContextVar("work", default=Work("set-up"))  # noqa: B039 -- set-up only writes what is dropped


@dataclass
class Tally:
    """Per phase and unit: how many of one kind. A unit is an order, one showing of an order, or a shared thing."""

    units: defaultdict[Phase, defaultdict[str, Fraction]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(Fraction))
    )

    def add(self, phase: Phase, unit: str, number: Fraction = Fraction(1)) -> None:
        self.units[phase][unit] += number

    def mean(self, phase: Phase) -> float:
        """Per unit; 0 where there was none."""
        return _mean(self.units[phase].values())

    def worst(self, phase: Phase) -> float:
        return float(max(self.units[phase].values(), default=Fraction(0)))

    def whole(self) -> Mapping[str, Fraction]:
        """By order, over its whole life; showings that changed nothing are left out."""
        orders: defaultdict[str, Fraction] = defaultdict(Fraction)
        for phase, counted in self.units.items():
            if phase not in {"shared", "unchanged"}:
                for unit, number in counted.items():
                    orders[unit.partition(" ")[0]] += number
        return orders

    def total(self) -> int:
        return int(sum(sum(counted.values()) for counted in self.units.values()))


@dataclass
class Meter:
    """`writes` are Mirakl's, `erp` the ERP's calls. `polls` and `rounds` count the polls of orders and of shipments;
    the first also tell one showing of an order from the next.
    """

    tables: Tally = field(default_factory=Tally)
    bus: Tally = field(default_factory=Tally)
    writes: Tally = field(default_factory=Tally)
    erp: Tally = field(default_factory=Tally)
    polls: int = 0
    rounds: int = 0
    told: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def begin(self) -> None:
        """Forget what was counted so far."""
        self.tables, self.bus, self.writes, self.erp = Tally(), Tally(), Tally(), Tally()
        self.polls = self.rounds = 0
        self.told.clear()

    @contextmanager
    def work(self, name: str, order: str = "") -> Iterator[None]:
        """Whatever this task does meanwhile is done for that delivery."""
        work = Work(name, order)
        token = _WORK.set(work)
        try:
            yield
        finally:
            _WORK.reset(token)
            self.rounds += name == SHIPMENTS
            if name == POLL:
                self._close_poll(work)

    @property
    def order(self) -> str:
        """The order that the current delivery is about."""
        return _WORK.get().order

    def table(self, verb: str, orders: Sequence[str]) -> None:
        """One request, of which each order bears its share; an empty order's rows belong to no one order."""
        work, share = _WORK.get(), Fraction(1, len(orders))
        for order in orders:
            if work.name == POLL:
                work.requests.append((verb, order, share))
            else:
                phase = _phase(work.name, order)
                self.tables.add(phase, work.name if phase == "shared" else order, share)

    def batch(self, queue: str, orders: Sequence[str]) -> None:
        """One send operation: each message in it bears its share."""
        for order in orders:
            self.bus.add(_phase(queue, order), order or queue, Fraction(1, len(orders)))
            if queue in STEPS:
                _WORK.get().sent[order] = STEPS[queue]

    def message(self, queue: str, order: str) -> None:
        """One receive, or one settlement; `order` is empty for what is cleared away."""
        self.bus.add(_phase(queue, order), order or queue)

    def write(self, operation: str, orders: Sequence[str]) -> None:
        """One call that changes Mirakl, for these orders together."""
        for order in orders:
            self.told[order].add(operation)
            self.writes.add(_phase(_WORK.get().name, order), order, Fraction(1, len(orders)))

    def erp_call(self, operation: str, entity: str) -> None:
        work = _WORK.get()
        alone = work.order if operation in ORDER_CALLS else ""
        self.erp.add(_phase(work.name, alone), alone or f"{work.name} {entity}")

    def _close_poll(self, work: Work) -> None:
        self.polls += 1
        written = {order for verb, order, _ in work.requests if verb == "commit"}
        shown = {order for _, order, _ in work.requests if order}
        phases = {order: work.sent.get(order) or self._showing(order, changed=order in written) for order in shown}
        for _, order, share in work.requests:
            phase = phases.get(order, "shared")
            unit = f"{order} in poll {self.polls}" if phase in {"changed", "unchanged"} else order or POLL
            self.tables.add(phase, unit, share)

    def _showing(self, order: str, *, changed: bool) -> Phase:
        """What Mirakl was told meanwhile is what it shows now, once for each; other showings are for other reasons."""
        told = self.told[order]
        if told & TOLD_NUMBER and order not in self.tables.units["numbered"]:
            return "numbered"
        if not changed:
            return "unchanged"
        return "shipped" if told & TOLD_SHIPPED else "changed"


def _mean(counted: Collection[Fraction]) -> float:
    return float(sum(counted) / len(counted)) if counted else 0.0


def _phase(work: str, order: str) -> Phase:
    return STEPS.get(work, "shared") if order else "shared"
