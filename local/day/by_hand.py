"""What the keys do: the spectator breaks things, too."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping

from local.day.failures import FOR_LONG
from local.day.stage import Stage
from local.day.workers import EverythingTwice, killed


async def obey(stage: Stage, typed: asyncio.Queue[str]) -> None:
    """Until it is cancelled. A key is done before the next one is looked at."""
    while True:
        act = KEYS.get((await typed.get()).lower())
        if act is not None:
            await act(stage)


async def _erp(stage: Stage) -> None:
    stage.erp_is_off = not stage.erp_is_off
    if stage.erp_is_off:
        await stage.erp.fail({"kind": "error_before", "operation": "*", "times": FOR_LONG})
    else:
        await stage.erp.do("clear_faults")
    stage.say(f"You switch the ERP {'off' if stage.erp_is_off else 'on'}")


async def _mirakl(stage: Stage) -> None:
    kinds = ("error_before", "reset_after", "throttle", "html", "truncated")
    await stage.mirakl.fail(*({"kind": kind, "operation": "*", "times": 3, "delay_seconds": 30} for kind in kinds))
    stage.say("You let the next 15 calls to Mirakl fail")


async def _kill(stage: Stage) -> None:
    if stage.stack.hosts:
        await killed(stage, stage.stack.hosts[0])


async def _twice(stage: Stage) -> None:
    await EverythingTwice(on=not stage.twice).play(stage)


KEYS: Mapping[str, Callable[[Stage], Awaitable[None]]] = {"e": _erp, "m": _mirakl, "k": _kill, "d": _twice}
