"""Counts every table request, bus operation and outside call, from outside the app, by what it was for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal

Phase = Literal["acceptance", "creation", "changed", "unchanged", "totals", "shared"]
"""`acceptance` is an order's first showing and its step, `creation` its showing as paid and that step; `changed` and
`unchanged` are its other showings, by whether something had to be written; `totals` is what `watch` does about it;
`shared` is for no one order: cursors, call budgets, pauses, cached tables, tokens."""

POLL, TIMER = "poll-orders", "timer"
STEPS: dict[str, Phase] = {"acknowledge-order": "acceptance", "create-order": "creation", TIMER: "totals"}
ORDER_CALLS = {"OR21", "batch", "read"}
"""Calls that a step makes for its order alone; tokens and PC01 serve many."""


@dataclass
class Work:
    """One delivery or timer run; what a poll does for an order gets its phase when the poll is over."""

    name: str
    order: str = ""
    requests: list[tuple[str, str]] = field(default_factory=list)
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
        counted = self.units[phase]
        return float(sum(counted.values()) / len(counted)) if counted else 0.0

    def worst(self, phase: Phase) -> float:
        return float(max(self.units[phase].values(), default=Fraction(0)))

    def total(self) -> int:
        return int(sum(sum(counted.values()) for counted in self.units.values()))


@dataclass
class Meter:
    """`polls` counts the polls that asked; it also tells one showing of an order from the next."""

    tables: Tally = field(default_factory=Tally)
    bus: Tally = field(default_factory=Tally)
    calls: Tally = field(default_factory=Tally)
    polls: int = 0

    def begin(self) -> None:
        """Forget what was counted so far."""
        self.tables, self.bus, self.calls, self.polls = Tally(), Tally(), Tally(), 0

    @contextmanager
    def work(self, name: str, order: str = "") -> Iterator[None]:
        """Whatever this task does meanwhile is done for that delivery."""
        work = Work(name, order)
        token = _WORK.set(work)
        try:
            yield
        finally:
            _WORK.reset(token)
            if name == POLL:
                self._close_poll(work)

    @property
    def order(self) -> str:
        """The order that the current delivery is about."""
        return _WORK.get().order

    def table(self, verb: str, order: str) -> None:
        """One request; `order` is empty where its rows belong to no one order."""
        work = _WORK.get()
        if work.name == POLL:
            work.requests.append((verb, order))
        else:
            phase = _phase(work.name, order)
            self.tables.add(phase, work.name if phase == "shared" else order)

    def batch(self, queue: str, orders: Sequence[str]) -> None:
        """One send operation: each message in it bears its share."""
        for order in orders:
            self.bus.add(_phase(queue, order), order or queue, Fraction(1, len(orders)))
            if queue in STEPS:
                _WORK.get().sent[order] = STEPS[queue]

    def message(self, queue: str, order: str) -> None:
        """One receive, or one settlement; `order` is empty for what is cleared away."""
        self.bus.add(_phase(queue, order), order or queue)

    def call(self, operation: str) -> None:
        """One call that an outside system saw."""
        work = _WORK.get()
        phase = _phase(work.name, work.order if operation in ORDER_CALLS else "")
        self.calls.add(phase, f"{work.name} {operation}" if phase == "shared" else work.order)

    def _close_poll(self, work: Work) -> None:
        self.polls += 1
        written = {order for verb, order in work.requests if verb == "commit"}
        for _, order in work.requests:
            if not order:
                self.tables.add("shared", POLL)
            elif order in work.sent:
                self.tables.add(work.sent[order], order)
            else:
                self.tables.add("changed" if order in written else "unchanged", f"{order} in poll {self.polls}")


def _phase(work: str, order: str) -> Phase:
    return STEPS.get(work, "shared") if order else "shared"
