"""Plays the script at its times, then waits until everything has come to rest."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from local.day.evidence import Evidence, gather
from local.day.failures import EndFailures
from local.day.script import Act
from local.day.stage import Stage

QUIET_PATIENCE = 100.0
"""Wall seconds; on two idle cores it takes about fifteen."""
BEYOND_REPAIR = {"late", "twice", "different"}
"""Findings that stay whatever happens: the day need not come to rest to be a bad one."""
_GLANCE = 1.0
_THOROUGH = 15.0
"""Wall seconds between two looks at everything, which cost as much as some orders do."""


@dataclass(frozen=True, slots=True)
class Ended:
    """What the day came to; `unsettled` says what had not come to rest when the patience was over."""

    evidence: Evidence
    unsettled: tuple[str, ...]


async def conduct(stage: Stage, acts: Sequence[Act]) -> Ended:
    """An act that lasts does not hold up the next one; one that breaks ends the day."""
    async with asyncio.TaskGroup() as group:
        for act in acts:
            await stage.reach(act.minute)
            group.create_task(act.deed.play(stage))
    await _calm(stage)
    stage.say("The script is over: what is open must now come to rest by itself")
    return await _rest(stage)


async def _calm(stage: Stage) -> None:
    """What was switched on by hand ends here, too."""
    await EndFailures().play(stage)
    if stage.twice:
        await stage.broker.duplicate((await stage.broker.counts()).keys(), on=False)
        stage.twice = False
    stage.erp_is_off = False


async def _rest(stage: Stage) -> Ended:
    loop = asyncio.get_running_loop()
    end = loop.time() + QUIET_PATIENCE
    while True:
        await _seems_calm(stage, until=min(end, loop.time() + _THOROUGH))
        evidence = await gather(stage)
        spoiled = any(finding.kind in BEYOND_REPAIR for finding in evidence.verdict.findings)
        if spoiled or not _unsettled(evidence) or loop.time() > end:
            evidence = await gather(stage)  # of a moment at which nothing moves any more
            return Ended(evidence, tuple(_unsettled(evidence)))
        await asyncio.sleep(_GLANCE)


async def _seems_calm(stage: Stage, *, until: float) -> None:
    """Nothing is open but what people know of, or it is time to look at everything all the same."""
    loop = asyncio.get_running_loop()
    while loop.time() < until and await stage.tables.unknown_to_people():  # noqa: ASYNC110 -- it is of other processes
        await asyncio.sleep(_GLANCE)


def _unsettled(evidence: Evidence) -> list[str]:
    """Everything that time alone should still change."""
    found = [
        f"{count} wait for {what}"
        for what, count in evidence.verdict.waiting.items()
        if not what.startswith("a person")
    ]
    unpaid = [order for order in evidence.mirakl["orders"] if _moves(order, evidence)]
    if unpaid:
        found.append(f"{len(unpaid)} are not accepted or not paid yet")
    if evidence.in_the_warehouse:
        found.append(f"{evidence.in_the_warehouse} have not left the warehouse")
    left = len(evidence.open_without_exception)
    return [*found, *([f"{left} have an open step"] if left else [])]


def _moves(order: Any, evidence: Evidence) -> bool:
    live = evidence.is_live(order)
    states = {"WAITING_ACCEPTANCE", "WAITING_DEBIT", "WAITING_DEBIT_PAYMENT"}
    return live and order["state"] in states and order["debit"] != "held"
