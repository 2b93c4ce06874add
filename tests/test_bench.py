"""What a plain order costs stays within its limits at any number of orders; and the benchmark notices what it should."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench import acceptance_day, report, side_by_side
from bench.counts import LATER, MULTI, SINGLE, Counted, Life, Run, count
from bench.limits import FIGURES, WHOLE, exceeded
from bench.memory import Growth, Sample, resident
from bench.meter import Meter
from local.statement import _quickness
from sandboxes.mirakl.wishes import Placement, WantedOrder
from shared.model.keys import OrderKey
from shared.model.steps import Step
from shared.ports.own import Change, History, OrderRecord, Progress
from shared.wiring import Parts


@pytest.mark.slow
async def test_a_plain_order_costs_the_same_at_any_size_and_never_more_than_allowed() -> None:
    counted = [await count(SINGLE, 100), await count(SINGLE, 200)]
    assert list(exceeded(counted)) == []
    assert [one.showings[0] for one in counted] == [3, 3]
    text = "\n".join(report.counts(counted))
    assert "whole life: table requests" in text
    assert "accepted: table requests" in text


@pytest.mark.slow
@pytest.mark.parametrize(("life", "orders"), [(MULTI, 40), (LATER, 100)], ids=["several shipments", "late tracking"])
async def test_other_lives_of_a_plain_order_keep_their_limits(life: Life, orders: int) -> None:
    counted = [await count(life, orders)]
    assert list(exceeded(counted)) == []
    assert "whole life: Mirakl writes" in "\n".join(report.counts(counted))


async def test_each_write_is_counted_for_the_orders_that_it_is_about() -> None:
    counted = await count(MULTI, 20)
    assert set(counted.meter.writes.whole().values()) == {Fraction(11, 10)}
    assert counted.meter.writes.total() == 20 + 1 + 1


@dataclass(frozen=True, slots=True)
class ReadsTwice:
    """A safety read more than anybody needs."""

    progress: Progress

    async def load(self, key: OrderKey) -> OrderRecord:
        await self.progress.load(key)
        return await self.progress.load(key)

    async def commit(self, key: OrderKey, change: Change) -> Sequence[Step]:
        return await self.progress.commit(key, change)

    async def history(self, key: OrderKey) -> Sequence[History]:
        return await self.progress.history(key)


async def test_one_read_more_is_noticed() -> None:
    def wasteful(parts: Parts) -> Parts:
        return replace(parts, progress=ReadsTwice(parts.progress))

    run = Run(sabotage=wasteful)
    await run.begin()
    await run.play(10)
    problems = "\n".join(exceeded([run.counted()]))
    assert "accepted: table requests: 6.10 for an order of 10, and 5 are allowed" in problems
    assert "created: table requests: 8.10 for an order of 10, and 7 are allowed" in problems
    assert "bus operations" not in problems


async def test_counts_of_orders_that_were_not_done_are_not_believed() -> None:
    run = Run()
    await run.begin()
    unmapped = WantedOrder(lines=(replace(WantedOrder().lines[0], sku="SKU-NOBODY-KNOWS"),))
    run.world.mirakl_rules.place(Placement(shop="north/2001", orders=(unmapped,)))
    run.placed += 1
    await run.host.run_until(run.world.clock.now() + timedelta(minutes=40))
    assert run.counted().problems == ("0 of 1 orders are shipped in Mirakl, 1 are still open",)


def uniform(orders: int, more: Fraction) -> Counted:
    """In each phase an order costs its limit less a tenth, and `more`."""
    counted = Counted(SINGLE, orders, Meter(), polls=1, rounds=1, watches=1)
    for figure in FIGURES[SINGLE.name]:
        for unit in range(orders if figure.phase != WHOLE else 0):
            assert figure.phase != WHOLE
            counted.tally(figure.tally).add(
                figure.phase, str(unit), Fraction(figure.limit or 1) * Fraction(9, 10) + more
            )
    return counted


@pytest.mark.parametrize(("more", "noticed"), [("0", False), ("0.005", False), ("0.02", True), ("0.05", True)])
def test_growth_of_more_than_a_hundredth_is_noticed(more: str, noticed: bool) -> None:
    problems = list(exceeded([uniform(2, Fraction(0)), uniform(5, Fraction(more))]))
    assert any("accepted: OR21: the sizes differ" in problem for problem in problems) is noticed
    assert all("differ" in problem or "whole life" in problem for problem in problems)


def test_what_was_never_counted_is_no_success() -> None:
    empty = Counted(SINGLE, 5, Meter(), polls=0, rounds=0, watches=0)
    judged = [figure for figure in FIGURES[SINGLE.name] if figure.limit is not None]
    assert sum("nothing was counted" in problem for problem in exceeded([empty])) == len(judged)


@given(
    slope=st.floats(-3, 3),
    level=st.floats(50, 200),
    orders=st.lists(st.integers(1, 20_000), min_size=6, max_size=40, unique=True),
)
def test_the_growth_of_memory_is_the_slope_of_its_line(slope: float, level: float, orders: list[int]) -> None:
    samples = [Sample(number, level + slope * number / 1000) for number in sorted(orders)]
    growth = Growth(20_000, Sample(0, level), samples, seconds=1, accepted=0)
    later = [sample for sample in samples if sample.orders >= growth.end.orders / 2]
    assert growth.slope == pytest.approx(slope if len(later) > 1 else 0, abs=1e-3)


def test_a_process_knows_its_resident_memory() -> None:
    assert 5 < resident(os.getpid()) < 4096


def test_the_days_own_sentence_is_understood() -> None:
    at = "2026-03-02T08:00:{}+00:00"
    evidence = SimpleNamespace(
        live_orders=[{"order_id": "N1", "shown_waiting": {"first": at.format("00")}}],
        mirakl_journal=[{"operation": "OR21", "subject": "N1", "at": at.format("30")}],
    )
    told = acceptance_day.TOLD.search(_quickness(cast("Any", evidence), 20))
    assert told is not None
    assert (told["seconds"], told["orders"]) == ("1.50", "1")


@pytest.mark.slow
@pytest.mark.parametrize("kind", side_by_side.LIMITS)
def test_a_plain_order_is_created_with_as_few_calls_as_each_erp_allows(kind: str) -> None:
    cost = side_by_side.cost(kind, orders=20)
    assert list(side_by_side.exceeded({kind: cost})) == []
    assert cost.writes == 1


def test_a_call_too_many_and_what_was_not_done_are_told() -> None:
    cost = side_by_side.Cost(
        "Prima", creation=2, writes=1, others=0, tables=21, bus=6, problems=("prima: one is open",)
    )
    told = list(side_by_side.exceeded({"prima": cost}))
    assert told == ["prima: one is open", "prima: 2.00 calls create an order, and 1 are allowed"]


def test_a_round_of_looks_is_bounded_and_two_at_once_take_half_of_its_time() -> None:
    rounds = {(one.ages, one.orders): one for one in side_by_side.rounds()}
    young, old = rounds["all of today", 100], rounds["of ten days", 100]
    assert (young.calls, young.daily) == (100, 48)
    assert old.calls < young.calls
    assert max(one.calls for one in rounds.values()) <= 500
    assert young.lasts(1) == 2 * young.lasts(2) == timedelta(seconds=50)
    assert "2,000, of ten days" in "\n".join(report.rounds(list(rounds.values())))
