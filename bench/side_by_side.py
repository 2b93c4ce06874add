"""What an ordinary order costs with each ERP, and what an ERP costs whose orders are asked one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from statistics import mean

from bench.counts import SINGLE, Counted, Run
from bench.meter import CONFIRM
from shared.model.keys import OrderKey
from shared.rules import cadence
from tests.simulation.far_ends import FAR_ENDS

ORDERS = 100
LIMITS: Mapping[str, float] = {"finance_supply_chain": 2, "business_central": 2, "prima": 1}
"""Calls that create an ordinary order, read-back included where there is one."""
OPEN_ORDERS = (100, 500, 2000)
CALL = timedelta(seconds=0.5)
"""What a call of a slow server takes."""
ROUND = timedelta(minutes=30)
AGES: Mapping[str, timedelta] = {"all of today": timedelta(days=1), "of ten days": timedelta(days=10)}
_DAY = timedelta(days=1)
_ROUNDS = 48


@dataclass(frozen=True, slots=True)
class Cost:
    """Per order; `others` are the ERP's calls that serve many orders or wait for one: looks, lists, tokens."""

    title: str
    creation: float
    writes: float
    others: float
    tables: float
    bus: float
    problems: tuple[str, ...]


def cost(kind: str, orders: int = ORDERS) -> Cost:
    run, counted = asyncio.run(_played(kind, orders))
    place = FAR_ENDS[kind].demo.place
    calls = [one for one in run.world.erp.journal if one.at >= run.began]
    creation = counted.meter.erp.mean("creation")
    return Cost(
        title=FAR_ENDS[kind].demo.title,
        creation=creation,
        writes=sum(one.operation == place for one in calls) / counted.orders,
        others=len(calls) / counted.orders - creation,
        tables=_whole(counted, "tables"),
        bus=_whole(counted, "bus"),
        problems=tuple(f"{kind}: {problem}" for problem in counted.problems),
    )


async def _played(kind: str, orders: int) -> tuple[Run, Counted]:
    run = Run(replace(SINGLE, erp=kind))
    await run.begin(min(SINGLE.wave, orders))
    await run.play(orders)
    return run, run.counted()


def _whole(counted: Counted, tally: str) -> float:
    whole = counted.tally(tally).whole().values()
    return float(sum(whole)) / counted.orders + counted.shared(tally, CONFIRM) / counted.orders


def exceeded(costs: Mapping[str, Cost]) -> Iterator[str]:
    for kind, one in costs.items():
        yield from one.problems
        if one.creation > LIMITS[kind]:
            yield f"{kind}: {one.creation:.2f} calls create an order, and {LIMITS[kind]:g} are allowed"


@dataclass(frozen=True, slots=True)
class Round:
    """So many orders are open; `calls` are those of a round on average, `daily` those of one order in a day."""

    ages: str
    orders: int
    calls: float
    daily: float

    def lasts(self, at_once: int) -> timedelta:
        return CALL * self.calls / at_once


def rounds() -> Sequence[Round]:
    return [_round(ages, span, orders) for ages, span in AGES.items() for orders in OPEN_ORDERS]


def _round(ages: str, span: timedelta, orders: int) -> Round:
    """The open orders are evenly old."""
    old = {OrderKey("shop", f"N{number:06}"): span * number / orders for number in range(orders)}
    calls = mean(len(cadence.due(old, number=number)) for number in range(_ROUNDS))
    return Round(ages, orders, calls, calls * (_DAY / ROUND) / orders)
