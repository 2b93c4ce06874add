"""The script of the day: replayable, long enough, over in time, and full of what the rules protect from."""

from __future__ import annotations

import pytest

from local.day.client import ImportMissingCarrier, ImportMissingItem
from local.day.doubts import CancelledInDoubt, KilledWhileWriting
from local.day.erp_people import CancelLine, CorrectSlip, DeleteOrder, ShipUnmapped
from local.day.failures import Fail, Outage, WrongKey
from local.day.script import NORTH, OUTLET, SOUTH, Act, placed, script
from local.day.shoppers import Cancel, Place
from local.day.workers import EverythingTwice, KillWorker, StopWorker
from sandboxes.faults import Fault
from sandboxes.mirakl.world import read_placement

SEEDS = (1, 7, 4711)


def deeds(acts: list[Act], kind: type) -> list[Act]:
    return [act for act in acts if isinstance(act.deed, kind)]


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("fast", [False, True])
def test_the_same_seed_is_the_same_day(seed: int, fast: bool) -> None:
    assert script(seed, fast=fast) == script(seed, fast=fast)
    assert script(seed, fast=fast) != script(seed + 1, fast=fast)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_day_has_four_hundred_orders_in_three_shops_and_ends_within_four_hours(seed: int) -> None:
    acts = list(script(seed))
    assert placed(acts) >= 400
    assert {act.deed.shop for act in acts if isinstance(act.deed, Place)} == {NORTH, OUTLET, SOUTH}
    assert [act.minute for act in acts] == sorted(act.minute for act in acts)
    assert acts[-1].minute < 240


@pytest.mark.parametrize("fast", [False, True])
def test_every_danger_that_a_rule_protects_from_is_in_the_day(fast: bool) -> None:
    acts = list(script(1, fast=fast))
    doubts = [act.deed.late for act in acts if isinstance(act.deed, CancelledInDoubt)]
    assert sorted(doubts) == [False, True]
    for kind in (KilledWhileWriting, KillWorker, EverythingTwice, Outage, Fail):
        assert deeds(acts, kind), kind
    kinds = {fault["kind"] for act in acts if isinstance(act.deed, Fail) for fault in act.deed.faults}
    assert {"hang_before", "hang_after", "reset_after", "error_after", "truncated", "html_after"} <= kinds


@pytest.mark.parametrize("fast", [False, True])
def test_the_way_back_has_its_dangers_and_the_people_who_act_on_it(fast: bool) -> None:
    acts = list(script(1, fast=fast))
    for kind in (ImportMissingItem, ShipUnmapped, DeleteOrder, CancelLine, CorrectSlip, Cancel):
        assert deeds(acts, kind), kind
    [imported], [unmapped] = deeds(acts, ImportMissingCarrier), deeds(acts, ShipUnmapped)
    assert imported.minute > unmapped.minute
    faults = [(act.deed.side, fault) for act in acts if isinstance(act.deed, Fail) for fault in act.deed.faults]
    lost = {fault["operation"] for side, fault in faults if side == "mirakl" and fault["kind"] == "reset_after"}
    assert lost >= {"OR21", "OR23", "OR24", "ST01"}
    assert "read" in {fault["operation"] for side, fault in faults if side == "erp"}


def test_the_long_day_stops_the_worker_under_250_orders_and_has_an_hour_without_the_erp() -> None:
    acts = list(script(1))
    [stop] = deeds(acts, StopWorker)
    waiting = [act for act in acts if isinstance(act.deed, Place) and stop.minute < act.minute < stop.minute + 8]
    assert placed(waiting) >= 250
    assert any(isinstance(act.deed, Outage) and (act.deed.side, act.deed.minutes) == ("erp", 60) for act in acts)
    assert deeds(acts, WrongKey)


@pytest.mark.parametrize(("fast", "orders"), [(False, 400), (True, 100)])
def test_a_day_without_faults_has_shoppers_only(fast: bool, orders: int) -> None:
    acts = script(1, fast=fast, faults=False)
    assert all(isinstance(act.deed, Place) for act in acts)
    assert placed(acts) >= orders


@pytest.mark.parametrize("fast", [False, True])
def test_the_sandboxes_take_what_the_script_asks_for(fast: bool) -> None:
    for act in script(1, fast=fast):
        if isinstance(act.deed, Place):
            deed = act.deed
            read_placement(
                {"shop": deed.shop, "seed": deed.seed, "count": deed.count, "mix": deed.mix, "orders": deed.orders}
            )
        if isinstance(act.deed, Fail):
            for fault in act.deed.faults:
                Fault(**{name: value for name, value in fault.items() if name != "delay_seconds"})
