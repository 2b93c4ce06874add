"""When a number is sent, and what is sent while it may not be raised."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.model.offers import RefusedByPerson, Told
from shared.rules.stock.gate import Gate, closed_by
from shared.rules.stock.pushing import Decision, Keep, Push, Wait, decide, must_show, target
from tests.rules.properties import EXAMPLES, caught
from tests.rules.stock.builders import MINUTE, at, reading, show

D = Decimal
SHUT = "not looked for in time"


@pytest.mark.parametrize(
    ("told", "shows"),
    [
        (Told(), None),
        (Told(confirmed=10), 10),
        (Told(confirmed=10, sold=4), 6),
        (Told(confirmed=10, sold=14), 0),
        (Told(confirmed=10, under_way=(7,), sold=2), 5),
        (Told(under_way=(7, 3)), 3),
    ],
)
def test_what_mirakl_must_show(told: Told, shows: int | None) -> None:
    assert must_show(told) == shows


@pytest.mark.parametrize(
    ("number", "told", "gate", "decision"),
    [
        (10, Told(confirmed=10), "", Keep()),
        (10, Told(confirmed=10), SHUT, Keep()),
        (4, Told(confirmed=10), SHUT, Push(4, {}, "decrease")),
        (12, Told(confirmed=10), SHUT, Wait(SHUT)),
        (12, Told(confirmed=10), "", Push(12, {}, "increase")),
        (10, Told(confirmed=10, stirred=True), SHUT, Push(10, {}, "again")),
        (10, Told(confirmed=10, again=True), SHUT, Push(10, {}, "again")),
        (8, Told(confirmed=10, sold=2), "", Keep()),
        (8, Told(confirmed=10, sold=2, stirred=True), SHUT, Push(8, {}, "again")),
        (10, Told(confirmed=10, sold=2, stirred=True), SHUT, Push(8, {}, "again", SHUT)),
        (10, Told(confirmed=10, sold=2, stirred=True), "", Push(10, {}, "increase")),
        (5, Told(), SHUT, Wait(SHUT)),
        (5, Told(stirred=True), SHUT, Wait(SHUT)),
        (5, Told(), "", Push(5, {}, "increase")),
        (0, Told(), SHUT, Push(0, {}, "decrease")),
        (6, Told(confirmed=12, under_way=(10,)), SHUT, Push(6, {}, "decrease")),
        (8, Told(confirmed=12, under_way=(4,)), SHUT, Wait(SHUT)),
    ],
)
def test_what_is_sent(number: int, told: Told, gate: str, decision: Decision) -> None:
    assert decide(number, {}, told=told, gate=gate, now=at(0)) == decision


def test_a_rejected_line_rests() -> None:
    told = Told(confirmed=10, not_before=at(1))
    assert isinstance(decide(4, {}, told=told, gate="", now=at(0)), Wait)
    assert decide(4, {}, told=told, gate="", now=at(1)) == Push(4, {}, "decrease")


@pytest.mark.parametrize(
    ("spread", "told", "decision"),
    [
        ({"A": 4, "B": 6}, Told(confirmed=10, by_warehouse={"A": 4, "B": 6}), Keep()),
        ({"A": 6, "B": 4}, Told(confirmed=10, by_warehouse={"A": 4, "B": 6}), Push(10, {"A": 6, "B": 4}, "again")),
        ({"A": 10}, Told(confirmed=10, by_warehouse={"A": 10, "B": 0}), Keep()),
        ({"A": 10}, Told(confirmed=10, by_warehouse={"A": 4, "B": 6}), Push(10, {"A": 10}, "again")),
        ({"A": 6, "B": 4}, Told(confirmed=8, stirred=True), Push(8, {"A": 4, "B": 4}, "again", SHUT)),
    ],
    ids=["the same", "moved between them", "one left earlier", "one leaves", "cut to what may be shown"],
)
def test_over_warehouses(spread: dict[str, int], told: Told, decision: Decision) -> None:
    assert decide(10, spread, told=told, gate=SHUT, now=at(0)) == decision


def test_a_target_of_nothing_empties_every_warehouse() -> None:
    told = Told(confirmed=10, by_warehouse={"A": 4, "B": 6})
    assert decide(0, {"A": 4, "B": 6}, told=told, gate=SHUT, now=at(0)) == Push(0, {"A": 0, "B": 0}, "decrease")


@pytest.mark.parametrize(
    ("passes", "unconfirmed", "split", "open_"),
    [
        ({"north-de": -15.0, "south-fr": 0.0}, (), False, True),
        ({"north-de": -15.1, "south-fr": 0.0}, (), False, False),
        ({"north-de": None, "south-fr": 0.0}, (), False, False),
        ({"north-de": -1.0}, ("south-fr",), False, True),
        ({"north-de": -1.0}, ("south-fr",), True, False),
        ({"north-de": -1.0}, (), True, True),
    ],
)
def test_the_gate(passes: dict[str, float | None], unconfirmed: tuple[str, ...], split: bool, open_: bool) -> None:
    started = {shop: None if minutes is None else at(minutes) for shop, minutes in passes.items()}
    found = closed_by(Gate(started, 15 * MINUTE, frozenset(unconfirmed)), split=split, now=at(0))
    assert (not found) == open_


def test_refused_by_a_person_until_the_figure_changes_or_somebody_releases_it() -> None:
    refused = RefusedByPerson(free=(D(8),))
    assert target(show(reading(8)), stopped=False, refused=refused) == 0
    assert target(show(reading("8.0", started=9)), stopped=False, refused=refused) == 0
    assert target(show(reading(9)), stopped=False, refused=refused) == 9
    assert target(show(reading(8)), stopped=False, refused=replace(refused, released=True)) == 8
    assert target(show(reading(8)), stopped=True, refused=None) == 0
    assert target(show(reading(8)), stopped=False, refused=None) == 8


Deciding = Callable[..., Decision]
TOLD = st.builds(
    Told,
    confirmed=st.none() | st.integers(0, 30),
    under_way=st.lists(st.integers(0, 30), max_size=2).map(tuple),
    sold=st.integers(0, 10),
    stirred=st.booleans(),
    again=st.booleans(),
)
CASES = st.tuples(st.integers(0, 30), TOLD, st.sampled_from(["", SHUT]))


def down_always_up_through_the_gate(rule: Deciding, number: int, told: Told, gate: str) -> None:
    decision, shows = rule(number, {}, told=told, gate=gate, now=at(0)), must_show(told)
    if isinstance(decision, Push):
        assert decision.number <= number
        assert decision.number <= (shows or 0) or not gate
    elif shows is not None:
        assert number >= shows
        assert number > shows or not told.stirred
    if not gate and number != shows:
        assert isinstance(decision, Push)


@EXAMPLES
@given(CASES)
def test_down_always_and_up_only_through_the_gate(case: tuple[int, Told, str]) -> None:
    down_always_up_through_the_gate(decide, *case)


def without_the_gate(*args: object, gate: str, **rest: object) -> Decision:
    return decide(*args, gate="", **rest)  # type: ignore[arg-type]


def gated_both_ways(number: int, *args: object, told: Told, gate: str, **rest: object) -> Decision:
    return Wait(gate) if gate else decide(number, {}, told=told, gate="", now=at(0))


def blind_to_orders(number: int, *args: object, told: Told, gate: str, **rest: object) -> Decision:
    return decide(number, {}, told=replace(told, stirred=False, again=False), gate=gate, now=at(0))


@pytest.mark.parametrize("wrong", [without_the_gate, gated_both_ways, blind_to_orders])
def test_wrong_decisions_are_caught(wrong: Deciding) -> None:
    caught(down_always_up_through_the_gate, wrong, CASES)
