"""Random days in turn on every ERP, each clean; and with one safety rule switched off, days that are not."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from local.sabotage import SABOTAGES
from tests.simulation.day import play
from tests.simulation.far_ends import FAR_ENDS

DAYS = 90
PORTION = 10
ENOUGH_TO_NOTICE = 120
SHOWN_ON: Mapping[str, Mapping[str, int]] = {
    "finance_supply_chain": {
        "claim": 3,
        "cursor": 2,
        "lookup": 5,
        "settle": 7,
        "number": 1,
        "waiting": 2,
        "watch": 0,
        "carriers": 11,
        "shipment_cursor": 9,
        "overlap": 1,
        "package": 11,
        "saga": 12,
    },
    "business_central": {
        "claim": 6,
        "cursor": 2,
        "lookup": 3,
        "settle": 1,
        "waiting": 2,
        "watch": 0,
        "carriers": 6,
        "shipment_cursor": 0,
        "overlap": 1,
        "package": 6,
        "saga": 1,
    },
    "prima": {
        "claim": 5,
        "cursor": 4,
        "lookup": 2,
        "settle": 2,
        "number": 2,
        "waiting": 4,
        "watch": 0,
        "carriers": 45,
    },
}
"""A day that showed each rule missing once: it is played first, the others only where it shows nothing any more."""
RULES = [(erp, rule) for erp in FAR_ENDS for rule in SABOTAGES]


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, DAYS, PORTION))
async def test_days_are_clean(first: int) -> None:
    results = [await play(seed) for seed in range(first, first + PORTION)]
    failures = {result.seed: result.failures for result in results if result.failures}
    assert not failures, f"replay with: python -m tests.simulation --first {min(failures)} --seeds 1"
    assert sum(result.faults for result in results) > 0


@pytest.mark.slow
@pytest.mark.parametrize(("erp", "rule"), RULES, ids=[f"{erp} without {rule}" for erp, rule in RULES])
async def test_a_rule_switched_off_is_noticed(erp: str, rule: str) -> None:
    if why := FAR_ENDS[erp].demo.pointless.get(rule):
        pytest.skip(why)
    first = SHOWN_ON[erp].get(rule, 0)
    for seed in (first, *(one for one in range(ENOUGH_TO_NOTICE) if one != first)):
        if (await play(seed, rule, erp)).failures:
            return
    pytest.fail(f"{ENOUGH_TO_NOTICE} days without {rule!r} and the judge noticed nothing")


@pytest.mark.slow
@pytest.mark.parametrize("erp", FAR_ENDS)
async def test_the_same_seed_plays_the_same_day(erp: str) -> None:
    first, again = await play(3, erp=erp), await play(3, erp=erp)
    assert (first.killed, first.faults, first.verdict.shares) == (again.killed, again.faults, again.verdict.shares)
