"""Whatever happens in whatever order, nothing is offered that is not on the shelf or is owed to somebody.

The judge is the world's own books, not the rule; each part of the rule that is switched off is found out.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given

from shared.model.stock import DemandMoment
from tests.rules.properties import EXAMPLES, caught
from tests.rules.stock.world import LAG, WORLDS, Rule, Step, World

Ruling = Callable[[], Rule]


def never_more_than_there_is(rule: Ruling, moment: DemandMoment, steps: list[Step]) -> None:
    world = World(moment, rule())
    for step in steps:
        world.step(*step)
        assert world.shown <= max(0, world.free + world.unseen)


@EXAMPLES
@given(WORLDS)
def test_never_more_than_there_is(case: tuple[DemandMoment, list[Step]]) -> None:
    never_more_than_there_is(Rule, *case)


@EXAMPLES
@given(WORLDS)
def test_after_quiet_every_number_is_the_shelf_less_all_that_is_owed(case: tuple[DemandMoment, list[Step]]) -> None:
    """Nothing is held back for ever: once all is settled, cancelled orders are gone and a reading came, it is equal."""
    moment, steps = case
    world = World(moment)
    for step in steps:
        world.step(*step)
    for place, one in enumerate(world.orders):
        world.step("settle", place, 1)
        if not one.owed:
            world.step("delete", place, 1)
    for _ in range(LAG + 1):
        world.step("receive", 0, 0)
    world.asked, world.on_the_way = [], []
    for kind in ("ask", "answer", "arrive"):
        world.step(kind, 0, 1)
    assert world.shown == max(0, world.free)


def without_lines_in_flight() -> Rule:
    return Rule(lines=lambda _: ())


def supply_before_demand() -> Rule:
    return Rule(supply_last=False)


def last_to_arrive() -> Rule:
    return Rule(keep=lambda _, arrived: arrived)


def without_the_lag() -> Rule:
    return Rule(lag=0)


@pytest.mark.parametrize(
    "wrong",
    [without_lines_in_flight, supply_before_demand, last_to_arrive, without_the_lag],
    ids=lambda one: one.__name__,
)
def test_wrong_rules_are_caught(wrong: Ruling) -> None:
    caught(never_more_than_there_is, wrong, WORLDS)
