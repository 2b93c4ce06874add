"""The day's lists: asked for once, and what is known stands where they cannot be had again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from shared.errors import Throttled, Transient, Unavailable
from shared.mirakl.dialect import Refused
from shared.model.keys import operation_scope
from shared.model.shipment import RegisteredCarrier
from shared.store.lists import TableLists
from shared.wiring.daily import SOON, DailyCarriers
from tests.builders import NOW, shop
from tests.fakes.clock import VirtualClock
from tests.fakes.memory_tables import MemoryTables

DAY = timedelta(days=1)
SCOPE = operation_scope("north-de", "SH21")
FIRST, SECOND = RegisteredCarrier("CA1", "Carrier One"), RegisteredCarrier("CA2", "Carrier Two")


@dataclass
class Marketplace:
    """SH21 answers, or fails."""

    known: Sequence[RegisteredCarrier] = (FIRST,)
    problem: Transient | None = None
    calls: int = 0

    async def carriers(self) -> Sequence[RegisteredCarrier]:
        self.calls += 1
        if self.problem is not None:
            raise self.problem
        return self.known

    async def reasons(self) -> Mapping[str, str]:
        return {}


@dataclass
class Desk:
    marketplace: Marketplace = field(default_factory=Marketplace)
    clock: VirtualClock = field(default_factory=lambda: VirtualClock(NOW))
    tables: MemoryTables = field(default_factory=MemoryTables)

    async def registered(self) -> Sequence[str]:
        """As a process that has just been started asks for it."""
        daily = DailyCarriers(self.marketplace, shop(), TableLists(self.tables, self.clock))
        return [one.code for one in await daily.registered()]


def throttled(wait: timedelta | None = timedelta(hours=8)) -> Throttled:
    return Throttled("SH21: HTTP 429: called too often", scope=SCOPE, retry_after=wait)


async def test_a_day_s_list_is_read_once_whatever_processes_there_are() -> None:
    desk = Desk()
    assert [await desk.registered(), await desk.registered()] == [["CA1"], ["CA1"]]
    assert desk.marketplace.calls == 1
    desk.clock.advance(DAY)
    desk.marketplace.known = (SECOND,)
    assert (await desk.registered(), desk.marketplace.calls) == (["CA2"], 2)


async def test_called_less_than_a_day_ago_its_last_list_stands_for_the_new_day() -> None:
    desk = Desk()
    await desk.registered()
    desk.clock.advance(DAY)
    desk.marketplace.problem = throttled()
    assert [await desk.registered(), await desk.registered()] == [["CA1"], ["CA1"]]
    assert desk.marketplace.calls == 2


async def test_an_answer_that_cannot_be_used_is_asked_for_again_and_hinders_nobody() -> None:
    desk = Desk()
    await desk.registered()
    desk.clock.advance(DAY)
    desk.marketplace.problem = Unavailable("SH21: HTTP 200 without JSON", scope=SCOPE)
    assert await desk.registered() == ["CA1"]
    desk.marketplace.problem, desk.marketplace.known = None, (SECOND,)
    assert await desk.registered() == ["CA2"]


@pytest.mark.parametrize("problem", [throttled(), throttled(None), Unavailable("SH21: HTTP 503", scope=SCOPE)])
async def test_without_any_list_nothing_waits_for_a_whole_day(problem: Transient) -> None:
    desk = Desk(Marketplace(problem=problem))
    with pytest.raises(type(problem)) as raised:
        await desk.registered()
    assert (raised.value.retry_after, raised.value.scope) == (SOON, SCOPE)


async def test_a_refusal_without_any_list_is_no_bug() -> None:
    refused = Refused("SH21: HTTP 404", scope=SCOPE, status=404, codes=(), spoken=True)
    with pytest.raises(Unavailable) as raised:
        await Desk(Marketplace(problem=refused)).registered()
    assert raised.value.retry_after == SOON
