"""Random days in turn on every ERP, each clean; and with one safety rule switched off, days that are not."""

from __future__ import annotations

import pytest

from local.sabotage import SABOTAGES
from tests.simulation.day import play
from tests.simulation.far_ends import FAR_ENDS

DAYS = 120
PORTION = 10
ENOUGH_TO_NOTICE = 120
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
    for seed in range(ENOUGH_TO_NOTICE):
        if (await play(seed, rule, erp)).failures:
            return
    pytest.fail(f"{ENOUGH_TO_NOTICE} days without {rule!r} and the judge noticed nothing")


@pytest.mark.slow
@pytest.mark.parametrize("erp", FAR_ENDS)
async def test_the_same_seed_plays_the_same_day(erp: str) -> None:
    first, again = await play(3, erp=erp), await play(3, erp=erp)
    assert (first.killed, first.faults, first.verdict.shares) == (again.killed, again.faults, again.verdict.shares)
