"""A process dies at its n-th effect, before or after it, for every n; the next one must bring everything to its end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from local.verdict import Verdict
from sandboxes.faults import Fault
from sandboxes.mirakl import life_cycle
from sandboxes.mirakl.orders import Order
from sandboxes.mirakl.wishes import Placement, WantedLine, WantedOrder
from tests.simulation.host import Host
from tests.simulation.mortal import Pulse
from tests.simulation.world import EPOCH, Choices, World

PLACED = EPOCH + timedelta(minutes=1)
LATER = PLACED + timedelta(minutes=11)
END = timedelta(minutes=50)
"""How long after a death at the latest everything must have come to its end."""
MULTI = frozenset({"north"})
SHIPS = {"ships_after_seconds": 240, "tracking": {"with": 0.0, "after": 1.0}, "tracking_after_seconds": 200}
IN_PARTS = {**SHIPS, "partial_share": 1.0, "rest_after_seconds": 400}
Act = Callable[[World], None]


def nothing(_: World) -> None:
    """Nothing else goes wrong."""


def answer_lost(world: World) -> None:
    """The ERP commits, and its answer is lost."""
    world.erp.faults.append(Fault("reset_after", _place(world)))


def outage(world: World) -> None:
    """The ERP is not to be reached for a while."""
    end = world.clock.now() + timedelta(minutes=6)
    world.erp.faults.append(Fault("unauthorized", _place(world), times=100, until=end))


def late(world: World) -> None:
    """The ERP commits minutes later."""
    world.erp.faults.append(Fault("late_commit", _place(world), delay=timedelta(minutes=12)))


def _place(world: World) -> str:
    return world.choices.far_end.demo.place


def cancelled(world: World) -> None:
    life_cycle.cancel(*_lines(world, 3), number=1)


def cancelled_in_part(world: World) -> None:
    life_cycle.cancel(*_lines(world, 1), number=1)


def _lines(world: World, most: int) -> tuple[Order, list[str], datetime]:
    now = world.mirakl_rules.advance(world.clock.now())
    order = _order(world)
    world.mirakl_rules.book.changed(order)
    return order, [line.id for line in order.lines[:most]], now


def _order(world: World) -> Order:
    order = world.mirakl_rules.book.get("north", "CRASH-1")
    assert order is not None
    return order


@dataclass(frozen=True)
class Story:
    """`first` happens as the order is placed, `then` eleven minutes later; what it needs is done after `minutes`.

    `ends` is the state in Mirakl to which the order comes.
    """

    name: str
    choices: Choices = field(default_factory=Choices)
    first: Act = nothing
    then: Act = nothing
    minutes: int = 22
    lines: int = 1
    ends: str = "SHIPPING"


STORIES = (
    Story("plainly, to the end", Choices(warehouse=SHIPS), minutes=26, ends="SHIPPED"),
    Story("answer lost", first=answer_lost),
    Story("outage", first=outage),
    Story("cancelled in doubt", first=late, then=cancelled, ends="CANCELED"),
    Story("two parcels", Choices(warehouse=IN_PARTS, multi_shipment=MULTI), minutes=36, lines=2, ends="SHIPPED"),
    Story("the ERP's own numbers", Choices(order_numbers="automatic"), lines=2),
    Story("a line is cancelled", Choices(cancellation="remove"), then=cancelled_in_part, minutes=18, lines=2),
    Story("cancelled after it was created", then=cancelled, minutes=18, ends="CANCELED"),
    Story(
        "Business Central, answer lost, to the end",
        Choices(erp="business_central", warehouse=SHIPS),
        first=answer_lost,
        minutes=28,
        ends="SHIPPED",
    ),
    Story(
        "Prima, a new customer, answer lost, a file to the end",
        Choices(erp="prima", warehouse=SHIPS, per_shopper=MULTI),
        first=answer_lost,
        minutes=28,
        ends="SHIPPED",
    ),
)


@dataclass
class Day:
    """One order through its life; the first process has `stops_at`, those after it live."""

    story: Story
    stops_at: int = 0
    born: int = 0
    first: Pulse = field(default_factory=Pulse)
    beats: range = range(0)
    """The effects between placing and the end of everything that the order needs."""
    state: str = ""

    async def play(self) -> Verdict:
        world = await World(seed=1, choices=self.story.choices).prepare()
        world.settings = replace(world.settings, shops={"north-main": world.settings.shops["north-main"]})
        self.first = Pulse(stops_at=self.stops_at)
        host = Host(world, self._birth, poll=timedelta(minutes=3), watch=timedelta(minutes=4))
        await host.run_until(PLACED)
        begun = self.first.beats
        wanted = WantedOrder(id="CRASH-1", lines=(WantedLine(quantity=2),) * self.story.lines)
        world.mirakl_rules.place(Placement(shop="north/2001", orders=(wanted,)))
        self.story.first(world)
        await host.run_until(LATER)
        self.story.then(world)
        settled = PLACED + timedelta(minutes=self.story.minutes)
        await host.run_until(settled)
        self.beats = range(begun + 1, self.first.beats + 1)
        await host.run_until(settled + END)
        assert not host.bugs, host.bugs
        self.state = _order(world).state
        return world.verdict()

    def _birth(self) -> Pulse:
        self.born += 1
        return self.first if self.born == 1 else Pulse()


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES, ids=[one.name for one in STORIES])
async def test_death_at_any_effect_loses_and_doubles_nothing(story: Story) -> None:
    whole = Day(story)
    verdict = await whole.play()
    assert (verdict.findings, whole.state) == ([], story.ends)
    deaths = 0
    for beat in whole.beats:
        day = replace(whole, stops_at=beat, born=0)
        verdict = await day.play()
        assert verdict.clean, f"died at beat {beat}: {[str(one) for one in verdict.findings]}"
        assert day.state == story.ends, f"died at beat {beat}: Mirakl shows it {day.state}"
        left = {kind for kind, _ in verdict.people} & {"outage", "unauthorized"}
        assert not left, f"died at beat {beat}: {left} although the other side answers"
        deaths += day.first.dead
    assert deaths > 50
