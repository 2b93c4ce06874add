"""What goes wrong on the other side during a day."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta

from sandboxes.faults import Fault, FaultKind
from sandboxes.mirakl import life_cycle
from tests.simulation.people import BUSY, SHIPPING, Act, at
from tests.simulation.world import World, is_named

ERP_FAULTS: tuple[FaultKind, ...] = (
    "error_before",
    "error_after",
    "reset_before",
    "reset_after",
    "hang_after",
    "late_commit",
    "throttle",
    "html",
    "html_after",
    "truncated",
    "unauthorized",
)
MIRAKL_FAULTS: tuple[FaultKind, ...] = (
    "error_before",
    "error_after",
    "reset_after",
    "hang_before",
    "hang_after",
    "late_commit",
    "throttle",
    "html",
    "truncated",
)
MIRAKL_CALLS = ("OR11", "OR21", "OR21", "OR04", "SH21", "*")
SHIPPING_CALLS = ("OR23", "OR24", "ST01", "ST01", "ST11", "ST23", "ST24")


def fail(world: World, chance: random.Random) -> Act:
    erp = chance.random() < 0.6
    side = world.erp if erp else world.mirakl
    far_end = world.choices.far_end
    operation = chance.choice(far_end.calls if erp else MIRAKL_CALLS)
    fault = _fault(chance, (*ERP_FAULTS, *far_end.kinds) if erp else MIRAKL_FAULTS, operation)
    return at(chance), lambda: side.faults.append(fault)


def fail_shipping(world: World, chance: random.Random) -> Act:
    fault = _fault(chance, MIRAKL_FAULTS, chance.choice(SHIPPING_CALLS))
    return at(chance, SHIPPING), lambda: world.mirakl.faults.append(fault)


def _fault(chance: random.Random, kinds: Sequence[str], operation: str) -> Fault:
    delay = timedelta(seconds=chance.randrange(5, 500))
    return Fault(chance.choice(kinds), operation, times=chance.randrange(1, 4), delay=delay)


def commit_late(world: World, chance: random.Random) -> Act:
    """What no key of the other side's protects: a creation that comes to light after we have looked for it."""
    delay = timedelta(seconds=chance.randrange(60, 560))
    doubled = world.choices.far_end.doubled(world.choices)
    erp = Fault("late_commit", doubled, times=2, delay=delay)
    mirakl = Fault("late_commit", "ST01", times=2, delay=delay)
    if doubled:
        return at(chance), lambda: world.erp.faults.append(erp)
    return at(chance, SHIPPING), lambda: world.mirakl.faults.append(mirakl)


def cancel_in_doubt(world: World, chance: random.Random) -> list[Act]:
    """Some placings commit late, and while they are on their way their orders are cancelled in Mirakl."""
    start = at(chance, BUSY - timedelta(minutes=15))
    delay = timedelta(seconds=chance.randrange(200, 560))
    operation = world.choices.far_end.places(world.choices)
    fault = Fault("late_commit", operation, times=5, until=start + timedelta(minutes=14), delay=delay)
    cancels = [(start + timedelta(seconds=45 * number), lambda: _cancel_pending(world)) for number in range(28)]
    return [(start, lambda: world.erp.faults.append(fault)), *cancels]


def _cancel_pending(world: World) -> None:
    now = world.mirakl_rules.advance(world.clock.now())
    on_their_way = world.on_their_way()
    for order in world.mirakl_rules.book:
        if order.state == "SHIPPING" and is_named(f"-{order.id}", on_their_way):
            life_cycle.cancel(order, [line.id for line in order.lines], now, number=len(world.mirakl_rules.book) + 9000)
            world.mirakl_rules.book.changed(order)


def outage(world: World, chance: random.Random) -> Act:
    """One side is down for a while, in one way."""
    begin, lasts = at(chance), timedelta(minutes=chance.randrange(5, 30))
    side = chance.choice([world.erp, world.mirakl])
    kind: FaultKind = chance.choice(["error_before", "reset_before", "html", "throttle"])
    fault = Fault(kind, times=10**6, until=begin + lasts, delay=timedelta(seconds=60))
    return begin, lambda: side.faults.append(fault)
