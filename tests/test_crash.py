"""A process dies at its n-th effect, before or after it, for every n; the next one must bring everything to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from local.verdict import Verdict
from sandboxes.faults import Fault
from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.wishes import Placement, WantedOrder
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, World

PLACED = EPOCH + timedelta(minutes=1)
SETTLED = PLACED + timedelta(minutes=22)
END = EPOCH + timedelta(minutes=70)
Script = Callable[[World], None]


@dataclass
class Day:
    """One order through its life; the first process has `stops_at`, those after it live."""

    script: Script
    stops_at: int = 0
    born: int = 0
    first: Pulse = field(default_factory=Pulse)
    beats: range = range(0)
    """The effects between placing and the end of everything that the order needs."""

    async def play(self) -> Verdict:
        world = await World(seed=1).prepare()
        world.settings = replace(world.settings, shops={"north-main": world.settings.shops["north-main"]})
        self.first = Pulse(stops_at=self.stops_at)
        host = Host(world, self._birth, poll=timedelta(minutes=3), watch=timedelta(minutes=4))
        await host.run_until(PLACED)
        begun = self.first.beats
        world.mirakl_rules.place(Placement(shop="north/2001", orders=(WantedOrder(id="CRASH-1"),)))
        self.script(world)
        await host.run_until(PLACED + timedelta(minutes=11))
        cancel_if_asked(world)
        await host.run_until(SETTLED)
        self.beats = range(begun + 1, self.first.beats + 1)
        await host.run_until(END)
        assert not host.bugs, host.bugs
        return world.verdict()

    def _birth(self) -> Pulse:
        self.born += 1
        return self.first if self.born == 1 else Pulse()


def plainly(world: World) -> None:
    """Nothing else goes wrong."""


def answer_lost(world: World) -> None:
    """The ERP commits, and its answer is lost."""
    world.erp.faults.append(Fault("reset_after", "batch"))


def outage(world: World) -> None:
    """The ERP is not to be reached for a while."""
    end = world.clock.now() + timedelta(minutes=6)
    world.erp.faults.append(Fault("unauthorized", "batch", times=100, until=end))


def cancelled_in_doubt(world: World) -> None:
    """The ERP commits minutes later, and the order is cancelled in between."""
    world.erp.faults.append(Fault("late_commit", "batch", delay=timedelta(minutes=12)))
    world.seed = -1


def cancel_if_asked(world: World) -> None:
    if world.seed != -1:
        return
    now = world.mirakl_rules.advance(world.clock.now())
    order = world.mirakl_rules.book.get("north", "CRASH-1")
    assert order is not None
    life_cycle.cancel(order, [line.id for line in order.lines], now, number=1)
    world.mirakl_rules.book.changed(order)


@pytest.mark.slow
@pytest.mark.parametrize("script", [plainly, answer_lost, cancelled_in_doubt, outage])
async def test_death_at_any_effect_loses_and_doubles_nothing(script: Script) -> None:
    whole = Day(script)
    verdict = await whole.play()
    assert verdict.clean, verdict.findings
    deaths = 0
    for beat in whole.beats:
        day = replace(whole, stops_at=beat, born=0)
        verdict = await day.play()
        assert verdict.clean, f"died at beat {beat}: {[str(one) for one in verdict.findings]}"
        left = {kind for kind, _ in verdict.people} & {"outage", "unauthorized"}
        assert not left, f"died at beat {beat}: {left} although the other side answers"
        deaths += day.first.dead
    assert deaths > 50
