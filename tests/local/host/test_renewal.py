"""A lock is kept while its holder works and no longer, against a lock that is only a time, on a clock of the test's."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
from azure.servicebus.exceptions import MessageLockLostError

from local.host.renewal import Renewal, Wall

DURATION = timedelta(seconds=60)
AT_MOST = timedelta(minutes=5)


@dataclass
class _Clock(Wall):
    """Stands still until it is told to move; whoever pauses is woken when its time comes."""

    time: datetime = datetime(2026, 11, 20, tzinfo=UTC)
    waiting: list[tuple[datetime, asyncio.Event]] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    async def pause(self, seconds: float, over: asyncio.Event) -> None:
        woken = asyncio.Event()
        self.waiting.append((self.time + timedelta(seconds=seconds), woken))
        waits = {asyncio.create_task(over.wait()), asyncio.create_task(woken.wait())}
        _, others = await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        for other in others:
            other.cancel()

    async def passes(self, span: timedelta) -> None:
        end = self.time + span
        await self._settle()
        while due := sorted(one for one in self.waiting if one[0] <= end):
            self.time, woken = due[0]
            self.waiting.remove(due[0])
            woken.set()
            await self._settle()
        self.time = end

    async def _settle(self) -> None:
        for _ in range(10):
            await asyncio.sleep(0)


@dataclass
class _Lock:
    clock: _Clock
    locked_until_utc: datetime | None
    renewals: int = 0
    refuses: bool = False

    async def renew(self) -> None:
        if self.refuses:
            raise MessageLockLostError(message="gone")
        self.renewals += 1
        self.locked_until_utc = self.clock.time + DURATION

    @property
    def held(self) -> bool:
        return self.locked_until_utc is not None and self.locked_until_utc > self.clock.time

    def kept(self) -> Renewal:
        return Renewal(self, self.renew, AT_MOST, wall=self.clock)


@pytest.fixture
def lock() -> _Lock:
    clock = _Clock()
    return _Lock(clock, clock.time + DURATION)


async def test_a_lock_outlives_its_duration_while_work_goes_on_and_not_after(lock: _Lock) -> None:
    async with lock.kept():
        await lock.clock.passes(timedelta(minutes=4))
        assert lock.held
    await lock.clock.passes(DURATION)
    assert not lock.held


async def test_short_work_renews_nothing(lock: _Lock) -> None:
    async with lock.kept():
        await lock.clock.passes(timedelta(seconds=5))
    assert lock.renewals == 0


async def test_renewal_ends_when_the_time_allowed_is_over(lock: _Lock) -> None:
    async with lock.kept():
        await lock.clock.passes(AT_MOST)
        assert lock.held
        await lock.clock.passes(DURATION)
        assert not lock.held


async def test_the_time_allowed_counts_from_the_latest_piece_of_work(lock: _Lock) -> None:
    async with lock.kept() as renewal:
        for _ in range(5):
            renewal.restart()
            await lock.clock.passes(timedelta(minutes=4))
        assert lock.held


async def test_a_lost_lock_ends_the_renewal_and_not_the_work(lock: _Lock) -> None:
    lock.refuses = True
    async with lock.kept():
        await lock.clock.passes(timedelta(minutes=2))
    assert not lock.held


async def test_what_has_no_lock_is_left_alone(lock: _Lock) -> None:
    lock.locked_until_utc = None
    async with lock.kept():
        await lock.clock.passes(timedelta(minutes=2))
    assert lock.renewals == 0
